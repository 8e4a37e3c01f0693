"""Documents as JSON, one a line."""

import json
from pathlib import Path

from corpora.documents import Document
from corpora.errors import Unreadable
from corpora.readers import rows
from corpora.readers.files import decoded


def read(path: Path, name: str, language: str | None) -> tuple[list[Document], list[str]]:  # noqa: ARG001
    """All documents of the file; raises Unreadable with the number of the first line that is wrong."""
    documents: list[Document] = []
    ignored: set[str] = set()
    try:
        with path.open("rb") as lines:
            for number, line in enumerate(lines, start=1):
                where = f"{path}, line {number}"
                row = _object(decoded(line, where), where)
                if row is None:
                    continue
                ignored |= rows.unknown_fields(row)
                documents.append(rows.document(row, where, language))
    except OSError as error:
        raise Unreadable(f"{path}: cannot be read ({error.strerror}).") from error
    if not documents:
        raise Unreadable(f"{path}: holds no document.")
    return documents, [f"Fields that are not used: {', '.join(sorted(ignored))}."] if ignored else []


def _object(line: str, where: str) -> dict[str, object] | None:
    if not line.strip():
        return None
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"{where}: not JSON ({error}). Nothing was imported.") from error
    if not isinstance(row, dict):
        raise Unreadable(f"{where}: not a JSON object. Nothing was imported.")
    return row
