"""What a document must look like to be taken in, checked field by field."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, ValidationError, model_validator

from corpora.cleaning import clean, one_line
from corpora.documents import Document, document_from
from corpora.errors import Unreadable
from corpora.readers.markup import markdown_from_html
from corpora.readers.problems import problems

_LANGUAGE = re.compile(r"([a-z]{2,3})(?:[-_][A-Za-z0-9]+)*", re.IGNORECASE)
_NO_LANGUAGE = {"language": "is missing; name it there or with --language"}
MOST_CHARACTERS = 2_000_000


def _url(value: str) -> str:
    value = value.strip()
    parts = urlsplit(value)
    if value != clean(value) or not value.isprintable():
        raise ValueError("must have no invisible characters")
    if parts.scheme not in ("http", "https") or not parts.hostname or re.search(r"[\s<>\"]", value):
        raise ValueError("must be an address that begins with http:// or https://")
    return value


def language_code(value: str) -> str:
    """The language of a code such as `de` or `de-AT`; raises ValueError."""
    match = _LANGUAGE.fullmatch(value.strip())
    if not match:
        raise ValueError("must be a language code such as de or en")
    return match.group(1).lower()


def _day(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.date()
    return value[:10] if isinstance(value, str) and re.match(r"\d{4}-\d{2}-\d{2}T", value) else value


def _id(value: str) -> str:
    if value != value.strip() or any(ord(c) < 32 for c in value):
        raise ValueError("must have no control characters and no blanks at its ends")
    return value


Line = Annotated[str, Field(max_length=MOST_CHARACTERS), AfterValidator(one_line)]
Url = Annotated[str, AfterValidator(_url)]
Day = Annotated[date, BeforeValidator(_day)]
Id = Annotated[
    str,
    Field(min_length=1, max_length=300),
    BeforeValidator(lambda v: str(v) if isinstance(v, int) else v),
    AfterValidator(_id),
]


class FeeRow(BaseModel):
    text: Line
    amount: Annotated[float, Field(allow_inf_nan=False)] | None = None
    currency: Line | None = None
    applies_to: Line | None = None


class OfficeRow(BaseModel):
    name: Line
    address: Line | None = None
    phone: Line | None = None
    email: Line | None = None
    hours: Line | None = None
    url: Url | None = None


class LinkRow(BaseModel):
    label: Line
    url: Url


class FactsRow(BaseModel):
    leika_key: Line | None = None
    summary: Line | None = None
    conditions: list[Line] = []
    required_documents: list[Line] = []
    steps: list[Line] = []
    fees: list[FeeRow] = []
    processing_time: Line | None = None
    deadline: Line | None = None
    office: OfficeRow | None = None
    online_service: LinkRow | None = None
    appointment_url: Url | None = None
    forms: list[LinkRow] = []
    legal_basis: list[Line] = []
    as_of: Day | None = None


class DocumentRow(BaseModel):
    id: Id
    title: Line = ""
    language: Annotated[str, AfterValidator(language_code)]
    body: Annotated[str, Field(max_length=MOST_CHARACTERS)] = ""
    format: Literal["text", "markdown", "html"] = "markdown"
    url: Url | None = None
    valid_from: Day | None = None
    valid_until: Day | None = None
    updated: Day | None = None
    translation_of: Id | None = None
    keywords: list[Line] = []
    facts: FactsRow | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.title and not clean(self.body):
            raise ValueError("the document has neither a title nor any text")
        if self.valid_from and self.valid_until and self.valid_until < self.valid_from:
            raise ValueError("valid_until lies before valid_from")
        if self.translation_of == self.id:
            raise ValueError("translation_of names the document itself")
        return self


_PARTS: dict[str, type[BaseModel]] = {
    "facts": FactsRow,
    "fees": FeeRow,
    "office": OfficeRow,
    "online_service": LinkRow,
    "forms": LinkRow,
}


def document(row: Mapping[str, Any], where: str, language: str | None = None) -> Document:
    """The document of a row; raises Unreadable, naming `where` and every field that is wrong."""
    given = {key: value for key, value in row.items() if value is not None}
    if language:
        given.setdefault("language", language)
    try:
        checked = DocumentRow.model_validate(given)
    except ValidationError as error:
        raise Unreadable(f"{where}: {problems(error, _NO_LANGUAGE)}.") from error
    html = checked.format == "html"
    body = markdown_from_html(checked.body) if html else clean(checked.body)
    plain = checked.model_dump() | {"body": body, "format": "markdown" if html else checked.format}
    said = {key: value for key, value in (plain["facts"] or {}).items() if value not in (None, [])}
    if not (checked.title or body or said):
        raise Unreadable(f"{where}: the document has neither a title nor any text.")
    return document_from(plain | {"facts": plain["facts"] if said else None})


def unknown_fields(row: Mapping[str, Any]) -> set[str]:
    """The fields of a row that are not used, those of its facts with the path to them."""
    return set(_unknown(row, DocumentRow, ""))


def _unknown(row: Mapping[Any, Any], model: type[BaseModel], path: str) -> Iterator[str]:
    for key, value in row.items():
        if key not in model.model_fields:
            yield f"{path}{key}"
        elif key in _PARTS:
            for part in value if isinstance(value, list) else [value]:
                if isinstance(part, Mapping):
                    yield from _unknown(part, _PARTS[key], f"{path}{key}.")
