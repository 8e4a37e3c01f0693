"""Cuts what a model writes into sentences with the numbers of their sources, while it is still writing."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_NUMBERS = r"\[\s*\d{1,2}(?:\s*,\s*\d{1,2})*\s*\]"
# Complete once something follows that is no further number; punctuation may stand behind the numbers.
_END = re.compile(rf"(?P<numbers>{_NUMBERS}(?:\s*{_NUMBERS})*)[.;:!?]*(?=\s*[^\s\[.;:!?])")
_BRACKET = re.compile(r"[\[\]]")
_EMPHASIS = re.compile(r"\*\*|__")
_MARKER = re.compile(r"^\s*(?:[-*•–]\s+|\d{1,2}[.)]\s+|#+\s*)+")


@dataclass(frozen=True, slots=True)
class Numbered:
    """A sentence as a model wrote it, and the numbers of the sources that it names."""

    text: str
    sources: tuple[int, ...]


class Cutter:
    """Takes pieces of text in order and gives sentences as soon as they are whole; what names no source is lost."""

    def __init__(self) -> None:
        self._held = ""

    def add(self, piece: str) -> Iterator[Numbered]:
        """The sentences that this piece has completed."""
        self._held += piece
        yield from self._cut()

    def end(self) -> Iterator[Numbered]:
        """The last sentence, if it has its numbers."""
        # Whatever may follow, nothing does.
        self._held += " \x00"
        yield from self._cut()
        self._held = ""

    def _cut(self) -> Iterator[Numbered]:
        while match := _END.search(self._held):
            # What stands before a bracket that is no number has no source.
            text = _BRACKET.split(self._held[: match.start()])[-1]
            self._held = self._held[match.end() :]
            text = " ".join(_EMPHASIS.sub("", _MARKER.sub("", text)).split())
            if text:
                yield Numbered(text, tuple(dict.fromkeys(int(n) for n in re.findall(r"\d+", match["numbers"]))))
