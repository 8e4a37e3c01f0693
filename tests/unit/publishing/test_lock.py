import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, insert, select

from assistant.publishing.lock import CorpusLock
from corpora.errors import CorpusBusy
from corpora.tables import locks


@pytest.fixture
def lock(engine: Engine) -> CorpusLock:
    return CorpusLock(engine)


@pytest.fixture
def living() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        yield process
        process.kill()


def started(process: int) -> str:
    with open(f"/proc/{process}/stat", encoding="ascii") as file:  # noqa: PTH123
        return file.read().rsplit(")", 1)[1].split()[19]


def put(engine: Engine, holder: str, ago: timedelta = timedelta()) -> None:
    with engine.begin() as connection:
        connection.execute(insert(locks).values(corpus="stadt", holder=holder, taken_at=datetime.now(UTC) - ago))


def holders(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return list(connection.scalars(select(locks.c.holder)))


def test_a_lock_is_held_while_the_block_runs(engine: Engine, lock: CorpusLock) -> None:
    with lock.held("stadt"):
        assert len(holders(engine)) == 1
    assert holders(engine) == []


def test_a_lock_is_let_go_when_the_block_fails(engine: Engine, lock: CorpusLock) -> None:
    with pytest.raises(ValueError, match="broken"), lock.held("stadt"):
        raise ValueError("broken")
    assert holders(engine) == []


def test_a_corpus_that_is_held_is_refused_by_name(engine: Engine, lock: CorpusLock) -> None:
    with lock.held("stadt"):
        with pytest.raises(CorpusBusy, match="corpus stadt is being changed by another process; try again"):
            lock.held("stadt").__enter__()
        assert len(holders(engine)) == 1


def test_another_corpus_can_be_held_meanwhile(engine: Engine, lock: CorpusLock) -> None:
    with lock.held("stadt"), lock.held("land"):
        assert len(holders(engine)) == 2


def test_the_lock_of_a_living_process_is_refused(
    engine: Engine, lock: CorpusLock, living: subprocess.Popen[bytes]
) -> None:
    holder = f"{socket.gethostname()}:{living.pid}:{started(living.pid)}"
    put(engine, holder, timedelta(days=3))

    with pytest.raises(CorpusBusy):
        lock.held("stadt").__enter__()
    assert holders(engine) == [holder]


def test_the_lock_of_a_dead_process_is_taken_over(
    engine: Engine, lock: CorpusLock, living: subprocess.Popen[bytes]
) -> None:
    put(engine, f"{socket.gethostname()}:{living.pid}:{started(living.pid)}")
    living.kill()
    living.wait()

    with lock.held("stadt"):
        assert [holder.split(":")[1] for holder in holders(engine)] == [str(os.getpid())]


def test_a_process_number_given_out_again_is_not_taken_for_the_old_one(engine: Engine, lock: CorpusLock) -> None:
    put(engine, f"{socket.gethostname()}:{os.getpid()}:1")

    with lock.held("stadt"):
        assert [holder.endswith(":1") for holder in holders(engine)] == [False]


def test_the_lock_of_another_machine_is_refused_while_it_may_live(engine: Engine, lock: CorpusLock) -> None:
    put(engine, "other-machine:1:1", timedelta(hours=5))

    with pytest.raises(CorpusBusy):
        lock.held("stadt").__enter__()


def test_the_lock_of_another_machine_is_taken_over_after_its_lease(engine: Engine, lock: CorpusLock) -> None:
    put(engine, "other-machine:1:1", timedelta(hours=7))

    with lock.held("stadt"):
        assert [holder.split(":")[0] for holder in holders(engine)] == [socket.gethostname()]
