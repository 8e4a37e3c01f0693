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

_FENCE = "---"
_COMMENT = re.compile(r"<!--.*?(?:-->|$)", re.DOTALL)


def read(path: Path, name: str, language: str | None) -> tuple[list[Document], list[str]]:
    """The one document of the file; without a title of its own the first heading is the title."""
    text = text_of(path).replace("\r\n", "\n")
    front, body = _parted(text, path)
    fields = _fields(front, path)
    body = _COMMENT.sub("", body)
    ignored = rows.unknown_fields(fields)
    title = fields.get("title") or _title(body) or (name if clean(body) else "")
    row = {"id": name, **fields, "title": title, "body": body, "format": "markdown"}
    said = [f"{path}: fields that are not used: {', '.join(sorted(ignored))}."] if ignored else []
    return [rows.document(row, str(path), language)], said


def _parted(text: str, path: Path) -> tuple[str, str]:
    """The front matter, with empty lines in place of those above it, and the text."""
    lines = text.split("\n")
    start = next((number for number, line in enumerate(lines) if line.strip()), 0)
    if lines[start].rstrip() != _FENCE:
        return "", text
    for end in range(start + 1, len(lines)):
        if lines[end].rstrip() == _FENCE:
            return "\n".join(["" for _ in lines[: start + 1]] + lines[start + 1 : end]), "\n".join(lines[end + 1 :])
    raise Unreadable(f"{path}, line {start + 1}: the front matter that begins here is not ended by a line {_FENCE}.")


def _fields(front: str, path: Path) -> dict[Any, Any]:
    try:
        fields = yaml.safe_load(front)
    except (yaml.YAMLError, ValueError) as error:
        raise Unreadable(f"{path}: the front matter is not YAML ({_reason(error)}).") from error
    if not isinstance(fields, dict | None):
        raise Unreadable(f"{path}: the front matter does not name fields.")
    return fields or {}


def _reason(error: yaml.YAMLError | ValueError) -> str:
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark:
        return f"line {error.problem_mark.line + 1}: {error.problem}"
    return " ".join(str(error).split())


def _title(body: str) -> str:
    headings = (line.removeprefix("# ").strip() for line in body.splitlines() if line.startswith("# "))
    return next(headings, "")
