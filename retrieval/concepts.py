"""The services of public offices by the names that citizens give them, in several languages.

A line of `data/concepts/<language>.txt` is a concept: its key, then its names, the official one first. The files are
parallel by their keys.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from retrieval.tokens import terms

DATA = Path(__file__).parent / "data" / "concepts"

Term = tuple[str, ...]

# Longer questions say what they mean; "Perso weg" hardly does.
_TERSE = 8
_MOST_NAMES = 2


@dataclass(frozen=True, slots=True)
class Concepts:
    """The concepts of one language by their keys: official names, and the terms of all names; and the keys by terms."""

    official: dict[str, str]
    names: dict[str, tuple[Term, ...]]
    keys: dict[Term, tuple[str, ...]]
    longest: int

    def within(self, found: list[str]) -> list[str]:
        """The keys of the concepts that a text of these terms names, the longest names preferred."""
        plain = folded(found)
        keys: list[str] = []
        place = 0
        while place < len(plain):
            length = next((n for n in range(self.longest, 0, -1) if tuple(plain[place : place + n]) in self.keys), 0)
            keys += self.keys[tuple(plain[place : place + length])] if length else ()
            place += max(1, length)
        return list(dict.fromkeys(keys))


@cache
def load(language: str) -> Concepts:
    """The concepts of a language; none where nobody has written them."""
    path = DATA / f"{language}.txt"
    official: dict[str, str] = {}
    names: dict[str, tuple[Term, ...]] = {}
    keys: dict[Term, tuple[str, ...]] = {}
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
        key, _, rest = line.partition(": ")
        said = rest.split("; ")
        official[key] = said[0]
        names[key] = tuple(filter(None, (tuple(folded(terms(name, language))) for name in said)))
        for term in names[key]:
            keys[term] = (*keys.get(term, ()), key)
    return Concepts(official, names, keys, max(map(len, keys), default=0))


def named(text: str, language: str) -> list[str]:
    """The keys of the concepts that a text names in its language."""
    return load(language).within(terms(text, language))


def official(keys: Iterable[str], language: str) -> list[str]:
    """The official names of concepts in a language, as far as it has them."""
    names = load(language).official
    return [names[key] for key in keys if key in names]


def spelled_out(text: str, language: str) -> str:
    """The text to embed: behind a terse one the official names of the services that it calls otherwise."""
    if len(text.split()) > _TERSE:
        return text
    said = text.casefold()
    names = [name for name in official(named(text, language)[:_MOST_NAMES], language) if name.casefold() not in said]
    return " ".join([text, *(f"({name})" for name in names)])


def folded(found: Iterable[str]) -> list[str]:
    """Terms without the marks that hurried people leave out."""
    return [_plain(term) for term in found]


@lru_cache(maxsize=200_000)
def _plain(term: str) -> str:
    decomposed = unicodedata.normalize("NFD", term.replace("ı", "i"))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))
