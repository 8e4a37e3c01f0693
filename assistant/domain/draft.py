"""A question on its way to an answer."""

from dataclasses import dataclass
from datetime import datetime

from assistant.domain.answer import Outcome, Sentence, Source
from assistant.domain.municipality import Municipality
from retrieval.retriever import Hit
from retrieval.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Turn:
    """What was said before, by the `user` or the `assistant`."""

    role: str
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """What a citizen asks, as it came in."""

    text: str
    municipality: Municipality
    asked_at: datetime
    language: str | None = None
    history: tuple[Turn, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """What is known so far; every step returns a draft that knows more.

    `text` is the screened question, `standalone` what it means without the conversation; `likelihood` is the
    judge's probability that the hits answer it; `sentences` are proposed until `verify` has released them.
    """

    id: str
    question: Question
    text: str = ""
    masked: bool = False
    language: str = "de"
    standalone: str = ""
    facets: tuple[str, ...] = ()
    outcome: Outcome = Outcome.ANSWERED
    snapshots: tuple[Snapshot, ...] = ()
    hits: tuple[Hit, ...] = ()
    likelihood: float = 0.0
    sources: tuple[Source, ...] = ()
    sentences: tuple[Sentence, ...] = ()
    missing: tuple[str, ...] = ()
    reply: str | None = None
    other_place: str | None = None
    crisis: tuple[str, ...] = ()
