"""Whether a sentence denies, demands, allows, restricts or waives, told by cue words of its language."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from assistant.answering.lexicon import folded
from assistant.answering.tokens import plain

_DATA = Path(__file__).parent / "data" / "polarity.toml"


@dataclass(frozen=True, slots=True)
class Polarity:
    """Which cues a sentence holds; `denied` is whether its denials are odd in number."""

    denied: bool
    free: bool
    paid: bool
    only: bool
    must: bool
    may: bool
    without: bool
    opposites: tuple[tuple[int, int], ...]

    def contradicts(self, other: "Polarity", closely: bool) -> bool:
        """Whether two sentences about the same cannot both hold; `closely` where they share nearly all words."""
        if self.free != other.free and (self.free or self.paid):
            return True
        if _restricts(self, other) or _restricts(other, self):
            return False
        if self.free == other.free and self.denied != other.denied:
            return True
        if not closely:
            return False
        swapped = self.must != other.must and self.may != other.may and self.must != self.may and not self.denied
        return swapped or self.only != other.only or self._opposes(other)

    def _opposes(self, other: "Polarity") -> bool:
        pairs = zip(self.opposites, other.opposites, strict=False)
        return any(mine != theirs and sum(mine) == sum(theirs) for mine, theirs in pairs)


def _restricts(one: Polarity, other: Polarity) -> bool:
    """`Nur mit Termin` and `nicht ohne Termin` say the same."""
    return one.only and other.denied and other.without


def known(language: str) -> bool:
    """Whether there are cues of the language."""
    return language in _data()


def polarity(text: str, language: str) -> Polarity:
    """The polarity of a sentence; without cues of its language it has none."""
    cues = _cues(language)
    text = folded(plain(text))
    found = {name: bool(cues[name].search(text)) for name in ("free", "only", "must", "may", "without")}
    opposites = tuple((len(one.findall(text)), len(other.findall(text))) for one, other in _pairs(language))
    for name in ("free", "bounds", "only"):
        text = cues[name].sub(" ", text)
    denials = len(cues["not"].findall(text))
    return Polarity(denied=denials % 2 == 1, paid=bool(cues["paid"].search(text)), opposites=opposites, **found)


def is_free(text: str, language: str) -> bool:
    """Whether the text says of anything that it costs nothing."""
    return bool(_cues(language)["free"].search(folded(plain(text))))


def without_cues(text: str, language: str) -> str:
    """A folded text without its cues: they say nothing of what a sentence is about."""
    return _cues(language)["any"].sub(" ", text)


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(_DATA.read_text(encoding="utf-8"))


@cache
def _cues(language: str) -> dict[str, re.Pattern[str]]:
    rows = _data().get(language, {})
    names = ("free", "paid", "only", "not", "must", "may", "without")
    found = {name: _pattern(rows.get(name, [])) for name in names}
    bounds = [part for pair in rows.get("pairs", []) for side in pair for part in side.split("|") if " " in part]
    sides = [side for pair in rows.get("pairs", []) for side in pair]
    everything = [*(part for name in names for part in rows.get(name, [])), *sides]
    return {**found, "bounds": _pattern(bounds), "any": _pattern(everything)}


@cache
def _pairs(language: str) -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
    return tuple((_pattern([one]), _pattern([other])) for one, other in _data().get(language, {}).get("pairs", []))


def _pattern(parts: list[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{folded('|'.join(parts))})(?!\w)" if parts else r"(?!)")
