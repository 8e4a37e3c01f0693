"""Publishes drafts: new segments aside, then the manifest, then one row that makes the revision current."""

import logging
import time
from collections.abc import Callable, Iterable, Sequence
from itertools import chain

from sqlalchemy.exc import SQLAlchemyError

from assistant.publishing import folders as places
from assistant.publishing.folders import Folders
from assistant.publishing.lock import CorpusLock
from corpora.chunking import entry
from corpora.documents import Document, Entry
from corpora.errors import CorpusBusy
from corpora.revisions import Changes, Revision
from corpora.store import CorpusStore
from corpora.vectors import VectorCache
from retrieval import merging, snapshot
from retrieval.centring import Centres
from retrieval.context import leaning
from retrieval.embedding import Embedder, Vectors
from retrieval.errors import RetrievalError, SnapshotCorrupt, SnapshotForeign, SnapshotUnreadable
from retrieval.merging import Size
from retrieval.segment import Segment
from retrieval.snapshot import Manifest, SegmentEntry

Progress = Callable[[str, int, int], None]
"""Told a stage, how much is done since the last call and how much there is in all."""

Space = tuple[Embedder, Centres]
"""What indexes are made with."""

log = logging.getLogger(__name__)


def _silent(_stage: str, _done: int, _all: int) -> None:
    pass


