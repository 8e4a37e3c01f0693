"""Which language a short text is written in."""

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

_KNOWN = Path(__file__).parent / "data" / "languages.json"
_UNDETERMINED = "und"
# How many times likelier an expected language is than another, as a natural logarithm, and the first of them
# than the rest. They decide for a word or two ("Kita", "passport"), and no longer for a sentence.
_EXPECTED = 4.0
_FIRST = 3.5
# And how many times likelier one of all others must be than the best of ours: our own texts never come near it.
_FOREIGN = 25.0
_NOTHING_SEEN = -1e30


@cache
def known_languages() -> tuple[str, ...]:
    """The ISO 639-1 codes of the languages that are told apart first."""
    return tuple(json.loads(_KNOWN.read_text(encoding="utf-8")))


def identify(text: str, expected: Sequence[str] = ()) -> str | None:
    """The language of a text, best from three words on; None where nothing tells, as for a bare number.

    A language that is clearly none of the known ones is told too. `expected` are languages that are likely before a
    word is read, the likeliest first.
    """
    if sum(character.isalpha() for character in text) < 2:
        return None
    # Upper case is a shout, not a language; half of it misleads the model more than all of it.
    ranked = _identifier().rank(text.lower())
    first, likelihood = ranked[0]
    if likelihood < _NOTHING_SEEN:
        return None
    ours = [(language, rank) for language, rank in ranked if language in known_languages()]
    if first not in known_languages() and likelihood - ours[0][1] > _FOREIGN:
        return str(first)
    prior = dict.fromkeys(expected, _EXPECTED)
    if expected:
        prior[expected[0]] += _FIRST
    return str(max(ours, key=lambda pair: pair[1] + prior.get(pair[0], 0.0))[0])


def assumed(text: str, expected: Sequence[str] = ()) -> str:
    """The language that a text is taken to be in: the first expected where nothing tells, "und" without any."""
    return identify(text, expected) or next(iter(expected), _UNDETERMINED)


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE)
