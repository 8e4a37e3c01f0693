"""Publishes drafts: new segments aside, then the manifest, then one row that makes the revision current."""

import shutil
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from assistant.publishing.lock import CorpusLock
from corpora.chunking import entry
from corpora.documents import Document, Entry
from corpora.revisions import Changes, Revision
from corpora.store import CorpusStore
from corpora.vectors import VectorCache
from retrieval import snapshot
from retrieval.centring import Centres
from retrieval.context import contextual
from retrieval.embedding import Embedder, Vectors
from retrieval.errors import SnapshotCorrupt, SnapshotForeign
from retrieval.snapshot import Manifest, SegmentEntry

Progress = Callable[[str, int, int], None]
"""Told a stage, how much is done since the last call and how much there is in all."""

# More pieces than this cost every search more than putting them together costs once.
_MOST_SEGMENTS = 8


def _silent(_stage: str, _done: int, _all: int) -> None:
    pass


class Folders:
    """Where indexes lie in a data directory."""

    def __init__(self, data_dir: Path) -> None:
        self.segments = data_dir / "segments"
        self.snapshots = data_dir / "snapshots"

    def manifest(self, corpus: str, revision: Revision) -> Path:
        """The manifest of a revision."""
        return snapshot.manifest_path(self.snapshots, corpus, revision.number, revision.manifest_checksum)


