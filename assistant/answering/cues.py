"""Beginnings of words and phrases, found in what a citizen writes."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

# Longer, what follows a cue is the other half of a compound.
_ENDING = 3


def folded(text: str) -> str:
    """The text for comparing: case folded, typographic marks plain, composed."""
    text = unicodedata.normalize("NFC", text.casefold().replace("i\u0307", "i"))
    return text.translate(str.maketrans("’ʼ`´", "''''"))


def has_cue(text: str, cues: Iterable[str]) -> bool:
    """Whether one of the cues begins a word of the text; a cue that ends in a blank must be a whole word."""
    return _pattern(tuple(cues)).search(folded(text)) is not None


def begins_with(text: str, cues: Iterable[str]) -> bool:
    """Whether the text begins with one of the cues."""
    return _pattern(tuple(cues)).match(folded(text).strip(" ¿¡\"'«„“")) is not None


def without(text: str, cues: Iterable[str]) -> str:
    """The folded text with the cues taken out, each with the ending of its word, where that is short."""
    return _whole_words(tuple(cues)).sub(" ", folded(text))


def whole(text: str) -> str:
    """The folded text without marks at its ends, as short inputs are compared."""
    return " ".join(re.findall(r"[\w']+", folded(text)))


def plain(text: str) -> tuple[str, ...]:
    """The words without accents and marks, since many citizens type none; letters that look alike are one."""
    bare = "".join(c for c in unicodedata.normalize("NFD", folded(text)) if unicodedata.category(c) != "Mn")
    return tuple(re.findall(r"\w+", bare.translate(str.maketrans("ıłđىیکة", "ildييكه"))))


@lru_cache(maxsize=512)
def _pattern(cues: tuple[str, ...]) -> re.Pattern[str]:
    if not cues:
        return re.compile(r"(?!)")
    parts = (re.escape(folded(cue).strip()) + (r"(?!\w)" if cue.endswith(" ") else "") for cue in cues)
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})")


@lru_cache(maxsize=64)
def _whole_words(cues: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?:{_pattern(cues).pattern})\w{{0,{_ENDING}}}(?!\w)")
