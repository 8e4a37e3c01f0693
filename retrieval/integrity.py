"""Whether the files of a folder are what was written: by their checksums, or by a record of when those were right.

Hashing reads every byte. What was once found right is therefore recorded with its size, times and inode, which do not
all stay the same when a file is written to, torn or replaced. Only a bit that flips on the disk itself does not show.
"""

import hashlib
import json
import os
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

RECORD = "checked.json"

Pause = Callable[[int], None]
"""Told how many bytes were read since the last call; may wait."""

_CHUNK = 1 << 20

# Two changes within one tick of a file system's clock have the same time; no kernel ticks more slowly than this.
_TICK_NS = 20_000_000


def never(_bytes: int) -> None:
    """Does not wait."""


def recorded(folder: Path) -> dict[str, str]:
    """The checksums of all files of a folder, recorded beside them."""
    seen = {path.name: _seen(path, never) for path in sorted(folder.iterdir()) if path.name != RECORD}
    _write(folder, seen)
    return {name: row[-1] for name, row in seen.items()}


def fault(
    folder: Path, checksums: Mapping[str, str], *, in_full: bool = False, pause: Pause = never
) -> tuple[str, str] | None:
    """The first file that is missing or not as it was written, and which of the two; None where all are right.

    Read is what the record does not vouch for, or everything where `in_full`; what is right then is recorded. Raises
    OSError where a file cannot be read, which says nothing of what is in it.
    """
    record = {} if in_full else _read(folder)
    seen = {}
    for name, checksum in checksums.items():
        path = folder / name
        try:
            row = [*_state(path), checksum]
            seen[name] = row if record.get(name) == row else _seen(path, pause)
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return name, "is missing"
        if seen[name][-1] != checksum:
            return name, "is damaged"
    if seen != record:
        _write(folder, seen)
    return None


def forget(folder: Path) -> None:
    """Drops the record, so that whoever comes next reads every file."""
    with suppress(OSError):
        (folder / RECORD).unlink(missing_ok=True)


def _state(path: Path) -> tuple[int, ...]:
    now = path.stat()
    return now.st_size, now.st_mtime_ns, now.st_ctime_ns, now.st_ino


def _seen(path: Path, pause: Pause) -> list[Any]:
    """The state of a file and the checksum that it had in this state."""
    state = _state(path)
    young = _TICK_NS - (time.time_ns() - state[2])
    if young > 0:
        time.sleep(min(young, _TICK_NS) / 1e9)
    total = hashlib.sha256()
    with path.open("rb", buffering=0) as file:
        while chunk := file.read(_CHUNK):
            total.update(chunk)
            pause(len(chunk))
    return [*state, total.hexdigest()]


def _read(folder: Path) -> dict[str, Any]:
    try:
        record = json.loads((folder / RECORD).read_bytes())
    except (OSError, ValueError):
        return {}
    return record if isinstance(record, dict) else {}


def _write(folder: Path, seen: Mapping[str, Any]) -> None:
    """Writes the record whole or not at all; where it cannot be written, the files are read again next time."""
    aside = folder / f".{RECORD}.{os.getpid()}"
    try:
        aside.write_text(json.dumps(seen), encoding="utf-8")
        aside.rename(folder / RECORD)
    except OSError:
        with suppress(OSError):
            aside.unlink(missing_ok=True)
