"""Erasing documents, and sweeping what no revision needs."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import insert

from corpora.chunking import entry
from corpora.errors import UnknownDocument
from corpora.revisions import Changes
from corpora.tables import locks
from retrieval.integrity import RECORD
from retrieval.segment import ARRAYS
from retrieval.snapshot import read_manifest
from tests.fakes import CrashingStore, Office, document_of, found, page

SECRET = "Zwölfender"
PASS = page("pass", "Er kostet 70 Euro.", "Reisepass")
KITA = page("kita", "Ein Platz kostet nichts.", "Kita")
BAD = page("panne", f"Herr {SECRET} wohnt hier.", f"Fall {SECRET}", keywords=(f"{SECRET}s",))


def files(office: Office) -> set[Path]:
    folders = (office.folders.segments, office.folders.snapshots)
    return {path for folder in folders for path in folder.rglob("*") if path.is_file()}


def needed(office: Office, corpus: str, *, revisions: int) -> set[Path]:
    paths = [office.folders.manifest(corpus, r) for r in office.store.history(corpus)[:revisions]]
    parts = [part for path in paths for part in read_manifest(path).segments]
    folders = {part.id: (RECORD, *part.checksums) for part in parts}
    return {*paths, *(office.folders.segments / one / name for one, names in folders.items() for name in names)}


def test_the_search_for_bytes_finds_what_was_not_erased(office: Office) -> None:
    office.publish(PASS, BAD)

    assert {path.name for path in office.files_with(SECRET)} >= {ARRAYS}


def test_erased_text_is_in_no_file_of_the_data_directory(office: Office) -> None:
    office.publish(PASS, BAD)
    office.publish(page("panne", f"Frau {SECRET} wohnt hier."), KITA)
    office.publisher.import_documents("stadt", [page("panne", f"Niemand {SECRET} mehr.")])
    office.publisher.erase("stadt", "panne")

    assert office.files_with(SECRET) == []


def test_erased_text_is_gone_from_an_index_that_held_it_as_removed(office: Office) -> None:
    office.publish(PASS, BAD)
    office.publisher.remove("stadt", "panne")
    office.publisher.publish("stadt")
    office.publisher.erase("stadt", "panne")

    assert [path for path in office.files_with(SECRET) if path in files(office)] == []
    assert office.served() == {"pass": PASS.body}


def test_the_revision_is_served_on_without_the_erased_document(office: Office) -> None:
    office.publish(PASS, BAD)
    revision = office.publisher.erase("stadt", "panne")

    assert revision is not None
    assert (revision.number, revision.documents, revision.redacted) == (1, 1, True)
    assert office.served() == {"pass": PASS.body}
    assert SECRET not in str(found([office.opened()], f"Wo wohnt Herr {SECRET}?"))


def test_rolling_back_does_not_bring_an_erased_document_back(office: Office) -> None:
    office.publish(PASS, BAD)
    office.publish(PASS, KITA, replace=True)
    office.publisher.erase("stadt", "panne")
    office.publisher.rollback("stadt", 1)

    assert office.served() == {"pass": PASS.body}


def test_what_waits_in_the_draft_waits_on(office: Office) -> None:
    office.publish(PASS, BAD)
    office.publisher.import_documents("stadt", [KITA])
    office.publisher.erase("stadt", "panne")

    assert office.store.changes("stadt") == Changes(added=("kita",))
    assert office.served() == {"pass": PASS.body}


def test_a_document_that_only_the_draft_has_can_be_erased(office: Office) -> None:
    office.publisher.import_documents("stadt", [PASS, BAD])

    assert office.publisher.erase("stadt", "panne") is None
    assert office.store.changes("stadt") == Changes(added=("pass",))
    assert office.files_with(SECRET) == []


def test_the_last_document_can_be_erased(office: Office) -> None:
    office.publish(BAD)
    office.publisher.erase("stadt", "panne")

    assert office.served() == {}
    assert office.files_with(SECRET) == []


def test_the_vectors_of_erased_text_are_forgotten(office: Office) -> None:
    office.publish(PASS, BAD)
    office.publisher.erase("stadt", "panne")
    office.embedder.embedded.clear()
    office.publish(BAD, corpus="land")

    assert sorted(office.embedder.embedded) == sorted([BAD.title, entry(BAD).passages[0].embedded])


def test_the_same_document_of_another_corpus_stays(office: Office) -> None:
    office.publish(PASS, BAD)
    office.publish(PASS, corpus="land")
    office.publisher.erase("stadt", "pass")

    assert office.served("land") == {"pass": PASS.body}
    assert office.served("stadt") == {"panne": BAD.body}


def test_who_holds_a_snapshot_can_read_it_to_the_end(office: Office) -> None:
    office.publish(PASS, BAD)
    held = office.opened()
    office.publisher.erase("stadt", "panne")

    assert document_of(held, "pass") == PASS
    assert [hit.document for hit in found([held], "Reisepass", top=1)] == [PASS]


def test_a_document_that_is_not_there_cannot_be_erased(office: Office) -> None:
    office.publish(PASS)

    with pytest.raises(UnknownDocument, match="no document panne in any revision"):
        office.publisher.erase("stadt", "panne")
    assert office.served() == {"pass": PASS.body}


def test_an_erasure_that_was_stopped_can_be_done_again(office: Office) -> None:
    def stop(stage: str, _done: int, _of: int) -> None:
        if stage == "index":
            raise KeyboardInterrupt

    office.publish(PASS, BAD)
    with pytest.raises(KeyboardInterrupt):
        office.publisher.erase("stadt", "panne", progress=stop)
    office.publisher.erase("stadt", "panne")

    assert office.files_with(SECRET) == []
    assert office.served() == {"pass": PASS.body}


def test_a_sweep_takes_what_a_crash_left(office: Office) -> None:
    office.publish(PASS)
    office.publisher.import_documents("stadt", [KITA])
    before = files(office)
    with pytest.raises(KeyboardInterrupt):
        office.publishing(CrashingStore(office.engine)).publish("stadt")
    assert files(office) > before

    assert office.publisher.sweep() == 2
    assert files(office) == before


def test_a_sweep_takes_what_was_half_written(office: Office) -> None:
    office.publish(PASS)
    before = files(office)
    half = office.folders.segments / ".0123"
    half.mkdir()
    (half / "owners.npy").write_bytes(b"torn")
    (office.folders.snapshots / "stadt" / "2-0123.new").write_bytes(b"{")

    assert office.publisher.sweep() == 2
    assert files(office) == before


def test_a_sweep_keeps_the_current_revision_and_the_one_before(office: Office) -> None:
    office.publish(PASS)
    office.publish(KITA, replace=True)
    office.publish(BAD, replace=True)
    office.publish(PASS, corpus="land")
    office.publisher.sweep()

    assert files(office) == needed(office, "stadt", revisions=2) | needed(office, "land", revisions=1)
    assert (office.served(), office.served("land")) == ({"panne": BAD.body}, {"pass": PASS.body})


def test_a_sweep_of_nothing_takes_nothing(office: Office) -> None:
    assert office.publisher.sweep() == 0


def test_a_sweep_passes_over_a_manifest_that_cannot_be_read(office: Office) -> None:
    office.publish(PASS)
    office.publish(PASS, corpus="land")
    revision = office.store.current("land")
    assert revision is not None
    office.folders.manifest("land", revision).write_text('{"format": 1}')
    office.publisher.sweep()

    assert office.served() == {"pass": PASS.body}


def test_a_sweep_finds_nothing_twice(office: Office) -> None:
    for one in (PASS, KITA, BAD):
        office.publish(one, replace=True)

    assert [office.publisher.sweep() > 0, office.publisher.sweep()] == [True, 0]


def test_an_erasure_takes_every_older_index_of_its_corpus(office: Office) -> None:
    office.publish(PASS, BAD)
    office.publish(KITA)
    office.publish(PASS, corpus="land")
    office.publisher.erase("stadt", "panne")

    assert files(office) == needed(office, "stadt", revisions=1) | needed(office, "land", revisions=1)


def test_a_sweep_leaves_alone_what_another_publication_is_writing(office: Office) -> None:
    swept: list[int] = []

    def meanwhile(stage: str, done: int, _of: int) -> None:
        if stage == "index" and done:
            swept.append(office.publisher.sweep())

    office.publish(PASS)
    office.publisher.import_documents("land", [KITA], publish=True, progress=meanwhile)

    assert swept == [0]
    assert office.served("land") == {"kita": KITA.body}


def test_an_erasure_leaves_alone_what_another_publication_is_writing(office: Office) -> None:
    def meanwhile(stage: str, done: int, _of: int) -> None:
        if stage == "index" and done:
            office.publisher.erase("stadt", "panne")

    office.publish(PASS, BAD)
    office.publisher.import_documents("land", [KITA], publish=True, progress=meanwhile)

    assert office.served("land") == {"kita": KITA.body}
    assert office.served("stadt") == {"pass": PASS.body}


def test_the_lock_of_a_dead_process_keeps_no_sweep_from_its_work(office: Office) -> None:
    for one in (PASS, KITA, BAD):
        office.publish(one, replace=True)
    with office.engine.begin() as connection:
        connection.execute(
            insert(locks).values(corpus="stadt", holder="gone:1:1", taken_at=datetime(2026, 1, 1, tzinfo=UTC))
        )

    assert office.publisher.sweep() > 0
