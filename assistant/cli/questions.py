"""Reads the batches of questions that `ask` and `search` take."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ValidationError

from assistant.domain.draft import Level
from corpora.errors import Unreadable
from corpora.readers.files import decoded, json_object
from corpora.readers.problems import problems
from corpora.readers.rows import language_code


class TurnRow(BaseModel):
    role: Literal["user", "assistant"]
    text: str


class QuestionRow(BaseModel):
    id: str
    question: str
    language: Annotated[str, AfterValidator(language_code)] | None = None
    history: list[TurnRow] = []
    level: Level | None = None


def rows(path: Path) -> list[QuestionRow]:
    """The questions of a JSONL file in order; an empty file has none. Raises Unreadable with the line."""
    if not path.is_file():
        raise Unreadable(f"{path}: there is no such file.")
    found = []
    for number, line in enumerate(path.read_bytes().split(b"\n"), start=1):
        where = f"{path}, line {number}"
        text = decoded(line, where)
        if not text.strip():
            continue
        try:
            found.append(QuestionRow.model_validate(json_object(text, where)))
        except ValidationError as error:
            raise Unreadable(f"{where}: {problems(error)}.") from error
    return found
