"""One process at a time changes a corpus; the lock of a dead process is taken over."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine, delete, insert, select
from sqlalchemy.exc import IntegrityError

from corpora.errors import CorpusBusy
from corpora.tables import locks

# A holder on another machine cannot be asked whether it lives; after this long it counts as dead.
_LEASE = timedelta(hours=6)


class CorpusLock:
    """Locks of corpora as rows of the store."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @contextmanager
    def held(self, corpus: str) -> Iterator[None]:
        """Holds the lock while the block runs; raises CorpusBusy when another living process has it."""
        me = _identity(os.getpid())
        self._clear_dead(corpus)
        try:
            with self._engine.begin() as connection:
                connection.execute(insert(locks).values(corpus=corpus, holder=me, taken_at=datetime.now(UTC)))
        except IntegrityError as error:
            raise CorpusBusy(
                f"The corpus {corpus} is being changed by another process; try again when it has finished."
            ) from error
        try:
            yield
        finally:
            with self._engine.begin() as connection:
                connection.execute(delete(locks).where(locks.c.corpus == corpus, locks.c.holder == me))

    def any_held(self) -> bool:
        """Whether a living process is changing any corpus."""
        with self._engine.connect() as connection:
            rows = connection.execute(select(locks)).all()
        return any(not _dead(row.holder, row.taken_at) for row in rows)

    def _clear_dead(self, corpus: str) -> None:
        with self._engine.begin() as connection:
            row = connection.execute(select(locks).where(locks.c.corpus == corpus)).one_or_none()
            if row is not None and _dead(row.holder, row.taken_at):
                connection.execute(delete(locks).where(locks.c.corpus == corpus, locks.c.holder == row.holder))


def _identity(process: int) -> str:
    return f"{socket.gethostname()}:{process}:{_started(process)}"


def _started(process: int) -> str:
    """When a process began, so that a number given out again is not taken for the old one."""
    with suppress(OSError):
        return Path(f"/proc/{process}/stat").read_text(encoding="ascii", errors="replace").rsplit(")", 1)[1].split()[19]
    return "0"


def _dead(holder: str, taken_at: datetime) -> bool:
    host, process, _ = holder.rsplit(":", 2)
    if host != socket.gethostname():
        taken = taken_at if taken_at.tzinfo else taken_at.replace(tzinfo=UTC)
        return datetime.now(UTC) - taken > _LEASE
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        pass
    return _identity(int(process)) != holder
