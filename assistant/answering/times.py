"""Reads times of day in the tokens of a line."""

import re
from collections.abc import Sequence

from assistant.answering.lexicon import Unit
from assistant.answering.quantities import Figure
from assistant.answering.tokens import NOTHING, Token

_CLOCK_OR_HOURS = {"h", "heure", "heures", "hrs", "години", "годину", "годин", "год", "час", "часов", "часа"}
_HOUR = re.compile(r"(\d{1,2})(?:[.,](\d\d))?")
_HALF = 12
_RANGE = {"range", "join"}


class Times:
    """The times of day in a line; `taken` are the places that are read."""

    def __init__(self, said: Sequence[Token], taken: set[int]) -> None:
        self._said = said
        self._taken = taken

    def figure(self, place: int) -> Figure:
        """What a time in figures says: `8:30`."""
        hour, minute = self._said[place].text.split(":")
        keys = [f"clock:{one}:{minute}" for one in self._hours(place, int(hour))]
        length = f"minute:{int(hour) * 60 + int(minute)}"
        numbers = (f"number:{int(hour)}", f"number:{int(minute)}")
        return Figure(keys[0], tuple((key,) for key in keys), (*keys, length), numbers)

    def keys(self, place: int, token: Token, units: tuple[Unit, ...]) -> tuple[str, ...]:
        """The time of day that a number says beside `Uhr`, `am` or `الساعة`; none where it says none."""
        match = _HOUR.fullmatch(token.text if token.kind == "number" else token.values[0])
        if token.kind not in ("number", "spelled") or not match or int(match[1]) > 24 or int(match[2] or 0) > 59:
            return ()
        if not (self._said_with(place, units) or self._cued(place, units)):
            return ()
        minute = match[2] or ("30" if token.values[0].endswith(".5") else "00")
        after, following = self._at(place + 1), self._at(place + 2)
        if any(unit.measure == "clock" for unit in after.meaning.units) and re.fullmatch(r"[0-5]\d", following.text):
            minute = following.text
            self._taken.add(place + 2)
        return tuple(f"clock:{hour}:{minute}" for hour in self._hours(place, int(match[1])))

    def loose(self, place: int) -> str:
        """The time of day that a number without a unit may say, in a range or behind a word for it: `um 9`."""
        token = self._said[place]
        if token.kind != "number" or not token.text.isdigit() or int(token.text) > 24 or token.letter:
            return ""
        ends = [far for near, far in ((1, 2), (-1, -2)) if "range" in self._at(place + near).meaning.cues]
        in_range = any(self._at(place + far).values and not self._at(place + far).meaning.units for far in ends)
        told = in_range or "moment" in self._at(place - 1).meaning.cues
        return f"clock:{int(token.text) % 24}:00" if told else ""

    def _at(self, place: int) -> Token:
        return self._said[place] if 0 <= place < len(self._said) else NOTHING

    def _said_with(self, place: int, units: tuple[Unit, ...]) -> bool:
        after = self._at(place + 1)
        last = self._at(place + 3) if _RANGE & after.meaning.cues else after
        said = any(unit.measure == "clock" for unit in units) or bool({"am", "pm"} & after.meaning.cues)
        return said or last.text in _CLOCK_OR_HOURS

    def _cued(self, place: int, units: tuple[Unit, ...]) -> bool:
        if "clock" in self._at(place - 1).meaning.cues and not (units and units[0].measure != "minute"):
            return True
        after, other = self._at(place + 1), self._at(place + 2)
        if not _RANGE & after.meaning.cues:
            return not units and self._behind(place) is not None
        timed = other.kind == "number" and bool({"am", "pm"} & self._at(place + 3).meaning.cues)
        return timed or other.kind == "time"

    def _behind(self, place: int) -> int | None:
        """The hour that a range begins with, where a time ends it here: `6:00 pm bis 8`."""
        if "range" not in self._at(place - 1).meaning.cues:
            return None
        first = place - 3 if {"am", "pm", "either"} & self._at(place - 2).meaning.cues else place - 2
        if self._at(first).kind != "time":
            return None
        return self._hours(first, int(self._at(first).text.split(":")[0]))[0]

    def _hours(self, place: int, hour: int) -> list[int]:
        """Which hours of the day an hour of the clock may be; midnight is 0."""
        at = place + 1 + any(unit.measure in ("clock", "minute") for unit in self._at(place + 1).meaning.units)
        after = self._at(at).meaning.cues
        if "pm" in after and hour < _HALF:
            return [hour + _HALF]
        if "either" in after and hour <= _HALF:
            return [hour % _HALF, hour % _HALF + _HALF]
        if _RANGE & after and hour < _HALF and "pm" in self._at(at + 2).meaning.cues:
            return [hour, hour + _HALF]
        if "am" in after or hour > _HALF:
            return [hour % _HALF if "am" in after else hour % 24]
        cued = {"am", "pm"} & self._at(place - 2).meaning.cues
        began = self._behind(place) if cued else None
        # `6 pm bis 8` ends at 20, `9 am to 5` at 17.
        return [hour if began is None or hour >= began or hour == _HALF else hour + _HALF]


def dotted(token: Token) -> tuple[str, ...]:
    """The time of day that `8.30` may be."""
    match = re.fullmatch(r"([01]?\d|2[0-4])\.([0-5]\d)", token.text)
    return (f"clock:{int(match[1]) % 24}:{match[2]}",) if match else ()
