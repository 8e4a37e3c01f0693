"""Drafts, evidence and hits for the tests of the steps."""

import asyncio
from collections.abc import Coroutine
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from assistant.domain.answer import Answer
from assistant.domain.draft import Cited, Draft, Evidence, Question, Turn
from assistant.domain.municipality import Contact, Municipality
from corpora.documents import Document
from retrieval.retriever import Hit
from tests.fakes import entries

NOW = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
TOWN = Municipality(
    id="neckarfurt",
    name="Neckarfurt",
    corpora=("stadt",),
    contact=Contact("Bürgerbüro", phone="069 90009 0", email="buero@neckarfurt.example", hours="Mo–Fr 8–12 Uhr"),
    languages=("de", "en"),
    places=("Neckarfurt", "Altenau"),
)
_T = TypeVar("_T")


def done(work: Coroutine[Any, Any, _T]) -> _T:
    """What a coroutine returns."""
    return asyncio.run(work)


def asked(*texts: str) -> tuple[Turn, ...]:
    """A conversation in which each of these was asked and answered."""
    return tuple(turn for text in texts for turn in (Turn("user", text), Turn("assistant", "So geht das.")))


def question(text: str, town: Municipality = TOWN, **fields: Any) -> Question:
    """A question to the town."""
    return Question(text, town, NOW, **fields)


def draft(text: str = "", *, history: tuple[Turn, ...] = (), town: Municipality = TOWN, **fields: Any) -> Draft:
    """A draft as it leaves the screen."""
    of = Draft("a1", question(text, town, history=history), text=text, history=history, standalone=text)
    return replace(of, **fields)


def evidence(document: Document, place: int = 0, corpus: str = "stadt") -> Evidence:
    """A passage of the document, cut as at import."""
    return Evidence(entries(document)[0].passages[place], document, corpus, 3)


def whole_page(document: Document) -> tuple[Evidence, ...]:
    """All passages of the document."""
    return tuple(Evidence(passage, document, "stadt", 3) for passage in entries(document)[0].passages)


def cited(text: str, *sources: Evidence, quoted: bool = True) -> Cited:
    """A sentence with its evidence."""
    return Cited(text, sources[0].passage.language if sources else "de", sources, quoted)


def hit(document: Document, place: int = 0, score: float = 1.0, nearness: float = 0.5) -> Hit:
    """A passage that was found."""
    passage = entries(document)[0].passages[place]
    return Hit(passage, document, "stadt", 3, score=score, meaning=score, words=0.0, nearness=nearness)


def notices(answer: Answer) -> dict[str, str]:
    """What the service says itself, by kind."""
    return {notice.kind: notice.text for notice in answer.notices}
