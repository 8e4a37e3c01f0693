"""A question on its way to an answer."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from assistant.domain.answer import Outcome, RevisionUsed
from assistant.domain.municipality import Municipality
from corpora.documents import Document, Passage
from retrieval.embedding import Vectors
from retrieval.retriever import Hit

# How an answer is worded: as the pages are, or in plain language (in German: Einfache Sprache).
Level = Literal["normal", "plain"]


@dataclass(frozen=True, slots=True)
class Turn:
    """What was said before, by the `user` or the `assistant`."""

    role: str
    text: str


def _always() -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Question:
    """What a citizen asks, as it came in, and the conversation it belongs to; `wanted` while anybody waits for it.

    What has a lower `priority` is worded first, where the model's server goes by it.
    """

    text: str
    municipality: Municipality
    asked_at: datetime
    language: str | None = None
    history: tuple[Turn, ...] = ()
    conversation: str | None = None
    level: Level = "normal"
    wanted: Callable[[], bool] = _always
    priority: int = 0


@dataclass(frozen=True, slots=True)
class Evidence:
    """A passage that carries a sentence, with where it stands."""

    passage: Passage
    document: Document
    corpus: str
    revision: int


@dataclass(frozen=True, slots=True)
class Cited:
    """A sentence with its evidence, before sources are numbered."""

    text: str
    language: str
    evidence: tuple[Evidence, ...]
    quoted: bool


@dataclass(frozen=True, slots=True)
class Draft:
    """What is known so far; every step returns a draft that knows more.

    `text` is the screened question, `standalone` what it means without the conversation; a `vague` one names no
    subject, nor does a conversation; `page` holds all passages of the page that fits best; `likelihood` is the
    judge's probability that the hits answer it; `sentences` are those that were released, `dropped` those that were
    not; `most` is the limit that a question was too long for.
    """

    id: str
    question: Question
    text: str = ""
    history: tuple[Turn, ...] = ()
    masked: bool = False
    language: str = "de"
    standalone: str = ""
    facets: tuple[str, ...] = ()
    vague: bool = False
    vector: Vectors | None = None
    outcome: Outcome = Outcome.ANSWERED
    revisions: tuple[RevisionUsed, ...] = ()
    hits: tuple[Hit, ...] = ()
    page: tuple[Evidence, ...] = ()
    likelihood: float = 0.0
    sentences: tuple[Cited, ...] = ()
    dropped: int = 0
    missing: tuple[str, ...] = ()
    reply: str | None = None
    other_place: str | None = None
    crisis: tuple[str, ...] = ()
    most: int | None = None
