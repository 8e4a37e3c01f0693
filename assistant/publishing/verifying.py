"""Reads opened segments in full while the service runs, since a bit that flips on the disk changes no file's times."""

import logging
import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from queue import Empty, SimpleQueue

from assistant.publishing.shelf import Shelf
from retrieval import snapshot
from retrieval.errors import RetrievalError, SnapshotCorrupt, SnapshotUnreadable
from retrieval.snapshot import Manifest, SegmentEntry

log = logging.getLogger(__name__)

# Slow enough that questions do not wait for the disk.
_BYTES_PER_SECOND = 50_000_000
# So long after all that waits is done, what could not be read is tried again.
_AGAIN_SECONDS = 60.0


class _Stopped(Exception):
    pass


class Verifier:
    """Verifies every segment that it is told of once, in a thread of its own; later again what cannot be read now."""

    def __init__(self, folder: Path, refuse: Callable[[str, RetrievalError], None]) -> None:
        self._folder = folder
        self._refuse = refuse
        self._verified: set[str] = set()
        self._opened: dict[str, list[int]] = {}
        self._waiting: SimpleQueue[Manifest | None] = SimpleQueue()
        self._unread: list[Manifest] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="verifier", daemon=True)

    def start(self) -> None:
        """Begins to verify."""
        self._thread.start()

    def add(self, manifest: Manifest) -> None:
        """Verifies the segments of a manifest, just opened, when those before it are done."""
        for part in manifest.segments:
            self._opened.setdefault(part.id, self._inodes(part))
        self._waiting.put(manifest)

    def close(self) -> None:
        """Stops at once."""
        self._stop.set()
        self._waiting.put(None)
        self._thread.join()

    def _run(self) -> None:
        if sys.platform == "linux":
            with suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 19)
        with suppress(_Stopped):
            while manifest := self._next():
                self._verify(manifest)

    def _next(self) -> Manifest | None:
        try:
            return self._waiting.get(timeout=_AGAIN_SECONDS if self._unread else None)
        except Empty:
            return self._unread.pop(0)

    def _verify(self, manifest: Manifest) -> None:
        for part in manifest.segments:
            if part.id in self._verified:
                continue
            self._verified.add(part.id)
            alone = replace(manifest, segments=(part,))
            try:
                snapshot.verify(alone, self._folder, self._pause)
            except SnapshotUnreadable as error:
                log.warning("a segment of %s could not be verified: %s", manifest.corpus, error)
                self._verified.discard(part.id)
                self._unread.append(alone)
            except SnapshotCorrupt as error:
                # Files that were put in the place of those that are open, or swept, are nothing that is served.
                now = self._inodes(part)
                if len(now) == len(part.checksums) and now == self._opened[part.id]:
                    log.exception("a segment of %s is damaged and is not served any more", manifest.corpus)
                    self._verified.discard(part.id)
                    self._refuse(part.id, error)

    def _inodes(self, part: SegmentEntry) -> list[int]:
        found = []
        for name in sorted(part.checksums):
            with suppress(OSError):
                found.append((self._folder / part.id / name).stat().st_ino)
        return found

    def _pause(self, count: int) -> None:
        if self._stop.wait(count / _BYTES_PER_SECOND):
            raise _Stopped


@contextmanager
def verifying(shelf: Shelf, folder: Path) -> Iterator[None]:
    """While the block runs, all that the shelf opens is verified."""
    verifier = Verifier(folder, shelf.refuse)
    shelf.tell(verifier.add)
    verifier.start()
    try:
        yield
    finally:
        verifier.close()
