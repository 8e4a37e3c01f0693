"""Reads the questions that search and judge are measured with, one JSON object a line."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, Field, StringConstraints, ValidationError

from assistant.evaluation.errors import BadInput
from assistant.searching import Search
from corpora.cleaning import one_line
from corpora.errors import Unreadable
from corpora.readers.files import decoded
from corpora.readers.problems import problems

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class _Row(BaseModel):
    id: Text
    question: Text
    language: Text | None = None
    gold: Annotated[list[Text], Field(min_length=1)] | None = None
    document_id: Text | None = None
    corpus: Text | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, the corpora it is asked of and the documents any of which answers it."""

    id: str
    question: str
    language: str | None
    gold: tuple[str, ...]
    corpora: tuple[str, ...]


def questions(path: Path, corpora: tuple[str, ...], *, gold: bool) -> list[Asked]:
    """The questions of a file in order, each with documents where `gold` asks for them; raises BadInput."""
    found: dict[str, Asked] = {}
    for number, line in enumerate(text_of(path).split("\n"), start=1):
        if not line.strip():
            continue
        where = f"{path}, line {number}"
        asked = _asked(_row(line, where), corpora)
        if gold and not asked.gold:
            raise BadInput(f"{where}: names no document that answers it, neither in gold nor in document_id.")
        if not asked.corpora:
            raise BadInput(f"{where}: names no corpus, and --corpus is not given.")
        if asked.id in found:
            raise BadInput(f"{where}: its id, {asked.id}, stands in an earlier line already.")
        found[asked.id] = asked
    if not found:
        raise BadInput(f"{path}: holds no question.")
    return list(found.values())


def spoken(search: Search, asked: Asked) -> str:
    """The language as which a search takes the question; raises UnknownCorpus and RetrievalError."""
    return asked.language or search.spoken(asked.question, asked.corpora)


def text_of(path: Path) -> str:
    """A file from outside as text; raises BadInput."""
    try:
        return decoded(path.read_bytes(), str(path))
    except OSError as error:
        raise BadInput(f"{path}: cannot be read ({error.strerror}).") from error
    except Unreadable as error:
        raise BadInput(str(error)) from error


def mapping(text: str, where: str) -> dict[str, Any]:
    """A JSON object; raises BadInput."""
    try:
        value = json.loads(text)
    except ValueError as error:
        raise BadInput(f"{where}: not JSON ({error}).") from error
    if not isinstance(value, dict):
        raise BadInput(f"{where}: not a JSON object.")
    return value


def _row(line: str, where: str) -> _Row:
    try:
        return _Row.model_validate(mapping(line, where))
    except ValidationError as error:
        raise BadInput(f"{where}: {problems(error)}.") from error


def _asked(row: _Row, corpora: tuple[str, ...]) -> Asked:
    gold = dict.fromkeys([*(row.gold or ()), *([row.document_id] if row.document_id else ())])
    return Asked(
        row.id, one_line(row.question), row.language, tuple(gold), (row.corpus,) if row.corpus else corpora
    )  # fmt: skip
