"""How much of the exact neighbourhood an index finds."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from retrieval.centring import Centres, unit
from retrieval.embedding import Vectors
from tests.benchmarks.collection import Collection
from tests.benchmarks.workers import Question

# Passages that are word for word the same have the same nearness: either is right.
_SAME = 1e-5


def recalls(
    collection: Path, passages: int, centres: Centres, questions: Sequence[Question], vectors: Vectors,
    lists: Sequence[Sequence[Sequence[int]]], count: int = 10,
) -> list[float]:  # fmt: skip
    """For each list of what was found by question, the share of the exact nearest passages that is in it.

    Exact search goes over all centred vectors, as `snapshot.build` gets them; reads a part at a time.
    """
    pairs = zip(vectors, questions, strict=True)
    asked = np.stack([centres.searching(vector, question.language) for vector, question in pairs])
    best = np.full((len(questions), count), -np.inf, dtype=np.float32)
    found = [[np.full(len(numbers), -np.inf, dtype=np.float32) for numbers in one] for one in lists]
    first = 0
    for pages, rows in Collection(collection).parts(passages):
        offsets = np.stack([centres.passage_mean(p.language) for page in pages for p in page.passages])
        nearness = asked @ unit(rows - offsets).T
        best = np.sort(np.concatenate([best, nearness], axis=1), axis=1)[:, -count:]
        for one, values in zip(lists, found, strict=True):
            for row, numbers in enumerate(one):
                places = np.asarray(numbers, dtype=np.int64) - first
                here = (places >= 0) & (places < len(rows))
                values[row][here] = nearness[row, places[here]]
        first += len(rows)
    return [
        float(np.mean([min(count, (v >= b[0] - _SAME).sum()) / count for v, b in zip(values, best, strict=True)]))
        for values in found
    ]
