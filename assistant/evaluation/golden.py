"""Asks the golden questions of the sample town and says how many answers are right, per language."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from assistant.domain.answer import Answer, Outcome
from assistant.domain.draft import Question, Turn
from assistant.wiring import Wiring
from corpora.samples import layers

FOLDER = layers.FOLDER / "golden"
DECLINED = {Outcome.NOT_FOUND, Outcome.OUT_OF_SCOPE, Outcome.UNCLEAR, Outcome.REFUSED}
ANSWERED = {Outcome.ANSWERED, Outcome.PARTLY_ANSWERED}


@dataclass(frozen=True, slots=True)
class Golden:
    """A question with the pages any of which answers it, what must be said, and how it must end."""

    id: str
    language: str
    question: str
    documents: tuple[str, ...]
    facts: tuple[str, ...]
    outcome: str
    history: tuple[Turn, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """How an answer stands against its golden question; what was not asked for counts as right."""

    golden: Golden
    answer: Answer
    outcome: bool
    document: bool
    facts: bool


def questions() -> Iterator[Golden]:
    """All golden questions, language by language."""
    for file in sorted(FOLDER.glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            history = tuple(Turn(turn["role"], turn["text"]) for turn in row.pop("history", ()))
            lists = {key: tuple(row[key]) for key in ("documents", "facts")}
            yield Golden(**row | lists, language=file.stem, history=history)


def judged(golden: Golden, answer: Answer) -> Verdict:
    """The verdict on an answer; a fact may stand in the sentences or on the service card."""
    cited = {source.document_id for source in answer.sources}
    said = "\n".join([*(s.text for s in answer.sentences), str(answer.card)])
    wanted = {"declined": DECLINED, "answered": ANSWERED}.get(golden.outcome)
    outcome = answer.outcome in wanted if wanted else answer.outcome.value == golden.outcome
    return Verdict(
        golden,
        answer,
        outcome=outcome,
        document=not golden.documents or bool(cited & set(golden.documents)),
        facts=all(fact in said for fact in golden.facts),
    )


def verdicts(wiring: Wiring) -> list[Verdict]:
    """All golden questions asked of the sample town."""
    wiring.demonstration.ready()
    place = wiring.municipalities.get("neckarfurt")

    async def ask() -> list[Verdict]:
        return [
            judged(golden, await wiring.pipeline.answer(
                Question(golden.question, place, datetime.now(UTC), None, golden.history)
            ))
            for golden in questions()
        ]  # fmt: skip

    return asyncio.run(ask())
