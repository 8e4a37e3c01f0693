"""A value with what it is, and what proves it."""

from dataclasses import dataclass

from assistant.answering.contacts import link_forms
from assistant.answering.lexicon import Unit

_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Figure:
    """A value with what it is.

    `needs` are the ways to prove it, each a set of keys that must all be offered; `offers` are the keys that it
    proves itself where it stands in a source. `numbers` is what it says without its unit.
    """

    key: str
    needs: tuple[tuple[str, ...], ...]
    offers: tuple[str, ...]
    numbers: tuple[str, ...]

    @property
    def kind(self) -> str:
        """What it is, never how much."""
        return self.key.split(":")[0]

    def proven(self, offered: frozenset[str] | set[str]) -> bool:
        """Whether a source that offers these keys says it."""
        return any(offered.issuperset(keys) for keys in self.needs)


def exactly(key: str, *numbers: str) -> Figure:
    """What only the same proves."""
    return Figure(key, ((key,),), (key,), numbers)


def plain_number(number: str) -> Figure:
    """A number without a unit: any number of the source proves it."""
    key = f"number:{number}"
    return Figure(key, ((f"any:{number}",),), (f"any:{number}", key), (key,))


def offer(*keys: str) -> Figure:
    """What needs no proof itself, but gives some."""
    return Figure("", (), keys, ())


def contact(kind: str, what: str) -> Figure:
    """A link, an address, a phone number."""
    key = f"{kind}:{what}"
    forms = link_forms(what) if kind == "link" else (what,)
    return Figure(key, ((key,),), tuple(f"{kind}:{form}" for form in forms), (key,))


def measured(unit: Unit, number: str) -> str:
    """The key of a number with its unit, the same for `2 weeks` and `14 days`, `48 hours` and `2 days`."""
    size = float(number) * unit.scale
    days, rest = divmod(size, _DAY)
    if unit.measure == "minute" and days and not rest:
        return f"day:{days:.10g}"
    return f"{unit.measure}:{size:.10g}"


def calendar_day(year: int, month: int, day: int) -> Figure:
    """A day, or a month where the day is 0; the year is 0 where none is said."""
    numbers = tuple(f"number:{one}" for one in (day, year) if one)
    parts = tuple(f"any:{one}" for one in (day, month if day else 0, year) if one)
    bare = (*numbers, f"month:{month}")
    if not day:
        key = f"date:{year}-{month}" if year else f"date:{month}"
        needs = ((f"date:{year}-{month}",), (f"date:{month}", f"number:{year}")) if year else ((f"month:{month}",),)
        return Figure(key, needs, (key, f"month:{month}", *parts), bare)
    short = f"date:{month}/{day}"
    if not year:
        return Figure(short, ((short,),), (short, f"yearless:{month}/{day}", f"month:{month}", *parts), bare)
    key = f"date:{year}-{month}-{day}"
    needs = ((key,), (f"yearless:{month}/{day}", f"any:{year}"))
    return Figure(key, needs, (key, short, f"month:{month}", f"date:{year}-{month}", *parts), bare)
