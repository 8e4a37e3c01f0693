"""Files of a snapshot that are torn, cut, altered or missing: each is refused by its name."""

import json
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from retrieval import snapshot
from retrieval.errors import SnapshotCorrupt, SnapshotUnreadable
from retrieval.integrity import RECORD
from retrieval.segment import ARRAYS
from retrieval.snapshot import Manifest, open_snapshot, read_manifest
from tests.descriptors import allowed
from tests.fakes import found, segment
from tests.unit.retrieval.manifests import CENTRES, EMBEDDER, PAGES, REBUILD, written


def files_of(folder: Path) -> list[str]:
    """The files a segment is made of, as one of our own shows."""
    return sorted(segment(folder, PAGES).checksums)


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    return files_of(tmp_path_factory.mktemp("segment"))


def test_every_file_is_checked_for_a_flipped_bit(tmp_path: Path, manifest: Manifest, names: list[str]) -> None:
    part = manifest.segments[0]
    for name in names:
        path = tmp_path / part.id / name
        whole = path.read_bytes()
        middle = len(whole) // 2
        path.write_bytes(whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :])
        with pytest.raises(SnapshotCorrupt, match=rf"{part.id}/{name} is damaged\. {REBUILD}"):
            open_snapshot(manifest, tmp_path, EMBEDDER, CENTRES)
        path.write_bytes(whole)


def test_every_file_is_checked_for_its_end(tmp_path: Path, manifest: Manifest, names: list[str]) -> None:
    part = manifest.segments[1]
    for name in names:
        path = tmp_path / part.id / name
        whole = path.read_bytes()
        path.write_bytes(whole[:-1])
        with pytest.raises(SnapshotCorrupt, match=rf"{part.id}/{name} is damaged\. {REBUILD}"):
            open_snapshot(manifest, tmp_path, EMBEDDER, CENTRES)
        path.write_bytes(whole)


def test_every_file_must_be_there(tmp_path: Path, manifest: Manifest, names: list[str]) -> None:
    part = manifest.segments[0]
    for name in names:
        path = tmp_path / part.id / name
        aside = path.rename(tmp_path / "aside")
        with pytest.raises(SnapshotCorrupt, match=rf"{part.id}/{name} is missing\. {REBUILD}"):
            open_snapshot(manifest, tmp_path, EMBEDDER, CENTRES)
        aside.rename(path)


