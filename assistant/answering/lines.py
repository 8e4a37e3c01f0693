"""Reads the tokens of a line as figures with their units."""

import re
from collections.abc import Iterator, Sequence

from assistant.answering.lexicon import Meaning, Unit
from assistant.answering.quantities import Figure, calendar_day, exactly, measured, offer, plain_number
from assistant.answering.times import Times, dotted
from assistant.answering.tokens import NOTHING, Token

_YEARS = range(1900, 2101)
_WEEK = 7
_OLD = 100
# "a year" counts only where it lasts: "within a year", "at least a year".
_ARTICLES = {"a", "an"}
_LASTING = {"month", "day", "workday", "minute"}
_ALL = {"de", "en", "fr", "tr", "uk", "ar", "ru", "pl", "ro"}
_MONEY = {"money", "dollar", "franc", "pound"}
_PERCENT = (Unit("percent", "percent", 1, frozenset([""])),)


class Line:
    """Reads the tokens of one line."""

    def __init__(self, said: Sequence[Token]) -> None:
        self._said = said
        self._taken: set[int] = set()
        self._times = Times(said, self._taken)
        self._laws = self._law_places()

    def read(self) -> Iterator[Figure]:
        """The figures in order of their kinds: days first, since they take numbers."""
        yield from self._days()
        for place, token in enumerate(self._said):
            if place in self._taken:
                continue
            if token.kind == "time":
                yield self._times.figure(place)
            elif token.kind == "code":
                yield exactly(f"code:{token.text}", f"number:{token.text}")
            elif token.values and token.kind != "day":
                yield from self._number(place)
            else:
                yield from self._word(place)

    def _at(self, place: int) -> Token:
        return self._said[place] if 0 <= place < len(self._said) else NOTHING

    # Days

    def _days(self) -> Iterator[Figure]:
        for place, token in enumerate(self._said):
            if token.day:
                yield calendar_day(*token.day)
                yield from self._days_before(place, token.day[0], token.day[1])
            elif token.meaning.month and place not in self._taken:
                yield from self._month(place, token.meaning)

    def _month(self, place: int, meaning: Meaning) -> Iterator[Figure]:
        month = meaning.month or 0
        before, after = place - 1 - (self._at(place - 1).text == "من"), place + 1
        day = self._day_number(before)
        if not day and (day := self._day_number(after)):
            before, after = after, after + 1
        after += self._at(after).text == "," and self._year(after + 1) > 0
        year = self._year(after)
        if not day and not year and not meaning.sure_month:
            return
        self._taken |= {place} | ({before} if day else set()) | ({after} if year else set())
        if self._at(place).kind == "spelled" and not day:
            self._taken.discard(place)
            return
        yield calendar_day(year, month, day)
        if day:
            yield from self._days_before(before, year, month)

    def _days_before(self, place: int, year: int, month: int) -> Iterator[Figure]:
        """The days that share a month with the one at a place: `1. bis 5. Februar`."""
        while {"range", "join"} & self._at(place - 1).meaning.cues and (day := self._day_number(place - 2)):
            if not self._at(place - 2).ordinal and self._at(place).ordinal:
                return
            place -= 2
            self._taken.add(place)
            yield calendar_day(year, month, day)

    def _day_number(self, place: int) -> int:
        token = self._at(place)
        if token.meaning.offers and token.kind == "word" and place not in self._taken:
            return token.meaning.offers
        whole = token.kind == "number" and len(token.text) < 3 and token.text.isdigit() and place not in self._taken
        return int(token.text) if whole and 0 < int(token.text) < 32 else 0

    def _year(self, place: int) -> int:
        token = self._at(place)
        return int(token.text) if token.kind == "number" and token.text.isdigit() and int(token.text) in _YEARS else 0

    # Numbers

    def _number(self, place: int) -> Iterator[Figure]:
        token = self._said[place]
        units, inherited = self._units(place)
        if token.meaning.shy and not (token.meaning.shy & _languages(units)):
            return
        if token.kind == "half" and not units:
            return
        if place in self._laws:
            yield from (_law(one, token.letter) for one in token.values)
            return
        if len(token.values) != 1:
            yield from map(plain_number, token.values)
            return
        yield self._one(place, token, units, inherited=inherited)

    def _one(self, place: int, token: Token, units: tuple[Unit, ...], *, inherited: bool) -> Figure:
        number = token.values[0]
        counted = [unit for unit in units if unit.measure != "clock" and not _is_year(token, unit)]
        keys = [*self._times.keys(place, token, units), *(measured(unit, number) for unit in counted)]
        if not keys:
            return self._unitless(place, token)
        needs = [(key,) for key in dict.fromkeys(keys)]
        if inherited:
            needs.append((f"number:{number}",))
        if number == "1":
            # "within a month" is proven by "monthly"; "37 euros a month" states no month.
            needs += [(f"bare:{unit.name}",) for unit in units if unit.measure in _LASTING]
            if token.meaning.shy and self._rate(place):
                needs = []
        return Figure(keys[0], tuple(needs), (*keys, f"any:{number}"), (f"number:{number}",))

    def _unitless(self, place: int, token: Token) -> Figure:
        number, after = token.values[0], self._at(place + 1).text
        written, loose = f"{number}{token.letter}", (*dotted(token), *_cents(token))
        spaced = (f"any:{number}{after}",) if len(after) == 1 else ()
        clock = (*dotted(token), *filter(None, [self._times.loose(place)]))
        needs = ((f"any:{written}",), *((one,) for one in clock))
        offers = (f"any:{written}", f"number:{written}", *loose, *spaced, *self._age(place, token))
        return Figure(f"number:{written}", needs, offers, (f"number:{number}",))

    def _age(self, place: int, token: Token) -> tuple[str, ...]:
        """The years that a number without a unit may be: `ab 18`."""
        young = token.kind == "number" and token.text.isdigit() and int(token.text) < _OLD and not token.letter
        aged = young and not token.ordinal and "age" in self._at(place - 1).meaning.cues
        return (f"month:{12 * int(token.text)}",) if aged else ()

    def _rate(self, place: int) -> bool:
        before, text = self._at(place - 1), self._said[place].text
        if text in _ARTICLES:
            return "within" not in before.meaning.cues
        rate = "rate" in before.meaning.cues or bool(before.meaning.units)
        return rate or before.text in ("mal", "im", "am") or text.startswith("d'")

    def _units(self, place: int, depth: int = 0) -> tuple[tuple[Unit, ...], bool]:
        """The units of a number, and whether it shares them with another one: `2 bis 3 Wochen`."""
        after = self._at(place + 1)
        if after.text == "-" and self._at(place + 2).meaning.units and not self._at(place + 2).values:
            after = self._at(place + 2)
        if after.meaning.units and not (after.values and after.kind == "spelled" and not after.meaning.shy):
            return after.meaning.units, False
        before = self._at(place - 1)
        if "percent" in before.meaning.cues or before.text == "%":
            return _PERCENT, False
        money = tuple(unit for unit in before.meaning.units if unit.scale == 1 and unit.measure in _MONEY)
        if money and not self._at(place - 2).values:
            return money, False
        links = {"range", "join"} & after.meaning.cues
        if links and self._at(place + 2).values and depth < 6:
            return self._units(place + 2, depth + 1)[0], True
        links = {"range", "join"} & before.meaning.cues
        prefix = self._at(place - 3)
        if links and self._at(place - 2).values and not self._at(place - 4).values:
            money = tuple(unit for unit in prefix.meaning.units if unit.measure in _MONEY)
            return money, True
        return (), False

    # Words

    def _word(self, place: int) -> Iterator[Figure]:
        token = self._said[place]
        meaning = token.meaning
        if meaning.weekday is not None:
            yield exactly(f"weekday:{meaning.weekday}")
            yield offer(*self._weekdays(place, meaning.weekday))
        elif meaning.short_weekday is not None:
            day = meaning.short_weekday
            yield offer(f"weekday:{day}", *self._weekdays(place, day))
        elif meaning.offers:
            yield offer(f"any:{meaning.offers}", f"number:{meaning.offers}")
        elif meaning.units and not self._counted(place):
            within = "within" in self._at(place - 1).meaning.cues
            singles = tuple((measured(unit, "1"),) for unit in meaning.units) if within else ()
            bare = tuple(f"bare:{unit.name}" for unit in meaning.units)
            needs = (*singles, *((one,) for one in bare)) if within else ()
            yield Figure(measured(meaning.units[0], "1"), needs, (*bare, *(key for (key,) in singles)), ())

    def _weekdays(self, place: int, last: int) -> Iterator[str]:
        """The days of `Mo–Fr`, read where it ends."""
        first = self._at(place - 2).meaning
        start = first.weekday if first.weekday is not None else first.short_weekday
        if start is not None and "range" in self._at(place - 1).meaning.cues:
            yield from (f"weekday:{(start + n) % _WEEK}" for n in range((last - start) % _WEEK))

    def _counted(self, place: int) -> bool:
        before = self._at(place - 1)
        if before.meaning.shy and not (before.meaning.shy & _languages(self._said[place].meaning.units)):
            return False  # `an Werktagen` is no `an` of years.
        return bool(before.values) or (before.text == "-" and bool(self._at(place - 2).values))

    def _law_places(self) -> set[int]:
        """Where numbers of paragraphs stand: behind their mark and what is listed with them."""
        found: set[int] = set()
        for place, token in enumerate(self._said):
            before = self._at(place - 1)
            listed = {"range", "join"} & before.meaning.cues and place - 2 in found and not token.meaning.units
            if token.kind == "number" and (
                "law" in before.meaning.cues or (before.text == "(" and place - 2 in found) or listed
            ):
                found.add(place)
        return found


def _law(number: str, letter: str) -> Figure:
    law, bare = f"law:{number}{letter}", f"number:{number}{letter}"
    return Figure(law, ((law,), (bare,)), (law, f"any:{number}{letter}"), (f"number:{number}",))


def _languages(units: tuple[Unit, ...]) -> set[str]:
    """The languages of units; amounts of money have the same ones in all."""
    return {one for unit in units for one in (_ALL if unit.measure in _MONEY else unit.languages)}


def _is_year(token: Token, unit: Unit) -> bool:
    return unit.name == "year" and token.text.isdigit() and int(token.text) in _YEARS


def _cents(token: Token) -> tuple[str, ...]:
    """The amount that a number may be under a heading in Euro."""
    cents = re.search(r"[.,]\d\d$", token.text) and len(token.values) == 1
    return (f"money:{float(token.values[0]):.10g}",) if cents else ()
