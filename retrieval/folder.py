"""Indexes in a folder that lies like a data directory, written and opened without a store."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from corpora.documents import Entry
from retrieval import centring, snapshot
from retrieval.context import contextual
from retrieval.embedding import Embedder, Vectors
from retrieval.snapshot import Manifest, Snapshot


def write(folder: Path, corpus: str, entries: Sequence[Entry], embedder: Embedder) -> Path:
    """Indexes entries as revision 1 of a corpus and returns its manifest; raises EmbedderFailed."""
    centres = centring.load(embedder)
    vectors = _vectors(entries, embedder)
    parts = (snapshot.build(folder / "segments", entries, vectors, centres),) if len(vectors) else ()
    manifest = Manifest(corpus, 1, embedder.name, embedder.dimensions, centres.fingerprint, parts)
    checksum = snapshot.write_manifest(folder / "snapshots", manifest)
    return snapshot.manifest_path(folder / "snapshots", corpus, manifest.revision, checksum)


def opened(manifest: Path, embedder: Embedder) -> Snapshot:
    """The snapshot of a manifest in such a folder; raises SnapshotCorrupt or SnapshotForeign."""
    path = manifest.absolute()
    centres = centring.load(embedder)
    return snapshot.open_snapshot(snapshot.read_manifest(path), path.parents[2] / "segments", embedder, centres)


def _vectors(entries: Sequence[Entry], embedder: Embedder) -> Vectors:
    passages = [passage for entry in entries for passage in entry.passages]
    titles = sorted({passage.title for passage in passages} - {""})
    # A passage without a title leans nowhere.
    rows = np.vstack([np.zeros((1, embedder.dimensions), dtype=np.float32), embedder.passages(titles)])
    place = {title: row for row, title in enumerate(["", *titles])}
    leanings = rows[[place[passage.title] for passage in passages]]
    return contextual(embedder.passages([passage.embedded for passage in passages]), leanings)
