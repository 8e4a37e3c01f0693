import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from retrieval import strings
from retrieval.strings import StringTable

KEYS = st.lists(st.text(st.sampled_from("aäb\0ж😀: "), max_size=4) | st.text(max_size=8))


def table(folder: Path, *keys: str) -> StringTable:
    strings.write(folder, "keys", keys)
    return StringTable(folder, "keys")


@given(KEYS)
def test_every_key_that_was_written_is_found_at_its_place(keys: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        ordered = strings.write(Path(folder), "keys", keys)
        written = StringTable(Path(folder), "keys")

        assert [written.rank(key) for key in ordered] == list(range(len(ordered)))
        assert set(ordered) == set(keys)


@given(KEYS, st.text(max_size=4))
def test_a_key_that_was_not_written_is_not_found(keys: list[str], other: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        assert (table(Path(folder), *keys).rank(other) is not None) is (other in keys)


def test_a_key_is_written_once(tmp_path: Path) -> None:
    assert strings.write(tmp_path, "keys", ["b", "a", "b"]) == ["a", "b"]


def test_an_empty_table_finds_nothing(tmp_path: Path) -> None:
    assert table(tmp_path).rank("a") is None


def test_the_beginning_of_a_key_is_not_the_key(tmp_path: Path) -> None:
    written = table(tmp_path, "Pass", "Passamt")

    assert written.rank("Pas") is None
    assert written.rank("Passa") is None


def test_tables_lie_beside_each_other(tmp_path: Path) -> None:
    strings.write(tmp_path, "one", ["a"])
    strings.write(tmp_path, "two", ["b"])

    assert StringTable(tmp_path, "one").rank("b") is None
    assert StringTable(tmp_path, "two").rank("b") == 0
