"""Vectors by the hash of what was embedded, so that nothing unchanged is embedded twice."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine, delete, insert, select

from corpora.tables import vectors

Vectors = NDArray[np.float32]
# So many texts are embedded at a time, and lost at most when the process is killed.
BATCH = 64


def checksum(text: str) -> str:
    """The hash under which the vector of a text is kept."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]


class VectorCache:
    """Vectors of passages in the store, with those that came with the package underneath."""

    def __init__(self, engine: Engine, shipped: Path | None = None) -> None:
        self._engine = engine
        self._shipped_file = shipped
        self._shipped: dict[str, dict[str, Vectors]] = {}

    def get(
        self,
        embedder: str,
        texts: Sequence[str],
        embed: Callable[[Sequence[str]], Vectors],
        progress: Callable[[int], None] = lambda _: None,
    ) -> Vectors:
        """The vectors of the texts in order, shape (len(texts), dimensions); what is missing is embedded and kept.

        Each batch is kept as soon as it is embedded: who starts again after a stop goes on from there.
        """
        sums = [checksum(text) for text in texts]
        known = self._known(embedder, set(sums))
        missing = {total: text for total, text in zip(sums, texts, strict=True) if total not in known}
        progress(len(texts) - len(missing))
        for batch in _batches(missing):
            rows = embed([missing[total] for total in batch])
            known.update(zip(batch, rows, strict=True))
            self._keep(embedder, zip(batch, rows, strict=True))
            progress(len(batch))
        return np.stack([known[total] for total in sums]) if sums else np.empty((0, 0), dtype=np.float32)

    def forget(self, embedder_texts: Iterable[str]) -> None:
        """Deletes the vectors of some texts, of every embedder."""
        sums = [checksum(text) for text in embedder_texts]
        with self._engine.begin() as connection:
            for start in range(0, len(sums), 500):
                connection.execute(delete(vectors).where(vectors.c.checksum.in_(sums[start : start + 500])))

    def _known(self, embedder: str, sums: set[str]) -> dict[str, Vectors]:
        known = {total: vector for total, vector in self._from_package(embedder).items() if total in sums}
        wanted = sorted(sums - set(known))
        with self._engine.connect() as connection:
            for start in range(0, len(wanted), 500):
                rows = connection.execute(
                    select(vectors.c.checksum, vectors.c.vector).where(
                        vectors.c.embedder == embedder, vectors.c.checksum.in_(wanted[start : start + 500])
                    )
                )
                known.update({row.checksum: np.frombuffer(row.vector, dtype=np.float32) for row in rows})
        return known

    def _keep(self, embedder: str, pairs: Iterable[tuple[str, Vectors]]) -> None:
        rows = [
            {"embedder": embedder, "checksum": total, "vector": vector.astype(np.float32).tobytes()}
            for total, vector in pairs
        ]
        with self._engine.begin() as connection:
            # Another corpus may have embedded the same text in the meantime.
            held = connection.scalars(
                select(vectors.c.checksum).where(
                    vectors.c.embedder == embedder, vectors.c.checksum.in_([row["checksum"] for row in rows])
                )
            ).all()
            fresh = [row for row in rows if row["checksum"] not in set(held)]
            if fresh:
                connection.execute(insert(vectors), fresh)

    def _from_package(self, embedder: str) -> dict[str, Vectors]:
        if embedder not in self._shipped:
            self._shipped[embedder] = read_shipped(self._shipped_file, embedder) if self._shipped_file else {}
        return self._shipped[embedder]


def _batches(texts: Mapping[str, str]) -> list[list[str]]:
    """The hashes of texts in batches of about the same length."""
    ordered = sorted(texts, key=lambda total: (len(texts[total]), total))
    batches = [ordered[start : start + BATCH] for start in range(0, len(ordered), BATCH)]
    # Hashes are random: short and long batches take turns, and the time left can be told from what is done.
    return sorted(batches, key=lambda batch: batch[0])


def read_shipped(path: Path, embedder: str) -> dict[str, Vectors]:
    """Vectors of one embedder by hash, from a file that `write_shipped` made; none where it has none of it."""
    if not path.exists():
        return {}
    with np.load(path) as arrays:
        if f"{embedder}:rows" not in arrays.files:
            return {}
        packed = arrays[f"{embedder}:rows"]
        codes = np.stack([packed >> 4, packed & 15], axis=2).reshape(len(packed), -1)
        rows = arrays[f"{embedder}:levels"][codes]
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        sums = (row.tobytes().hex() for row in arrays[f"{embedder}:checksums"])
        return dict(zip(sums, rows, strict=True))


def write_shipped(path: Path, found: dict[str, dict[str, Vectors]]) -> None:
    """Writes vectors by embedder and hash, four bits a number, in the order of their hashes.

    The sixteen levels are chosen for the smallest squared error; a vector that is read back has
    a cosine of 0.99 or more with what was written.
    """
    arrays: dict[str, Any] = {}
    for embedder, vectors_by_sum in found.items():
        ordered = sorted(vectors_by_sum)
        rows = np.stack([vectors_by_sum[total] for total in ordered])
        levels = _levels(rows.ravel())
        codes = np.abs(rows[:, :, None] - levels).argmin(axis=2).astype(np.uint8)
        arrays[f"{embedder}:levels"] = levels
        arrays[f"{embedder}:rows"] = codes[:, ::2] << 4 | codes[:, 1::2]
        sums = b"".join(bytes.fromhex(total) for total in ordered)
        arrays[f"{embedder}:checksums"] = np.frombuffer(sums, dtype=np.uint8).reshape(len(ordered), -1)
    np.savez_compressed(path, **arrays)


def _levels(numbers: Vectors) -> Vectors:
    """Sixteen levels with a small squared error, by Lloyd's method from the quantiles on."""
    levels = np.quantile(numbers, (np.arange(16) + 0.5) / 16).astype(np.float32)
    for _ in range(40):
        nearest = np.searchsorted((levels[1:] + levels[:-1]) / 2, numbers)
        levels = (np.bincount(nearest, numbers, 16) / np.maximum(np.bincount(nearest, minlength=16), 1)).astype(
            np.float32
        )
    return levels
