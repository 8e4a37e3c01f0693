"""Other forms in which the word of a question stands in an index: compounds, their parts, typing errors."""

from collections.abc import Sequence
from itertools import chain

from rapidfuzz.distance import OSA

from retrieval.lexical import LexicalPart

# They write one word where others write several.
COMPOUNDING = frozenset({"da", "de", "et", "fi", "hu", "nb", "nl", "no", "sv"})

# What a passage with the variant is worth, where one with the word itself is worth 1.
_LONGER = 0.25
_PART = 0.25
_MISTYPED = 0.7

_LEAST_WORD = 5
_LEAST_PART = 4
_MOST_LONGER = 32
_LINKS = frozenset({"", "e", "en", "er", "es", "n", "ns", "s"})
# A word of fewer letters may be mistyped once, a longer one twice.
_LONG_WORD = 9
_SAME_LETTERS = 3
_MOST_MISTYPED = 3


def variants(parts: Sequence[LexicalPart], language: str, term: str) -> dict[str, float]:
    """Terms that stand for this one, with what each is worth; the term itself is not among them."""
    if len(term) < _LEAST_WORD or any(letter.isdigit() for letter in term):
        return {}
    if language not in COMPOUNDING:
        return {} if _known(parts, language, term) else _mistyped(parts, language, term)
    found = _longer(parts, language, term) | _halves(parts, language, term)
    return found if found or _known(parts, language, term) else _mistyped(parts, language, term)


def _known(parts: Sequence[LexicalPart], language: str, term: str) -> bool:
    return any(len(part.postings(language, term).numbers) for part in parts)


def _longer(parts: Sequence[LexicalPart], language: str, term: str) -> dict[str, float]:
    """Compounds whose last or first part is the term, those nearest in length first."""
    found = {
        other
        for part in parts
        for other in chain(part.ending(language, term), part.beginning(language, term))
        if len(other) >= len(term) + _LEAST_PART
    }
    nearest = sorted(found, key=lambda other: (len(other), other))[:_MOST_LONGER]
    return dict.fromkeys(nearest, _LONGER)


def _halves(parts: Sequence[LexicalPart], language: str, term: str) -> dict[str, float]:
    """The two known words that make up the term, the last as long as can be."""
    firsts = {first for part in parts for first in part.beginnings(language, term)}
    lasts = {last for part in parts for last in part.endings(language, term)}
    for last in sorted(lasts - {term}, key=len, reverse=True):
        for first in sorted(firsts - {term}, key=len, reverse=True):
            if min(len(first), len(last)) < _LEAST_PART or len(first) + len(last) > len(term):
                continue
            if term[len(first) : len(term) - len(last)] in _LINKS:
                return {first: _PART, last: _PART}
    return {}


def _mistyped(parts: Sequence[LexicalPart], language: str, term: str) -> dict[str, float]:
    """Known terms that a slip or two away from this one, which nobody wrote."""
    most = 1 if len(term) < _LONG_WORD else 2
    near: dict[str, int] = {}
    for part in parts:
        start, end = term[:_SAME_LETTERS], term[-_SAME_LETTERS:]
        for other in chain(part.beginning(language, start), part.ending(language, end)):
            distance = OSA.distance(term, other, score_cutoff=most)
            if distance <= most:
                near[other] = distance
    return dict.fromkeys(sorted(near, key=lambda other: (near[other], other))[:_MOST_MISTYPED], _MISTYPED)
