"""A client that asks without a pause while others publish, and notices what is new."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread

from assistant.settings import Settings
from assistant.wiring import Wiring
from retrieval.snapshot import Snapshot
from tests.benchmarks.workers import Question, most_memory, quantile

CORPUS = "benchmark"
# Of the pages that are changed, so that the marker is looked for where it stands.
LANGUAGE = "de"
# So often in its page that the words outweigh whatever vector the page has.
REPEATED = 8


def marker(revision: int) -> str:
    """A word that stands in the page that this revision changed, and nowhere else."""
    return f"neufassung{revision}xq"


@dataclass(frozen=True, slots=True)
class Asked:
    """When a question was asked and how long the answer took."""

    at: float
    seconds: float


class Client:
    """Asks all the time in a thread, as the service does: shelf, query, search."""

    def __init__(self, data_dir: Path, questions: Sequence[Question]) -> None:
        self._wiring = Wiring(Settings(data_dir=data_dir))
        self._questions = questions
        self._asked: list[Asked] = []
        self._seen: dict[int, float] = {}
        self._errors: list[str] = []
        self._stop = Event()
        self._thread = Thread(target=self._run, daemon=True)
        self._thread.start()

    def seen(self, revision: int) -> float | None:
        """When a search first found what that revision changed."""
        return self._seen.get(revision)

    def told(self, windows: Sequence[tuple[float, float]]) -> dict[str, float]:
        """Milliseconds of the questions that were asked within some spans of time."""
        within = [one.seconds for one in self._asked if any(begun <= one.at <= end for begun, end in windows)]
        return {
            "questions": len(within),
            "p50_ms": quantile(within, 0.5) * 1000,
            "p95_ms": quantile(within, 0.95) * 1000,
            "max_ms": max(within) * 1000,
        }

    def end(self) -> list[str]:
        """Stops asking; what went wrong."""
        self._stop.set()
        self._thread.join(60)
        return self._errors

    def memory(self) -> float:
        """The most megabytes that this process held."""
        return most_memory()

    def _run(self) -> None:
        number = 0
        while not self._stop.is_set():
            question = self._questions[number % len(self._questions)]
            number += 1
            began = time.monotonic()
            try:
                layers = self._wiring.shelf.layers((CORPUS,))
                found = self._found(question, layers)
                self._asked.append(Asked(began, time.monotonic() - began))
                if not found:
                    self._errors.append("A question found nothing.")
                self._look(layers)
            except Exception as error:  # noqa: BLE001 - whatever reaches a citizen is to be counted
                self._errors.append(repr(error))

    def _found(self, question: Question, layers: list[Snapshot], top: int = 10) -> list[str]:
        query = self._wiring.retriever.query(question.text, question.language, datetime.now(UTC).date())
        return [hit.passage.text for hit in self._wiring.retriever.search(query, layers, top)]

    def _look(self, layers: list[Snapshot]) -> None:
        revision = layers[0].manifest.revision
        if revision not in self._seen:
            found = self._found(Question(marker(revision), LANGUAGE), layers, 100)
            # The first revision changed nothing.
            if revision > 1 and not any(marker(revision) in text for text in found):
                self._errors.append(f"Revision {revision} is served without what it changed.")
            self._seen[revision] = time.monotonic()
