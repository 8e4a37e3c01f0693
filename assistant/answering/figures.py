"""What a sentence states that can be checked to the letter: figures with their units, days, times, contacts."""

from functools import lru_cache

from assistant.answering.contacts import contacts
from assistant.answering.counting import joined
from assistant.answering.lines import Line
from assistant.answering.quantities import Figure, contact
from assistant.answering.tokens import plain, tokens


def statements(text: str) -> set[str]:
    """Everything in the text that must be in its source without its units: `37,00 €` and `EUR 37.00` are equal."""
    return {number for line in plain(text).splitlines() for one in _figures(line) for number in one.numbers}


def figures(text: str) -> tuple[Figure, ...]:
    """Everything in the text that must be in its source, in order."""
    return tuple(one for line in plain(text).splitlines() for one in _figures(line) if one.needs)


def stated(text: str) -> tuple[Figure, ...]:
    """All that the text says, with what needs no proof but gives some."""
    return tuple(one for line in plain(text).splitlines() for one in _figures(line))


def offered(text: str) -> frozenset[str]:
    """All keys that a source proves."""
    return frozenset(key for line in plain(text).splitlines() for one in _figures(line) for key in one.offers)


@lru_cache(maxsize=8192)
def _figures(line: str) -> tuple[Figure, ...]:
    found, rest = contacts(line)
    reached = [contact(kind, what) for kind, what in found]
    return (*reached, *Line(joined(tokens(rest))).read())
