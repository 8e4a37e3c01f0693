"""FAISS over the centred vectors of one segment: exact while that is quick, beyond it by inverted lists."""

import math
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from retrieval.arrays import Arrays
from retrieval.embedding import Vectors

FILE = "dense.faiss"

# Above it reading every vector takes longer than all the rest of a search.
MOST_EXACT = 20_000
_LISTS = 4.0
_POINTS_A_LIST = 64
_PROBED = 64
# So many candidates a wanted passage are looked at again: the lists round by column, the vectors beside them by row.
_AGAIN = 2


def write(folder: Path, vectors: Vectors, most_exact: int = MOST_EXACT) -> dict[str, NDArray[Any]]:
    """Writes an index over unit vectors, shape (passages, dimensions); returns the arrays that belong to it."""
    rows = np.ascontiguousarray(vectors, dtype=np.float32)
    exact = len(rows) <= most_exact
    index: Any = faiss.IndexFlatIP(rows.shape[1]) if exact else _trained(rows)
    index.add(rows)
    # Not by faiss itself: a full disk is an OSError like any other then.
    (folder / FILE).write_bytes(faiss.serialize_index(index).data)
    return {} if exact else _bytes(rows)


def _bytes(rows: Vectors) -> dict[str, NDArray[Any]]:
    """The vectors once more, in the order of their numbers and not of the lists: a byte a number, scaled by row."""
    scales = np.abs(rows).max(axis=1, keepdims=True) / 127
    return {"vectors": np.rint(rows / np.where(scales > 0, scales, 1)).astype(np.int8), "vector_scales": scales}


def _trained(rows: Vectors) -> Any:
    lists = min(len(rows), round(_LISTS * math.sqrt(len(rows))))
    index: Any = faiss.index_factory(rows.shape[1], f"IVF{lists},SQ8", faiss.METRIC_INNER_PRODUCT)
    index.cp.niter, index.cp.max_points_per_centroid, index.cp.min_points_per_centroid = 10, _POINTS_A_LIST, 1
    index.train(rows)
    return index


class DensePart:
    """The index of one segment, mapped from disk."""

    def __init__(self, folder: Path, arrays: Arrays) -> None:
        self._index: Any = faiss.read_index(str(folder / FILE), faiss.IO_FLAG_MMAP_IFC)
        self._vectors = arrays.get("vectors")
        self._scales = arrays.get("vector_scales")

    def top(self, vector: Vectors, count: int, alive: NDArray[np.bool_] | None = None) -> NDArray[np.int64]:
        """The numbers of the passages nearest to a unit vector, nearest first, among those alive: all without it."""
        count = min(count, self._index.ntotal if alive is None else int(alive.sum()))
        if not count:
            return np.empty(0, dtype=np.int64)
        chosen = {} if alive is None else {"sel": faiss.IDSelectorBitmap(np.packbits(alive, bitorder="little"))}  # type: ignore[call-arg, arg-type]
        if self._vectors is None:
            return self._searched(vector, count, faiss.SearchParameters(**chosen))
        # A whole multitude of lists is probed where few passages are alive.
        share = 1.0 if alive is None else len(alive) / max(1, int(alive.sum()))
        probed = min(self._index.nlist, round(_PROBED * share))
        found = self._searched(vector, _AGAIN * count, faiss.SearchParametersIVF(**{"nprobe": probed, **chosen}))
        return found[np.argsort(-(self.vectors(found) @ vector), kind="stable")[:count]]

    def _searched(self, vector: Vectors, count: int, parameters: Any) -> NDArray[np.int64]:
        _, numbers = self._index.search(vector[None, :], count, params=parameters)
        found: NDArray[np.int64] = numbers[0][numbers[0] >= 0]
        return found

    def vectors(self, numbers: NDArray[np.int64]) -> Vectors:
        """The centred vectors of some passages, shape (len(numbers), dimensions)."""
        if self._vectors is not None and self._scales is not None:
            near: Vectors = self._vectors[numbers] * self._scales[numbers]
            return near
        rows: Vectors = self._index.reconstruct_batch(np.ascontiguousarray(numbers, dtype=np.int64))
        return rows
