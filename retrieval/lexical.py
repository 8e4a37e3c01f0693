"""BM25 over the passages of a segment, kept in flat arrays that are mapped rather than read.

Statistics are summed over all segments of a snapshot, so that a passage scores the same wherever it lies.
Score after Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), eq. 3.15.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.tokens import terms

K1 = 1.2
B = 0.75
FILES = ("terms.npy", "term_starts.npy", "postings.npy", "posting_starts.npy", "lengths.npy")


def write(folder: Path, texts: Sequence[tuple[str, str]]) -> None:
    """Writes the index of `(language, text)` pairs, numbered as they come, into a folder."""
    postings: dict[bytes, list[tuple[int, int]]] = defaultdict(list)
    lengths = np.zeros(len(texts), dtype=np.int32)
    for number, (language, text) in enumerate(texts):
        counts = Counter(terms(text, language))
        lengths[number] = counts.total()
        for term, count in counts.items():
            postings[_key(language, term)].append((number, min(count, 255)))
    ordered = sorted(postings)
    np.save(folder / "terms.npy", np.frombuffer(b"".join(ordered), dtype=np.uint8))
    np.save(folder / "term_starts.npy", np.cumsum([0, *map(len, ordered)], dtype=np.int64))
    flat = [pair for key in ordered for pair in postings[key]]
    np.save(folder / "postings.npy", np.array(flat, dtype=np.int32).reshape(-1, 2))
    np.save(folder / "posting_starts.npy", np.cumsum([0, *(len(postings[k]) for k in ordered)], dtype=np.int64))
    np.save(folder / "lengths.npy", lengths)


def _key(language: str, term: str) -> bytes:
    return f"{language}:{term}".encode()


class LexicalPart:
    """The index of one segment; `postings(key)` are rows of passage number and count."""

    def __init__(self, folder: Path) -> None:
        arrays = [np.load(folder / name, mmap_mode="r") for name in FILES]
        self._terms, self._term_starts, self._postings, self._posting_starts, self.lengths = arrays

    def postings(self, key: bytes) -> NDArray[np.int32]:
        """Passage numbers and counts of a term, shape (n, 2); empty where the term does not occur."""
        low, high = 0, len(self._term_starts) - 1
        while low < high:
            middle = (low + high) // 2
            found = bytes(self._terms[self._term_starts[middle] : self._term_starts[middle + 1]])
            if found == key:
                return np.asarray(self._postings[self._posting_starts[middle] : self._posting_starts[middle + 1]])
            low, high = (middle + 1, high) if found < key else (low, middle)
        return np.empty((0, 2), dtype=np.int32)


@dataclass(frozen=True, slots=True)
class Field:
    """What the passages of one language have in common: how many there are and how long on average."""

    passages: int
    mean_length: float


class LexicalIndex:
    """BM25 over several segments as if they were one."""

    def __init__(self, parts: Sequence[LexicalPart], fields: dict[str, Field]) -> None:
        self._parts = parts
        self._fields = fields

    def scores(self, query: str, language: str) -> list[NDArray[np.float32]]:
        """Per segment one score for each passage of that language, as a share of the best thinkable: 0 to 1."""
        scores = [np.zeros(len(part.lengths), dtype=np.float32) for part in self._parts]
        field = self._fields.get(language)
        best = 0.0
        if field is None:
            return scores
        for term in dict.fromkeys(terms(query, language)):
            found = [part.postings(_key(language, term)) for part in self._parts]
            matches = sum(len(rows) for rows in found)
            weight = math.log(1 + (field.passages - matches + 0.5) / (matches + 0.5))
            best += weight * (K1 + 1)
            for score, part, rows in zip(scores, self._parts, found, strict=True):
                numbers, counts = rows[:, 0], rows[:, 1]
                norm = K1 * (1 - B + B * part.lengths[numbers] / field.mean_length)
                score[numbers] += weight * counts * (K1 + 1) / (counts + norm)
        return [score / best for score in scores] if best else scores
