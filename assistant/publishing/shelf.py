"""Opened snapshots of what is published now; follows a publication within a second."""

import logging
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

from sqlalchemy.exc import SQLAlchemyError

from assistant.errors import StoreUnusable
from assistant.publishing.folders import Folders
from corpora.revisions import Revision
from corpora.store import CorpusStore
from retrieval import snapshot
from retrieval.centring import Centres
from retrieval.embedding import Embedder
from retrieval.errors import RetrievalError
from retrieval.snapshot import Manifest, Snapshot

log = logging.getLogger(__name__)

_FRESH_SECONDS = 1.0
# So often is it tried again to open what was refused: that may mean reading all of it.
_REFUSED_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class _Refusal:
    revision: Revision
    error: RetrievalError
    at: float


@dataclass(slots=True)
class _Place:
    """What is known of a corpus; its lock is held by the one thread that looks for something newer."""

    lock: Lock = field(default_factory=Lock)
    revision: Revision | None = None
    snapshot: Snapshot | None = None
    refusal: _Refusal | None = None
    looked_at: float = -math.inf
    used_at: float = -math.inf


class Shelf:
    """Hands out the snapshot of a corpus; who holds one keeps it, whatever is published meanwhile.

    At most so many snapshots stay open, and none that was not asked for in so many minutes.
    """

    def __init__(
        self,
        store: CorpusStore,
        folders: Folders,
        embedder: Embedder,
        centres: Centres,
        *,
        most: int = 200,
        minutes: float = 15,
    ) -> None:
        self._store = store
        self._folders = folders
        self._embedder = embedder
        self._centres = centres
        self._most = most
        self._seconds = 60 * minutes
        # The one that was not asked for longest comes first.
        self._places: dict[str, _Place] = {}
        self._lock = Lock()
        self._doubted: set[str] = set()
        self._opened: Callable[[Manifest], None] = lambda _manifest: None

    def snapshot(self, corpus: str) -> Snapshot | None:
        """The current snapshot, None before the first publication.

        Raises UnknownCorpus, StoreUnusable, SnapshotCorrupt or SnapshotForeign; where a snapshot was good before, it is
        kept while the database or the new snapshot cannot be read, and until another thread has opened the new one.
        """
        place = self._place(corpus)
        held = place.snapshot
        if held and _fresh(place):
            return held
        if not place.lock.acquire(blocking=held is None):
            return held
        try:
            return place.snapshot if place.snapshot and _fresh(place) else self._looked(corpus, place)
        finally:
            place.lock.release()
            self._drop_unused(corpus, place)

    def layers(self, corpora: tuple[str, ...]) -> list[Snapshot]:
        """The snapshots of several corpora in order, leaving out what was never published."""
        found = (self.snapshot(corpus) for corpus in corpora)
        return [one for one in found if one is not None]

    def tell(self, opened: Callable[[Manifest], None]) -> None:
        """From now on the function is told what is opened."""
        self._opened = opened

    def refuse(self, segment: str, error: RetrievalError) -> None:
        """Hands out nothing any more that has this segment, until its files are found right byte by byte."""
        with self._lock:
            self._doubted.add(segment)
            places = list(self._places.values())
        for place in places:
            with place.lock:
                held = place.snapshot
                if held and place.revision and any(part.id == segment for part in held.manifest.segments):
                    place.refusal = _Refusal(place.revision, error, time.monotonic())
                    place.snapshot = place.revision = None

    def _place(self, corpus: str) -> _Place:
        with self._lock:
            place = self._places.pop(corpus, None) or _Place()
            self._places[corpus] = place
            place.used_at = time.monotonic()
        return place

    def _looked(self, corpus: str, place: _Place) -> Snapshot | None:
        now = time.monotonic()
        try:
            revision = self._store.current(corpus)
        except SQLAlchemyError as error:
            if place.snapshot is None:
                raise StoreUnusable(f"The database cannot be read: {type(error).__name__}.") from error
            return place.snapshot
        if revision and revision != place.revision:
            self._renew(place, revision)
        place.looked_at = now
        return place.snapshot

    def _renew(self, place: _Place, revision: Revision) -> None:
        """Opens a revision; raises RetrievalError where that fails and there is no older snapshot."""
        refusal = place.refusal
        if refusal is None or refusal.revision != revision or time.monotonic() - refusal.at > _REFUSED_SECONDS:
            try:
                place.snapshot = self._open(revision, place.snapshot)
            except RetrievalError as error:
                refusal = place.refusal = _Refusal(revision, error, time.monotonic())
                if place.snapshot:
                    log.exception("%s is served on from an older revision than %d", revision.corpus, revision.number)
            else:
                place.revision, place.refusal = revision, None
                return
        if place.snapshot is None:
            raise type(refusal.error)(str(refusal.error))

    def _open(self, revision: Revision, held: Snapshot | None) -> Snapshot:
        path = self._folders.manifest(revision.corpus, revision)
        manifest = snapshot.read_manifest(path, revision.manifest_checksum)
        opened = snapshot.open_snapshot(
            manifest, self._folders.segments, self._embedder, self._centres, held, frozenset(self._doubted)
        )
        self._opened(manifest)
        return opened

    def _drop_unused(self, corpus: str, place: _Place) -> None:
        """Forgets what is not worth its place: nothing published, or asked for too long ago."""
        now = time.monotonic()
        with self._lock:
            if not (place.snapshot or place.refusal) and self._places.get(corpus) is place:
                del self._places[corpus]
            for name, other in list(self._places.items()):
                if len(self._places) <= self._most and now - other.used_at <= self._seconds:
                    break
                del self._places[name]


def _fresh(place: _Place) -> bool:
    return time.monotonic() - place.looked_at < _FRESH_SECONDS
