"""A document as Markdown, with its fields as YAML front matter."""

from pathlib import Path

import frontmatter
import yaml

from corpora.documents import Document
from corpora.errors import Unreadable
from corpora.readers import rows
from corpora.readers.files import text_of


def read(path: Path, name: str, language: str | None) -> tuple[list[Document], list[str]]:
    """The one document of the file; without front matter the first heading is the title."""
    try:
        page = frontmatter.loads(text_of(path))
    except yaml.YAMLError as error:
        raise Unreadable(f"{path}: the front matter is not YAML ({' '.join(str(error).split())}).") from error
    fields = dict(page.metadata)
    ignored = rows.unknown_fields(fields)
    row = {
        "id": name,
        "title": _title(page.content) or name,
        **fields,
        "body": page.content,
        "format": "markdown",
    }
    said = [f"{path}: fields that are not used: {', '.join(sorted(ignored))}."] if ignored else []
    return [rows.document(row, str(path), language)], said


def _title(body: str) -> str:
    headings = (line.removeprefix("# ").strip() for line in body.splitlines() if line.startswith("# "))
    return next(headings, "")
