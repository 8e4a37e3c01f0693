"""The words that say figures, in every language we reply in."""

import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

_DATA = Path(__file__).parent / "data" / "quantities.toml"
# Arabic writes articles and short prepositions into the word.
_ARABIC_PREFIXES = ("وال", "بال", "لل", "ال", "و", "ب", "ل", "ف")
_ALEF = dict.fromkeys(map(ord, "أإآ"), "ا")
_SCRIPTS = {"latin": re.compile("[a-z]"), "cyrillic": re.compile("[а-я]"), "arabic": re.compile("[ء-ي]")}
_FRENCH_TENS = {
    "dix": 10, "vingt": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60, "quatrevingt": 80,
}  # fmt: skip
_FRENCH_ONES = (
    "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze", "treize",
    "quatorze", "quinze", "seize",
)  # fmt: skip
_FRENCH = re.compile(
    rf"(?<!\w)(?:quatre-vingts?|{'|'.join(_FRENCH_TENS)})"
    rf"(?:(?:-et-| et |-)(?:{'|'.join(_FRENCH_ONES)}|une)(?:-(?:sept|huit|neuf))?)?(?!\w)"
)
_STEMS = {
    "jähr": "year", "jahres": "year", "monat": "month", "wöch": "week", "wochen": "week", "tägig": "day",
    "tages": "day", "stünd": "hour", "minüt": "minute", "річн": "year", "місячн": "month", "тижнев": "week",
    "денн": "day", "добов": "day", "годинн": "hour", "хвилинн": "minute",
}  # fmt: skip
_UKRAINIAN = {"одно": 1, "дво": 2, "двох": 2, "трьох": 3, "чотирьох": 4}


@dataclass(frozen=True, slots=True)
class Unit:
    """What a figure counts: so many of a measure. `name` is its own, for units without a figure."""

    name: str
    measure: str
    scale: float
    languages: frozenset[str]


@dataclass(frozen=True, slots=True)
class Meaning:
    """All that a word may say. A `shy` number counts only before a unit of one of its languages."""

    number: int | None = None
    offers: int | None = None
    shy: frozenset[str] = frozenset()
    units: tuple[Unit, ...] = ()
    month: int | None = None
    sure_month: bool = True
    weekday: int | None = None
    short_weekday: int | None = None
    cues: frozenset[str] = frozenset()


def folded(text: str) -> str:
    """Small letters with plain marks, as the words of the lexicon are compared."""
    return text.lower().replace("i\u0307", "i").translate(_FOLD)


@lru_cache(maxsize=50_000)
def meanings(word: str) -> tuple[Meaning, ...]:
    """What a folded word says as a figure: nothing, one thing, or a number and its unit in one word."""
    for part in _parts(word):
        if found := _whole(part):
            return found
    return ()


def rephrased(text: str) -> str:
    """A folded line with some writings put another way, before it is read."""
    for pattern, to in _phrases(frozenset(name for name, letter in _SCRIPTS.items() if letter.search(text))):
        text = pattern.sub(to, text)
    return text


def of_one_language(one: str, other: str) -> bool:
    """Whether two number words may be of one language, as far as it is known of both."""
    known = _spoken()
    return one not in known or other not in known or bool(known[one] & known[other])


@cache
def _phrases(scripts: frozenset[str]) -> tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...]:
    """The phrases that a line in some scripts may hold, with what is put in their place."""
    letters = {pattern: re.sub(r"\\.|[\d/ ?|]", "", pattern) for pattern in _data()["phrases"]}
    found = [
        (re.compile(rf"(?<!\w)(?:{folded(pattern)})(?:(?!\w)|(?<=[ -]))"), to)
        for pattern, to in _data()["phrases"].items()
        if not letters[pattern] or any(_SCRIPTS[name].search(letters[pattern]) for name in scripts)
    ]
    return (*found, (_FRENCH, lambda match: re.sub("[- ]", "", match.group())))


_FOLD: dict[int, str] = {**_ALEF, ord("’"): "'", ord("ʼ"): "'", ord("`"): "'", ord("ё"): "е"}


def _parts(word: str) -> list[str]:
    found = [word]
    if "'" in word and word[0] < "\u0370":
        found += [word.split("'", maxsplit=1)[0], word.split("'", 1)[1]]
    if word[0] > "\u0600":
        found += [word[len(one) :] for one in _ARABIC_PREFIXES if word.startswith(one) and len(word) > len(one) + 1]
    return [part for part in found if part]


def _whole(word: str) -> tuple[Meaning, ...]:
    numbers, units = _numbers().get(word), _units(word)
    month, day = _months(word), _calendar("weekdays").get(word)
    cues = _cues().get(word, frozenset())
    if word in _duals():
        return (Meaning(number=2), Meaning(units=_named(_duals()[word])))
    if not numbers and (sum_ := _german_sum(word)):
        numbers = (sum_, frozenset())
    if not (numbers or units or month or day or cues or word in _short() or _offers(word)):
        return _compound(word)
    number, shy = numbers or (None, frozenset())
    return (
        Meaning(
            number, _offers(word), shy, units, month[0] if month else None, bool(month and month[1]),
            day[0] if day else None, _short().get(word), cues,
        ),
    )  # fmt: skip


def _compound(word: str) -> tuple[Meaning, ...]:
    """A number and its unit in one word: `dreimonatig`, `шеститижневий`."""
    match = _compounds().match(word)
    if not match:
        return ()
    number = _UKRAINIAN.get(match[1]) or _numbers()[match[1]][0]
    return (Meaning(number=number), Meaning(units=_named(_STEMS[match[2]])))


