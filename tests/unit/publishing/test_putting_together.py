"""Small segments are put together after a publication, and whatever goes wrong then, it stays published."""

import os
import random
from collections.abc import Callable
from typing import Any

import faiss
import numpy as np
import pytest

from assistant.publishing import folders
from assistant.publishing.publisher import Publisher
from corpora.documents import Document
from corpora.store import CorpusStore
from retrieval import snapshot
from retrieval.integrity import RECORD
from retrieval.segment import ARRAYS
from retrieval.snapshot import Manifest, SegmentEntry
from tests.fakes import Office, found, page

BASE = [page(f"seite-{n:03}", f"Text der Seite {n}") for n in range(200)]


def new(number: int) -> Document:
    return page(f"neu-{number}", f"Neuer Text {number}")


def parts(office: Office) -> tuple[SegmentEntry, ...]:
    return office.opened().manifest.segments


def full(office: Office) -> dict[str, str]:
    """What the store says that the current revision says."""
    current = office.store.current("stadt")
    assert current is not None
    return {document.id: document.body for document in office.store.documents("stadt", current.number)}


@pytest.fixture
def nearly(office: Office) -> Office:
    """A large segment and three small ones: the next publication puts them together."""
    office.publish(*BASE)
    for number in range(3):
        office.publish(new(number))
    assert [part.documents for part in parts(office)] == [200, 1, 1, 1]
    return office


def test_what_is_put_together_is_the_same_revision_in_fewer_pieces(nearly: Office) -> None:
    number = nearly.publish(new(3))

    assert number == 5
    assert [part.documents for part in parts(nearly)] == [200, 4]
    assert nearly.served() == full(nearly)
    assert nearly.opened().manifest.revision == 5
    assert [revision.number for revision in nearly.store.history("stadt")] == [5, 4, 3, 2, 1]


def test_the_revision_that_is_returned_names_the_manifest_that_serves_it(nearly: Office) -> None:
    _, revision = nearly.publisher.import_documents("stadt", [new(3)], publish=True)

    assert revision == nearly.store.current("stadt")


def test_putting_together_embeds_nothing_and_leaves_the_large_segment_alone(nearly: Office) -> None:
    large = parts(nearly)[0]
    folder = nearly.folders.segments / large.id
    before = {path: path.stat().st_ctime_ns for path in folder.iterdir()}
    nearly.embedder.embedded.clear()
    nearly.publish(new(3))

    assert len(nearly.embedder.embedded) == 2
    assert parts(nearly)[0] == large
    assert {path: path.stat().st_ctime_ns for path in folder.iterdir()} == before


