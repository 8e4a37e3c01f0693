"""FAISS over the centred vectors of one segment."""

from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from retrieval.embedding import Vectors

FILE = "dense.faiss"


def write(folder: Path, vectors: Vectors) -> None:
    """Writes an exact index over unit vectors, shape (passages, dimensions)."""
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(np.ascontiguousarray(vectors, dtype=np.float32))
    # Not by faiss itself: a full disk is an OSError like any other then.
    (folder / FILE).write_bytes(faiss.serialize_index(index).tobytes())


class DensePart:
    """The index of one segment, mapped from disk."""

    def __init__(self, folder: Path) -> None:
        self._index = faiss.read_index(str(folder / FILE), faiss.IO_FLAG_MMAP_IFC)

    @property
    def dimensions(self) -> int:
        """The length of the vectors."""
        return int(self._index.d)

    def top(self, vector: Vectors, count: int, alive: NDArray[np.bool_]) -> NDArray[np.int64]:
        """The numbers of the passages nearest to a unit vector, nearest first, among those alive."""
        count = min(count, int(alive.sum()))
        if not count:
            return np.empty(0, dtype=np.int64)
        bits = np.packbits(alive, bitorder="little")
        chosen: Any = faiss.SearchParameters(sel=faiss.IDSelectorBitmap(bits))  # type: ignore[call-arg, arg-type]
        _, numbers = self._index.search(vector[None, :], count, params=chosen)
        found: NDArray[np.int64] = numbers[0][numbers[0] >= 0]
        return found

    def vectors(self, numbers: NDArray[np.int64]) -> Vectors:
        """The centred vectors of some passages, shape (len(numbers), dimensions)."""
        rows: Vectors = self._index.reconstruct_batch(np.ascontiguousarray(numbers, dtype=np.int64))
        return rows