class Publisher:
    """Changes what is published; the only writer of corpora.

    `space` is asked for only where an index is looked at: a draft needs no model.
    """

    def __init__(
        self,
        store: CorpusStore,
        vectors: VectorCache,
        lock: CorpusLock,
        folders: Folders,
        space: Callable[[], Space],
    ) -> None:
        self._store = store
        self._vectors = vectors
        self._lock = lock
        self._folders = folders
        self._space = space

    def import_documents(
        self, corpus: str, documents: Sequence[Document], *, replace: bool = False, publish: bool = False,
        progress: Progress = _silent,
    ) -> tuple[Changes, Revision | None]:  # fmt: skip
        """Drafts documents and, if wished, publishes; the changes of the draft and the revision made of them."""
        with self._lock.held(corpus):
            changes = self._store.draft(corpus, documents, replace)
            return changes, self._published(corpus, changes, "import", progress) if publish else None

    def publish(self, corpus: str, *, rebuild: bool = False, progress: Progress = _silent) -> Revision:
        """Makes the draft current; without changes the revision stays what it is. `rebuild` writes the index anew."""
        with self._lock.held(corpus):
            revision = self._store.current(corpus)
            if rebuild and revision:
                self._rebuild(corpus, revision, progress)
            return self._published(corpus, self._store.changes(corpus), "publish", progress)

    def renew(self, corpus: str, *, progress: Progress = _silent) -> None:
        """Writes the index of the current revision anew if another version made it; a draft goes on waiting."""
        if not self._foreign(corpus):
            return
        with self._lock.held(corpus):
            revision = self._store.current(corpus)
            # Another process may have been faster.
            if revision and self._foreign(corpus):
                self._rebuild(corpus, revision, progress)

    def rollback(self, corpus: str, number: int, *, progress: Progress = _silent) -> Revision:
        """Publishes a new revision that says what revision `number` said; the waiting draft is given up."""
        with self._lock.held(corpus):
            changes = self._store.draft_revision(corpus, number)
            current = self._store.current(corpus)
            if current and not changes:
                return current
            return self._publish(corpus, changes, f"rollback to {number}", progress)

    def remove(self, corpus: str, document_id: str) -> None:
        """Takes a document out of the next revision; what was published before keeps it."""
        with self._lock.held(corpus):
            self._store.draft_removal(corpus, document_id)

    def erase(self, corpus: str, document_id: str, *, progress: Progress = _silent) -> Revision | None:
        """Takes a document out of every revision, index and cache, and deletes what held it.

        What a killed publication left behind names no corpus. If it may hold the document and another corpus is being
        published, whose it may be too, CorpusBusy is raised. The store comes last, so that an erasure that was stopped
        can be done again.
        """
        begun, alone = time.time(), not self._lock.any_held()
        with self._lock.held(corpus):
            texts = self._texts(corpus, document_id)
            revision = self._store.current(corpus)
            if revision and texts:
                self._folders.drop_history(corpus, self._rebuild(corpus, revision, progress, without=document_id))
            self._vectors.forget(texts)
            self._delete_leftovers(corpus, document_id, begun if alone else 0.0)
            self._store.erase(corpus, document_id)
            erased = self._store.current(corpus)
        self._store.forget()
        return erased

    def sweep(self) -> int:
        """Deletes what no revision being served needs, unless anything is being published; how much that was."""
        return places.swept(self._store, self._lock, self._folders)

    def _published(self, corpus: str, changes: Changes, note: str, progress: Progress) -> Revision:
        """The revision that says what the draft says; a new one only where the draft changes something."""
        revision = self._store.current(corpus)
        if revision is None or changes:
            return self._publish(corpus, changes, note, progress)
        return revision if self._manifest(corpus) else self._rebuild(corpus, revision, progress)

    def _publish(self, corpus: str, changes: Changes, note: str, progress: Progress) -> Revision:
        number = self._store.next_number(corpus)
        gone = {*changes.changed, *changes.removed}
        before = self._manifest(corpus)
        kept: tuple[SegmentEntry, ...] = ()
        fresh: Iterable[Document] = self._store.drafted(corpus)
        if before:
            kept = snapshot.without(before, gone, self._folders.segments) if gone else before.segments
        else:
            current = self._store.current(corpus)
            old = self._store.documents(corpus, current.number if current else None)
            fresh = chain((document for document in old if document.id not in gone), fresh)
        segments = (*kept, *self._segments(fresh, progress))
        revision = self._store.commit(corpus, number, self._write(corpus, number, segments), note)
        return self._merged(revision, segments)

    def _merged(self, revision: Revision, segments: Sequence[SegmentEntry]) -> Revision:
        """The revision with its small segments put together, or as it is: what failed here is published already."""
        groups = merging.due([Size(part.living, part.passages) for part in segments])
        if not groups:
            return revision
        old = {place for group in groups for place in group}
        merged = [part for place, part in enumerate(segments) if place not in old]
        try:
            for group in groups:
                merged += self._segments(self._living(revision.corpus, [segments[p] for p in group]), _silent)
            self._point(revision, tuple(merged))
            return self._store.current(revision.corpus) or revision
        # faiss has RuntimeError for whatever fails in it.
        except (OSError, RuntimeError, MemoryError, RetrievalError, SQLAlchemyError):
            log.exception("the segments of %s could not be put together", revision.corpus)
            return revision

    def _living(self, corpus: str, parts: Sequence[SegmentEntry]) -> Iterable[Document]:
        """The documents of some segments, of which every byte is checked: else damage would get a checksum here."""
        snapshot.verify(self._described(corpus, 0, parts), self._folders.segments)
        opened = (Segment(self._folders.segments / part.id, part.removed) for part in parts)
        return chain.from_iterable(segment.documents() for segment in opened)

    def _delete_leftovers(self, corpus: str, document_id: str, before: float) -> None:
        left = places.unneeded(self._store, self._folders)
        places.deleted(left, before)
        if any(places.may_hold(path, document_id) for path in left):
            raise CorpusBusy(
                f"{document_id} is out of the index of {corpus}, but may be on the disk still while another corpus is "
                f"being changed; try again when that has finished."
            )

    def _rebuild(self, corpus: str, revision: Revision, progress: Progress, without: str | None = None) -> Revision:
        documents = (one for one in self._store.documents(corpus, revision.number) if one.id != without)
        self._point(revision, self._segments(documents, progress))
        renewed = self._store.current(corpus)
        return renewed or revision

    def _segments(self, documents: Iterable[Document], progress: Progress) -> tuple[SegmentEntry, ...]:
        entries = [*map(entry, documents)]
        if not any(one.passages for one in entries):
            return ()
        embedder, centres = self._space()
        vectors = self._embed(embedder, entries, progress)
        progress("index", 0, len(vectors))
        built = snapshot.build(self._folders.segments, entries, vectors, centres)
        progress("index", len(vectors), len(vectors))
        return (built,)

    def _embed(self, embedder: Embedder, entries: Sequence[Entry], progress: Progress) -> Vectors:
        def embedded(texts: Sequence[str]) -> Vectors:
            def told(count: int) -> None:
                progress("embed", count, len(texts))

            told(0)
            return self._vectors.get(embedder.name, texts, embedder.passages, told)

        return leaning(entries, embedded)

    def _point(self, revision: Revision, segments: tuple[SegmentEntry, ...]) -> None:
        checksum = self._write(revision.corpus, revision.number, segments)
        self._store.point(revision.corpus, revision.number, checksum)

    def _write(self, corpus: str, number: int, segments: Sequence[SegmentEntry]) -> str:
        return snapshot.write_manifest(self._folders.snapshots, self._described(corpus, number, segments))

    def _described(self, corpus: str, number: int, segments: Sequence[SegmentEntry]) -> Manifest:
        embedder, centres = self._space()
        space = (embedder.name, embedder.dimensions, centres.fingerprint)
        return Manifest(corpus, number, *space, tuple(segments))

    def _manifest(self, corpus: str) -> Manifest | None:
        """What is published now; None where nothing is, or where it cannot be built upon."""
        try:
            return self._read(corpus)
        except (SnapshotCorrupt, SnapshotForeign, SnapshotUnreadable):
            return None

    def _foreign(self, corpus: str) -> bool:
        """Whether another version made the index; a damaged one is for a person to look at."""
        try:
            self._read(corpus)
        except SnapshotForeign:
            return True
        except (SnapshotCorrupt, SnapshotUnreadable):
            pass
        return False

    def _read(self, corpus: str) -> Manifest | None:
        revision = self._store.current(corpus)
        if revision is None:
            return None
        found = snapshot.read_manifest(self._folders.manifest(corpus, revision), revision.manifest_checksum)
        snapshot.check(found, self._folders.segments, *self._space())
        return found

    def _texts(self, corpus: str, document_id: str) -> set[str]:
        """All texts that were ever embedded of a document, in whatever revision."""
        states = [*self._store.versions(corpus, document_id)]
        return {passage.embedded for document in states for passage in entry(document).passages} | {
            document.title for document in states
        }
