import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from assistant.conversations import events as module
from assistant.conversations.events import ANSWER, Event, EventLog
from assistant.errors import UnknownAnswer

SAID = [("stage", "1"), ("sentence", "2"), (ANSWER, "3")]
WHOLE = [Event(n, kind, data) for n, (kind, data) in enumerate(SAID, start=1)]


@pytest.fixture
def log(engine: Engine) -> EventLog:
    return EventLog(engine, timedelta(minutes=5), grace=0.1)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looks for the end of another process's answer only a few times."""
    monkeypatch.setattr(module, "_LOOK_SECONDS", 0)
    monkeypatch.setattr(module, "_PATIENCE", 3)


async def nothing(_data: str) -> bool:
    return True


async def all_at_once() -> AsyncIterator[tuple[str, str]]:
    for one in SAID:
        yield one


def step_by_step(gate: asyncio.Semaphore) -> AsyncIterator[tuple[str, str]]:
    """The events, each after the gate has been opened once."""

    async def events() -> AsyncIterator[tuple[str, str]]:
        for one in SAID:
            await gate.acquire()
            yield one

    return events()


async def read(log: EventLog, answer: str = "a1", after: int = 0) -> list[Event]:
    return [event async for event in log.read(answer, after)]


def done(work: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(asyncio.wait_for(work, 20))


def test_who_listens_gets_all_events_in_order(log: EventLog) -> None:
    async def work() -> None:
        log.run("a1", all_at_once(), nothing)
        assert await read(log) == WHOLE
        await log.close()

    done(work())


def test_an_event_arrives_before_the_next_is_made(log: EventLog) -> None:
    async def work() -> None:
        gate = asyncio.Semaphore(0)
        log.run("a1", step_by_step(gate), nothing)
        got = []
        gate.release()
        async for event in log.read("a1"):
            got.append(event)
            gate.release()
        assert got == WHOLE
        await log.close()

    done(work())


def test_an_answer_runs_to_its_end_without_a_listener(log: EventLog) -> None:
    async def work() -> None:
        got: list[str] = []

        async def end(data: str) -> bool:
            got.append(data)
            return True

        log.run("a1", all_at_once(), end)
        await log.close()
        assert got == ["3"]
        assert await read(log) == WHOLE

    done(work())


@pytest.mark.parametrize("after", [0, 1, 2, 3])
def test_a_stream_is_read_on_where_it_broke(log: EventLog, after: int) -> None:
    async def work() -> None:
        log.run("a1", all_at_once(), nothing)
        await log.close()
        assert await read(log, after=after) == WHOLE[after:]

    done(work())


def test_a_stream_that_broke_early_is_read_on_while_the_answer_runs(log: EventLog) -> None:
    async def work() -> None:
        gate = asyncio.Semaphore(1)
        log.run("a1", step_by_step(gate), nothing)
        listening = log.read("a1")
        assert await anext(listening) == WHOLE[0]
        rest = asyncio.create_task(read(log, after=1))
        await asyncio.sleep(0)
        gate.release()
        gate.release()
        assert await rest == WHOLE[1:]
        await log.close()

    done(work())


def test_several_listeners_get_the_same(log: EventLog) -> None:
    async def work() -> None:
        gate = asyncio.Semaphore(0)
        log.run("a1", step_by_step(gate), nothing)
        listeners = [asyncio.create_task(read(log)) for _ in range(5)]
        for _ in SAID:
            await asyncio.sleep(0)
            gate.release()
        assert await asyncio.gather(*listeners) == [WHOLE] * 5
        await log.close()

    done(work())


def test_answers_that_run_at_once_are_not_mixed_up(log: EventLog) -> None:
    async def work() -> None:
        for n in range(5):
            log.run(f"a{n}", all_at_once(), nothing)
        assert await asyncio.gather(*(read(log, f"a{n}") for n in range(5))) == [WHOLE] * 5
        await log.close()

    done(work())


def test_a_listener_that_leaves_stops_nobody(log: EventLog) -> None:
    async def work() -> None:
        gate = asyncio.Semaphore(0)
        log.run("a1", step_by_step(gate), nothing)
        leaving, staying = (asyncio.create_task(read(log)) for _ in range(2))
        await asyncio.sleep(0)
        leaving.cancel()
        with suppress(asyncio.CancelledError):
            await leaving
        for _ in SAID:
            gate.release()
        assert await staying == WHOLE
        await log.close()

    done(work())


def test_another_process_reads_what_was_kept(log: EventLog, engine: Engine) -> None:
    async def work() -> None:
        log.run("a1", all_at_once(), nothing)
        await log.close()
        assert await read(EventLog(engine, timedelta(minutes=5), grace=0.1), after=1) == WHOLE[1:]

    done(work())


def test_another_process_waits_for_an_answer_that_still_runs(
    log: EventLog, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_LOOK_SECONDS", 0.001)

    async def work() -> None:
        gate = asyncio.Semaphore(1)
        log.run("a1", step_by_step(gate), nothing)
        elsewhere = asyncio.create_task(read(EventLog(engine, timedelta(minutes=5), grace=0.1), after=1))
        await asyncio.sleep(0)
        gate.release()
        gate.release()
        assert await elsewhere == WHOLE[1:]
        await log.close()

    done(work())


def test_an_unknown_answer_is_said_to_be_unknown(log: EventLog) -> None:
    with pytest.raises(UnknownAnswer):
        done(log.require("nobody's"))


@pytest.mark.usefixtures("impatient")
def test_a_stream_of_an_answer_that_nobody_knows_any_more_ends(log: EventLog) -> None:
    assert done(read(log, "forgotten", after=2)) == []


@pytest.mark.usefixtures("impatient")
def test_an_answer_that_breaks_off_ends_its_stream(log: EventLog) -> None:
    async def broken() -> AsyncIterator[tuple[str, str]]:
        yield SAID[0]
        raise OSError("disk")

    async def work() -> None:
        log.run("a1", broken(), nothing)
        tasks = list(log._tasks)
        assert [event.kind for event in await read(log)] == ["stage", "problem"]
        await log.close()
        assert [type(task.exception()) for task in tasks] == [OSError]

    done(work())


@pytest.mark.parametrize(("lifetime", "known"), [(5, True), (-1, False)])
def test_events_are_kept_for_their_time_only(engine: Engine, lifetime: int, known: bool) -> None:
    log = EventLog(engine, timedelta(minutes=lifetime), grace=0.1)

    async def work() -> None:
        log.run("a1", all_at_once(), nothing)
        await log.close()
        log.expire()
        if known:
            assert await read(log) == WHOLE
        else:
            with pytest.raises(UnknownAnswer):
                await log.require("a1")

    done(work())


def test_closing_waits_for_answers_that_run(log: EventLog) -> None:
    async def work() -> None:
        gate = asyncio.Semaphore(0)
        log.run("a1", step_by_step(gate), nothing)
        closing = asyncio.create_task(log.close())
        await asyncio.sleep(0)
        assert not closing.done()
        for _ in SAID:
            gate.release()
        await closing
        assert await read(log) == WHOLE

    done(work())


def test_closing_without_answers_is_done_at_once(log: EventLog) -> None:
    done(log.close())


def test_an_answer_is_heard_while_somebody_reads_and_a_little_longer(engine: Engine) -> None:
    async def told() -> list[bool]:
        log = EventLog(engine, timedelta(minutes=5), grace=0.1)
        more = asyncio.Event()

        async def events() -> AsyncIterator[tuple[str, str]]:
            yield "stage", "{}"
            await more.wait()
            yield "answer", "{}"

        log.run("a", events(), nothing)
        found = [log.heard("a")]
        reading = log.read("a")
        await anext(reading)
        found.append(log.heard("a"))
        await reading.aclose()
        found.append(log.heard("a"))
        await asyncio.sleep(0.15)
        found.append(log.heard("a"))
        again = log.read("a")
        await anext(again)
        found.append(log.heard("a"))
        await again.aclose()
        more.set()
        await log.close()
        return found

    assert asyncio.run(told()) == [True, True, True, False, True]
