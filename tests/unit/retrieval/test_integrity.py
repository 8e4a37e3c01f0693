import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from retrieval import integrity
from retrieval.integrity import RECORD, fault, forget, recorded
from tests.descriptors import allowed

BYTES = {"dense.faiss": bytes(range(256)) * 40, "empty.bin": b"", "words.marisa": b"Reisepass"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "segment"
    made.mkdir()
    for name, content in BYTES.items():
        (made / name).write_bytes(content)
    return made


@pytest.fixture
def checksums(folder: Path) -> dict[str, str]:
    return recorded(folder)


def read(folder: Path, checksums: dict[str, str]) -> tuple[int, tuple[str, str] | None]:
    """How many bytes were read to tell what is wrong, and what that is."""
    counts: list[int] = []
    found = fault(folder, checksums, pause=counts.append)
    return sum(counts), found


def test_what_was_just_written_is_not_read_again(folder: Path, checksums: dict[str, str]) -> None:
    assert sorted(checksums) == sorted(BYTES)
    assert read(folder, checksums) == (0, None)


def test_the_record_says_under_which_state_of_a_file_its_checksum_was_seen(
    folder: Path, checksums: dict[str, str]
) -> None:
    now = (folder / "dense.faiss").stat()

    row = json.loads((folder / RECORD).read_bytes())["dense.faiss"]
    assert row == [now.st_size, now.st_mtime_ns, now.st_ctime_ns, now.st_ino, checksums["dense.faiss"]]
    assert sorted(path.name for path in folder.iterdir()) == sorted((*BYTES, RECORD))


def test_a_folder_that_was_renamed_is_not_read_again(folder: Path, checksums: dict[str, str]) -> None:
    assert read(folder.rename(folder.with_name("other")), checksums) == (0, None)


ALL = sum(map(len, BYTES.values()))
UNUSABLE: dict[str, Callable[[Path], object]] = {
    "missing": Path.unlink,
    "empty": lambda path: path.write_bytes(b""),
    "torn": lambda path: path.write_bytes(path.read_bytes()[:40]),
    "not JSON": lambda path: path.write_bytes(b"\xff{"),
    "a list": lambda path: path.write_text("[1]"),
    "of nothing": lambda path: path.write_text("{}"),
    "of another shape": lambda path: path.write_text('{"dense.faiss": 7, "words.marisa": null}'),
}


@pytest.mark.parametrize("how", UNUSABLE)
def test_without_a_usable_record_everything_is_read_once(folder: Path, checksums: dict[str, str], how: str) -> None:
    UNUSABLE[how](folder / RECORD)

    assert read(folder, checksums) == (ALL, None)
    assert read(folder, checksums) == (0, None)


@pytest.mark.parametrize("how", UNUSABLE)
def test_without_a_usable_record_damage_is_found(folder: Path, checksums: dict[str, str], how: str) -> None:
    (folder / "words.marisa").write_bytes(b"Reisepast")
    UNUSABLE[how](folder / RECORD)

    assert fault(folder, checksums) == fault(folder, checksums) == ("words.marisa", "is damaged")


def test_a_copy_is_read_once(folder: Path, checksums: dict[str, str], tmp_path: Path) -> None:
    copy = shutil.copytree(folder, tmp_path / "copy")

    assert read(copy, checksums) == (ALL, None)
    assert read(copy, checksums) == (0, None)


def test_a_file_that_was_touched_is_read_and_the_others_are_not(folder: Path, checksums: dict[str, str]) -> None:
    (folder / "words.marisa").touch()

    assert read(folder, checksums) == (len(BYTES["words.marisa"]), None)
    assert read(folder, checksums) == (0, None)


@pytest.mark.parametrize("field", range(5))
def test_a_record_that_differs_in_anything_does_not_count(folder: Path, checksums: dict[str, str], field: int) -> None:
    record = json.loads((folder / RECORD).read_bytes())
    record["words.marisa"][field] = "0" * 64 if field == 4 else record["words.marisa"][field] + 1
    (folder / RECORD).write_text(json.dumps(record))

    assert read(folder, checksums) == (len(BYTES["words.marisa"]), None)


def test_a_manifest_that_wants_other_bytes_is_not_satisfied_by_the_record(
    folder: Path, checksums: dict[str, str]
) -> None:
    assert fault(folder, checksums | {"words.marisa": "0" * 64}) == ("words.marisa", "is damaged")


def test_bytes_changed_under_their_old_time_are_found(folder: Path, checksums: dict[str, str]) -> None:
    path = folder / "words.marisa"
    before = path.stat()
    path.write_bytes(b"Reisepast")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

    assert fault(folder, checksums) == ("words.marisa", "is damaged")


def test_a_change_right_after_the_record_is_found(folder: Path) -> None:
    path = folder / "words.marisa"
    for n in range(30):
        path.write_bytes(f"Reise {n:3}".encode())
        checksums = recorded(folder)
        path.write_bytes(f"Reise{n:3} ".encode())
        assert fault(folder, checksums) == ("words.marisa", "is damaged")


def test_what_is_missing_is_named(folder: Path, checksums: dict[str, str]) -> None:
    (folder / "empty.bin").unlink()
    assert fault(folder, checksums) == ("empty.bin", "is missing")

    (folder / "empty.bin").mkdir()
    assert fault(folder, checksums) == ("empty.bin", "is missing")


def test_a_disk_that_fails_is_said(folder: Path, checksums: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_arguments: object, **_named: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(integrity, "_state", broken)

    with pytest.raises(OSError, match="Input/output error"):
        fault(folder, checksums)


def test_without_descriptors_nothing_is_called_damaged(folder: Path, checksums: dict[str, str]) -> None:
    with allowed(0), pytest.raises(OSError, match="Too many open files"):
        fault(folder, checksums, in_full=True)

    assert fault(folder, checksums, in_full=True) is None


def test_where_no_record_can_be_written_the_files_are_read_every_time(folder: Path, checksums: dict[str, str]) -> None:
    (folder / RECORD).unlink()
    (folder / RECORD).mkdir()

    assert read(folder, checksums) == read(folder, checksums) == (ALL, None)
    assert sorted(path.name for path in folder.iterdir()) == sorted((*BYTES, RECORD))


def rotted(folder: Path, name: str = "words.marisa") -> None:
    """Flips a bit as a disk does: without leaving a trace in the file's times."""
    path = folder / name
    path.write_bytes(bytes([path.read_bytes()[0] ^ 1]) + path.read_bytes()[1:])
    record = json.loads((folder / RECORD).read_bytes())
    now = path.stat()
    record[name][:4] = [now.st_size, now.st_mtime_ns, now.st_ctime_ns, now.st_ino]
    (folder / RECORD).write_text(json.dumps(record))


def test_a_bit_that_rots_is_found_by_reading_in_full(folder: Path, checksums: dict[str, str]) -> None:
    rotted(folder)

    assert fault(folder, checksums) is None
    assert fault(folder, checksums, in_full=True) == ("words.marisa", "is damaged")


def test_without_its_record_what_rotted_is_found(folder: Path, checksums: dict[str, str]) -> None:
    rotted(folder)
    forget(folder)
    forget(folder)

    assert fault(folder, checksums) == ("words.marisa", "is damaged")


def test_reading_in_full_tells_of_every_byte(folder: Path, checksums: dict[str, str]) -> None:
    counts: list[int] = []

    assert fault(folder, checksums, in_full=True, pause=counts.append) is None
    assert sum(counts) == ALL
