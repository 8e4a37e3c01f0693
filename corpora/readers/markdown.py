"""A document as Markdown, with its fields as YAML front matter."""

import re
from pathlib import Path
from typing import Any

import yaml

from corpora.cleaning import clean
from corpora.documents import Document
from corpora.errors import Unreadable
from corpora.readers import rows
from corpora.readers.files import text_of

_FRONT = re.compile(r"---[ \t]*\n(.*?)(?:^|\n)---[ \t]*(?:\n|$)(.*)", re.DOTALL)
_COMMENT = re.compile(r"<!--.*?(?:-->|$)", re.DOTALL)


def read(path: Path, name: str, language: str | None) -> tuple[list[Document], list[str]]:
    """The one document of the file; without a title of its own the first heading is the title."""
    text = text_of(path).replace("\r\n", "\n")
    match = _FRONT.fullmatch(text)
    fields = _fields(match.group(1), path) if match else {}
    body = _COMMENT.sub("", match.group(2) if match else text)
    ignored = rows.unknown_fields(fields)
    title = fields.get("title") or _title(body) or (name if clean(body) else "")
    row = {"id": name, **fields, "title": title, "body": body, "format": "markdown"}
    said = [f"{path}: fields that are not used: {', '.join(sorted(ignored))}."] if ignored else []
    return [rows.document(row, str(path), language)], said


def _fields(front: str, path: Path) -> dict[Any, Any]:
    try:
        fields = yaml.safe_load(front)
    except (yaml.YAMLError, ValueError) as error:
        raise Unreadable(f"{path}: the front matter is not YAML ({' '.join(str(error).split())}).") from error
    if not isinstance(fields, dict | None):
        raise Unreadable(f"{path}: the front matter does not name fields.")
    return fields or {}


def _title(body: str) -> str:
    headings = (line.removeprefix("# ").strip() for line in body.splitlines() if line.startswith("# "))
    return next(headings, "")
