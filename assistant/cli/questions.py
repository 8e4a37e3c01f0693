"""Reads the batches of questions that `ask` and `search` take."""

import json
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ValidationError

from corpora.errors import Unreadable
from corpora.readers.files import decoded


class TurnRow(BaseModel):
    role: Literal["user", "assistant"]
    text: str


class QuestionRow(BaseModel):
    id: str
    question: str
    language: str | None = None
    history: list[TurnRow] = []


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
            found.append(QuestionRow.model_validate(json.loads(text)))
        except ValidationError as error:
            problems = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
            raise Unreadable(f"{where}: {problems}.") from error
        except ValueError as error:
            raise Unreadable(f"{where}: not JSON ({error}).") from error
    return found
