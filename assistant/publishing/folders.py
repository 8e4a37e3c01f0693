"""Where indexes lie in a data directory, and what of it nobody needs."""

import logging
import shutil
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from assistant.publishing.lock import CorpusLock
from corpora.revisions import Revision
from corpora.store import CorpusStore
from retrieval import folder, snapshot
from retrieval.segment import UNOPENED, Segment

log = logging.getLogger(__name__)

# So long may an answer go on, or a server on its way to open it, with an index that was put in another's place.
_SPARED_SECONDS = 300


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
        folder.keep_only(self.manifest(corpus, current))


def swept(store: CorpusStore, lock: CorpusLock, folders: Folders) -> int:
    """Deletes manifests and segments that no revision being served needs; returns how many files and folders.

    While anything is being published nothing is swept, nor while a manifest cannot be read; what is newer than the
    sweep may be the beginning of a publication.
    """
    begun = time.time()
    if lock.any_held():
        return 0
    try:
        garbage = unneeded(store, folders)
    except OSError:
        log.exception("nothing is swept")
        return 0
    return deleted(garbage, begun)


def unneeded(store: CorpusStore, folders: Folders) -> list[Path]:
    """Manifests and segments that no revision being served needs; raises OSError where a manifest cannot be read.

    The revision before the current one stays for answers that are still being given from it, and so does for some
    minutes what the index of a revision was before it was put together or built anew.
    """
    manifests: set[Path] = set()
    for state in store.states():
        served = [r for r in store.history(state.name) if r.number <= (state.current or 0)]
        for revision in served[:2]:
            manifest = folders.manifest(state.name, revision)
            manifests.add(manifest)
            if _is_new(manifest):
                manifests.update(manifest.parent.glob(f"{revision.number}-*.json"))
    needed = {name for path in manifests for name in folder.segments_of(path)}
    garbage = [path for path in folders.snapshots.glob("*/*") if path not in manifests]
    return garbage + [path for path in folders.segments.glob("*") if path.name not in needed]


def deleted(paths: Iterable[Path], before: float) -> int:
    """Deletes files and folders that were written before a time; returns how many those were."""
    count = 0
    for path in paths:
        # Another process may be sweeping too.
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < before:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
                count += 1
    return count


def may_hold(path: Path, document_id: str) -> bool:
    """Whether a segment may have a document of this id; one that cannot be opened, or is half-written, may."""
    try:
        return path.is_dir() and Segment(path).named(document_id) is not None
    except UNOPENED:
        return path.exists()


def _is_new(path: Path) -> bool:
    with suppress(FileNotFoundError):
        return time.time() - path.stat().st_mtime < _SPARED_SECONDS
    return False
