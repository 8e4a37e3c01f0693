"""Finds the passages that answer a question, in the layers of a municipality, in any language."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from corpora.documents import Document, Passage
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


class Retriever:
    """Searches snapshots with one embedder; knows nothing of where they come from."""

    def __init__(self, embedder: Embedder, centres: Centres, weights: Weights) -> None:
        self._embedder = embedder
        self._centres = centres
        self._weights = weights

    def query(self, text: str, language: str, day: date) -> Query:
        """The question ready to be searched with; raises EmbedderFailed."""
        return Query(text, language, self._embedder.queries([text])[0], day)

    def search(self, query: Query, layers: Sequence[Snapshot], top: int = 10) -> list[Hit]:
        """The best passages, best first, over all layers; an earlier layer is preferred by a little.

        A parallel page in the query's language takes the place of its original.
        """
        centred = self._centres.searching(query.vector, query.language)
        scored: list[_Scored] = []
        for layer, snapshot in enumerate(layers):
            words = self._words(query, snapshot)
            for number, part in enumerate(snapshot.segments):
                alive = part.alive(query.day)
                found = np.union1d(
                    part.dense.top(centred, CANDIDATES, alive),
                    _best(np.where(alive, words[number], 0), CANDIDATES),
                )
                scored += self._score(query, centred, part, words[number], found, (layer, number))
        scored.sort(key=lambda one: -one.score)
        return self._hits(query, centred, layers, scored, top)

    def _words(self, query: Query, snapshot: Snapshot) -> list[NDArray[np.float32]]:
        totals = [np.zeros(len(part.owners), dtype=np.float32) for part in snapshot.segments]
        for language in snapshot.languages:
            weight = np.float32(self._weights.lexical(query.language, language))
            for total, scores in zip(totals, snapshot.lexical.scores(query.text, language), strict=True):
                total += weight * scores
        return totals

    def _score(
        self,
        query: Query,
        centred: Vectors,
        part: Segment,
        words: NDArray[np.float32],
        numbers: NDArray[np.int64],
        at: tuple[int, int],
    ) -> list[_Scored]:
        if not len(numbers):
            return []
        vectors = part.dense.vectors(numbers)
        meaning = vectors @ centred
        nearness = (vectors @ query.vector) * part.norms[numbers] + self._offsets(query, part)[part.languages[numbers]]
        layer = self._weights.layer * at[0]
        return [
            _Scored(
                _Place(*at, int(n), int(part.owners[n])),
                float(m + words[n]) - layer,
                float(m),
                float(words[n]),
                float(near),
            )
            for n, m, near in zip(numbers, meaning, nearness, strict=True)
        ]

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
        self, query: Query, centred: Vectors, layers: Sequence[Snapshot], scored: Iterable[_Scored], top: int
    ) -> list[Hit]:
        chosen: dict[tuple[int, str], Document] = {}
        hits: list[Hit] = []
        replaced: set[tuple[int, str]] = set()
        for one in scored:
            if sum(hit.score >= one.score for hit in hits) >= top:
                break
            snapshot = layers[one.place.snapshot]
            part = snapshot.segments[one.place.segment]
            document = part.document(one.place.document)
            key = (one.place.snapshot, document.original)
            if key not in chosen:
                chosen[key] = self._version(query, snapshot, document)
                if chosen[key].id != document.id:
                    replaced.add(key)
                    hits += self._parallel(query, centred, layers, one, chosen[key])
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

    def _parallel(
        self, query: Query, centred: Vectors, layers: Sequence[Snapshot], best: _Scored, version: Document
    ) -> list[Hit]:
        """The passages of another version of a page, lifted to where the found version stood."""
        snapshot = layers[best.place.snapshot]
        words = self._words(query, snapshot)
        for number, part in enumerate(snapshot.segments):
            document = part.named(version.id)
            if document is None:
                continue
            found = part.passages_of(document)
            scored = self._score(query, centred, part, words[number], found, (best.place.snapshot, number))
            lift = max(0.0, best.score - max(one.score for one in scored))
            lifted = [replace(one, score=one.score + lift) for one in scored]
            return [_hit(one, snapshot, part, version) for one in lifted]
        return []


def _best(scores: NDArray[np.float32], count: int) -> NDArray[np.int64]:
    found = np.flatnonzero(scores)
    if len(found) > count:
        found = found[np.argpartition(-scores[found], count)[:count]]
    return found.astype(np.int64)


def _hit(one: _Scored, snapshot: Snapshot, part: Segment, document: Document) -> Hit:
    return Hit(
        passage=part.passage(one.place.number),
        document=document,
        corpus=snapshot.manifest.corpus,
        revision=snapshot.manifest.revision,
        score=one.score,
        meaning=one.meaning,
        words=one.words,
        nearness=one.nearness,
    )
