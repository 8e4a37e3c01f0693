"""Takes out of a vector what belongs to its language and not to its meaning.

The vectors of a language share a direction. Subtracting the mean of typical questions of the question's
language, and the mean of typical passages of the passage's language, makes languages comparable.
"""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from retrieval.embedding import Embedder, Vectors
from retrieval.errors import SnapshotForeign

DATA = Path(__file__).parent / "data" / "centres"


@dataclass(frozen=True, slots=True)
class Centres:
    """The means of one vector space: a vector per language for questions and for passages."""

    questions: dict[str, Vectors]
    passages: dict[str, Vectors]

    def question_mean(self, language: str) -> Vectors:
        """The mean of that language's questions; of all languages where it has none of its own."""
        return _of(self.questions, language)

    def passage_mean(self, language: str) -> Vectors:
        """The mean of that language's passages; of all languages where it has none of its own."""
        return _of(self.passages, language)

    @property
    def fingerprint(self) -> str:
        """Tells these centres from others: an index made with others is of another space."""
        total = hashlib.sha256()
        for means in (self.questions, self.passages):
            for language in sorted(means):
                total.update(language.encode() + means[language].tobytes())
        return total.hexdigest()[:16]

    def background(self, question: str, passage: str) -> float:
        """The cosine that a question and a passage of these languages have whatever they say."""
        return float(self.question_mean(question) @ self.passage_mean(passage))


def _of(means: dict[str, Vectors], language: str) -> Vectors:
    if language in means:
        return means[language]
    mean: Vectors = np.mean(list(means.values()), axis=0)
    return mean


def unit(vectors: Vectors) -> Vectors:
    """The vectors scaled to length one; a zero vector stays what it is."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    scaled: Vectors = (vectors / np.maximum(lengths, 1e-9)).astype(np.float32)
    return scaled


def load(embedder: Embedder) -> Centres:
    """The centres that come with the embedder; zero vectors, so plain cosine, for one without any."""
    return _load(embedder.name, embedder.dimensions)


@cache
def _load(name: str, dimensions: int) -> Centres:
    path = DATA / f"{name}.npz"
    if not path.exists():
        nothing = {"en": np.zeros(dimensions, dtype=np.float32)}
        return Centres(nothing, nothing)
    with np.load(path) as arrays:
        means = {key: arrays[key].astype(np.float32) for key in arrays.files}
    if any(mean.shape != (dimensions,) for mean in means.values()):
        raise SnapshotForeign(f"The centres in {path.name} do not fit an embedder of {dimensions} dimensions.")
    kinds = ({k.split("_")[1]: v for k, v in means.items() if k.startswith(kind)} for kind in ("question", "passage"))
    return Centres(*kinds)


def save(name: str, centres: Centres) -> Path:
    """Writes the centres of an embedder where `load` finds them."""
    path = DATA / f"{name}.npz"
    path.parent.mkdir(parents=True, exist_ok=True)
    pairs = [*((f"question_{k}", v) for k, v in centres.questions.items())]
    pairs += [(f"passage_{k}", v) for k, v in centres.passages.items()]
    np.savez_compressed(path, **{key: vector.astype(np.float16) for key, vector in sorted(pairs)})  # type: ignore[arg-type]
    return path
