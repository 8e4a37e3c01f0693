"""Which reader takes which kind of file."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from corpora.documents import Document
from corpora.errors import Unreadable
from corpora.readers import html, jsonl, markdown, text

MOST_BYTES = 500_000_000


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read, and what an administrator should know of it."""

    documents: list[Document]
    warnings: list[str]


Reader = Callable[[Path, str, str | None], tuple[list[Document], list[str]]]
"""Takes a file, the id of a single document in it and the language that holds where the file names none."""

READERS: dict[str, Reader] = {
    ".jsonl": jsonl.read,
    ".ndjson": jsonl.read,
    ".md": markdown.read,
    ".markdown": markdown.read,
    ".html": html.read,
    ".htm": html.read,
    ".xhtml": html.read,
    ".txt": text.read,
}


def read(path: Path, language: str | None = None) -> Reading:
    """All documents of a file or folder; raises Unreadable and then nothing counts as read."""
    if not path.exists():
        raise Unreadable(f"{path}: there is no such file or folder.")
    files, others = _files(path)
    documents: list[Document] = []
    origins: defaultdict[str, list[Path]] = defaultdict(list)
    warnings = [f"{len(others)} of other kinds passed over: {some(others)}."] if others else []
    for file in files:
        name = file.relative_to(path).with_suffix("").as_posix() if path.is_dir() else file.stem
        found, said = _reader(file)(file, name, language)
        documents += found
        warnings += said
        for document in found:
            origins[document.id].append(file.relative_to(path) if path.is_dir() else file)
    _refuse_duplicates(path, origins)
    return Reading(documents, [*warnings, *_doubts(documents)])


def _doubts(documents: Sequence[Document]) -> Iterator[str]:
    """What is no error and yet may not be meant."""
    today = datetime.now(UTC).date()
    silent = [document.id for document in documents if not document.body.strip() and not document.facts]
    if silent:
        yield f"{len(silent)} without text, found by their title only: {some(silent)}."
    over = [document.id for document in documents if document.valid_until and document.valid_until < today]
    if over:
        yield f"{len(over)} expired already, found by nobody: {some(over)}."


def _files(path: Path) -> tuple[list[Path], list[str]]:
    """The files to read, and the names of those that nobody here can read."""
    if not path.is_dir():
        return [path], []
    seen = (f for f in path.rglob("*") if not any(p.startswith(".") for p in f.relative_to(path).parts))
    every = sorted(file for file in seen if file.is_file())
    files = [file for file in every if file.suffix.lower() in READERS]
    if not files:
        raise Unreadable(f"{path}: no file in this folder can be read; known are {some(READERS)}.")
    return files, [file.relative_to(path).as_posix() for file in every if file.suffix.lower() not in READERS]


def _reader(file: Path) -> Reader:
    reader = READERS.get(file.suffix.lower())
    if reader is None:
        raise Unreadable(f"{file}: files of this kind cannot be read; known are {some(READERS)}.")
    if file.stat().st_size > MOST_BYTES:
        raise Unreadable(f"{file}: larger than {MOST_BYTES // 1_000_000} MB.")
    return reader


def _refuse_duplicates(path: Path, origins: Mapping[str, list[Path]]) -> None:
    twice = [(id_, sorted(set(files))) for id_, files in sorted(origins.items()) if len(files) > 1]
    if twice:
        named = some(f"{id_} ({' and '.join(map(str, files))})" if len(files) > 1 else id_ for id_, files in twice)
        raise Unreadable(f"{path}: these ids occur more than once: {named}. Nothing was imported.")


def some(names: Iterable[str]) -> str:
    """The names, or the first of them and how many more there are."""
    names = list(names)
    return ", ".join(names[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "")