@cache
def _compounds() -> re.Pattern[str]:
    said = (word for by in _data()["numbers"].values() for word in by.get("uk", "").split())
    words = sorted({*_german(), *_UKRAINIAN, *(folded(word.lstrip("?")) for word in said)}, key=len, reverse=True)
    return re.compile(rf"({'|'.join(words)})({'|'.join(_STEMS)})")


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(_DATA.read_text(encoding="utf-8"))


@cache
def _german() -> dict[str, int]:
    known = {word: int(value) for value, by in _data()["numbers"].items() for word in by.get("de", "").split()}
    plain = {folded(word.lstrip("?")): value for word, value in known.items()}
    ones = {word: value for word, value in plain.items() if 1 < value < 10 and not word.endswith("er")} | {"ein": 1}
    tens = {word: value for word, value in plain.items() if 19 < value < 100}
    return plain | {f"{one}und{ten}": n + m for one, n in ones.items() for ten, m in tens.items()}


def _german_sum(word: str) -> int | None:
    """What a compound says: `zweihundertfünfzig`."""
    match = _hundreds().fullmatch(word) if "hundert" in word or "tausend" in word else None
    if not match or not any(match.groups()):
        return None
    small = _german() | {"": 0, "ein": 1}
    thousands, hundreds, rest = (small[part or ""] for part in match.group(2, 4, 5))
    return 1000 * (thousands or bool(match[1])) + 100 * (hundreds or bool(match[3])) + rest


@cache
def _hundreds() -> re.Pattern[str]:
    words = "|".join(sorted((word for word, value in _german().items() if value < 100), key=len, reverse=True))
    return re.compile(rf"(({words}|ein)?tausend)?(({words}|ein)?hundert)?(?:und)?({words})?")


@cache
def _french() -> dict[str, int]:
    """The numbers that French writes in parts, without what joins these."""
    ones = dict(zip(_FRENCH_ONES, range(1, 17), strict=True)) | {"une": 1, "dixsept": 17, "dixhuit": 18, "dixneuf": 19}
    sums = {f"{ten}{et}{one}": n + m for ten, n in _FRENCH_TENS.items() for one, m in ones.items() for et in ("", "et")}
    return sums | {"quatrevingt": 80, "quatrevingts": 80}


@cache
def _spoken() -> dict[str, frozenset[str]]:
    """The languages of each number word."""
    found: dict[str, frozenset[str]] = dict.fromkeys(_french(), frozenset(["fr"]))
    for by_language in _data()["numbers"].values():
        for language, words in by_language.items():
            for word in words.split():
                name = folded(word.lstrip("?"))
                found[name] = found.get(name, frozenset()) | {language}
    return found


@cache
def _numbers() -> dict[str, tuple[int, frozenset[str]]]:
    joined = _french() | {word: value for word, value in _german().items() if value > 20}
    found = {word: (value, frozenset[str]()) for word, value in joined.items()}
    rows = _data()["numbers"].items()
    said = [
        (word, int(value), language) for value, by in rows for language, words in by.items() for word in words.split()
    ]
    certain = {folded(word) for word, _, _ in said if not word.startswith("?")}
    for word, number, language in said:
        name = folded(word.lstrip("?"))
        before = found.get(name, (number, frozenset[str]()))[1]
        found[name] = (number, frozenset() if name in certain else before | {language})
    return found


@cache
def _unit_words() -> tuple[dict[str, tuple[Unit, ...]], dict[str, tuple[Unit, ...]]]:
    whole: dict[str, tuple[Unit, ...]] = {}
    beginnings: dict[str, tuple[Unit, ...]] = {}
    for name, row in _data()["units"].items():
        for language, words in row["words"].items():
            unit = Unit(name, row["of"], row.get("scale", 1), frozenset([language]))
            for word in words.split():
                table, key = (beginnings, word[:-1]) if word.endswith("*") else (whole, word)
                table[folded(key)] = (*table.get(folded(key), ()), unit)
    return whole, beginnings


def _units(word: str) -> tuple[Unit, ...]:
    whole, beginnings = _unit_words()
    if word in whole:
        return whole[word]
    return next((beginnings[word[:n]] for n in range(len(word), 2, -1) if word[:n] in beginnings), ())


def _named(name: str) -> tuple[Unit, ...]:
    row = _data()["units"][name]
    return (Unit(name, row["of"], row.get("scale", 1), frozenset()),)


@cache
def _duals() -> dict[str, str]:
    return {folded(word): name for name, words in _data()["duals"].items() for word in words.split()}


def _months(word: str) -> tuple[int, bool] | None:
    known = _calendar("months")
    if word in known:
        return known[word]
    return next((known[word[:n] + "*"] for n in range(len(word), 3, -1) if word[:n] + "*" in known), None)


@cache
def _calendar(table: str) -> dict[str, tuple[int, bool]]:
    first = 1 if table == "months" else 0
    found: dict[str, tuple[int, bool]] = {}
    for language, rows in _data()[table].items():
        for place, words in enumerate(rows if language != "short" else (), start=first):
            for word in words.split():
                name = folded(word.lstrip("?"))
                found[name] = (place, not word.startswith("?") and found.get(name, (0, True))[1])
    return found


def _offers(word: str) -> int | None:
    known = _offered()
    return known.get(word) or next(
        (known[word[:n] + "*"] for n in range(len(word), 3, -1) if word[:n] + "*" in known), None
    )


@cache
def _offered() -> dict[str, int]:
    return {folded(word): int(value) for value, words in _data()["offers"].items() for word in words.split()}


@cache
def _short() -> dict[str, int]:
    rows = _data()["weekdays"]["short"]
    return {folded(word): place for place, words in enumerate(rows) for word in words.split()}


@cache
def _cues() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for name, words in _data()["cues"].items():
        for word in words.split():
            found.setdefault(folded(word), set()).add(name)
    return {word: frozenset(names) for word, names in found.items()}
