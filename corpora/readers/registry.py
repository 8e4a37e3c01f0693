"""Which reader takes which kind of file."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
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
    warnings = [f"{len(others)} of other kinds passed over: {_some(others)}."] if others else []
    for file in files:
        name = file.relative_to(path).with_suffix("").as_posix() if path.is_dir() else file.stem
        found, said = _reader(file)(file, name, language)
        documents += found
        warnings += said
    _refuse_duplicates(documents)
    silent = [document.id for document in documents if not document.body.strip() and not document.facts]
    if silent:
        warnings.append(f"{len(silent)} without text, found by their title only: {_some(silent)}.")
    return Reading(documents, warnings)


def _files(path: Path) -> tuple[list[Path], list[str]]:
    """The files to read, and the names of those that nobody here can read."""
    if not path.is_dir():
        return [path], []
    seen = (f for f in path.rglob("*") if not any(p.startswith(".") for p in f.relative_to(path).parts))
    every = sorted(file for file in seen if file.is_file())
    files = [file for file in every if file.suffix.lower() in READERS]
    if not files:
        raise Unreadable(f"{path}: no file in this folder can be read; known are {_some(READERS)}.")
    return files, [file.relative_to(path).as_posix() for file in every if file.suffix.lower() not in READERS]


def _reader(file: Path) -> Reader:
    reader = READERS.get(file.suffix.lower())
    if reader is None:
        raise Unreadable(f"{file}: files of this kind cannot be read; known are {_some(READERS)}.")
    if file.stat().st_size > MOST_BYTES:
        raise Unreadable(f"{file}: larger than {MOST_BYTES // 1_000_000} MB.")
    return reader


def _refuse_duplicates(documents: list[Document]) -> None:
    seen: set[str] = set()
    twice = sorted({d.id for d in documents if d.id in seen or seen.add(d.id)})  # type: ignore[func-returns-value]
    if twice:
        raise Unreadable(f"These ids occur more than once: {_some(twice)}. Nothing was imported.")


def _some(names: Iterable[str]) -> str:
    names = list(names)
    return ", ".join(names[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "")