def flipped(whole: bytes, place: int) -> bytes:
    """The bytes with one bit of one of them turned over."""
    place %= len(whole)
    return whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "emptied": lambda _whole: b"",
    "cut to half": lambda whole: whole[: len(whole) // 2],
    "without its last byte": lambda whole: whole[:-1],
    "one byte longer": lambda whole: whole + whole[-1:],
    "torn": lambda whole: whole[: len(whole) // 2] + bytes(len(whole) - len(whole) // 2),
    "first bit flipped": lambda whole: flipped(whole, 0),
    "middle bit flipped": lambda whole: flipped(whole, len(whole) // 2),
    "last bit flipped": lambda whole: flipped(whole, -1),
}

RECORDS: dict[str, Callable[[Path], object]] = {
    "of the good file": lambda _path: None,
    "missing": lambda path: path.unlink(missing_ok=True),
    "torn": lambda path: path.write_bytes(path.read_bytes()[:50] if path.exists() else b"{"),
    "of nothing": lambda path: path.write_text("{}"),
}


def files_of_a_segment() -> list[str]:
    with TemporaryDirectory() as folder:
        return sorted(segment(Path(folder), PAGES).checksums)


def test_a_segment_holds_its_files_and_the_record_and_nothing_else(tmp_path: Path, manifest: Manifest) -> None:
    for part in manifest.segments:
        assert {path.name for path in (tmp_path / part.id).iterdir()} == {RECORD, *part.checksums}
        assert sorted(part.checksums) == files_of_a_segment()


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("name", files_of_a_segment())
def test_any_damage_to_any_file_is_refused_by_name(tmp_path: Path, manifest: Manifest, name: str, damage: str) -> None:
    part = manifest.segments[1]
    path, record = (tmp_path / part.id / one for one in (name, RECORD))
    open_snapshot(manifest, tmp_path, EMBEDDER, CENTRES)
    path.write_bytes(DAMAGES[damage](path.read_bytes()))

    for state in RECORDS.values():
        state(record)
        with pytest.raises(SnapshotCorrupt, match=rf"{part.id}/{name} is damaged\. {REBUILD}"):
            open_snapshot(manifest, tmp_path, EMBEDDER, CENTRES)


@pytest.mark.parametrize("damage", DAMAGES)
def test_any_damage_to_a_manifest_is_refused_by_name(tmp_path: Path, manifest: Manifest, damage: str) -> None:
    path, checksum = written(tmp_path, manifest)
    path.write_bytes(DAMAGES[damage](path.read_bytes()))

    with pytest.raises(SnapshotCorrupt, match=rf"The manifest {path.name} (cannot be read|was altered).*{REBUILD}"):
        read_manifest(path, checksum)


def rotted(path: Path) -> None:
    """Flips a bit as a disk does: without leaving a trace in the file's times."""
    path.write_bytes(flipped(path.read_bytes(), -1))
    record = json.loads((path.parent / RECORD).read_bytes())
    now = path.stat()
    record[path.name][:4] = [now.st_size, now.st_mtime_ns, now.st_ctime_ns, now.st_ino]
    (path.parent / RECORD).write_text(json.dumps(record))


@pytest.mark.parametrize("name", files_of_a_segment())
def test_a_bit_that_rots_is_found_by_verifying_and_refused_from_then_on(
    tmp_path: Path, manifest: Manifest, name: str
) -> None:
    part = manifest.segments[0]
    snapshot.verify(manifest, tmp_path)
    rotted(tmp_path / part.id / name)
    snapshot.check(manifest, tmp_path, EMBEDDER, CENTRES)

    for check in (
        lambda: snapshot.verify(manifest, tmp_path),
        lambda: open_snapshot(manifest, tmp_path, EMBEDDER, CENTRES),
    ):
        with pytest.raises(SnapshotCorrupt, match=rf"{part.id}/{name} is damaged\. {REBUILD}"):
            check()


def test_a_segment_that_is_doubted_is_read_in_full(tmp_path: Path, manifest: Manifest) -> None:
    first, second = manifest.segments
    rotted(tmp_path / first.id / ARRAYS)

    snapshot.check(manifest, tmp_path, EMBEDDER, CENTRES, {second.id})
    with pytest.raises(SnapshotCorrupt, match=rf"{first.id}/{ARRAYS} is damaged\. {REBUILD}"):
        open_snapshot(manifest, tmp_path, EMBEDDER, CENTRES, doubted={first.id})


def test_what_is_open_already_is_still_checked(tmp_path: Path, manifest: Manifest) -> None:
    held = open_snapshot(manifest, tmp_path, EMBEDDER, CENTRES)
    path = tmp_path / manifest.segments[0].id / ARRAYS
    content = path.read_bytes()
    path.unlink()
    path.write_bytes(flipped(content, 0))

    with pytest.raises(SnapshotCorrupt, match=rf"{ARRAYS} is damaged\. {REBUILD}"):
        open_snapshot(manifest, tmp_path, EMBEDDER, CENTRES, held)


@pytest.mark.parametrize("more", range(10))
def test_without_descriptors_opening_is_refused_as_unreadable(tmp_path: Path, manifest: Manifest, more: int) -> None:
    with (
        allowed(more),
        pytest.raises(SnapshotUnreadable, match=r"cannot be read now \(\w[\w ]+\)\. Try again, .* stadt --"),
    ):
        open_snapshot(manifest, tmp_path, EMBEDDER, CENTRES)

    assert found([open_snapshot(manifest, tmp_path, EMBEDDER, CENTRES)], "Die Steuer", top=1)[0].document == PAGES[2]


def test_without_descriptors_a_segment_is_not_called_damaged(tmp_path: Path, manifest: Manifest) -> None:
    with allowed(0), pytest.raises(SnapshotUnreadable, match=r"\(Too many open files\)"):
        snapshot.verify(manifest, tmp_path)

    assert all((tmp_path / part.id / RECORD).exists() for part in manifest.segments)
    snapshot.verify(manifest, tmp_path)


def test_without_descriptors_a_manifest_is_not_called_damaged(tmp_path: Path, manifest: Manifest) -> None:
    path, checksum = written(tmp_path, manifest)
    with allowed(0), pytest.raises(SnapshotUnreadable, match=rf"The manifest {path.name} .*\(Too many open files\)"):
        read_manifest(path, checksum)

    assert read_manifest(path, checksum) == manifest


def missing(path: Path) -> None:
    path.unlink()


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def halved(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


@pytest.mark.parametrize("spoil", [missing, emptied, halved])
@pytest.mark.parametrize("name", files_of_a_segment())
def test_what_goes_wrong_between_checking_and_opening_is_an_error_of_ours(
    tmp_path: Path, manifest: Manifest, name: str, spoil: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    part = manifest.segments[0]
    monkeypatch.setattr(snapshot, "check", lambda *_: spoil(tmp_path / part.id / name))

    with pytest.raises(SnapshotUnreadable, match=f"The segment {part.id} cannot be read now"):
        open_snapshot(manifest, tmp_path, EMBEDDER, CENTRES)
    with pytest.raises(SnapshotUnreadable, match=f"The segment {part.id} cannot be read now"):
        snapshot.without(manifest, {"kita"}, tmp_path)
