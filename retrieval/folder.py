"""Indexes in a folder that lies like a data directory, written and opened without a store."""

from collections.abc import Sequence
from pathlib import Path

from corpora.documents import Entry
from retrieval import centring, snapshot
from retrieval.context import leaning
from retrieval.embedding import Embedder
from retrieval.snapshot import Manifest, Snapshot


def write(folder: Path, corpus: str, entries: Sequence[Entry], embedder: Embedder) -> Path:
    """Indexes entries as revision 1 of a corpus and returns its manifest; raises EmbedderFailed."""
    centres = centring.load(embedder)
    vectors = leaning(entries, embedder.passages)
    parts = (snapshot.build(folder / "segments", entries, vectors, centres),) if len(vectors) else ()
    manifest = Manifest(corpus, 1, embedder.name, embedder.dimensions, centres.fingerprint, parts)
    checksum = snapshot.write_manifest(folder / "snapshots", manifest)
    return snapshot.manifest_path(folder / "snapshots", corpus, manifest.revision, checksum)


def opened(manifest: Path, embedder: Embedder) -> Snapshot:
    """The snapshot of a manifest in such a folder; raises SnapshotCorrupt or SnapshotForeign."""
    path = manifest.absolute()
    centres = centring.load(embedder)
    return snapshot.open_snapshot(snapshot.read_manifest(path), path.parents[2] / "segments", embedder, centres)
