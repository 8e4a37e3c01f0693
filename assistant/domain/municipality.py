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

    @property
    def line(self) -> str:
        """All of it that fits into a sentence."""
        return ", ".join(part for part in (self.name, self.phone, self.email, self.hours) if part)


@dataclass(frozen=True, slots=True)
class Municipality:
    """A tenant; `corpora` are searched in that order, `places` are its own names and those of its parts.

    `tone` is a sentence that tells a model how this municipality addresses its citizens. Pages at `allowed_origins`
    may show the assistant, besides our own. `color` is the municipality's, as in `#7a0019`; `enforcement` is whom to
    turn to where a complaint about accessibility did not help.
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
    allowed_origins: tuple[str, ...] = ()
    color: str = ""
    enforcement: str = ""
