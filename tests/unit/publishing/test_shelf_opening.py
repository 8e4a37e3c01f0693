"""How the shelf opens snapshots side by side, shares them and closes them."""

import time
import weakref
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest

from assistant.publishing import shelf
from assistant.publishing.shelf import Shelf
from corpora.errors import UnknownCorpus
from retrieval import snapshot
from retrieval.errors import SnapshotCorrupt
from retrieval.segment import ARRAYS
from retrieval.snapshot import Manifest, Snapshot
from tests.fakes import Office, page
from tests.unit.publishing.passports import DEARER, PASS, said


def checked(found: Snapshot | None) -> Snapshot:
    assert found is not None
    return found


class Slowly:
    """Lets `open_snapshot` wait for chosen corpora, and counts what is opened."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *corpora: str) -> None:
        self.waiting = Event()
        self.go = Event()
        self.opened: list[tuple[str, int]] = []
        self._corpora = corpora
        self._open = snapshot.open_snapshot
        monkeypatch.setattr(snapshot, "open_snapshot", self)

    def __call__(self, manifest: Manifest, *rest: Any) -> Snapshot:
        if manifest.corpus in self._corpora:
            self.waiting.set()
            assert self.go.wait(20)
        self.opened.append((manifest.corpus, manifest.revision))
        return self._open(manifest, *rest)


def test_a_corpus_that_opens_slowly_delays_no_other(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.publish(PASS)
    office.publish(DEARER, corpus="bund")
    slowly = Slowly(monkeypatch, "bund")
    with ThreadPoolExecutor(1) as threads:
        slow = threads.submit(office.shelf.snapshot, "bund")
        assert slowly.waiting.wait(20)
        quick = said(office.shelf.snapshot("stadt"))
        pending = not slow.done()
        slowly.go.set()

        assert (quick, pending, said(slow.result(20))) == (PASS.body, True, DEARER.body)


@pytest.mark.usefixtures("watchful")
def test_while_one_opens_what_is_new_the_others_go_on_with_the_old(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.publish(PASS)
    office.shelf.snapshot("stadt")
    office.publish(DEARER)
    slowly = Slowly(monkeypatch, "stadt")
    with ThreadPoolExecutor(4) as threads:
        slow = threads.submit(office.shelf.snapshot, "stadt")
        assert slowly.waiting.wait(20)
        meanwhile = [threads.submit(office.shelf.snapshot, "stadt") for _ in range(20)]
        assert {said(one.result(20)) for one in meanwhile} == {PASS.body}
        slowly.go.set()

        assert said(slow.result(20)) == DEARER.body
    assert said(office.shelf.snapshot("stadt")) == DEARER.body
    assert slowly.opened == [("stadt", 2)]


def test_who_comes_before_the_first_snapshot_is_open_waits_for_it(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.publish(PASS)
    slowly = Slowly(monkeypatch, "stadt")
    with ThreadPoolExecutor(4) as threads:
        all_of_them = [threads.submit(office.shelf.snapshot, "stadt") for _ in range(4)]
        assert slowly.waiting.wait(20)
        slowly.go.set()

        assert len({id(one.result(20)) for one in all_of_them}) == 1
    assert slowly.opened == [("stadt", 1)]


def shelf_of(office: Office, **limits: float) -> Shelf:
    return Shelf(office.store, office.folders, office.embedder, office.centres, **limits)  # type: ignore[arg-type]


def test_the_snapshot_that_was_not_asked_for_longest_is_closed(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    for corpus in ("bund", "land", "stadt"):
        office.publish(PASS, corpus=corpus)
    narrow = shelf_of(office, most=2)
    slowly = Slowly(monkeypatch)
    held = narrow.snapshot("bund")
    for corpus in ("land", "bund", "stadt", "bund", "stadt", "land"):
        narrow.snapshot(corpus)

    assert [corpus for corpus, _ in slowly.opened] == ["bund", "land", "stadt", "land"]
    assert narrow.snapshot("bund") is not held
    assert said(held) == PASS.body


def test_layers_that_do_not_all_fit_are_handed_out_all_the_same(office: Office) -> None:
    for corpus in ("bund", "land", "stadt"):
        office.publish(PASS, corpus=corpus)
    layers = shelf_of(office, most=1).layers(("stadt", "land", "bund"))

    assert [layer.manifest.corpus for layer in layers] == ["stadt", "land", "bund"]
    assert {said(layer) for layer in layers} == {PASS.body}


def test_a_snapshot_that_nobody_asks_for_is_closed_when_others_are_looked_at(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.publish(PASS)
    office.publish(PASS, corpus="bund")
    # Whole seconds: what is added to them can be taken away again to the last bit.
    now = float(int(time.monotonic()))
    monkeypatch.setattr(shelf.time, "monotonic", lambda: now)
    patient = shelf_of(office, minutes=15)
    gone = weakref.ref(checked(patient.snapshot("stadt")))
    for minutes in (0, 14, 15):
        monkeypatch.setattr(shelf.time, "monotonic", lambda later=now + 60 * minutes: later)
        patient.snapshot("bund")
        assert gone() is not None
    monkeypatch.setattr(shelf.time, "monotonic", lambda: now + 60 * 15 + 2)
    patient.snapshot("bund")

    assert gone() is None
    assert said(patient.snapshot("stadt")) == PASS.body


def test_a_snapshot_that_nobody_asks_for_is_closed_where_nothing_is_asked(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.publish(PASS)
    now = float(int(time.monotonic()))
    monkeypatch.setattr(shelf.time, "monotonic", lambda: now)
    patient = shelf_of(office, minutes=15)
    gone = weakref.ref(checked(patient.snapshot("stadt")))
    monkeypatch.setattr(shelf.time, "monotonic", lambda: now + 60 * 15)
    patient.drop_unused()
    assert gone() is not None
    monkeypatch.setattr(shelf.time, "monotonic", lambda: now + 60 * 15 + 2)
    patient.check("stadt")
    patient.drop_unused()

    assert gone() is None


def test_names_that_nobody_has_take_no_place(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.publish(PASS)
    office.publisher.import_documents("entwurf", [PASS])
    narrow = shelf_of(office, most=1)
    slowly = Slowly(monkeypatch)
    for n in range(5):
        assert said(narrow.snapshot("stadt")) == PASS.body
        assert narrow.snapshot("entwurf") is None
        with pytest.raises(UnknownCorpus):
            narrow.snapshot(f"unbekannt-{n}")

    assert slowly.opened == [("stadt", 1)]


@pytest.mark.usefixtures("watchful")
def test_segments_that_stay_are_not_opened_again(office: Office) -> None:
    office.publish(PASS, page("kita", "Text"))
    first = checked(office.shelf.snapshot("stadt"))
    office.publish(page("hund", "Text"))
    second = checked(office.shelf.snapshot("stadt"))
    office.publish(DEARER)
    third = checked(office.shelf.snapshot("stadt"))

    assert second.segments[0] is first.segments[0]
    assert third.segments[1] is second.segments[1]
    assert third.segments[0] is not second.segments[0]
    assert (said(first), said(second), said(third)) == (PASS.body, PASS.body, DEARER.body)


@pytest.mark.usefixtures("watchful")
def test_what_is_damaged_is_not_read_again_for_every_question(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.publish(PASS)
    (office.folders.segments / office.opened().manifest.segments[-1].id / ARRAYS).write_bytes(b"torn")
    slowly = Slowly(monkeypatch)
    for _ in range(5):
        with pytest.raises(SnapshotCorrupt, match="amtslotse corpus publish stadt --rebuild"):
            office.shelf.snapshot("stadt")
    assert len(slowly.opened) == 1

    office.publisher.publish("stadt", rebuild=True)
    assert said(office.shelf.snapshot("stadt")) == PASS.body


@pytest.mark.usefixtures("watchful")
def test_what_is_damaged_is_tried_again_after_a_while(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.publish(PASS)
    path = office.folders.segments / office.opened().manifest.segments[-1].id / ARRAYS
    whole = path.read_bytes()
    path.write_bytes(b"torn")
    with pytest.raises(SnapshotCorrupt):
        office.shelf.snapshot("stadt")
    path.write_bytes(whole)
    with pytest.raises(SnapshotCorrupt):
        office.shelf.snapshot("stadt")
    monkeypatch.setattr(shelf, "_REFUSED_SECONDS", 0.0)

    assert said(office.shelf.snapshot("stadt")) == PASS.body


def test_a_snapshot_with_a_refused_segment_is_not_handed_out_any_more(office: Office) -> None:
    office.publish(PASS)
    office.publish(DEARER, corpus="bund")
    held = checked(office.shelf.snapshot("stadt"))
    office.shelf.snapshot("bund")
    office.shelf.refuse(held.manifest.segments[0].id, SnapshotCorrupt("This file is damaged."))

    with pytest.raises(SnapshotCorrupt, match=r"^This file is damaged\.$"):
        office.shelf.snapshot("stadt")
    assert said(office.shelf.snapshot("bund")) == DEARER.body
    assert said(held) == PASS.body


def test_a_refused_segment_is_handed_out_again_once_its_bytes_are_right(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.publish(PASS)
    held = checked(office.shelf.snapshot("stadt"))
    office.shelf.refuse(held.manifest.segments[0].id, SnapshotCorrupt("This file is damaged."))
    monkeypatch.setattr(shelf, "_REFUSED_SECONDS", 0.0)

    assert said(office.shelf.snapshot("stadt")) == PASS.body


@pytest.mark.usefixtures("watchful")
def test_a_segment_whose_bytes_were_found_right_is_not_doubted_any_more(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.publish(PASS)
    held = checked(office.shelf.snapshot("stadt"))
    read: list[str] = []
    seen = snapshot.integrity._seen

    def watched(path: Any, *rest: Any) -> Any:
        read.append(path.parent.name)
        return seen(path, *rest)

    monkeypatch.setattr(snapshot.integrity, "_seen", watched)
    part = held.manifest.segments[0].id
    office.shelf.refuse(part, SnapshotCorrupt("This file is damaged."))
    monkeypatch.setattr(shelf, "_REFUSED_SECONDS", 0.0)
    office.shelf.snapshot("stadt")
    assert part in read
    office.publish(page("kita", "Text"))
    read.clear()
    office.shelf.snapshot("stadt")

    assert part not in read


def test_a_check_opens_nothing_closes_nothing_and_is_no_use(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    for corpus in ("bund", "land", "stadt"):
        office.publish(PASS, corpus=corpus)
    narrow = shelf_of(office, most=1)
    held = narrow.snapshot("stadt")
    slowly = Slowly(monkeypatch)
    for corpus in ("bund", "land", "stadt"):
        narrow.check(corpus)

    assert slowly.opened == []
    assert narrow.snapshot("stadt") is held


def test_a_check_says_what_a_question_would_be_told_and_reads_what_is_damaged_once(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.publish(PASS)
    office.publisher.import_documents("entwurf", [PASS])
    office.shelf.check("entwurf")
    with pytest.raises(UnknownCorpus):
        office.shelf.check("land")
    (office.folders.segments / office.opened().manifest.segments[-1].id / ARRAYS).write_bytes(b"torn")
    read: list[str] = []
    seen = snapshot.integrity._seen

    def watched(path: Any, *rest: Any) -> Any:
        read.append(path.name)
        return seen(path, *rest)

    monkeypatch.setattr(snapshot.integrity, "_seen", watched)
    for ask in (*[office.shelf.check] * 3, office.shelf.snapshot):
        with pytest.raises(SnapshotCorrupt, match="amtslotse corpus publish stadt --rebuild"):
            ask("stadt")

    assert read == [ARRAYS]


def test_what_is_open_is_well_whatever_lies_on_the_disk(office: Office) -> None:
    office.publish(PASS)
    office.shelf.snapshot("stadt")
    (office.folders.segments / office.opened().manifest.segments[-1].id / ARRAYS).unlink()

    office.shelf.check("stadt")
    assert said(office.shelf.snapshot("stadt")) == PASS.body
