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
    """Which cues a sentence holds; of `denials` and `withouts` how many."""

    denials: int
    withouts: int
    free: bool
    paid: bool
    only: bool
    must: bool
    may: bool
    opposites: tuple[tuple[int, int], ...]

    @property
    def denied(self) -> bool:
        """Whether the denials are odd in number: two of them assert."""
        return self.denials % 2 == 1

    def contradicts(self, other: "Polarity", closely: bool, freed: bool = False) -> bool:
        """Whether two sentences about the same cannot both hold.

        `closely` is where they share nearly all words, `freed` where the passage says elsewhere that it is free.
        """
        if self.free and not other.free and (other.paid or not freed):
            return True
        if other.free and not self.free and self.paid and not other.paid:
            return True
        if _restricts(self, other) or _restricts(other, self):
            return False
        if (freed or self.free == other.free) and self._denies(other):
            return True
        if not closely:
            return False
        swapped = self.must != other.must and self.may != other.may and self.must != self.may and not self.denied
        return swapped or self.only != other.only or self._demands(other) or self._opposes(other)

    def _denies(self, other: "Polarity") -> bool:
        # `Nicht nötig` says the same as `ohne`, and `wer keinen hat, kann nicht` the same as `ohne … nicht`.
        same = (self.denials + self.withouts) % 2 == (other.denials + other.withouts) % 2
        return self.denied != other.denied and not same

    def _demands(self, other: "Polarity") -> bool:
        """Whether only one of two demands what the other does without."""
        one, rest = (other, self) if self.withouts else (self, other)
        plain = not (one.denials or one.withouts or rest.denials)
        return plain and one.must and not rest.must and rest.withouts % 2 == 1

    def _opposes(self, other: "Polarity") -> bool:
        pairs = zip(self.opposites, other.opposites, strict=False)
        return any(mine != theirs and sum(mine) == sum(theirs) for mine, theirs in pairs)


def _restricts(one: Polarity, other: Polarity) -> bool:
    """`Nur mit Termin` and `nicht ohne Termin` say the same."""
    return one.only and other.denied and other.withouts > 0


def known(language: str) -> bool:
    """Whether there are cues of the language."""
    return language in _data()


def polarity(text: str, language: str) -> Polarity:
    """The polarity of a sentence; without cues of its language it has none."""
    cues = _cues(language)
    text, unfree = cues["unfree"].subn(" ", cues["more"].sub(" ", folded(plain(text))))
    found = {name: bool(cues[name].search(text)) for name in ("free", "only", "must", "may")}
    opposites = tuple((len(one.findall(text)), len(other.findall(text))) for one, other in _pairs(language))
    text = cues["free"].sub(" ", text) if found["free"] else text
    waived = cues["waived"].search(text) is not None
    read = cues["unwaived"].sub(" ", text) if waived else text
    for name in ("bounds", "only", "without"):
        read = cues[name].sub(" ", read)
    # `Nicht Pflicht, sondern freiwillig` denies once.
    denials = len(cues["not"].findall(read)) or int(waived and cues["waived"].search(read) is not None)
    paid = unfree > 0 or (cues["paid"].search(text) and cues["paid"].search(cues["spared"].sub(" ", text))) is not None
    withouts = len(cues["without"].findall(text))
    return Polarity(denials=denials, withouts=withouts, paid=paid, opposites=opposites, **found)


def is_free(text: str, language: str) -> bool:
    """Whether the text says of anything that it costs nothing."""
    cues = _cues(language)
    return bool(cues["free"].search(cues["unfree"].sub(" ", folded(plain(text)))))


def without_cues(text: str, language: str) -> str:
    """A folded text without its cues: they say nothing of what a sentence is about."""
    return _cues(language)["any"].sub(" ", text)


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(_DATA.read_text(encoding="utf-8"))


@cache
def _cues(language: str) -> dict[str, re.Pattern[str]]:
    rows = _data().get(language, {})
    names = ("unfree", "more", "free", "spared", "paid", "only", "not", "waived", "must", "may", "without")
    found = {name: _pattern(rows.get(name, [])) for name in names}
    unwaived = _denied(rows.get("not", []), rows.get("waived", []))
    sides = [side for pair in rows.get("pairs", []) for side in pair]
    everything = [*(part for name in names if name != "spared" for part in rows.get(name, [])), *sides]
    bounds = _pattern([side for side in sides if " " in side])
    return {**found, "unwaived": unwaived, "bounds": bounds, "any": _pattern(everything)}


@cache
def _pairs(language: str) -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
    return tuple((_pattern([one]), _pattern([other])) for one, other in _data().get(language, {}).get("pairs", []))


def _pattern(parts: list[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{folded('|'.join(parts))})(?!\w)" if parts else r"(?!)")


def _denied(denials: list[str], waived: list[str]) -> re.Pattern[str]:
    """A waiver that is denied: `nicht freiwillig`."""
    return _pattern([f"(?:{'|'.join(denials)}) (?:\\w+ )?(?:{'|'.join(waived)})"] if waived else [])
