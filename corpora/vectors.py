"""Vectors by the hash of what was embedded, so that nothing unchanged is embedded twice."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine, delete, insert, select

from corpora.tables import vectors

Vectors = NDArray[np.float32]
_BATCH = 64


def checksum(text: str) -> str:
    """The hash under which the vector of a text is kept."""
    return hashlib.sha256(text.encode()).hexdigest()


class VectorCache:
    """Vectors of passages in the store, with those that came with the package underneath."""

    def __init__(self, engine: Engine, shipped: Path | None = None) -> None:
        self._engine = engine
        self._shipped_file = shipped
        self._shipped: dict[str, Vectors] | None = None

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
        todo = sorted(missing, key=lambda total: len(missing[total]))
        for start in range(0, len(todo), _BATCH):
            batch = todo[start : start + _BATCH]
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
        if self._shipped is None:
            self._shipped = read_shipped(self._shipped_file, embedder) if self._shipped_file else {}
        return self._shipped


def read_shipped(path: Path, embedder: str) -> dict[str, Vectors]:
    """Vectors by hash from a file that `write_shipped` made; none where it is of another embedder."""
    if not path.exists():
        return {}
    with np.load(path) as arrays:
        if str(arrays["embedder"]) != embedder:
            return {}
        rows = arrays["rows"].astype(np.float32)
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        return dict(zip(arrays["checksums"].astype(str), rows, strict=True))


def write_shipped(path: Path, embedder: str, found: dict[str, Vectors]) -> None:
    """Writes vectors in eight bits, in the order of their hashes, so that the same input gives the same file."""
    ordered = sorted(found)
    rows = np.stack([found[total] for total in ordered])
    scaled = np.round(rows / np.abs(rows).max(axis=1, keepdims=True) * 127).astype(np.int8)
    np.savez_compressed(path, embedder=embedder, checksums=np.array(ordered, dtype="S64"), rows=scaled)
