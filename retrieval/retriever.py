"""Finds the passages that answer a question, in the layers of a municipality, in any language."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

import numpy as np
from numpy.typing import NDArray

from corpora.documents import Document, Passage
from retrieval import concepts
from retrieval.bm25 import Asked
from retrieval.centring import Centres
from retrieval.embedding import Embedder, Vectors
from retrieval.fusion import Weights
from retrieval.segment import Segment
from retrieval.snapshot import Snapshot

CANDIDATES = 100


@dataclass(frozen=True, slots=True)
class Query:
    """A question with its language, its plain vector and the day it is asked."""

    text: str
    language: str
    vector: Vectors
    day: date


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found. `score` orders; `nearness` is the plain cosine above what the languages share."""

    passage: Passage
    document: Document
    corpus: str
    revision: int
    score: float
    meaning: float
    words: float
    nearness: float

    @property
    def page(self) -> tuple[str, str]:
        """The page in whatever language: its corpus and the id of its original."""
        return self.corpus, self.document.original


@dataclass(frozen=True, slots=True)
class _Place:
    snapshot: int
    segment: int
    number: int
    document: int


@dataclass(frozen=True, slots=True)
class _Scored:
    place: _Place
    score: float
    meaning: float
    words: float
    nearness: float


@dataclass(frozen=True, slots=True)
class _Sought:
    """A question's vectors: for passages in its own language and for those in others."""

    language: str
    own: Vectors
    other: Vectors

    def own_in(self, part: Segment) -> list[int]:
        """The number of the question's language in a segment, if it has passages in it."""
        return [number for number, name in enumerate(part.language_names) if name == self.language]

    def vectors(self, part: Segment) -> list[Vectors]:
        """What a segment is searched with."""
        if np.array_equal(self.own, self.other):
            return [self.own]
        own = self.own_in(part)
        return [self.own] * bool(own) + [self.other] * (len(own) < len(part.language_names))


@dataclass(frozen=True, slots=True)
class _Layer:
    """A snapshot with the question's words as they stand in it, each with its weight."""

    place: int
    snapshot: Snapshot
    words: tuple[tuple[float, Asked], ...]

    def scores(self, part: int, numbers: NDArray[np.int64]) -> NDArray[np.float32]:
        """What the words of some passages are worth."""
        total = np.zeros(len(numbers), dtype=np.float32)
        for weight, asked in self.words:
            total += np.float32(weight) * asked.scores(part, numbers)
        return total


@dataclass(frozen=True, slots=True)
class _Found:
    """The evidence for some passages of a segment, a number a passage in each array."""

    layer: int
    segment: int
    numbers: NDArray[np.int64]
    owners: NDArray[np.int32]
    score: NDArray[np.float32]
    meaning: NDArray[np.float32]
    words: NDArray[np.float32]
    nearness: NDArray[np.float32]

    def at(self, row: int) -> _Scored:
        """The evidence for one passage."""
        place = _Place(self.layer, self.segment, int(self.numbers[row]), int(self.owners[row]))
        evidence = (self.score, self.meaning, self.words, self.nearness)
        return _Scored(place, *(float(array[row]) for array in evidence))


