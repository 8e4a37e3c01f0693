"""States of a corpus and what lies between them."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Revision:
    """A published state of a corpus and what it changed."""

    corpus: str
    number: int
    published_at: datetime
    note: str
    documents: int
    added: int
    changed: int
    removed: int
    manifest_checksum: str
    redacted: bool


@dataclass(frozen=True, slots=True)
class CorpusState:
    """A corpus with the number of its current revision and how many changes wait in its draft."""

    name: str
    current: int | None
    documents: int
    drafted: int


@dataclass(frozen=True, slots=True)
class Changes:
    """What lies between two states of a corpus, by document id."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)
