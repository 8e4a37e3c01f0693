from pathlib import Path

import numpy as np
import pytest

from retrieval import arrays


def test_arrays_come_back_as_they_were_written(tmp_path: Path) -> None:
    written = {
        "numbers": np.arange(7, dtype=np.int32),
        "rows": np.linspace(0, 1, 12, dtype=np.float16).reshape(3, 4),
        "turned": np.arange(6, dtype=np.int64).reshape(2, 3).T,
        "yes": np.array([True, False]),
    }
    arrays.write(tmp_path / "file", written)
    opened = arrays.opened(tmp_path / "file")

    assert opened.keys() == written.keys()
    for name, array in written.items():
        assert opened[name].dtype == array.dtype
        assert np.array_equal(opened[name], array)


@pytest.mark.parametrize("shape", [(0,), (0, 3), (3, 0)])
def test_an_empty_array_keeps_its_shape(tmp_path: Path, shape: tuple[int, ...]) -> None:
    arrays.write(tmp_path / "file", {"empty": np.empty(shape, dtype=np.int16), "after": np.array([5])})
    opened = arrays.opened(tmp_path / "file")

    assert (opened["empty"].shape, opened["empty"].dtype) == (shape, np.int16)
    assert list(opened["after"]) == [5]


def test_what_is_mapped_cannot_be_changed(tmp_path: Path) -> None:
    arrays.write(tmp_path / "file", {"numbers": np.arange(3)})

    with pytest.raises(ValueError, match="read-only"):
        arrays.opened(tmp_path / "file")["numbers"][0] = 1


def test_every_array_begins_on_a_boundary(tmp_path: Path) -> None:
    arrays.write(tmp_path / "file", {name: np.ones(5, dtype=np.uint8) for name in "abc"})

    assert all(array.ctypes.data % 64 == 0 for array in arrays.opened(tmp_path / "file").values())
