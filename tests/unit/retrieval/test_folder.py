from pathlib import Path

import numpy as np
import pytest

from corpora.documents import Entry, Passage
from retrieval.errors import SnapshotCorrupt, SnapshotForeign
from retrieval.folder import opened, write
from tests.fakes import FakeEmbedder, Office, document_of, entries, found, page

PASS = page("pass", "Der Reisepass kostet 70 Euro.", "Reisepass")
UNTITLED = page("zettel", "Die Kita ist gebührenfrei.", "x")


def test_what_was_written_can_be_opened(tmp_path: Path, embedder: FakeEmbedder) -> None:
    snapshot = opened(write(tmp_path, "stadt", entries(PASS), embedder), embedder)

    assert (snapshot.manifest.corpus, snapshot.manifest.revision) == ("stadt", 1)
    assert document_of(snapshot, "pass") == PASS


def test_an_index_of_nothing_can_be_opened(tmp_path: Path, embedder: FakeEmbedder) -> None:
    assert opened(write(tmp_path, "stadt", [], embedder), embedder).manifest.segments == ()


def test_a_folder_is_indexed_as_the_publisher_does_it(tmp_path: Path, office: Office) -> None:
    office.publish(PASS, UNTITLED)
    published = office.opened().segments[0]
    written = opened(write(tmp_path, "stadt", entries(PASS, UNTITLED), office.embedder), office.embedder).segments[0]
    numbers = np.arange(2, dtype=np.int64)

    np.testing.assert_allclose(written.dense.vectors(numbers), published.dense.vectors(numbers), atol=1e-3)


def test_a_passage_without_a_title_keeps_its_own_vector(tmp_path: Path, embedder: FakeEmbedder) -> None:
    bare = page("zettel", "Die Kita ist gebührenfrei.")
    passage = Passage("zettel", 0, "de", "", (), bare.body)
    snapshot = opened(write(tmp_path, "stadt", [Entry(bare, (passage,))], embedder), embedder)
    [vector] = snapshot.segments[0].dense.vectors(np.zeros(1, dtype=np.int64))

    np.testing.assert_allclose(vector, FakeEmbedder().passages([passage.embedded])[0], atol=1e-3)


def test_each_title_is_embedded_once(tmp_path: Path, embedder: FakeEmbedder) -> None:
    pieces = tuple(Passage("pass", place, "de", "Reisepass", (), f"Satz {place}.") for place in range(3))
    write(tmp_path, "stadt", [Entry(PASS, pieces)], embedder)

    assert embedder.embedded.count("Reisepass") == 1


def test_what_is_written_takes_the_place_of_what_was(tmp_path: Path, embedder: FakeEmbedder) -> None:
    held = opened(write(tmp_path, "stadt", entries(PASS), embedder), embedder)
    other = write(tmp_path, "land", entries(PASS), embedder)
    for number in range(3):
        manifest = write(tmp_path, "stadt", entries(page("kita", f"Stand {number}.", "Kita")), embedder)

    assert {*tmp_path.glob("snapshots/*/*")} == {manifest, other}
    needed = {part.id for path in (manifest, other) for part in opened(path, embedder).manifest.segments}
    assert {path.name for path in tmp_path.glob("segments/*")} == needed
    assert [hit.document.body for hit in found([opened(manifest, embedder)], "Stand")] == ["Stand 2."]
    assert document_of(held, "pass") == PASS


def test_writing_the_same_again_leaves_it_whole(tmp_path: Path, embedder: FakeEmbedder) -> None:
    write(tmp_path, "stadt", [], embedder)
    manifest = write(tmp_path, "stadt", [], embedder)

    assert opened(manifest, embedder).manifest.segments == ()


def test_a_parallel_version_without_passages_is_left_out(tmp_path: Path, embedder: FakeEmbedder) -> None:
    empty = page("pass-en", "", "Passport", "en", translation_of="pass")
    snapshot = opened(write(tmp_path, "stadt", [*entries(PASS), Entry(empty, ())], embedder), embedder)

    assert snapshot.manifest.documents == 1
    assert [hit.document for hit in found([snapshot], "Reisepass", "en")] == [PASS]


def test_a_missing_manifest_is_corrupt(tmp_path: Path, embedder: FakeEmbedder) -> None:
    with pytest.raises(SnapshotCorrupt):
        opened(tmp_path / "snapshots" / "stadt" / "1-abc.json", embedder)


def test_the_index_of_another_embedder_is_foreign(tmp_path: Path, embedder: FakeEmbedder) -> None:
    manifest = write(tmp_path, "stadt", entries(PASS), embedder)

    with pytest.raises(SnapshotForeign):
        opened(manifest, FakeEmbedder("another"))


def test_a_manifest_may_be_named_from_where_one_stands(
    tmp_path: Path, embedder: FakeEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    manifest = write(tmp_path, "stadt", entries(PASS), embedder)
    monkeypatch.chdir(manifest.parent)

    assert document_of(opened(Path(manifest.name), embedder), "pass") == PASS
