"""What a corpus or a municipality may be called."""

import re

from corpora.errors import CorporaError

_NAME = re.compile(r"\w[\w.-]{0,98}\w|\w")


def named(name: str) -> str:
    """The name if it can stand in an address and a file name; raises CorporaError."""
    if not _NAME.fullmatch(name) or ".." in name:
        raise CorporaError(f"The name {name!r} may hold letters, digits, '-', '_' and '.', and at most 100 of them.")
    return name