def test_the_revision_is_searchable_before_anything_is_put_together(
    nearly: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    build = snapshot.build
    seen: list[tuple[int, str]] = []

    def watched(folder: Any, entries: Any, *rest: Any) -> SegmentEntry:
        current = nearly.store.current("stadt")
        assert current is not None
        if len(entries) > 1:
            seen.append((current.number, found([nearly.opened()], "Neuer Text 3")[0].document.id))
        return build(folder, entries, *rest)

    monkeypatch.setattr(snapshot, "build", watched)
    nearly.publish(new(3))

    assert seen == [(5, "neu-3")]


def test_a_segment_of_which_most_was_removed_is_written_anew(office: Office) -> None:
    office.publish(*BASE)
    for document in BASE[:100]:
        office.publisher.remove("stadt", document.id)
    office.publisher.publish("stadt")
    assert [(part.documents, len(part.removed)) for part in parts(office)] == [(200, 100)]

    office.publisher.remove("stadt", BASE[100].id)
    revision = office.publisher.publish("stadt")
    assert [(part.documents, part.removed) for part in parts(office)] == [(99, ())]
    assert (revision.number, revision.documents) == (3, 99)
    assert office.served() == {document.id: document.body for document in BASE[101:]}


def fail_to_build(monkeypatch: pytest.MonkeyPatch, office: Office) -> None:
    build = snapshot.build

    def broken(folder: Any, entries: Any, *rest: Any) -> SegmentEntry:
        if len(entries) > 1:
            raise OSError(28, "No space left on device")
        return build(folder, entries, *rest)

    monkeypatch.setattr(snapshot, "build", broken)


def fail_in_faiss(monkeypatch: pytest.MonkeyPatch, office: Office) -> None:
    train = faiss.IndexFlatIP.add

    def broken(index: Any, rows: Any) -> None:
        if len(rows) > 1:
            raise RuntimeError("Error in faiss: could not allocate")
        train(index, rows)

    monkeypatch.setattr(faiss.IndexFlatIP, "add", broken)


def fail_for_memory(monkeypatch: pytest.MonkeyPatch, office: Office) -> None:
    stack = snapshot.segment.np.stack

    def broken(rows: Any, *rest: Any) -> Any:
        return np.ones(1 << 60, dtype=np.int8) if len(office.store.history("stadt")) == 5 else stack(rows)

    monkeypatch.setattr(snapshot.segment.np, "stack", broken)


def fail_to_write(monkeypatch: pytest.MonkeyPatch, office: Office) -> None:
    write = snapshot.write_manifest

    def broken(folder: Any, manifest: Manifest) -> str:
        if len(manifest.segments) == 2:
            raise OSError(28, "No space left on device")
        return write(folder, manifest)

    monkeypatch.setattr(snapshot, "write_manifest", broken)


def fail_to_point(monkeypatch: pytest.MonkeyPatch, office: Office) -> None:
    def broken(*_arguments: Any) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(CorpusStore, "point", broken)


def fail_by_damage(monkeypatch: pytest.MonkeyPatch, office: Office) -> None:
    """Damages a small segment after the publication has looked at it."""
    commit = CorpusStore.commit
    victim = office.folders.segments / parts(office)[1].id

    def damaging(self: CorpusStore, *arguments: Any) -> Any:
        content = (victim / ARRAYS).read_bytes()
        (victim / ARRAYS).unlink()
        (victim / ARRAYS).write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
        return commit(self, *arguments)

    monkeypatch.setattr(CorpusStore, "commit", damaging)


FAILURES: list[Callable[[pytest.MonkeyPatch, Office], None]] = [
    fail_to_build, fail_to_write, fail_to_point, fail_in_faiss, fail_for_memory, fail_by_damage
]  # fmt: skip


@pytest.mark.parametrize("fail", FAILURES[:-1])
def test_a_revision_is_served_although_it_could_not_be_put_together(
    nearly: Office, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, fail: Callable[..., None]
) -> None:
    with monkeypatch.context() as broken:
        fail(broken, nearly)
        _, revision = nearly.publisher.import_documents("stadt", [new(3)], publish=True)

    assert revision == nearly.store.current("stadt")
    assert "the segments of stadt could not be put together" in caplog.text
    assert [part.documents for part in parts(nearly)] == [200, 1, 1, 1, 1]
    assert found([nearly.opened()], "Neuer Text 3")[0].document.id == "neu-3"
    assert nearly.served() == full(nearly)


@pytest.mark.parametrize("fail", FAILURES)
def test_after_a_failure_the_next_publication_puts_everything_right(
    nearly: Office, monkeypatch: pytest.MonkeyPatch, fail: Callable[..., None]
) -> None:
    with monkeypatch.context() as broken:
        fail(broken, nearly)
        assert nearly.publish(new(3)) == 5
    assert nearly.publish(new(4)) == 6

    assert len(parts(nearly)) <= 2
    assert nearly.served() == full(nearly) == {one.id: one.body for one in [*BASE, *map(new, range(5))]}
    nearly.publisher.sweep()
    kept = {path.name for path in nearly.folders.segments.iterdir()}
    assert {part.id for part in parts(nearly)} <= kept


def test_damage_does_not_get_a_right_checksum_by_being_put_together(
    nearly: Office, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    victim = parts(nearly)[1].id
    with monkeypatch.context() as broken:
        fail_by_damage(broken, nearly)
        nearly.publish(new(3))

    assert f"{victim}/{ARRAYS} is damaged" in caplog.text
    assert not (nearly.folders.segments / victim / RECORD).exists()


def test_a_crash_while_putting_together_leaves_the_revision(nearly: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def dying(*_arguments: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(CorpusStore, "point", dying)
        with pytest.raises(KeyboardInterrupt):
            nearly.publish(new(3))

    assert nearly.served() == full(nearly)
    assert "neu-3" in nearly.served()
    assert nearly.publish(new(4)) == 6
    assert nearly.served() == full(nearly)


def test_a_publication_reads_no_large_segment(nearly: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    large = nearly.folders.segments / parts(nearly)[0].id
    read: list[str] = []
    seen = snapshot.integrity._seen

    def watched(path: Any, *rest: Any) -> Any:
        read.append(path.parent.name)
        return seen(path, *rest)

    monkeypatch.setattr(snapshot.integrity, "_seen", watched)
    for number in range(3, 9):
        nearly.publish(page("seite-007", f"Geändert {number}"), new(number))

    assert large.name not in read
    assert nearly.served() == full(nearly)


@pytest.mark.parametrize("seed", range(3))
def test_whatever_is_published_the_index_says_what_the_store_says(office: Office, seed: int) -> None:
    dice = random.Random(seed)
    publisher: Publisher = office.publisher
    office.publish(*BASE[:30])
    for step in range(60):
        match dice.randrange(5):
            case 0 if full(office):
                publisher.remove("stadt", dice.choice(sorted(full(office))))
                publisher.publish("stadt")
            case 1:
                current = office.store.current("stadt")
                assert current is not None
                publisher.rollback("stadt", dice.randint(1, current.number))
            case 2:
                office.publish(*(page(one.id, f"Stand {step}") for one in dice.sample(BASE, dice.randint(1, 20))))
            case _:
                office.publish(new(step))
        assert office.served() == full(office)
        assert len(parts(office)) <= 9
    publisher.sweep()
    assert office.served() == full(office)


def manifests(office: Office) -> list[str]:
    return sorted(path.name for path in (office.folders.snapshots / "stadt").iterdir())


def whole(office: Office, names: list[str]) -> bool:
    """Whether every segment that these manifests name is there."""
    named = [snapshot.read_manifest(office.folders.snapshots / "stadt" / name).segments for name in names]
    return all((office.folders.segments / part.id).is_dir() for parts_ in named for part in parts_)


def test_what_was_put_together_stays_in_its_pieces_for_some_minutes(
    nearly: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    nearly.publish(new(3))
    before = [name for name in manifests(nearly) if name.startswith(("5-", "4-"))]
    assert len(before) == 3
    nearly.publisher.sweep()
    assert manifests(nearly) == before
    assert whole(nearly, before)

    monkeypatch.setattr(folders, "_SPARED_SECONDS", 0)
    nearly.publisher.sweep()
    assert len(manifests(nearly)) == 2
    assert whole(nearly, manifests(nearly))
    assert nearly.served() == full(nearly)


def test_what_was_built_anew_leaves_what_it_was_for_some_minutes_however_old(office: Office) -> None:
    office.publish(*BASE[:3])
    before = manifests(office)
    for path in (office.folders.snapshots / "stadt").iterdir():
        os.utime(path, (1, 1))
    office.publisher.publish("stadt", rebuild=True)
    office.publisher.sweep()
    assert {*before} < {*manifests(office)}
    assert whole(office, manifests(office))

    for path in (office.folders.snapshots / "stadt").iterdir():
        os.utime(path, (1, 1))
    office.publisher.sweep()
    assert len(manifests(office)) == 1
    assert not {*before} & {*manifests(office)}
    assert whole(office, manifests(office))


def test_an_erasure_spares_nothing_of_its_corpus(nearly: Office) -> None:
    nearly.publish(new(3))
    nearly.publisher.erase("stadt", "neu-3")

    assert len(manifests(nearly)) == 1
    assert {path.name for path in nearly.folders.segments.iterdir()} == {part.id for part in parts(nearly)}
    assert nearly.files_with("Neuer Text 3") == []
