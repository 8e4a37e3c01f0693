"""A document as plain text: the first line is the title."""

from pathlib import Path

from corpora.cleaning import clean
from corpora.documents import Document
from corpora.errors import Unreadable
from corpora.readers import rows
from corpora.readers.files import text_of


def read(path: Path, name: str, language: str | None) -> tuple[list[Document], list[str]]:
    """The one document of the file; raises Unreadable for an empty one."""
    body = clean(text_of(path))
    if not body:
        raise Unreadable(f"{path}: is empty.")
    title, _, rest = body.partition("\n")
    row = {"id": name, "title": title[:300], "body": rest if rest.strip() else body, "format": "text"}
    return [rows.document(row, str(path), language)], []
