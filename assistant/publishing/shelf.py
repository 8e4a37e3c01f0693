"""Opened snapshots of what is published now; follows a publication within a second."""

import time
from dataclasses import dataclass
from threading import Lock

from sqlalchemy.exc import SQLAlchemyError

from assistant.errors import StoreUnusable
from assistant.publishing.publisher import Folders
from corpora.revisions import Revision
from corpora.store import CorpusStore
from retrieval import snapshot
from retrieval.centring import Centres
from retrieval.embedding import Embedder
from retrieval.errors import RetrievalError
from retrieval.snapshot import Snapshot

_FRESH_SECONDS = 1.0


@dataclass(slots=True)
class _Place:
    revision: Revision
    snapshot: Snapshot
    looked_at: float


class Shelf:
    """Hands out the snapshot of a corpus; who holds one keeps it, whatever is published meanwhile."""

    def __init__(self, store: CorpusStore, folders: Folders, embedder: Embedder, centres: Centres) -> None:
        self._store = store
        self._folders = folders
        self._embedder = embedder
        self._centres = centres
        self._places: dict[str, _Place] = {}
        self._lock = Lock()

    def snapshot(self, corpus: str) -> Snapshot | None:
        """The current snapshot, None before the first publication.

        Raises UnknownCorpus, StoreUnusable, SnapshotCorrupt or SnapshotForeign; where a snapshot was good before, it is
        kept while the database or the new snapshot cannot be read.
        """
        with self._lock:
            place = self._places.get(corpus)
            now = time.monotonic()
            if place and now - place.looked_at < _FRESH_SECONDS:
                return place.snapshot
            try:
                revision = self._store.current(corpus)
            except SQLAlchemyError as error:
                if place is None:
                    raise StoreUnusable(f"The database cannot be read: {type(error).__name__}.") from error
                return place.snapshot
            if revision is None:
                return None
            if place and place.revision == revision:
                place.looked_at = now
                return place.snapshot
            try:
                opened = self._open(corpus, revision)
            except RetrievalError:
                if place is None:
                    raise
                place.looked_at = now
                return place.snapshot
            self._places[corpus] = _Place(revision, opened, now)
            return opened

    def layers(self, corpora: tuple[str, ...]) -> list[Snapshot]:
        """The snapshots of several corpora in order, leaving out what was never published."""
        found = (self.snapshot(corpus) for corpus in corpora)
        return [one for one in found if one is not None]

    def _open(self, corpus: str, revision: Revision) -> Snapshot:
        path = self._folders.manifest(corpus, revision)
        manifest = snapshot.read_manifest(path, revision.manifest_checksum)
        return snapshot.open_snapshot(manifest, self._folders.segments, self._embedder, self._centres)
