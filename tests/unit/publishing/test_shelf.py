from pathlib import Path

import pytest

from assistant.publishing import shelf
from assistant.publishing.shelf import Shelf
from corpora.errors import UnknownCorpus
from retrieval.errors import SnapshotCorrupt, SnapshotForeign
from retrieval.segment import ARRAYS
from tests.fakes import FakeEmbedder, Office, page
from tests.unit.publishing.passports import DEARER, PASS, said


def newest_segment(office: Office) -> Path:
    return office.folders.segments / office.opened().manifest.segments[-1].id


def test_before_the_first_publication_there_is_no_snapshot(office: Office) -> None:
    office.publisher.import_documents("stadt", [PASS])

    assert office.shelf.snapshot("stadt") is None


def test_a_corpus_that_is_not_there_is_refused_by_name(office: Office) -> None:
    with pytest.raises(UnknownCorpus, match="no corpus named land"):
        office.shelf.snapshot("land")


@pytest.mark.usefixtures("watchful")
def test_the_first_publication_is_seen(office: Office) -> None:
    office.publisher.import_documents("stadt", [PASS])
    before = office.shelf.snapshot("stadt")
    office.publisher.publish("stadt")

    assert (said(before), said(office.shelf.snapshot("stadt"))) == (None, PASS.body)


@pytest.mark.usefixtures("watchful")
def test_a_publication_is_followed(office: Office) -> None:
    office.publish(PASS)
    held = office.shelf.snapshot("stadt")
    office.publish(DEARER)

    assert said(office.shelf.snapshot("stadt")) == DEARER.body
    assert said(held) == PASS.body


@pytest.mark.usefixtures("watchful")
def test_a_rollback_is_followed(office: Office) -> None:
    office.publish(PASS)
    office.publish(DEARER)
    office.shelf.snapshot("stadt")
    office.publisher.rollback("stadt", 1)

    assert said(office.shelf.snapshot("stadt")) == PASS.body


@pytest.mark.usefixtures("watchful")
def test_an_erasure_is_followed(office: Office) -> None:
    office.publish(PASS, page("kita", "Text"))
    office.shelf.snapshot("stadt")
    office.publisher.erase("stadt", "pass")

    assert said(office.shelf.snapshot("stadt")) is None


@pytest.mark.usefixtures("watchful")
@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize("later", [False, True])
def test_what_was_erased_is_not_served_on_where_the_new_index_cannot_be_opened(
    office: Office, times: int, later: bool
) -> None:
    office.publish(PASS, page("kita", "Text"), page("hund", "Text"))
    if times == 2:
        office.publisher.erase("stadt", "kita")
    assert said(office.shelf.snapshot("stadt")) == PASS.body
    office.publisher.erase("stadt", "pass")
    if later:
        office.publish(page("wolf", "Text"))
    (newest_segment(office) / ARRAYS).write_bytes(b"torn")

    for _ in range(2):
        with pytest.raises(SnapshotCorrupt, match="amtslotse corpus publish stadt --rebuild"):
            office.shelf.snapshot("stadt")
    office.publisher.publish("stadt", rebuild=True)
    assert said(office.shelf.snapshot("stadt")) is None


@pytest.mark.usefixtures("watchful")
def test_a_snapshot_without_what_was_erased_is_served_on(office: Office) -> None:
    office.publish(page("kita", "Text"))
    office.publish(PASS, replace=True)
    assert said(office.shelf.snapshot("stadt")) == PASS.body
    office.publisher.erase("stadt", "kita")
    (newest_segment(office) / ARRAYS).write_bytes(b"torn")

    assert said(office.shelf.snapshot("stadt")) == PASS.body


@pytest.mark.usefixtures("watchful")
def test_a_snapshot_is_opened_once_while_nothing_is_published(office: Office) -> None:
    office.publish(PASS)

    assert office.shelf.snapshot("stadt") is office.shelf.snapshot("stadt")


def test_within_its_time_the_store_is_not_asked_again(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "_FRESH_SECONDS", 3600.0)
    office.publish(PASS)
    office.shelf.snapshot("stadt")
    office.publish(DEARER)

    assert said(office.shelf.snapshot("stadt")) == PASS.body


@pytest.mark.usefixtures("watchful")
@pytest.mark.parametrize("damage", ["torn", "missing", "manifest"])
def test_the_good_snapshot_is_served_on_when_the_new_one_is_damaged(
    office: Office, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    office.publish(PASS)
    office.shelf.snapshot("stadt")
    office.publish(DEARER)
    revision = office.store.current("stadt")
    assert revision is not None
    if damage == "torn":
        (newest_segment(office) / ARRAYS).write_bytes(b"torn")
    elif damage == "missing":
        (newest_segment(office) / ARRAYS).unlink()
    else:
        office.folders.manifest("stadt", revision).write_text("{")

    assert said(office.shelf.snapshot("stadt")) == PASS.body
    assert said(office.shelf.snapshot("stadt")) == PASS.body
    assert [record.getMessage() for record in caplog.records] == ["stadt is served on from an older revision than 2"]


@pytest.mark.usefixtures("watchful")
def test_a_damaged_snapshot_is_taken_up_once_it_is_mended(office: Office) -> None:
    office.publish(PASS)
    office.shelf.snapshot("stadt")
    office.publish(DEARER)
    (newest_segment(office) / ARRAYS).write_bytes(b"torn")
    office.shelf.snapshot("stadt")
    office.publisher.publish("stadt", rebuild=True)

    assert said(office.shelf.snapshot("stadt")) == DEARER.body


def test_a_damaged_snapshot_without_a_good_one_before_is_refused(office: Office) -> None:
    office.publish(PASS)
    (newest_segment(office) / ARRAYS).write_bytes(b"torn")

    with pytest.raises(SnapshotCorrupt, match="amtslotse corpus publish stadt --rebuild"):
        office.shelf.snapshot("stadt")


def test_a_snapshot_of_another_embedder_is_refused(office: Office) -> None:
    office.publish(PASS)
    foreign = Shelf(office.store, office.folders, FakeEmbedder("other"), office.centres)

    with pytest.raises(SnapshotForeign, match="amtslotse corpus publish stadt --rebuild"):
        foreign.snapshot("stadt")


def test_layers_come_in_the_order_asked_for_without_what_was_never_published(office: Office) -> None:
    office.publish(PASS)
    office.publish(DEARER, corpus="bund")
    office.publisher.import_documents("land", [PASS])

    layers = office.shelf.layers(("bund", "land", "stadt"))
    assert [layer.manifest.corpus for layer in layers] == ["bund", "stadt"]
