"""Cuts text into index terms: folded, without stop marks, stemmed as its language asks for."""

import re
import unicodedata
from functools import cache, lru_cache

import Stemmer

_ALGORITHMS = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek", "en": "english",
    "es": "spanish", "et": "estonian", "eu": "basque", "fa": "persian", "fi": "finnish", "fr": "french",
    "ga": "irish", "hi": "hindi", "hu": "hungarian", "hy": "armenian", "it": "italian", "lt": "lithuanian",
    "ne": "nepali", "nl": "dutch", "no": "norwegian", "nb": "norwegian", "pl": "polish", "pt": "portuguese",
    "ro": "romanian", "ru": "russian", "sr": "serbian", "sv": "swedish", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_PREFIX = 6
_TURKISH = str.maketrans({"İ": "i", "I": "ı"})
# Vowel signs and the like are no letters to `re`, though they stand within words.
_MARKS = "".join(chr(code) for code in range(0x300, 0x1100) if unicodedata.category(chr(code))[0] == "M")
_WORD = re.compile(rf"[^\W_](?:[^\W_]|[{_MARKS}])*(?:[.,:][0-9]+)*")


def terms(text: str, language: str) -> list[str]:
    """The terms of a text in order, as they stand in an index of that language."""
    text = unicodedata.normalize("NFKC", text)
    folded = (text.translate(_TURKISH) if language == "tr" else text).casefold()
    folded = folded.replace("i\u0307", "i").replace("’", "'").replace("ё", "е")
    return [_stem(word, language) for word in _WORD.findall(folded)]


@cache
def _stemmer(language: str) -> Stemmer.Stemmer | None:
    return Stemmer.Stemmer(_ALGORITHMS[language], 0) if language in _ALGORITHMS else None


@lru_cache(maxsize=200_000)
def _stem(word: str, language: str) -> str:
    stemmer = _stemmer(language)
    if any(c.isdigit() for c in word):
        return word
    if language == "de":
        # Typed without umlauts as often as with them: "Fuehrerschein", "Strasse".
        word = word.translate(_UMLAUTS)
    # Where nobody has written a stemmer (Ukrainian, Bulgarian …), the first letters stand for the stem.
    return str(stemmer.stemWord(word)) if stemmer else word[:_PREFIX]
