import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from retrieval import snapshot
from retrieval.centring import Centres
from retrieval.errors import SnapshotCorrupt, SnapshotForeign
from retrieval.snapshot import Manifest, open_snapshot, read_manifest
from tests.fakes import FakeEmbedder, document_of, entries, found, opened, page, segment
from tests.unit.retrieval.manifests import CENTRES, EMBEDDER, PAGES, REBUILD, written


def test_a_manifest_reads_back_the_same(tmp_path: Path, manifest: Manifest) -> None:
    marked = replace(manifest, segments=(replace(manifest.segments[0], removed=("kita",)), manifest.segments[1]))

    assert read_manifest(*written(tmp_path, marked)) == marked


def test_a_manifest_counts_what_can_be_found(manifest: Manifest) -> None:
    marked = replace(manifest, segments=(replace(manifest.segments[0], removed=("kita",)), manifest.segments[1]))

    assert (manifest.documents, marked.documents) == (3, 2)


def test_a_manifest_built_anew_lies_beside_the_old_one(tmp_path: Path, manifest: Manifest) -> None:
    first, _ = written(tmp_path, manifest)
    second, _ = written(tmp_path, replace(manifest, segments=manifest.segments[:1]))

    assert first != second
    assert first.exists()


def test_nothing_half_written_is_left_beside_a_manifest(tmp_path: Path, manifest: Manifest) -> None:
    path, _ = written(tmp_path, manifest)

    assert list(path.parent.iterdir()) == [path]


def test_a_manifest_that_is_missing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SnapshotCorrupt, match=REBUILD):
        read_manifest(tmp_path / "stadt" / "1-abc.json")


@pytest.mark.parametrize("share", [0, 0.5, 0.99])
def test_a_torn_manifest_is_refused(tmp_path: Path, manifest: Manifest, share: float) -> None:
    path, checksum = written(tmp_path, manifest)
    path.write_bytes(path.read_bytes()[: int(share * path.stat().st_size)])

    with pytest.raises(SnapshotCorrupt, match=rf"{path.name} cannot be read .*{REBUILD}"):
        read_manifest(path, checksum)


def test_an_altered_manifest_is_refused(tmp_path: Path, manifest: Manifest) -> None:
    path, checksum = written(tmp_path, manifest)
    path.write_bytes(path.read_bytes().replace(b'"revision": 3', b'"revision": 4'))

    with pytest.raises(SnapshotCorrupt, match=rf"{path.name} was altered\. {REBUILD}"):
        read_manifest(path, checksum)


@pytest.mark.parametrize("content", ["[]", "7", '{"format": 2}', '{"format": 2, "segments": [{"id": "x"}]}'])
def test_what_is_no_manifest_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "stadt" / "1-abc.json"
    path.parent.mkdir()
    path.write_text(content)

    with pytest.raises(SnapshotCorrupt, match=REBUILD):
        read_manifest(path)


def test_a_manifest_of_another_format_is_foreign(tmp_path: Path, manifest: Manifest) -> None:
    path, checksum = written(tmp_path, replace(manifest, format=99))

    with pytest.raises(SnapshotForeign, match=rf"format 99, not {snapshot.FORMAT}\. {REBUILD}"):
        read_manifest(path, checksum)


def test_an_opened_snapshot_gives_documents_and_passages_by_id(tmp_path: Path, manifest: Manifest) -> None:
    one = open_snapshot(manifest, tmp_path, EMBEDDER, CENTRES)

    assert [document_of(one, page_.id) for page_ in PAGES] == PAGES
    assert one.passages("hund") == list(entries(PAGES[2])[0].passages)
    assert document_of(one, "wolf") is None
    assert one.passages("wolf") == []
    assert one.languages == ["de"]


def test_what_is_open_already_is_shared(tmp_path: Path, manifest: Manifest) -> None:
    held = open_snapshot(manifest, tmp_path, EMBEDDER, CENTRES)
    marked = replace(manifest, segments=(replace(manifest.segments[0], removed=("kita",)), manifest.segments[1]))
    after = open_snapshot(marked, tmp_path, EMBEDDER, CENTRES, held)

    assert [new is old for new, old in zip(after.segments, held.segments, strict=True)] == [False, True]
    assert (document_of(after, "kita"), document_of(held, "kita")) == (None, PAGES[1])
    assert found([after], "Die Steuer", top=1)[0].document == PAGES[2]


