"""Indexes in a folder that lies like a data directory, written and opened without a store."""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

from corpora.documents import Entry
from retrieval import centring, snapshot
from retrieval.context import leaning
from retrieval.embedding import Embedder
from retrieval.snapshot import Manifest, Snapshot


def write(folder: Path, corpus: str, entries: Sequence[Entry], embedder: Embedder) -> Path:
    """Indexes entries as revision 1 of a corpus, in the place of what it was; its manifest. Raises EmbedderFailed."""
    centres = centring.load(embedder)
    vectors = leaning(entries, embedder.passages)
    parts = (snapshot.build(folder / "segments", entries, vectors, centres),) if len(vectors) else ()
    manifest = Manifest(corpus, 1, embedder.name, embedder.dimensions, centres.fingerprint, parts)
    checksum = snapshot.write_manifest(folder / "snapshots", manifest)
    path = snapshot.manifest_path(folder / "snapshots", corpus, manifest.revision, checksum)
    keep_only(path)
    return path


def keep_only(manifest: Path) -> None:
    """Deletes all other manifests of its corpus and the segments that only they name, whoever may be reading them."""
    needed = segments_of(manifest)
    for path in manifest.parent.iterdir():
        if path != manifest:
            for name in segments_of(path) - needed:
                shutil.rmtree(manifest.parents[2] / "segments" / name, ignore_errors=True)
            path.unlink()


def segments_of(manifest: Path) -> set[str]:
    """The segments that a manifest of whatever format names; none where there is no such thing. Raises OSError."""
    try:
        return {part["id"] for part in json.loads(manifest.read_bytes())["segments"]}
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return set()


def opened(manifest: Path, embedder: Embedder) -> Snapshot:
    """The snapshot of a manifest in such a folder; raises SnapshotCorrupt, SnapshotForeign or SnapshotUnreadable."""
    path = manifest.absolute()
    centres = centring.load(embedder)
    return snapshot.open_snapshot(snapshot.read_manifest(path), path.parents[2] / "segments", embedder, centres)
