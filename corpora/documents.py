"""What a publisher says: documents, their facts and the passages they are cut into.

Standard library only, so that `retrieval` can be used without the rest of the project.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Fee:
    """What one thing costs, as the publisher words it; the amount where it is a plain figure."""

    text: str
    amount: float | None = None
    currency: str | None = None
    applies_to: str | None = None


@dataclass(frozen=True, slots=True)
class Office:
    """Who is in charge and how to reach them."""

    name: str
    address: str | None = None
    phone: str | None = None
    email: str | None = None
    hours: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A labelled address on the web."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class ServiceFacts:
    """The facts of a service in a shape that programs can read."""

    leika_key: str | None = None
    summary: str | None = None
    conditions: tuple[str, ...] = ()
    required_documents: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    fees: tuple[Fee, ...] = ()
    processing_time: str | None = None
    deadline: str | None = None
    office: Office | None = None
    online_service: Link | None = None
    appointment_url: str | None = None
    forms: tuple[Link, ...] = ()
    legal_basis: tuple[str, ...] = ()
    as_of: date | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """One service page in one language; `body` is Markdown or, for `format="text"`, plain lines."""

    id: str
    title: str
    language: str
    body: str
    format: str = "markdown"
    url: str | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    updated: date | None = None
    translation_of: str | None = None
    keywords: tuple[str, ...] = ()
    facts: ServiceFacts | None = None

    @property
    def original(self) -> str:
        """The id that all parallel versions of this page share."""
        return self.translation_of or self.id

    def valid_on(self, day: date) -> bool:
        """Whether the page may be used on that day."""
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_until is None or day <= self.valid_until)


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a document under its heading path; `place` counts from 0 within the document."""

    document_id: str
    place: int
    language: str
    title: str
    headings: tuple[str, ...]
    text: str
    fact: str | None = None
    keywords: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """Unique within a corpus revision."""
        return f"{self.document_id}#{self.place}"

    @property
    def heading(self) -> str:
        """The heading path as one line; the title where there is no heading."""
        return " › ".join(self.headings) or self.title

    @property
    def in_context(self) -> str:
        """The text with the title and headings above it: all that the page says here."""
        return "\n".join([" › ".join(dict.fromkeys((self.title, *self.headings))), self.text])

    @property
    def embedded(self) -> str:
        """What is embedded: the text in its context, with what citizens call the thing on the first passage."""
        return "\n".join([self.in_context, ", ".join(self.keywords)]) if self.keywords else self.in_context


@dataclass(frozen=True, slots=True)
class Entry:
    """A document with its passages: what an index holds of one page."""

    document: Document
    passages: tuple[Passage, ...] = field(default=())


def as_mapping(value: Any) -> Any:
    """A document or any part of it as plain JSON values, without what is empty."""
    if isinstance(value, Document | ServiceFacts | Fee | Office | Link | Passage):
        pairs = ((f.name, as_mapping(getattr(value, f.name))) for f in fields(value))
        return {name: part for name, part in pairs if part not in (None, [], {})}
    if isinstance(value, tuple):
        return [as_mapping(part) for part in value]
    return value.isoformat() if isinstance(value, date) else value


def document_from(row: Mapping[str, Any]) -> Document:
    """The document that `as_mapping` wrote; trusts its input, since readers check what comes in."""
    facts = row.get("facts")
    return Document(
        **{
            **row,
            **{name: _day(row.get(name)) for name in ("valid_from", "valid_until", "updated")},
            "keywords": tuple(row.get("keywords", ())),
            "facts": facts_from(facts) if facts else None,
        }
    )


def facts_from(row: Mapping[str, Any]) -> ServiceFacts:
    """The facts that `as_mapping` wrote."""
    lists = ("conditions", "required_documents", "steps", "legal_basis")
    return ServiceFacts(
        **{
            **row,
            **{name: tuple(row.get(name, ())) for name in lists},
            "fees": tuple(Fee(**fee) for fee in row.get("fees", ())),
            "forms": tuple(Link(**form) for form in row.get("forms", ())),
            "office": Office(**row["office"]) if row.get("office") else None,
            "online_service": Link(**row["online_service"]) if row.get("online_service") else None,
            "as_of": _day(row.get("as_of")),
        }
    )


def passage_from(row: Mapping[str, Any]) -> Passage:
    """The passage that `as_mapping` wrote."""
    lists = {name: tuple(row.get(name, ())) for name in ("headings", "keywords")}
    return Passage(**{"title": "", "text": "", **row, **lists})


def _day(value: str | date | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value
