"""How likely it is that what was found answers the question, the same for all languages.

A logistic model of four signs: how near the nearest passage is above what the two languages share anyway, how
near it is after centring, how much the question looks like one for a public office at all (each of these taken
above what it is, in the question's language, for examples that no office answers), and how many of the question's
words its pages have, which says nothing where no page is in the question's language.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from retrieval.centring import Centres
from retrieval.embedding import Embedder, Vectors
from retrieval.retriever import Hit

DATA = Path(__file__).parent / "data" / "likelihood"


@dataclass(frozen=True, slots=True)
class Likelihood:
    """The model of one embedder; made by `python -m assistant.evaluation.likelihood`."""

    weights: Vectors
    bias: float
    threshold: float
    direction: Vectors
    offset: float
    unanswerable: dict[str, Vectors]
    neutral_words: float

    def signs(self, question: Vectors, language: str, hits: Sequence[Hit], centres: Centres) -> Vectors:
        """What the model looks at: nearness, meaning, domain and words, shape (4,)."""
        centred = centres.centred(question, language)
        domain = float(centred @ self.direction) + self.offset
        nearness = max((hit.nearness for hit in hits), default=-1.0)
        meaning = max((hit.meaning for hit in hits), default=-1.0)
        words = [hit.words for hit in hits if hit.document.language == language]
        shared = max(words) - self.neutral_words if words else 0.0
        above = np.array([nearness, meaning, domain], dtype=np.float32) - self._unanswerable(language)
        return np.append(above, np.float32(shared))

    def _unanswerable(self, language: str) -> Vectors:
        if language in self.unanswerable:
            return self.unanswerable[language]
        every = list(self.unanswerable.values()) or [np.zeros(3, dtype=np.float32)]
        mean: Vectors = np.mean(every, axis=0)
        return mean

    def of(self, question: Vectors, language: str, hits: Sequence[Hit], centres: Centres) -> float:
        """A probability between 0 and 1; 0 where nothing was found."""
        if not hits:
            return 0.0
        return float(1 / (1 + np.exp(-(self.signs(question, language, hits, centres) @ self.weights + self.bias))))


@cache
def _load(name: str, dimensions: int) -> Likelihood:
    path = DATA / f"{name}.npz"
    if not path.exists():
        # Without a calibration everything that was found counts as an answer.
        nothing = np.zeros(dimensions, dtype=np.float32)
        return Likelihood(np.zeros(4, dtype=np.float32), 0.0, 0.0, nothing, 0.0, {}, 0.0)
    with np.load(path) as arrays:
        return Likelihood(
            arrays["weights"].astype(np.float32),
            float(arrays["bias"]),
            float(arrays["threshold"]),
            arrays["direction"].astype(np.float32),
            float(arrays["offset"]),
            dict(zip(arrays["languages"].tolist(), arrays["unanswerable"].astype(np.float32), strict=True)),
            float(arrays["neutral_words"]),
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
        neutral_words=model.neutral_words,
        languages=np.array(sorted(model.unanswerable)),
        unanswerable=np.stack([model.unanswerable[language] for language in sorted(model.unanswerable)]),
    )
    return path
