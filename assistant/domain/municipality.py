"""A municipality: whose citizens ask, and where their answers may come from."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Contact:
    """Where a citizen reaches a person."""

    name: str
    phone: str | None = None
    email: str | None = None
    url: str | None = None
    hours: str | None = None


@dataclass(frozen=True, slots=True)
class Municipality:
    """A tenant; `corpora` are searched in that order, `places` are its own names and those of its parts.

    `tone` is a sentence that tells a model how this municipality addresses its citizens.
    """

    id: str
    name: str
    corpora: tuple[str, ...]
    contact: Contact
    languages: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    demonstration: bool = False
    suggestions: tuple[str, ...] = ()
    tone: str = ""
