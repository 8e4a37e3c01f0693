"""Where indexes lie in a data directory, and what of it nobody needs."""

import shutil
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from assistant.publishing.lock import CorpusLock
from corpora.revisions import Revision
from corpora.store import CorpusStore
from retrieval import snapshot
from retrieval.errors import SnapshotCorrupt, SnapshotForeign
from retrieval.snapshot import SegmentEntry


class Folders:
    """Where indexes lie in a data directory."""

    def __init__(self, data_dir: Path) -> None:
        self.segments = data_dir / "segments"
        self.snapshots = data_dir / "snapshots"

    def manifest(self, corpus: str, revision: Revision) -> Path:
        """The manifest of a revision."""
        return snapshot.manifest_path(self.snapshots, corpus, revision.number, revision.manifest_checksum)

    def drop_history(self, corpus: str, current: Revision) -> None:
        """Deletes every index of a corpus but the current one, whoever may still be reading an older one."""
        kept = self.manifest(corpus, current)
        needed = {part.id for part in _segments_of(kept)}
        for path in (self.snapshots / corpus).glob("*.json"):
            if path != kept:
                for part in _segments_of(path):
                    if part.id not in needed:
                        shutil.rmtree(self.segments / part.id, ignore_errors=True)
                path.unlink()


def swept(store: CorpusStore, lock: CorpusLock, folders: Folders) -> int:
    """Deletes manifests and segments that no revision being served needs; returns how many files and folders.

    The revision before the current one stays for answers that are still being given from it. While anything is
    being published nothing is swept, and what is newer than the sweep may be the beginning of a publication.
    """
    begun = time.time()
    if lock.any_held():
        return 0
    manifests: set[Path] = set()
    for state in store.states():
        served = [r for r in store.history(state.name) if r.number <= (state.current or 0)]
        manifests |= {folders.manifest(state.name, r) for r in served[:2]}
    needed = {part.id for path in manifests if path.exists() for part in _segments_of(path)}
    garbage = [p for p in folders.snapshots.glob("*/*") if p not in manifests]
    garbage += [p for p in folders.segments.glob("*") if p.name not in needed]
    count = 0
    for path in garbage:
        # Another process may be sweeping too.
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < begun:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
                count += 1
    return count


def _segments_of(path: Path) -> Sequence[SegmentEntry]:
    try:
        return snapshot.read_manifest(path).segments
    except (SnapshotCorrupt, SnapshotForeign):
        return ()
