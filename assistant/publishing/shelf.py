"""Opened snapshots of what is published now; follows a publication within a second."""

import logging
import math
import sys
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
from retrieval.errors import RetrievalError, SnapshotUnreadable
from retrieval.snapshot import Manifest, Snapshot

if sys.platform != "win32":
    import resource

log = logging.getLogger(__name__)

_FRESH_SECONDS = 1.0
# So often is it tried again to open what was refused: that may mean reading all of it.
_REFUSED_SECONDS = 60.0
# What could not be read is tried again sooner: it passes.
_UNREAD_SECONDS = 5.0

_MOST_SEGMENTS = 2000
# A segment keeps five file descriptors; half of what the process may have is for connections and the database.
_DESCRIPTORS = 10


@dataclass(frozen=True, slots=True)
class _Refusal:
    revision: Revision
    error: RetrievalError
    at: float

    def holds(self, revision: Revision) -> bool:
        """Whether it need not be tried again yet to open this revision."""
        seconds = _UNREAD_SECONDS if isinstance(self.error, SnapshotUnreadable) else _REFUSED_SECONDS
        return self.revision == revision and time.monotonic() - self.at <= seconds

    def again(self) -> RetrievalError:
        """Its error, to be raised once more."""
        return type(self.error)(str(self.error))


@dataclass(slots=True)
class _Place:
    """What is known of a corpus; its lock is held by the one thread that looks for something newer."""

    lock: Lock = field(default_factory=Lock)
    revision: Revision | None = None
    snapshot: Snapshot | None = None
    refusal: _Refusal | None = None
    looked_at: float = -math.inf
    used_at: float = -math.inf

    @property
    def segments(self) -> int:
        """How many segments it keeps open."""
        # Another thread may take it away.
        held = self.snapshot
        return len(held.segments) if held else 0


class Shelf:
    """Hands out the snapshot of a corpus; who holds one keeps it, whatever is published meanwhile.

    At most so many segments stay open, as many as the process has file descriptors for where nothing is said; and none
    that was not asked for in so many minutes, once the next question comes or `drop_unused` is called.
    """

    def __init__(
        self,
        store: CorpusStore,
        folders: Folders,
        embedder: Embedder,
        centres: Centres,
        *,
        most: int | None = None,
        minutes: float = 15,
    ) -> None:
        self._store = store
        self._folders = folders
        self._embedder = embedder
        self._centres = centres
        self._most = _affordable() if most is None else most
        self._seconds = 60 * minutes
        # The one that was not asked for longest comes first.
        self._places: dict[str, _Place] = {}
        self._lock = Lock()
        self._doubted: set[str] = set()
        self._opened: Callable[[Manifest], None] = lambda _manifest: None

    def snapshot(self, corpus: str) -> Snapshot | None:
        """The current snapshot, None before the first publication.

        Raises UnknownCorpus, StoreUnusable and RetrievalError. Where a snapshot was good before, it is kept while the
        database or the new snapshot cannot be read, unless a page was erased from it, and until another thread has
        opened the new one.
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
            self._drop_empty(corpus, place)
            self.drop_unused()

    def layers(self, corpora: tuple[str, ...]) -> list[Snapshot]:
        """The snapshots of several corpora in order, leaving out what was never published."""
        found = (self.snapshot(corpus) for corpus in corpora)
        return [one for one in found if one is not None]

    def check(self, corpus: str) -> None:
        """Raises what `snapshot` would; opens nothing, and is no use for which anything is kept open."""
        place = self._places.get(corpus) or _Place()
        revision = None if place.snapshot else self._store.current(corpus)
        if revision is None:
            return
        refusal = place.refusal
        if refusal and refusal.holds(revision):
            raise refusal.again()
        try:
            snapshot.check(
                self._manifest(revision), self._folders.segments, self._embedder, self._centres, self._doubted
            )
        except RetrievalError as error:
            # Kept, so that what is damaged is not read for every check and question.
            self._place(corpus).refusal = _Refusal(revision, error, time.monotonic())
            raise

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
            if revision and revision != place.revision:
                self._renew(place, revision)
        except SQLAlchemyError as error:
            if place.snapshot is None:
                raise StoreUnusable(f"The database cannot be read: {type(error).__name__}.") from error
            return place.snapshot
        place.looked_at = now
        return place.snapshot

    def _renew(self, place: _Place, revision: Revision) -> None:
        """Opens a revision; raises RetrievalError where that fails and there is no older snapshot to be kept."""
        if place.revision and self._erased(place.revision):
            place.snapshot = place.revision = None
        refusal = place.refusal
        if refusal is None or not refusal.holds(revision):
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
            raise refusal.again()

    def _erased(self, held: Revision) -> bool:
        """Whether a revision has lost pages since; nothing else changes how many it has."""
        now = (one for one in self._store.history(held.corpus) if one.number == held.number)
        return any(one.documents != held.documents for one in now)

    def _open(self, revision: Revision, held: Snapshot | None) -> Snapshot:
        manifest = self._manifest(revision)
        doubted = frozenset(self._doubted)
        opened = snapshot.open_snapshot(manifest, self._folders.segments, self._embedder, self._centres, held, doubted)
        with self._lock:
            self._doubted -= doubted.intersection(part.id for part in manifest.segments)
        self._opened(manifest)
        return opened

    def _manifest(self, revision: Revision) -> Manifest:
        return snapshot.read_manifest(self._folders.manifest(revision.corpus, revision), revision.manifest_checksum)

    def _drop_empty(self, corpus: str, place: _Place) -> None:
        with self._lock:
            if not (place.snapshot or place.refusal) and self._places.get(corpus) is place:
                del self._places[corpus]

    def drop_unused(self) -> None:
        """Closes what was asked for too long ago, and what was so longest where too much is open."""
        now = time.monotonic()
        with self._lock:
            count = sum(place.segments for place in self._places.values())
            for name, place in list(self._places.items()):
                if count <= self._most and now - place.used_at <= self._seconds:
                    break
                count -= place.segments
                del self._places[name]


def _affordable() -> int:
    """How many segments may be open in this process."""
    if sys.platform == "win32":
        return _MOST_SEGMENTS
    allowed, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return _MOST_SEGMENTS if allowed == resource.RLIM_INFINITY else min(_MOST_SEGMENTS, allowed // _DESCRIPTORS)


def _fresh(place: _Place) -> bool:
    return time.monotonic() - place.looked_at < _FRESH_SECONDS
