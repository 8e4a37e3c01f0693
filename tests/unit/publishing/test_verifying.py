"""Bits that rot while the service runs."""

import json
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from assistant.publishing import shelf, verifying
from assistant.publishing.verifying import Verifier
from retrieval import snapshot
from retrieval.errors import RetrievalError, SnapshotCorrupt
from retrieval.integrity import RECORD
from retrieval.segment import ARRAYS
from retrieval.snapshot import Manifest
from tests.fakes import Office, page

PASS = page("pass", "Er kostet 70 Euro.", "Reisepass")
KITA = page("kita", "Ein Platz kostet nichts.", "Kita")


def rot(path: Path) -> None:
    """Flips the last bit as a disk does: without leaving a trace in the file's times."""
    content = path.read_bytes()
    with path.open("r+b") as file:
        file.seek(-1, 2)
        file.write(bytes([content[-1] ^ 1]))
    record = json.loads((path.parent / RECORD).read_bytes())
    now = path.stat()
    record[path.name][:4] = [now.st_size, now.st_mtime_ns, now.st_ctime_ns, now.st_ino]
    (path.parent / RECORD).write_text(json.dumps(record))


class Refused:
    """Remembers what was refused."""

    def __init__(self) -> None:
        self.errors: dict[str, str] = {}

    def __call__(self, segment: str, error: RetrievalError) -> None:
        self.errors[segment] = str(error)


@contextmanager
def running(office: Office, refuse: Callable[[str, RetrievalError], None]) -> Iterator[Verifier]:
    verifier = Verifier(office.folders.segments, refuse)
    verifier.start()
    try:
        yield verifier
    finally:
        verifier.close()


def until(condition: Callable[[], object]) -> None:
    latest = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < latest
        time.sleep(0.005)


class Counted:
    """Counts how often each segment is verified."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.segments: list[str] = []
        self._verify = snapshot.verify
        monkeypatch.setattr(snapshot, "verify", self)

    def __call__(self, manifest: Manifest, *rest: object) -> None:
        self._verify(manifest, *rest)  # type: ignore[arg-type]
        self.segments += [part.id for part in manifest.segments]


def test_what_is_right_is_verified_once_and_not_refused(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.publish(PASS)
    office.publish(KITA)
    first, second = office.opened().manifest.segments
    counted, refused = Counted(monkeypatch), Refused()
    with running(office, refused) as verifier:
        for _ in range(3):
            verifier.add(office.opened().manifest)
        office.publish(page("hund"))
        verifier.add(office.opened().manifest)
        third = office.opened().manifest.segments[-1]
        until(lambda: third.id in counted.segments)

    assert counted.segments == [first.id, second.id, third.id]
    assert refused.errors == {}


def test_a_segment_that_rots_is_refused_by_its_file_and_logged(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    office.publish(PASS)
    manifest = office.opened().manifest
    [part] = manifest.segments
    rot(office.folders.segments / part.id / ARRAYS)
    office.opened()
    refused = Refused()
    with running(office, refused) as verifier:
        verifier.add(manifest)
        until(lambda: refused.errors)

    assert refused.errors[part.id].startswith(f"The file {part.id}/{ARRAYS} is damaged. ")
    assert [record.levelno for record in caplog.records] == [logging.ERROR]
    assert f"{part.id}/{ARRAYS} is damaged" in caplog.text


@pytest.mark.parametrize("how", ["the folder", "a file"])
def test_what_was_swept_meanwhile_is_no_damage(
    office: Office, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, how: str
) -> None:
    office.publish(PASS)
    manifest = office.opened().manifest
    folder = office.folders.segments / manifest.segments[0].id
    for path in folder.iterdir():
        if how == "the folder" or path.name == ARRAYS:
            path.unlink()
    office.publish(KITA, corpus="bund")
    counted, refused = Counted(monkeypatch), Refused()
    with running(office, refused) as verifier:
        verifier.add(manifest)
        verifier.add(office.opened("bund").manifest)
        until(lambda: counted.segments)

    assert refused.errors == {}
    assert not caplog.records


def test_a_file_put_in_the_place_of_an_open_one_is_not_what_is_served(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.publish(PASS)
    manifest = office.opened().manifest
    path = office.folders.segments / manifest.segments[0].id / ARRAYS
    counted, refused = Counted(monkeypatch), Refused()
    verifier = Verifier(office.folders.segments, refused)
    verifier.add(manifest)
    other = path.with_name("other")
    other.write_bytes(path.read_bytes()[:-1])
    other.replace(path)
    office.publish(KITA, corpus="bund")
    verifier.add(office.opened("bund").manifest)
    verifier.start()
    until(lambda: counted.segments)
    verifier.close()

    assert refused.errors == {}


def test_closing_does_not_wait_for_a_large_segment(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verifying, "_BYTES_PER_SECOND", 1.0)
    office.publish(PASS)
    before = time.monotonic()
    with running(office, Refused()) as verifier:
        verifier.add(office.opened().manifest)
        time.sleep(0.05)

    assert time.monotonic() - before < 10


def test_reading_takes_its_time(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.publish(PASS)
    [part] = office.opened().manifest.segments
    size = sum((office.folders.segments / part.id / name).stat().st_size for name in part.checksums)
    monkeypatch.setattr(verifying, "_BYTES_PER_SECOND", size / 0.5)
    counted = Counted(monkeypatch)
    before = time.monotonic()
    with running(office, Refused()) as verifier:
        verifier.add(office.opened().manifest)
        until(lambda: counted.segments)

    assert time.monotonic() - before >= 0.45


def test_a_shelf_that_is_verified_drops_what_rotted_until_it_is_built_anew(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelf, "_FRESH_SECONDS", 0.0)
    office.publish(PASS)
    office.publish(KITA, corpus="bund")
    [part] = office.opened().manifest.segments
    rot(office.folders.segments / part.id / ARRAYS)

    def damaged() -> bool:
        try:
            office.shelf.snapshot("stadt")
        except SnapshotCorrupt as error:
            return f"{part.id}/{ARRAYS} is damaged" in str(error)
        return False

    assert not damaged()
    with verifying.verifying(office.shelf, office.folders.segments):
        office.shelf.snapshot("bund")
        # Opened before anything was told, it is told of with the next revision.
        office.publish(page("hund"))
        until(damaged)
        assert office.shelf.snapshot("bund") is not None
        monkeypatch.setattr(shelf, "_REFUSED_SECONDS", 0.0)
        assert damaged()
        office.publish(page("wolf"))
        assert not damaged()

    assert office.served().keys() == {"pass", "hund", "wolf"}
