"""What our own part of a worded answer costs: from a question to the model's server, and checking what comes back."""

import asyncio
import json
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from assistant.answering.prompt import MOST_SENTENCES, MOST_SOURCES, sources_of
from assistant.answering.verify import Verify
from assistant.domain.answer import Answer
from assistant.domain.draft import Cited, Draft, Evidence, Question
from assistant.evaluation import golden
from assistant.wiring import Wiring
from corpora.sentences import sentences
from tests.benchmarks.workers import quantile
from tests.scripted import Asked, Script, Scripted

SEED = 2611
TOWN = "neckarfurt"
# A slow machine is to be measured, not given up on.
PATIENCE = 600
_START_SECONDS = 120
# The first questions open connections and files.
_WARM = 5


@dataclass(frozen=True, slots=True)
class Case:
    """A question, what our service sent to the model for it, what was answered, and the seconds until it was sent."""

    question: str
    language: str
    body: dict[str, Any]
    answer: str
    seconds: float


class Noting:
    """A model's server in this process that notes when it is asked what."""

    def __init__(self) -> None:
        self.came: list[tuple[float, dict[str, Any]]] = []

    def __call__(self, asked: Asked) -> Script:
        self.came.append((time.perf_counter(), asked.body))
        return ("Das steht nicht hier. [1]",)


@contextmanager
def service(town: Path, url: str, model: str, chats: int = 16) -> Iterator[str]:
    """Our service in a process of its own over a copy of the town; the address for questions.

    The copy has a secret of its own, and so a salt that vLLM has not seen.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        settings = {
            "data_dir": shutil.copytree(town, Path(folder) / "data", ignore=shutil.ignore_patterns("secret")),
            "model_url": url,
            "model": model,
            "model_answers": max(16, chats),
            "model_first_token_seconds": PATIENCE,
            "model_silence_seconds": PATIENCE,
        }
        ours = {f"AMTSLOTSE_{name.upper()}": str(value) for name, value in settings.items()}
        command = [str(Path(sys.executable).with_name("amtslotse")), "serve", "--port", str(port)]
        # What it says stands beside how far we have come; the table is alone on standard output.
        process = subprocess.Popen(command, env=os.environ | ours, stdout=sys.stderr)
        try:
            wait(lambda: _lives(f"http://127.0.0.1:{port}/healthz"))
            yield f"http://127.0.0.1:{port}/v1/answers"
        finally:
            process.terminate()
            process.wait()


def asking(question: str) -> dict[str, Any]:
    """The request for an answer as events."""
    return {"json": {"municipality": TOWN, "question": question}, "headers": {"Accept": "text/event-stream"}}


def wait(until: Callable[[], bool]) -> None:
    """Returns once it is so."""
    deadline = time.monotonic() + _START_SECONDS
    while not until():
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited in vain for {_START_SECONDS} seconds")
        time.sleep(0.1)


def questions() -> list[golden.Golden]:
    """The golden questions that no conversation stands before, in an order that mixes the languages."""
    found = [one for one in golden.questions() if not one.history]
    random.Random(SEED).shuffle(found)
    return found


def recorded(town: Path, model: str, count: int) -> list[Case]:
    """So many questions, asked one after the other, with what was sent to the model; the others never get there."""
    noting = Noting()
    cases: list[Case] = []
    with Scripted(noting) as server, service(town, server.url, model) as address, httpx.Client(timeout=60) as client:
        # Every grammar is sent once when the service starts.
        wait(lambda: len(noting.came) == MOST_SOURCES)
        for one in questions():
            before = len(noting.came)
            began = time.perf_counter()
            said = client.post(address, **asking(one.question)).raise_for_status().text
            for at, body in noting.came[before:]:
                cases.append(Case(one.question, one.language, body, _text(said), at - began))
            if len(cases) == count + _WARM:
                break
    return cases[_WARM:]


def checked(wiring: Wiring, count: int) -> dict[str, float]:
    """Milliseconds a sentence by words, a sentence with the embedder, and an answer of five with it; p50 and p95."""
    found = [sources for sources in asyncio.run(_sources(wiring, count)) if sources]
    passages = {(one.corpus, one.passage.id): one for sources in found for one in sources}
    # What a process pays once is no cost of a sentence.
    wiring.verify(*_answer(found[0])[0])
    by_words = Verify()
    words = [_seconds(by_words, cited) for one in passages.values() for cited in _worded(one)]
    answers = [[_seconds(wiring.verify, *said) for said in _answer(sources)] for sources in found]
    measured = {
        "words": words,
        "meaning": [seconds for answer in answers for seconds in answer],
        "answer": [sum(answer) for answer in answers if len(answer) == MOST_SENTENCES],
    }
    return {"sentences": len(words), "answers": len(measured["answer"])} | {
        f"{name}_p{share}_ms": quantile(seconds, share / 100) * 1000
        for name, seconds in measured.items()
        for share in (50, 95)
    }


async def _sources(wiring: Wiring, count: int) -> list[list[Evidence]]:
    """The sources that a model would be given for so many questions; none where it would not be asked."""
    place = wiring.municipalities.get(TOWN)
    found = []
    for one in questions()[:count]:
        question = Question(one.question, place, datetime.now(UTC))
        draft: Draft | Answer = Draft(one.id, question, language=place.languages[0])
        for step in wiring.pipeline.steps:
            if isinstance(draft, Draft):
                draft = await step(draft)
        found.append(sources_of(draft) if isinstance(draft, Draft) else [])
    return found


def _worded(one: Evidence) -> Iterator[Cited]:
    """Its sentences with the title of the page behind them: proven by the page, and not word for word on it."""
    for sentence in sentences(one.passage.text):
        yield Cited(f"{sentence} ({one.passage.title})", one.passage.language, (one,), quoted=False)


def _answer(sources: Sequence[Evidence]) -> list[tuple[Cited, Sequence[Evidence]]]:
    """Up to five sentences, as an answer has them, of as many sources as there are."""
    told = [list(_worded(one)) for one in sources]
    turns = [said[n] for n in range(MOST_SENTENCES) for said in told if n < len(said)]
    return [(cited, sources) for cited in turns[:MOST_SENTENCES]]


def _seconds(verify: Callable[..., object], *given: object) -> float:
    began = time.perf_counter()
    verify(*given)
    return time.perf_counter() - began


def _text(stream: str) -> str:
    """The text of the whole answer, the last event of a stream."""
    return str(json.loads(stream.rpartition("\ndata: ")[2].partition("\n")[0])["text"])


def _lives(address: str) -> bool:
    try:
        return httpx.get(address, timeout=60).is_success
    except httpx.ConnectError:
        return False
