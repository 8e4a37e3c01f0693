"""Documents as JSON, one a line."""

from pathlib import Path
from typing import Any

from corpora.documents import Document
from corpora.errors import Unreadable
from corpora.readers import rows
from corpora.readers.files import decoded, json_object


def read(path: Path, name: str, language: str | None) -> tuple[list[Document], list[str]]:  # noqa: ARG001
    """All documents of the file; raises Unreadable with the number of the first line that is wrong."""
    documents: list[Document] = []
    ignored: set[str] = set()
    try:
        with path.open("rb") as lines:
            for number, line in enumerate(lines, start=1):
                row = _row(line, f"{path}, line {number}")
                if row is not None:
                    ignored |= rows.unknown_fields(row)
                    documents.append(rows.document(row, f"{path}, line {number}", language))
    except OSError as error:
        raise Unreadable(f"{path}: cannot be read ({error.strerror}).") from error
    except Unreadable as error:
        raise Unreadable(f"{error} Nothing was imported.") from error
    if not documents:
        raise Unreadable(f"{path}: holds no document.")
    return documents, [f"Fields that are not used: {', '.join(sorted(ignored))}."] if ignored else []


def _row(line: bytes, where: str) -> dict[str, Any] | None:
    text = decoded(line, where)
    return json_object(text, where) if text.strip() else None