class Publisher:
    """Changes what is published; the only writer of corpora."""

    def __init__(
        self,
        store: CorpusStore,
        vectors: VectorCache,
        lock: CorpusLock,
        folders: Folders,
        embedder: Embedder,
        centres: Centres,
    ) -> None:
        self._store = store
        self._vectors = vectors
        self._lock = lock
        self._folders = folders
        self._embedder = embedder
        self._centres = centres

    def import_documents(
        self, corpus: str, documents: Sequence[Document], *, replace: bool = False, publish: bool = False,
        progress: Progress = _silent,
    ) -> tuple[Changes, Revision | None]:  # fmt: skip
        """Drafts documents and, if wished, publishes; the changes of the draft and the revision made of them."""
        with self._lock.held(corpus):
            changes = self._store.draft(corpus, documents, replace)
            return changes, self._published(corpus, "import", progress) if publish else None

    def publish(self, corpus: str, *, rebuild: bool = False, progress: Progress = _silent) -> Revision:
        """Makes the draft current; without changes the revision stays what it is. `rebuild` writes the index anew."""
        with self._lock.held(corpus):
            revision = self._store.current(corpus)
            if rebuild and revision:
                self._rebuild(corpus, revision, progress)
            return self._published(corpus, "publish", progress)

    def rollback(self, corpus: str, number: int, *, progress: Progress = _silent) -> Revision:
        """Publishes a new revision that says what revision `number` said; the waiting draft is given up."""
        with self._lock.held(corpus):
            changes = self._store.draft_revision(corpus, number)
            current = self._store.current(corpus)
            return self._publish(corpus, f"rollback to {number}", progress) if changes or not current else current

    def remove(self, corpus: str, document_id: str) -> None:
        """Takes a document out of the next revision; what was published before keeps it."""
        with self._lock.held(corpus):
            self._store.draft_removal(corpus, document_id)

    def erase(self, corpus: str, document_id: str, *, progress: Progress = _silent) -> Revision | None:
        """Takes a document out of every revision, index and cache, and sweeps what held it.

        The store comes last, so that an erasure that was stopped can be done again.
        """
        with self._lock.held(corpus):
            texts = self._texts(corpus, document_id)
            revision = self._store.current(corpus)
            if revision and texts:
                self._drop_history(corpus, self._rebuild(corpus, revision, progress, without=document_id))
            self._vectors.forget(texts)
            self._store.erase(corpus, document_id)
            erased = self._store.current(corpus)
        self._store.forget()
        self.sweep()
        return erased

    def sweep(self) -> int:
        """Deletes manifests and segments that no revision being served needs; returns how many files and folders.

        The revision before the current one stays for answers that are still being given from it. While anything is
        being published nothing is swept, and what is newer than the sweep may be the beginning of a publication.
        """
        begun = time.time()
        if self._lock.any_held():
            return 0
        manifests: set[Path] = set()
        for state in self._store.states():
            served = [r for r in self._store.history(state.name) if r.number <= (state.current or 0)]
            manifests |= {self._folders.manifest(state.name, r) for r in served[:2]}
        needed = {part.id for path in manifests if path.exists() for part in _segments_of(path)}
        garbage = [p for p in self._folders.snapshots.glob("*/*") if p not in manifests]
        garbage += [p for p in self._folders.segments.glob("*") if p.name not in needed]
        swept = 0
        for path in garbage:
            # Another process may be sweeping too.
            with suppress(FileNotFoundError):
                if path.stat().st_mtime < begun:
                    shutil.rmtree(path) if path.is_dir() else path.unlink()
                    swept += 1
        return swept

    def _published(self, corpus: str, note: str, progress: Progress) -> Revision:
        """The revision that says what the draft says; a new one only where the draft changes something."""
        revision = self._store.current(corpus)
        if revision is None or self._store.changes(corpus):
            return self._publish(corpus, note, progress)
        return revision if self._manifest(corpus) else self._rebuild(corpus, revision, progress)

    def _drop_history(self, corpus: str, current: Revision) -> None:
        """Deletes every index of a corpus but the current one, whoever may still be reading an older one."""
        kept = self._folders.manifest(corpus, current)
        needed = {part.id for part in _segments_of(kept)}
        for path in (self._folders.snapshots / corpus).glob("*.json"):
            if path != kept:
                for part in _segments_of(path):
                    if part.id not in needed:
                        shutil.rmtree(self._folders.segments / part.id, ignore_errors=True)
                path.unlink()

    def _publish(self, corpus: str, note: str, progress: Progress) -> Revision:
        number = self._store.next_number(corpus)
        changes = self._store.changes(corpus)
        before = self._manifest(corpus)
        kept: tuple[SegmentEntry, ...] = ()
        drafted = self._store.drafted(corpus)
        current = self._store.current(corpus)
        if before and len(before.segments) < _MOST_SEGMENTS:
            gone = {*changes.changed, *changes.removed}
            kept = snapshot.without(before, gone, self._folders.segments) if gone else before.segments
            fresh: Iterable[Document] = drafted
        else:
            replaced = {*changes.changed, *changes.removed}
            old = self._store.documents(corpus, current.number if current else None)
            fresh = [*(document for document in old if document.id not in replaced), *drafted]
        segments = (*kept, *self._segments(fresh, progress))
        checksum = self._write(corpus, number, segments)
        return self._store.commit(corpus, number, checksum, note)

    def _rebuild(self, corpus: str, revision: Revision, progress: Progress, without: str | None = None) -> Revision:
        documents = (one for one in self._store.documents(corpus, revision.number) if one.id != without)
        segments = self._segments(documents, progress)
        self._store.point(corpus, revision.number, self._write(corpus, revision.number, segments))
        renewed = self._store.current(corpus)
        return renewed or revision

    def _segments(self, documents: Iterable[Document], progress: Progress) -> tuple[SegmentEntry, ...]:
        entries = [one for one in map(entry, documents) if one.passages]
        if not entries:
            return ()
        vectors = self._embed(entries, progress)
        progress("index", 0, len(vectors))
        built = snapshot.build(self._folders.segments, entries, vectors, self._centres)
        progress("index", len(vectors), len(vectors))
        return (built,)

    def _embed(self, entries: Sequence[Entry], progress: Progress) -> Vectors:
        texts = [passage.embedded for one in entries for passage in one.passages]
        titles = sorted({one.document.title for one in entries})
        every = len(texts) + len(titles)

        def told(count: int) -> None:
            progress("embed", count, every)

        def vectors_of(wanted: Sequence[str]) -> Vectors:
            return self._vectors.get(self._embedder.name, wanted, self._embedder.passages, told)

        told(0)
        place = {title: row for row, title in enumerate(titles)}
        rows = [place[passage.title] for one in entries for passage in one.passages]
        return contextual(vectors_of(texts), vectors_of(titles)[rows])

    def _write(self, corpus: str, number: int, segments: tuple[SegmentEntry, ...]) -> str:
        space = (self._embedder.name, self._embedder.dimensions, self._centres.fingerprint)
        manifest = Manifest(corpus, number, *space, segments)
        return snapshot.write_manifest(self._folders.snapshots, manifest)

    def _manifest(self, corpus: str) -> Manifest | None:
        """What is published now; None where nothing is, or where it cannot be built upon."""
        revision = self._store.current(corpus)
        if revision is None:
            return None
        try:
            found = snapshot.read_manifest(self._folders.manifest(corpus, revision), revision.manifest_checksum)
            snapshot.open_snapshot(found, self._folders.segments, self._embedder, self._centres)
        except (SnapshotCorrupt, SnapshotForeign):
            return None
        return found

    def _texts(self, corpus: str, document_id: str) -> set[str]:
        """All texts that were ever embedded of a document, in whatever revision."""
        states = [*self._store.versions(corpus, document_id)]
        return {passage.embedded for document in states for passage in entry(document).passages} | {
            document.title for document in states
        }


def _segments_of(path: Path) -> Sequence[SegmentEntry]:
    try:
        return snapshot.read_manifest(path).segments
    except (SnapshotCorrupt, SnapshotForeign):
        return ()
