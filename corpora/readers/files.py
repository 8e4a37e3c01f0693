"""Bytes of a file as text, or a sentence that says why not."""

from pathlib import Path

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
