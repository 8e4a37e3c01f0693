"""Takes out of a vector what belongs to its language and not to its meaning.

The vectors of a language share a direction. Subtracting the mean of typical questions of the question's
language, and the mean of typical passages of the passage's language, makes languages comparable. What is left
of the difference between languages is linear to a good part: a map per language, learned from parallel
questions, turns a question towards where the same question lies in the language of reference.
"""

import hashlib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np

from retrieval.embedding import Embedder, Vectors
from retrieval.errors import SnapshotForeign

DATA = Path(__file__).parent / "data" / "centres"
# Where the maps lead.
REFERENCE = "de"


@dataclass(frozen=True, slots=True)
class Centres:
    """The means of one vector space, a vector per language for questions and for passages, and maps of questions.

    A map is a pair of factors of shape (rank, dimensions): what it adds to a vector is `vector @ first.T @ second`.
    """

    questions: dict[str, Vectors]
    passages: dict[str, Vectors]
    maps: dict[str, tuple[Vectors, Vectors]] = field(default_factory=dict)

    def question_mean(self, language: str) -> Vectors:
        """The mean of that language's questions; of all languages where it has none of its own."""
        return _of(self.questions, language)

    def passage_mean(self, language: str) -> Vectors:
        """The mean of that language's passages; of all languages where it has none of its own."""
        return _of(self.passages, language)

    def centred(self, questions: Vectors, language: str) -> Vectors:
        """Unit vectors of questions without what belongs to their language, of the same shape."""
        return unit(questions - self.question_mean(language))

    def searching(self, questions: Vectors, language: str, passage: str = REFERENCE) -> Vectors:
        """Unit vectors of questions as passages of a language are searched with, of the same shape: centred and turned.

        A map leads to the language of reference, and away from the question's own.
        """
        centred = self.centred(questions, language)
        if language not in self.maps or (language == passage != REFERENCE):
            return centred
        first, second = self.maps[language]
        return unit(centred + np.asarray(centred @ first.T @ second, dtype=np.float32))

    @property
    def fingerprint(self) -> str:
        """Tells these means from others: an index made with others is of another space."""
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
        parts = {key: arrays[key].astype(np.float32) for key in arrays.files}
    if any(part.shape[-1] != dimensions for part in parts.values()):
        raise SnapshotForeign(f"The centres in {path.name} do not fit an embedder of {dimensions} dimensions.")

    def of(kind: str) -> dict[str, Vectors]:
        return {key.split("_")[1]: part for key, part in parts.items() if key.startswith(kind)}

    firsts, seconds = of("first_"), of("second_")
    return Centres(of("question_"), of("passage_"), {code: (firsts[code], seconds[code]) for code in firsts})


def save(name: str, centres: Centres) -> Path:
    """Writes the centres of an embedder where `load` finds them."""
    path = DATA / f"{name}.npz"
    path.parent.mkdir(parents=True, exist_ok=True)
    pairs = [*((f"question_{k}", v) for k, v in centres.questions.items())]
    pairs += [(f"passage_{k}", v) for k, v in centres.passages.items()]
    for code, (first, second) in centres.maps.items():
        pairs += [(f"first_{code}", first), (f"second_{code}", second)]
    np.savez_compressed(path, **{key: vector.astype(np.float16) for key, vector in sorted(pairs)})  # type: ignore[arg-type]
    return path