def test_a_snapshot_of_another_embedder_is_foreign(tmp_path: Path, manifest: Manifest) -> None:
    with pytest.raises(SnapshotForeign, match=rf"made by fake, but .* embeds with other\. {REBUILD}"):
        open_snapshot(manifest, tmp_path, FakeEmbedder("other"), CENTRES)


def test_a_snapshot_of_other_dimensions_is_foreign(tmp_path: Path, manifest: Manifest) -> None:
    with pytest.raises(SnapshotForeign, match=REBUILD):
        open_snapshot(manifest, tmp_path, FakeEmbedder(dimensions=16), CENTRES)


def test_a_snapshot_of_other_centres_is_foreign(tmp_path: Path, manifest: Manifest) -> None:
    mean = {"de": np.full(32, 0.1, dtype=np.float32)}

    with pytest.raises(SnapshotForeign, match=rf"centred with other means.*\. {REBUILD}"):
        open_snapshot(manifest, tmp_path, EMBEDDER, Centres(mean, mean))


def test_documents_taken_out_are_marked_in_the_segments_that_hold_them(tmp_path: Path, manifest: Manifest) -> None:
    kept = snapshot.without(manifest, {"kita", "wolf"}, tmp_path)

    assert [part.removed for part in kept] == [("kita",), ()]
    one = open_snapshot(replace(manifest, segments=kept), tmp_path, EMBEDDER, CENTRES)
    assert document_of(one, "kita") is None


def test_a_segment_of_which_nothing_is_left_is_left_out(tmp_path: Path, manifest: Manifest) -> None:
    kept = snapshot.without(manifest, {"hund"}, tmp_path)

    assert kept == manifest.segments[:1]


def test_marks_are_kept_when_more_is_taken_out(tmp_path: Path, manifest: Manifest) -> None:
    once = replace(manifest, segments=snapshot.without(manifest, {"kita"}, tmp_path))

    assert snapshot.without(once, {"pass", "kita"}, tmp_path) == manifest.segments[1:]


def test_passages_that_are_taken_out_are_counted(tmp_path: Path) -> None:
    long = page("lang", "## Eins\nText.\n\n## Zwei\nText.\n\n## Drei\nText.")
    part = segment(tmp_path, [PAGES[0], long, PAGES[1]])
    parts = [(part,)]
    for document_id in ("lang", "wolf", "lang", "pass"):
        before = Manifest("stadt", 1, "fake", 32, CENTRES.fingerprint, parts[-1])
        parts.append(snapshot.without(before, {document_id}, tmp_path))

    assert [(one.passages, one.living) for (one,) in parts] == [(5, 5), (5, 2), (5, 2), (5, 2), (5, 1)]


def test_a_document_in_several_segments_counts_where_it_was_not_taken_out(tmp_path: Path) -> None:
    old, new = (
        segment(tmp_path, [PAGES[0], PAGES[1]]),
        segment(tmp_path, [page("pass", "Er kostet 80 Euro.")]),
    )
    parts = (replace(old, removed=("pass",)), new)
    one = open_snapshot(Manifest("stadt", 2, "fake", 32, CENTRES.fingerprint, parts), tmp_path, EMBEDDER, CENTRES)

    assert [passage.text for passage in one.passages("pass")] == ["Er kostet 80 Euro."]


def test_a_segment_that_fails_half_way_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="broadcast"):
        snapshot.build(tmp_path, entries(*PAGES), np.zeros((1, 31), dtype=np.float32), CENTRES)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("question", ["Was kostet die Kita?", "Hundesteuer", "70 Euro"])
def test_a_search_finds_the_same_in_one_segment_or_several(tmp_path: Path, question: str) -> None:
    whole = found([opened(tmp_path, PAGES)], question)
    cut = found([opened(tmp_path, PAGES[:1], PAGES[1:2], PAGES[2:])], question)

    assert [hit.passage for hit in cut] == [hit.passage for hit in whole]
    assert [hit.score for hit in cut] == pytest.approx([hit.score for hit in whole], abs=1e-5)


def test_a_manifest_is_json_that_people_can_read(tmp_path: Path, manifest: Manifest) -> None:
    row = json.loads(written(tmp_path, manifest)[0].read_text(encoding="utf-8"))

    assert (row["corpus"], row["revision"], row["embedder"], len(row["segments"])) == ("stadt", 3, "fake", 2)
