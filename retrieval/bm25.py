"""BM25 over the segments of a snapshot as if they were one, so that a passage scores the same wherever it lies.

Score after Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), eq. 3.15; the
variants of a word count as a share of it, as streams do there (eq. 3.19).
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.lexical import Field, LexicalPart, Postings
from retrieval.tokens import terms
from retrieval.variants import variants

K1 = 1.2
B = 0.75
# Frequent words beyond so many postings do not bring candidates of their own, they only score those of rarer words.
_MOST_POSTINGS = 20_000
# Looking for a word's variants costs milliseconds in a large vocabulary: only so many words of a question get them.
_MOST_WIDENED = 16


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a question: its weight and, per segment, the postings of its forms with their shares."""

    weight: float
    forms: tuple[tuple[tuple[float, Postings], ...], ...]

    def postings(self, part: int) -> int:
        """How many postings its forms have in a segment."""
        return sum(len(form.numbers) for _, form in self.forms[part])


class Asked:
    """A question's words as they stand in the passages of one language."""

    def __init__(self, words: Sequence[Word], parts: Sequence[LexicalPart], mean_length: float) -> None:
        self._words = words
        self._parts = parts
        self._mean_length = mean_length
        self._best = sum(word.weight for word in words) * (K1 + 1)

    def scores(self, part: int, numbers: NDArray[np.int64]) -> NDArray[np.float32]:
        """A score for each of these passages of a segment, as a share of the best thinkable: 0 to 1."""
        return self._scored(part, numbers, self._words)

    def _scored(self, part: int, numbers: NDArray[np.int64], words: Iterable[Word]) -> NDArray[np.float32]:
        wanted = numbers.astype(np.int32)
        scores = np.zeros(len(wanted), dtype=np.float32)
        norm = self._norm(part, wanted)
        for word in words:
            if not word.forms[part]:
                continue
            counts = sum(np.float32(share) * form.counted(wanted) for share, form in word.forms[part])
            scores += np.float32(word.weight * (K1 + 1)) * counts / (counts + norm)
        return scores / np.float32(self._best) if self._best else scores

    def best(self, part: int, count: int, alive: NDArray[np.bool_] | None = None) -> NDArray[np.int64]:
        """The numbers of about the best passages of a segment, in no order, found by its rarer words."""
        words = sorted(
            (word for word in self._words if word.forms[part]), key=lambda word: word.postings(part) / word.weight
        )
        chunks: list[NDArray[np.int32]] = []
        gains: list[NDArray[np.float32]] = []
        used = postings = 0
        for word in words:
            postings += word.postings(part)
            if chunks and postings > _MOST_POSTINGS:
                break
            used += 1
            for share, form in word.forms[part]:
                counts = np.float32(share) * form.counts
                chunks.append(form.numbers)
                gain = np.float32(word.weight) * counts / (counts + self._norm(part, form.numbers))
                gains.append(gain)
        if not chunks:
            return np.empty(0, dtype=np.int64)
        numbers, scores = _summed(chunks, gains)
        if alive is not None:
            numbers, scores = numbers[alive[numbers]], scores[alive[numbers]]
        if used == len(words):
            return numbers[_largest(scores, count)]
        some = numbers[_largest(scores, 4 * count)]
        return some[_largest(self._scored(part, some, words), count)]

    def _norm(self, part: int, numbers: NDArray[np.int32]) -> NDArray[np.float32]:
        lengths = self._parts[part].lengths[numbers].astype(np.float32)
        return np.float32(K1 * (1 - B)) + np.float32(K1 * B / self._mean_length) * lengths


class LexicalIndex:
    """The words of several segments."""

    def __init__(self, parts: Sequence[LexicalPart], fields: Mapping[str, Field]) -> None:
        self.parts = parts
        self._fields = fields

    def asked(self, query: str, language: str, *, widely: bool = False) -> Asked | None:
        """The query's words in the passages of that language, if there are any; `widely` with their variants."""
        field = self._fields.get(language)
        if field is None or not field.terms:
            return None
        words = [
            self._word(field, language, term, widely and place < _MOST_WIDENED)
            for place, term in enumerate(dict.fromkeys(terms(query, language)))
        ]
        if not any(any(word.forms) for word in words):
            return None
        return Asked(words, self.parts, field.terms / field.passages)

    def _word(self, field: Field, language: str, term: str, widely: bool) -> Word:
        shares = {term: 1.0} | (variants(self.parts, language, term) if widely else {})
        matches = dict.fromkeys(shares, 0)
        forms = []
        for part in self.parts:
            found = {form: part.postings(language, form) for form in shares}
            for form, postings in found.items():
                matches[form] += len(postings.numbers)
            forms.append(tuple((shares[form], one) for form, one in found.items() if len(one.numbers)))
        # A word that only its variants stand for is as rare as the most frequent of them.
        occurs = matches[term] or max(matches.values())
        return Word(math.log(1 + (field.passages - occurs + 0.5) / (occurs + 0.5)), tuple(forms))


def _summed(
    chunks: Sequence[NDArray[np.int32]], gains: Sequence[NDArray[np.float32]]
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    if len(chunks) == 1:
        return chunks[0].astype(np.int64), gains[0]
    numbers, places = np.unique(np.concatenate(chunks), return_inverse=True)
    return numbers.astype(np.int64), np.bincount(places, weights=np.concatenate(gains)).astype(np.float32)


def _largest(scores: NDArray[np.float32], count: int) -> NDArray[np.int64]:
    if len(scores) <= count:
        return np.arange(len(scores))
    chosen: NDArray[np.int64] = np.argpartition(-scores, count)[:count]
    return chosen
