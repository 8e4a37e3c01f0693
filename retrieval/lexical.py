"""The words of a segment's passages: a vocabulary and flat arrays of postings, mapped rather than read."""

from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import marisa_trie
import numpy as np
from numpy.typing import NDArray

from retrieval.arrays import Arrays
from retrieval.tokens import terms

TERMS = "terms.marisa"
ENDINGS = "endings.marisa"
MOST_COUNTED = 255


@dataclass(frozen=True, slots=True)
class Field:
    """What the passages of one language have in common: their number and their terms altogether."""

    passages: int
    terms: int


def write(folder: Path, texts: Sequence[tuple[str, str]]) -> tuple[dict[str, Field], dict[str, NDArray[Any]]]:
    """Writes the vocabulary of `(language, text)` pairs, numbered as they come; returns fields and arrays."""
    seen: dict[str, int] = {}
    words, numbers, counts = array("i"), array("i"), array("B")
    lengths = np.zeros(len(texts), dtype=np.int32)
    for number, (language, text) in enumerate(texts):
        counted = Counter(terms(text, language))
        lengths[number] = counted.total()
        for term, count in counted.items():
            words.append(seen.setdefault(_key(language, term), len(seen)))
            numbers.append(number)
            counts.append(min(count, MOST_COUNTED))
    vocabulary = write_vocabulary(folder / TERMS, seen)
    write_vocabulary(folder / ENDINGS, map(_turned, seen))
    places = np.array([vocabulary[key] for key in seen], dtype=np.int32)[np.asarray(words)]
    order = np.argsort(places, kind="stable")
    arrays: dict[str, NDArray[Any]] = {
        "posting_numbers": np.asarray(numbers, dtype=np.int32)[order],
        "posting_counts": np.asarray(counts, dtype=np.uint8)[order],
        "posting_starts": np.concatenate([[0], np.cumsum(np.bincount(places, minlength=len(seen)))]).astype(np.int64),
        "lengths": lengths,
    }
    languages = np.array([language for language, _ in texts])
    fields = {
        str(language): Field(int((languages == language).sum()), int(lengths[languages == language].sum()))
        for language in np.unique(languages)
    }
    return fields, arrays


def write_vocabulary(path: Path, keys: Iterable[str]) -> marisa_trie.Trie:
    """Writes the distinct keys as a trie, which numbers them."""
    trie = marisa_trie.Trie(keys)
    # Not by the trie itself: a full disk is an OSError like any other then.
    path.write_bytes(trie.tobytes())
    return trie


def _key(language: str, term: str) -> str:
    return f"{language}:{term}"


def _turned(key: str) -> str:
    language, _, term = key.partition(":")
    return _key(language, term[::-1])


@dataclass(frozen=True, slots=True)
class Postings:
    """Where a term occurs: the passages' numbers, ascending, and how often it stands in each."""

    numbers: NDArray[np.int32]
    counts: NDArray[np.uint8]

    def counted(self, numbers: NDArray[np.int32]) -> NDArray[np.uint8]:
        """How often the term stands in the passages of these numbers."""
        if not len(self.numbers):
            return np.zeros(len(numbers), dtype=np.uint8)
        places = np.minimum(np.searchsorted(self.numbers, numbers), len(self.numbers) - 1)
        return np.where(self.numbers[places] == numbers, self.counts[places], np.uint8(0))


NOWHERE = Postings(np.empty(0, dtype=np.int32), np.empty(0, dtype=np.uint8))


class LexicalPart:
    """The words of one segment."""

    def __init__(self, folder: Path, arrays: Arrays) -> None:
        self._terms = marisa_trie.Trie().mmap(str(folder / TERMS))
        self._endings = marisa_trie.Trie().mmap(str(folder / ENDINGS))
        self._numbers, self._counts = arrays["posting_numbers"], arrays["posting_counts"]
        self._starts = arrays["posting_starts"]
        self.lengths: NDArray[np.int32] = arrays["lengths"]

    def postings(self, language: str, term: str) -> Postings:
        """Where a term occurs; empty where it does not."""
        place = self._terms.get(_key(language, term))
        if place is None:
            return NOWHERE
        start, end = int(self._starts[place]), int(self._starts[place + 1])
        return Postings(self._numbers[start:end], self._counts[start:end])

    def beginning(self, language: str, start: str) -> list[str]:
        """The terms that begin with these letters."""
        return [_term(key) for key in self._terms.keys(_key(language, start))]

    def ending(self, language: str, end: str) -> list[str]:
        """The terms that end with these letters."""
        return [_term(key)[::-1] for key in self._endings.keys(_key(language, end[::-1]))]

    def beginnings(self, language: str, term: str) -> list[str]:
        """The terms with which this one begins, itself among them if it occurs, shortest first."""
        return [_term(key) for key in self._terms.prefixes(_key(language, term))]

    def endings(self, language: str, term: str) -> list[str]:
        """The terms with which this one ends, itself among them if it occurs, shortest first."""
        return [_term(key)[::-1] for key in self._endings.prefixes(_key(language, term[::-1]))]


def _term(key: str) -> str:
    return key.partition(":")[2]
