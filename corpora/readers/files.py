"""Bytes of a file as text, or a sentence that says why not."""

import json
from pathlib import Path
from typing import Any

from corpora.errors import Unreadable


def text_of(path: Path) -> str:
    """The file as text in UTF-8, with or without a byte order mark; raises Unreadable."""
    try:
        return decoded(path.read_bytes(), str(path))
    except OSError as error:
        raise Unreadable(f"{path}: cannot be read ({error.strerror}).") from error


def decoded(data: bytes, where: str) -> str:
    """The bytes as text; raises Unreadable for what is not text in UTF-8."""
    if b"\0" in data:
        raise Unreadable(f"{where}: this is not a text file.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(f"{where}: not in UTF-8 (byte {error.start + 1}); save it as UTF-8 and try again.") from error


def json_object(text: str, where: str) -> dict[str, Any]:
    """The JSON object in the text, which is one line; raises Unreadable."""
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        reason = f"{error.msg.removesuffix(' at')} at column {error.colno}"
        raise Unreadable(f"{where}: not JSON ({reason}).") from error
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"{where}: not JSON that can be read (too deep, or a number too long).") from error
    if not isinstance(value, dict):
        raise Unreadable(f"{where}: not a JSON object.")
    return value
