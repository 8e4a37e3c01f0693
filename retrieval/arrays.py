"""Named arrays in one file, mapped from disk: a header of JSON, then each array from a boundary of 64 bytes."""

import json
import mmap
from collections.abc import Mapping
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Arrays = Mapping[str, NDArray[Any]]

_BOUNDARY = 64


def write(path: Path, arrays: Arrays) -> None:
    """Writes arrays of plain numbers under their names."""
    places, at = {}, 0
    for name, array in arrays.items():
        places[name] = {"dtype": array.dtype.str, "shape": array.shape, "at": at}
        at += _padded(array.nbytes)
    header = json.dumps(places).encode()
    header = header.ljust(_padded(len(header) + 8) - 8)
    with path.open("wb") as file:
        file.write(len(header).to_bytes(8, "little") + header)
        for array in arrays.values():
            file.write(np.ascontiguousarray(array).data)
            file.write(bytes(_padded(array.nbytes) - array.nbytes))


def opened(path: Path) -> dict[str, NDArray[Any]]:
    """The arrays of a file as read-only views of one mapping; nothing is read before it is used."""
    with path.open("rb") as file:
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    length = int.from_bytes(mapped[:8], "little")
    places: dict[str, dict[str, Any]] = json.loads(mapped[8 : 8 + length])
    return {name: _view(mapped, 8 + length, **place) for name, place in places.items()}


def _view(mapped: mmap.mmap, start: int, dtype: str, shape: list[int], at: int) -> NDArray[Any]:
    count = prod(shape)
    if not count:
        return np.empty(shape, dtype=dtype)
    return np.frombuffer(mapped, dtype=dtype, count=count, offset=start + at).reshape(shape)


def _padded(size: int) -> int:
    return -(-size // _BOUNDARY) * _BOUNDARY
