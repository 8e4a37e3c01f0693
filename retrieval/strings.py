"""A sorted table of strings in two flat arrays: mapped from disk, searched by halving."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np


def write(folder: Path, name: str, keys: Iterable[str]) -> list[str]:
    """Writes the distinct keys sorted by their bytes and returns them in that order."""
    ordered = sorted({key.encode() for key in keys})
    np.save(folder / f"{name}.npy", np.frombuffer(b"".join(ordered), dtype=np.uint8))
    np.save(folder / f"{name}_starts.npy", np.cumsum([0, *map(len, ordered)], dtype=np.int64))
    return [key.decode() for key in ordered]


class StringTable:
    """Finds the rank of a string among those that were written."""

    def __init__(self, folder: Path, name: str) -> None:
        self._bytes = np.load(folder / f"{name}.npy", mmap_mode="r")
        self._starts = np.load(folder / f"{name}_starts.npy", mmap_mode="r")

    def rank(self, text: str) -> int | None:
        """The place of the text in the sorted table, or None when it is not there."""
        key = text.encode()
        low, high = 0, len(self._starts) - 1
        while low < high:
            middle = (low + high) // 2
            found = self._bytes[self._starts[middle] : self._starts[middle + 1]].tobytes()
            if found == key:
                return middle
            low, high = (middle + 1, high) if found < key else (low, middle)
        return None
