"""What a run of questions measured, kept in a file so that a later run can be compared with it."""

import json
from dataclasses import MISSING, asdict, dataclass, fields
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from assistant.evaluation.errors import BadInput
from assistant.evaluation.questions import mapping, text_of
from corpora.readers.problems import problems
from retrieval.fusion import Weights

MEASURES = ("Hit@1", "Hit@5", "nDCG@10", "MRR")


@dataclass(frozen=True, slots=True)
class Measured:
    """One question: its language, that of its gold document, its value for each measure, and how long it took."""

    id: str
    question_language: str
    document_language: str
    values: dict[str, float]
    milliseconds: float


@dataclass(frozen=True, slots=True)
class Run:
    """All questions of a run, and with what they were searched."""

    configuration: dict[str, Any]
    measured: tuple[Measured, ...]


def save(path: Path, run: Run) -> None:
    """Writes a run where `load` reads it; the questions themselves are not in it."""
    path.write_text(json.dumps(asdict(run), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def load(path: Path) -> Run:
    """A run that was kept; raises BadInput."""
    try:
        run = TypeAdapter(Run).validate_python(mapping(text_of(path), str(path)))
    except ValidationError as error:
        raise BadInput(f"{path}: not a run that --save wrote ({problems(error)}).") from error
    for one in run.measured:
        if set(one.values) != set(MEASURES):
            raise BadInput(f"{path}: the question {one.id} has other measures than {', '.join(MEASURES)}.")
    return run


def weights(path: Path) -> Weights:
    """Fusion weights from a file with all their fields; raises BadInput."""
    given = mapping(text_of(path), str(path))
    missing = {f.name for f in fields(Weights) if f.default is MISSING and f.default_factory is MISSING} - set(given)
    unknown = set(given) - {f.name for f in fields(Weights)}
    for names, wrong in ((missing, "lack"), (unknown, "do not know")):
        if names:
            raise BadInput(f"{path}: these weights {wrong} {', '.join(sorted(names))}.")
    try:
        return TypeAdapter(Weights).validate_python(given)
    except ValidationError as error:
        raise BadInput(f"{path}: {problems(error)}.") from error
