"""How likely it is that what was found answers the question, the same for all languages.

A logistic model of six signs: how near the first passage is above what the two languages share anyway; how good the
best one is by meaning and words; how much the question looks like one for a public office at all; whether it names
a service; whether the first pages name the same services; and whether they have the names that stand in it. The first
three are taken on a scale of their own in each language: 0 is what they are for examples that no office answers, 1 for
questions that offices are asked. Where a language's evidence is weaker, a shift lets it pass as often as that of pages
in the question's own language.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from retrieval.centring import Centres
from retrieval.coverage import first_pages, named_services, own_names
from retrieval.embedding import Embedder, Vectors
from retrieval.retriever import Hit, Query

DATA = Path(__file__).parent / "data" / "likelihood"

SIGNS = 6
# Shared words count less here than in the ranking: who asks in words of their own has as good a question.
_WORDS = 0.5
SCALED = 3
# Scales of pages in the question's own language begin with it.
SAME = "="


@dataclass(frozen=True, slots=True)
class Likelihood:
    """The model of one embedder; made by `python -m assistant.evaluation.likelihood`.

    `levels` are of shape (2, 3): of what no office answers, and of what it is asked.
    """

    weights: Vectors
    bias: float
    threshold: float
    direction: Vectors
    offset: float
    levels: dict[str, Vectors]
    shifts: dict[str, float]

    def signs(self, query: Query, hits: Sequence[Hit], centres: Centres) -> Vectors:
        """What the model looks at, shape (6,): the first three on the scale of the language."""
        plain = self.plain(query, hits, centres)
        low, high = self._levels(kind(query, hits))
        pages = first_pages(hits)
        covered = [*named_services(query, pages), own_names(query, pages)]
        return np.append((plain - low) / (high - low), covered).astype(np.float32)

    def plain(self, query: Query, hits: Sequence[Hit], centres: Centres) -> Vectors:
        """Nearness, evidence and domain on no scale, shape (3,)."""
        domain = float(centres.centred(query.vector, query.language) @ self.direction) + self.offset
        nearness = hits[0].nearness if hits else -1.0
        evidence = max((hit.meaning + _WORDS * hit.words for hit in hits), default=-1.0)
        return np.array([nearness, evidence, domain], dtype=np.float32)

    def of(self, query: Query, hits: Sequence[Hit], centres: Centres) -> float:
        """A probability between 0 and 1; 0 where nothing was found."""
        if not hits:
            return 0.0
        weighed = float(self.signs(query, hits, centres) @ self.weights) + self.bias
        return float(1 / (1 + np.exp(-(weighed + self._shift(kind(query, hits))))))

    def _levels(self, kind: str) -> Vectors:
        if kind in self.levels:
            return self.levels[kind]
        alike = [levels for name, levels in self.levels.items() if name.startswith(SAME) == kind.startswith(SAME)]
        mean: Vectors = np.mean(alike, axis=0) if alike else np.array([np.zeros(SCALED), np.ones(SCALED)])
        return mean

    def _shift(self, kind: str) -> float:
        alike = [shift for name, shift in self.shifts.items() if name.startswith(SAME) == kind.startswith(SAME)]
        return self.shifts.get(kind, float(np.mean(alike)) if alike else 0.0)


def kind(query: Query, hits: Sequence[Hit]) -> str:
    """Which scale holds: of a language's questions to pages in the same language, or to pages in another."""
    same = bool(hits) and hits[0].document.language == query.language
    return f"{SAME}{query.language}" if same else query.language


@cache
def _load(name: str, dimensions: int) -> Likelihood:
    path = DATA / f"{name}.npz"
    if not path.exists():
        # Without a calibration everything that was found counts as an answer.
        nothing = np.zeros(dimensions, dtype=np.float32)
        return Likelihood(np.zeros(SIGNS, dtype=np.float32), 0.0, 0.0, nothing, 0.0, {}, {})
    with np.load(path) as arrays:
        return Likelihood(
            arrays["weights"].astype(np.float32),
            float(arrays["bias"]),
            float(arrays["threshold"]),
            arrays["direction"].astype(np.float32),
            float(arrays["offset"]),
            dict(zip(arrays["scales"].tolist(), arrays["levels"].astype(np.float32), strict=True)),
            dict(zip(arrays["shifted"].tolist(), arrays["shifts"].tolist(), strict=True)),
        )


def load(embedder: Embedder) -> Likelihood:
    """The model that comes with the embedder."""
    return _load(embedder.name, embedder.dimensions)


def save(name: str, model: Likelihood) -> Path:
    """Writes the model of an embedder where `load` finds it."""
    path = DATA / f"{name}.npz"
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(
        path,
        weights=model.weights,
        bias=model.bias,
        threshold=model.threshold,
        direction=model.direction.astype(np.float16),
        offset=model.offset,
        scales=np.array(sorted(model.levels)),
        levels=np.array([model.levels[name] for name in sorted(model.levels)]),
        shifted=np.array(sorted(model.shifts)),
        shifts=np.array([model.shifts[name] for name in sorted(model.shifts)]),
    )
    return path