class Retriever:
    """Searches snapshots with one embedder; knows nothing of where they come from."""

    def __init__(self, embedder: Embedder, centres: Centres, weights: Weights) -> None:
        self._embedder = embedder
        self._centres = centres
        self._weights = weights

    def query(self, text: str, language: str, day: date) -> Query:
        """The question ready to be searched with; raises EmbedderFailed."""
        return Query(text, language, self._embedder.queries([concepts.spelled_out(text, language)])[0], day)

    def search(self, query: Query, layers: Sequence[Snapshot], top: int = 10) -> list[Hit]:
        """The best passages, best first, over all layers; an earlier layer is preferred by a little.

        A parallel page in the query's language takes the place of its original.
        """
        sought = self._sought(query)
        services = concepts.named(query.text, query.language)
        asked = [self._layer(query, services, place, snapshot) for place, snapshot in enumerate(layers)]
        found = [
            self._score(query, sought, layer, number, self._candidates(query, sought, layer, number))
            for layer in asked
            for number in range(len(layer.snapshot.segments))
        ]
        return self._hits(query, sought, asked, _in_order(found), top)

    def _sought(self, query: Query) -> _Sought:
        own = self._centres.searching(query.vector, query.language, query.language)
        return _Sought(query.language, own, self._centres.searching(query.vector, query.language))

    def _layer(self, query: Query, services: Sequence[str], place: int, snapshot: Snapshot) -> _Layer:
        words = []
        for language in snapshot.languages:
            asked = snapshot.lexical.asked(query.text, language, widely=language == query.language)
            words.append((self._weights.lexical(query.language, language), asked))
            names = " ".join(concepts.official(services, language))
            words.append((self._weights.concept, snapshot.lexical.asked(names, language)))
        return _Layer(place, snapshot, tuple((weight, asked) for weight, asked in words if asked))

    @staticmethod
    def _candidates(query: Query, sought: _Sought, layer: _Layer, number: int) -> NDArray[np.int64]:
        part = layer.snapshot.segments[number]
        alive = part.alive(query.day)
        near = [part.dense.top(vector, CANDIDATES, alive) for vector in sought.vectors(part)]
        worded = [asked.best(number, CANDIDATES, alive) for _, asked in layer.words]
        return np.unique(np.concatenate([*near, *worded]))

    def _score(self, query: Query, sought: _Sought, layer: _Layer, number: int, passages: NDArray[np.int64]) -> _Found:
        part = layer.snapshot.segments[number]
        vectors = part.dense.vectors(passages)
        own = np.isin(part.languages[passages], sought.own_in(part))
        meaning = np.where(own, vectors @ sought.own, vectors @ sought.other)
        words = layer.scores(number, passages)
        offsets = self._offsets(query, part)[part.languages[passages]]
        return _Found(
            layer.place,
            number,
            passages,
            part.owners[passages],
            score=meaning + words - np.float32(self._weights.layer * layer.place),
            meaning=meaning,
            words=words,
            nearness=(vectors @ query.vector) * part.norms[passages] + offsets,
        )

    def _offsets(self, query: Query, part: Segment) -> NDArray[np.float32]:
        """Per language of the segment, what turns a centred product back into a cosine, less the background."""
        return np.array(
            [
                float(query.vector @ self._centres.passage_mean(language))
                - self._centres.background(query.language, language)
                for language in part.language_names
            ],
            dtype=np.float32,
        )

    def _hits(
        self, query: Query, sought: _Sought, layers: Sequence[_Layer], scored: Iterable[_Scored], top: int
    ) -> list[Hit]:
        chosen: dict[tuple[int, str], Document] = {}
        hits: list[Hit] = []
        replaced: set[tuple[int, str]] = set()

        @cache
        def read(part: Segment, number: int) -> Document:
            return part.document(number)

        for one in scored:
            if sum(hit.score >= one.score for hit in hits) >= top:
                break
            snapshot = layers[one.place.snapshot].snapshot
            part = snapshot.segments[one.place.segment]
            document = read(part, one.place.document)
            key = (one.place.snapshot, document.original)
            if key not in chosen:
                chosen[key] = self._version(query, snapshot, document)
                if chosen[key].id != document.id:
                    replaced.add(key)
                    hits += self._parallel(query, sought, layers[one.place.snapshot], one, chosen[key])
            if key not in replaced and chosen[key].id == document.id:
                hits.append(_hit(one, snapshot, part, document))
        return sorted(hits, key=lambda hit: -hit.score)[:top]

    @staticmethod
    def _version(query: Query, snapshot: Snapshot, document: Document) -> Document:
        """The page in the citizen's language if there is one, else the original, else what was found."""
        if document.language == query.language:
            return document
        versions = [part.document(number) for part in snapshot.segments for number in part.versions(document.original)]
        usable = [version for version in versions if version.valid_on(query.day)]
        wished = [version for version in usable if version.language == query.language]
        originals = [version for version in usable if version.id == document.original]
        return next(iter((*wished, *originals)), document)

    def _parallel(self, query: Query, sought: _Sought, layer: _Layer, best: _Scored, version: Document) -> list[Hit]:
        """The passages of another version of a page, lifted to where the found version stood."""
        for number, part in enumerate(layer.snapshot.segments):
            document = part.named(version.id)
            if document is None:
                continue
            found = self._score(query, sought, layer, number, part.passages_of(document))
            lift = max(0.0, best.score - float(found.score.max()))
            lifted = [replace(found.at(row), score=float(found.score[row]) + lift) for row in range(len(found.numbers))]
            return [_hit(one, layer.snapshot, part, version) for one in lifted]
        return []


def _in_order(found: Sequence[_Found]) -> Iterator[_Scored]:
    """What was found in all segments, best first, where scores are equal the earlier layer and segment."""
    rows = [(one, row) for one in found for row in range(len(one.numbers))]
    if not rows:
        return
    for place in np.argsort(-np.concatenate([one.score for one in found]), kind="stable"):
        one, row = rows[place]
        yield one.at(row)


def _hit(one: _Scored, snapshot: Snapshot, part: Segment, document: Document) -> Hit:
    return Hit(
        passage=part.passage(one.place.number, document.title),
        document=document,
        corpus=snapshot.manifest.corpus,
        revision=snapshot.manifest.revision,
        score=one.score,
        meaning=one.meaning,
        words=one.words,
        nearness=one.nearness,
    )
