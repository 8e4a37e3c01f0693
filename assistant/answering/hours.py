"""Times of day that are said in words, put in figures: `halb neun` is 8:30, `6 heures du soir` is 6:00 pm."""

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

_DATA = Path(__file__).parent / "data" / "hours.toml"
_DIGITS = r"(?<![\w.,:])(?:2[0-4]|[01]?\d)"
_WHOLE = r"(?![.,:]?\d)"
_MINUTES = r"[:.](?P<m>[0-5]\d)(?!\d)~?"
_NOON = 12
_MORNING = 6
_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class _Rules:
    """How a language says times; `put` are patterns with what to write in their place."""

    cues: tuple[str, ...]
    put: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...]


def in_figures(text: str) -> str:
    """A folded line with its times of day as `8:30` or `6:00 pm`."""
    for rules in _rules():
        if any(cue in text for cue in rules.cues):
            for pattern, put in rules.put:
                text = pattern.sub(put, text)
    return text


@cache
def _rules() -> tuple[_Rules, ...]:
    rows = tomllib.loads(_DATA.read_text(encoding="utf-8")).values()
    return tuple(_Rules(tuple(row["cues"]), tuple(_Language(row).read())) for row in rows)


class _Language:
    """Reads the rules of one language."""

    def __init__(self, row: dict[str, Any]) -> None:
        self._row = row
        hours = [one.replace("{a}", row.get("adjective", "")) for one in row["hours"]]
        minutes = row.get("minutes", {})
        self._hours = [(re.compile(one), hour) for hour, one in enumerate(hours, start=1)]
        self._minutes = [(re.compile(one), int(minute)) for minute, one in minutes.items()]
        # The longest first: `on` is the beginning of `on iki`.
        word, spelled = f"(?:{_any_of(hours)})", f"(?:{_any_of(minutes.values())})" if minutes else r"(?!)"
        parts = "|".join(f"(?P<{name}>{one})" for name, one in row["parts"].items())
        end = row.get("ending", "")
        whole = rf"(?<![\w-]){word}(?={end}(?!\w))"
        self._names = {
            "{h}": rf"(?P<h>{whole}|{_DIGITS}{_WHOLE}){end}",
            "{w}": rf"(?P<h>{whole}){end}",
            "{w0}": whole,
            "{t}": rf"(?P<h>{whole}|{_DIGITS})(?:{_MINUTES}|{_WHOLE}){end}",
            "{tm}": rf"(?P<h>{_DIGITS}){_MINUTES}{end}",
            "{m}": rf"(?P<m>[0-5]\d|{spelled})(?!\w)",
            "{mw}": rf"(?P<m>{spelled})",
            "{p}": f"(?:{parts})",
        }

    def read(self) -> Iterator[tuple[re.Pattern[str], Callable[[re.Match[str]], str]]]:
        for pattern, to in self._row.get("first", {}).items():
            yield self._pattern(pattern), partial(_kept, to=to)
        for pattern, shift in self._row["turned"].items():
            yield self._pattern(pattern), partial(self._time, shift=shift)
        for kind in ("told", "after", "before", "sure"):
            for pattern in self._row.get(kind, []):
                yield self._pattern(pattern), self._time
        for pattern in self._row.get("named", []):
            yield self._pattern(pattern), self._named

    def _pattern(self, text: str) -> re.Pattern[str]:
        for name, meant in self._names.items():
            text = text.replace(name, meant)
        return re.compile(rf"(?<!\w)(?:{text})(?!\w)")

    def _time(self, match: re.Match[str], shift: int = 0) -> str:
        said = match.groupdict()
        moment = (self._hour(said["h"]) * 60 + self._minute(said.get("m")) + shift) % _DAY
        hour, minute = divmod(moment, 60)
        hour = _NOON if shift < 0 and not hour else hour
        part = next((name.rstrip("2") for name in ("am", "pm", "noon", "night", "am2", "pm2") if said.get(name)), "")
        return f"{said.get('keep') or ''}{hour}:{minute:02}{_half(part, hour, sure=self._is_sure(said['h'], shift))}"

    def _is_sure(self, said: str, shift: int) -> bool:
        """Whether figures tell the hour of the day; words tell that of the clock."""
        return said.isdigit() and not shift

    def _named(self, match: re.Match[str]) -> str:
        start, end = (place - match.start() for place in match.span("h"))
        return f"{match.group()[:start]}{self._hour(match['h'])}{match.group()[end:]}"

    def _hour(self, said: str) -> int:
        return int(said) if said.isdigit() else next(hour for one, hour in self._hours if one.fullmatch(said))

    def _minute(self, said: str | None) -> int:
        if not said or said.isdigit():
            return int(said or 0)
        return next(minute for one, minute in self._minutes if one.fullmatch(said))


def _kept(match: re.Match[str], to: str) -> str:
    return f"{match.groupdict().get('keep') or ''}{to}"


def _half(part: str, hour: int, *, sure: bool) -> str:
    """Which half of the day a part of it says of an hour of the clock."""
    if not part or hour > _NOON:
        return "" if sure or hour > _NOON else "~"
    if part == "night":
        part = "am" if hour == _NOON or hour < _MORNING else "pm"
    if part == "noon":
        part = "pm" if hour == _NOON or hour < _MORNING else "am"
    return f" {part}"


def _any_of(words: Iterable[str]) -> str:
    return "|".join(sorted((word for one in words for word in _alternatives(one)), key=len, reverse=True))


def _alternatives(text: str) -> list[str]:
    return [text] if "(" in text else text.split("|")
