"""What a citizen gets back."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from assistant.domain.municipality import Contact
from corpora.documents import ServiceFacts


class Outcome(StrEnum):
    """Every way a question can end; each has a sentence in every language of ours."""

    ANSWERED = "answered"
    PARTLY_ANSWERED = "partly_answered"
    GREETING = "greeting"
    CRISIS = "crisis"
    HUMAN_REQUESTED = "human_requested"
    INDIVIDUAL_DECISION = "individual_decision"
    OTHER_PLACE = "other_place"
    UNCLEAR = "unclear"
    NOT_FOUND = "not_found"
    OUT_OF_SCOPE = "out_of_scope"
    ABUSE = "abuse"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with the numbers of the sources that carry it; `quoted` when it stands there word for word."""

    text: str
    language: str
    sources: tuple[int, ...]
    quoted: bool


@dataclass(frozen=True, slots=True)
class Notice:
    """What the service says itself, next to what it cites."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Source:
    """A passage that sentences cite, as of the date its page stands at."""

    n: int
    document_id: str
    title: str
    heading: str
    url: str | None
    corpus: str
    revision: int
    language: str
    quote: str
    as_of: date | None


@dataclass(frozen=True, slots=True)
class Action:
    """Something the citizen can do next."""

    kind: str
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class RevisionUsed:
    """A corpus and the revision of it that was searched."""

    corpus: str
    revision: int


@dataclass(frozen=True, slots=True)
class Provenance:
    """How the answer came about; `dropped` sentences were written and could not be proven."""

    ai_generated: bool
    composed_by: str
    system: str
    created_at: datetime
    revisions: tuple[RevisionUsed, ...]
    dropped: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """The whole answer; `text` is notices and sentences in reading order."""

    id: str
    outcome: Outcome
    language: str
    text: str
    sentences: tuple[Sentence, ...]
    notices: tuple[Notice, ...]
    sources: tuple[Source, ...]
    card: ServiceFacts | None
    actions: tuple[Action, ...]
    contact: Contact
    provenance: Provenance
