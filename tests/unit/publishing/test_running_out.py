"""A service that has opened as many files as it may."""

import logging
import weakref
from dataclasses import replace

import pytest

from assistant.cli import serve
from assistant.publishing import shelf, verifying
from assistant.publishing.shelf import Shelf
from retrieval import snapshot
from retrieval.errors import SnapshotUnreadable
from retrieval.segment import ARRAYS
from retrieval.snapshot import Manifest
from tests.descriptors import allowed, lowest_free
from tests.fakes import Office, page
from tests.unit.publishing.passports import DEARER, PASS, said
from tests.unit.publishing.test_verifying import Refused, running, until

KITA = page("kita", "Ein Platz kostet nichts.", "Kita")


def places(office: Office, count: int) -> list[str]:
    """So many corpora of two segments each."""
    office.publish(PASS, corpus="vorlage")
    office.publish(KITA, corpus="vorlage")
    manifest = office.opened("vorlage").manifest
    names = [f"ort-{number}" for number in range(count)]
    for name in names:
        office.store.draft(name, [PASS])
        checksum = snapshot.write_manifest(office.folders.snapshots, replace(manifest, corpus=name, revision=1))
        office.store.commit(name, 1, checksum, "copied")
    return names


def fresh(office: Office, **limits: int) -> Shelf:
    return Shelf(office.store, office.folders, office.embedder, office.centres, **limits)  # type: ignore[arg-type]


def test_more_corpora_than_there_are_descriptors_for_can_all_be_asked(office: Office) -> None:
    names = places(office, 40)
    room = lowest_free() + 40
    # A segment keeps five.
    assert room < 5 * 2 * len(names)
    with allowed(room):
        scarce = fresh(office)
        for _ in range(2):
            assert {said(scarce.snapshot(name)) for name in names} == {PASS.body}
            assert len(office.store.states()) == 41
            (office.data_dir / "another file").write_bytes(b"can be opened too")


def test_segments_are_counted_and_not_snapshots(office: Office) -> None:
    names = places(office, 3)
    narrow = fresh(office, most=4)
    first, second = (weakref.ref(narrow.layers((name,))[0]) for name in names[:2])
    assert first() is not None
    narrow.snapshot(names[2])

    assert first() is None
    assert second() is not None


def test_layers_of_more_segments_than_may_be_open_are_handed_out(office: Office) -> None:
    names = places(office, 3)
    layers = fresh(office, most=2).layers(tuple(names))

    assert [layer.manifest.corpus for layer in layers] == names
    assert {said(layer) for layer in layers} == {PASS.body}


@pytest.mark.usefixtures("watchful")
def test_what_cannot_be_opened_for_want_of_descriptors_is_opened_when_there_are_some(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelf, "_UNREAD_SECONDS", 3600.0)
    office.publish(PASS)
    for more in range(5):
        scarce = fresh(office)
        with allowed(more), pytest.raises(SnapshotUnreadable, match="cannot be read now"):
            scarce.snapshot("stadt")
        with pytest.raises(SnapshotUnreadable, match="cannot be read now"):
            scarce.snapshot("stadt")
        with monkeypatch.context() as later:
            later.setattr(shelf, "_UNREAD_SECONDS", 0.0)
            assert said(scarce.snapshot("stadt")) == PASS.body


@pytest.mark.usefixtures("watchful")
@pytest.mark.parametrize("more", range(5))
def test_for_want_of_descriptors_the_older_snapshot_is_served_on(office: Office, more: int) -> None:
    office.publish(PASS)
    office.shelf.snapshot("stadt")
    office.publish(DEARER)
    with allowed(more):
        assert said(office.shelf.snapshot("stadt")) == PASS.body


def test_for_want_of_descriptors_nothing_healthy_is_refused_and_it_is_verified_later(
    office: Office, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    office.publish(PASS)
    manifest = office.opened().manifest
    monkeypatch.setattr(verifying, "_AGAIN_SECONDS", 0.01)
    refused, verified = Refused(), []
    verify = snapshot.verify

    def watched(asked: Manifest, *rest: object) -> None:
        verify(asked, *rest)  # type: ignore[arg-type]
        verified.append(asked.segments[0].id)

    monkeypatch.setattr(snapshot, "verify", watched)
    with running(office, refused) as verifier:
        with allowed(0):
            verifier.add(manifest)
            until(lambda: len(caplog.records) >= 2)
        until(lambda: verified)

    assert refused.errors == {}
    assert verified == [manifest.segments[0].id]
    assert {record.levelno for record in caplog.records} == {logging.WARNING}
    assert "a segment of stadt could not be verified" in caplog.text
    assert "Too many open files" in caplog.text


@pytest.mark.parametrize("first", [True, False])
def test_a_path_that_the_system_refuses_stops_neither_a_question_nor_the_verifying(office: Office, first: bool) -> None:
    office.publish(PASS)
    manifest = office.opened().manifest
    strange = replace(manifest.segments[0], id="x" * 300)
    parts = (strange, *manifest.segments) if first else (*manifest.segments, strange)
    refused = Refused()
    with running(office, refused) as verifier:
        verifier.add(replace(manifest, segments=parts))
        until(lambda: verifier._unread)
        office.publish(KITA, corpus="bund")
        later = office.opened("bund").manifest
        verifier.add(later)
        until(lambda: later.segments[0].id in verifier._verified)

        assert manifest.segments[0].id in verifier._verified
    assert refused.errors == {}


def test_a_sweep_deletes_nothing_while_a_manifest_cannot_be_read(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    for one in (PASS, KITA, DEARER):
        office.publish(one, replace=True)
    revision = office.store.current("stadt")
    assert revision is not None
    path = office.folders.manifest("stadt", revision)
    aside = path.rename(path.with_name("aside"))
    # A link that leads to itself cannot be read, and is not missing.
    path.symlink_to(path)
    before = {one for one in office.data_dir.rglob("*") if one.is_file()}

    assert office.publisher.sweep() == 0
    assert "nothing is swept" in caplog.text
    path.unlink()
    aside.rename(path)
    assert {one for one in office.data_dir.rglob("*") if one.is_file()} == before - {aside} | {path}
    assert office.publisher.sweep() > 0
    assert office.served() == {"pass": DEARER.body}


def unreadable(office: Office) -> None:
    """Puts a link that leads to itself in the place of a segment's file."""
    path = office.folders.segments / office.opened().manifest.segments[0].id / ARRAYS
    path.unlink()
    path.symlink_to(path)


def test_an_index_that_cannot_be_read_is_not_taken_for_another_version(office: Office) -> None:
    office.publish(PASS)
    before = office.store.current("stadt")
    unreadable(office)
    office.publisher.renew("stadt")

    assert office.store.current("stadt") == before


def test_upon_an_index_that_cannot_be_read_nothing_is_built(office: Office) -> None:
    office.publish(PASS)
    unreadable(office)
    office.publish(KITA)

    assert office.served() == {"pass": PASS.body, "kita": KITA.body}


def test_the_service_may_open_as_many_files_as_the_machine_allows() -> None:
    with allowed(20):
        soft, hard = shelf.resource.getrlimit(shelf.resource.RLIMIT_NOFILE)
        assert soft < hard
        serve._raise_limit()

        assert shelf.resource.getrlimit(shelf.resource.RLIMIT_NOFILE) == (hard, hard)
