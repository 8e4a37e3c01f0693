"""BM25 over the passages of a segment, kept in flat arrays that are mapped rather than read.

Statistics are summed over all segments of a snapshot, so that a passage scores the same wherever it lies.
Score after Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), eq. 3.15.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval import strings
from retrieval.tokens import terms

K1 = 1.2
B = 0.75
MOST_COUNTED = 255


@dataclass(frozen=True, slots=True)
class Field:
    """What the passages of one language have in common: their number and their terms altogether."""

    passages: int
    terms: int


def write(folder: Path, texts: Sequence[tuple[str, str]]) -> dict[str, Field]:
    """Writes the index of `(language, text)` pairs, numbered as they come, and returns the fields."""
    postings: dict[str, list[tuple[int, int]]] = defaultdict(list)
    lengths = np.zeros(len(texts), dtype=np.int32)
    for number, (language, text) in enumerate(texts):
        counts = Counter(terms(text, language))
        lengths[number] = counts.total()
        for term, count in counts.items():
            postings[_key(language, term)].append((number, min(count, MOST_COUNTED)))
    ordered = strings.write(folder, "terms", postings)
    flat = [pair for key in ordered for pair in postings[key]]
    np.save(folder / "postings.npy", np.array(flat, dtype=np.int32).reshape(-1, 2))
    starts = np.cumsum([0, *(len(postings[key]) for key in ordered)], dtype=np.int64)
    np.save(folder / "posting_starts.npy", starts)
    np.save(folder / "lengths.npy", lengths)
    languages = np.array([language for language, _ in texts])
    return {
        str(language): Field(int((languages == language).sum()), int(lengths[languages == language].sum()))
        for language in np.unique(languages)
    }


def _key(language: str, term: str) -> str:
    return f"{language}:{term}"


class LexicalPart:
    """The index of one segment."""

    def __init__(self, folder: Path) -> None:
        self._terms = strings.StringTable(folder, "terms")
        self._postings = np.load(folder / "postings.npy", mmap_mode="r")
        self._starts = np.load(folder / "posting_starts.npy", mmap_mode="r")
        self.lengths = np.load(folder / "lengths.npy", mmap_mode="r")

    def postings(self, language: str, term: str) -> NDArray[np.int32]:
        """Passage numbers and counts of a term, shape (n, 2); empty where the term does not occur."""
        rank = self._terms.rank(_key(language, term))
        if rank is None:
            return np.empty((0, 2), dtype=np.int32)
        return np.asarray(self._postings[self._starts[rank] : self._starts[rank + 1]])


class LexicalIndex:
    """BM25 over several segments as if they were one."""

    def __init__(self, parts: Sequence[LexicalPart], fields: Mapping[str, Field]) -> None:
        self._parts = parts
        self._fields = fields

    def scores(self, query: str, language: str) -> list[NDArray[np.float32]]:
        """Per segment a score for each passage of that language, as a share of the best thinkable: 0 to 1."""
        scores = [np.zeros(len(part.lengths), dtype=np.float32) for part in self._parts]
        field = self._fields.get(language)
        if field is None or not field.terms:
            return scores
        mean_length = field.terms / field.passages
        best = 0.0
        for term in dict.fromkeys(terms(query, language)):
            found = [part.postings(language, term) for part in self._parts]
            matches = sum(len(rows) for rows in found)
            weight = math.log(1 + (field.passages - matches + 0.5) / (matches + 0.5))
            best += weight * (K1 + 1)
            for score, part, rows in zip(scores, self._parts, found, strict=True):
                numbers, counts = rows[:, 0], rows[:, 1]
                norm = K1 * (1 - B + B * part.lengths[numbers] / mean_length)
                score[numbers] += weight * counts * (K1 + 1) / (counts + norm)
        return [score / np.float32(best) for score in scores] if best else scores
