"""The events of running answers: kept some minutes, so that a dropped stream is read on and not begun anew."""

import asyncio
import json
import logging
import time
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, delete, insert, select
from sqlalchemy.exc import SQLAlchemyError

from assistant.errors import UnknownAnswer
from assistant.tables import events

log = logging.getLogger(__name__)

ANSWER = "answer"
PROBLEM = "problem"
_LAST = (ANSWER, PROBLEM)
_BROKEN = json.dumps({"type": "about:blank", "title": "Internal Server Error", "status": 500})
# How often another process's answer is looked for, and for how long without a sign of life.
_LOOK_SECONDS = 0.2
_PATIENCE = 150


@dataclass(frozen=True, slots=True)
class Event:
    """One event of a stream, numbered from 1; `data` is JSON."""

    number: int
    kind: str
    data: str


class EventLog:
    """Events in the store, and those of answers that run in this process."""

    def __init__(self, engine: Engine, lifetime: timedelta, grace: float) -> None:
        self._engine = engine
        self._lifetime = lifetime
        self._grace = grace
        self._running: dict[str, list[Event]] = {}
        self._listeners: Counter[str] = Counter()
        self._left: dict[str, float] = {}
        self._news = asyncio.Condition()
        self._tasks: set[asyncio.Task[None]] = set()

    def run(
        self,
        answer_id: str,
        events_of: AsyncIterator[tuple[str, str]],
        done: Callable[[str], Awaitable[bool]],
    ) -> None:
        """Runs an answer to its end whether anybody listens or not; `done` gets the answer's data
        and says whether the events may be kept."""
        self._running[answer_id] = []
        task = asyncio.create_task(self._collect(answer_id, events_of, done))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def heard(self, answer_id: str) -> bool:
        """Whether somebody reads a running answer, or may come back to it: has left less than `grace` seconds ago."""
        left = self._left.get(answer_id)
        return left is None or self._listeners[answer_id] > 0 or time.monotonic() - left < self._grace

    async def read(self, answer_id: str, after: int = 0) -> AsyncGenerator[Event, None]:
        """The events after a number, those still to come included."""
        said = self._running.get(answer_id)
        if said is None:
            async for event in self._stored(answer_id, after):
                yield event
            return
        self._listeners[answer_id] += 1
        try:
            async for event in self._said(said, after):
                yield event
        finally:
            if answer_id in self._running:
                self._listeners[answer_id] -= 1
                self._left[answer_id] = time.monotonic()

    async def _said(self, said: list[Event], after: int) -> AsyncIterator[Event]:
        after = min(after, len(said))
        while not (after and said[after - 1].kind in _LAST):
            async with self._news:
                while len(said) == after:
                    await self._news.wait()
                new = said[after:]
            for event in new:
                yield event
            after += len(new)

    async def require(self, answer_id: str) -> None:
        """Raises UnknownAnswer where there is no such answer, running here or elsewhere or kept."""
        if answer_id not in self._running and not await asyncio.to_thread(self._begun, answer_id):
            raise UnknownAnswer("There is no such answer; its events are kept for a few minutes only.")

    async def _stored(self, answer_id: str, after: int) -> AsyncIterator[Event]:
        for _ in range(_PATIENCE):
            found = await asyncio.to_thread(self._rows, answer_id)
            for event in found[after:]:
                yield event
            after = max(after, len(found))
            if found and found[-1].kind in _LAST:
                return
            await asyncio.sleep(_LOOK_SECONDS)

    async def close(self) -> None:
        """Lets running answers finish."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=30)

    def expire(self) -> None:
        """Deletes events that are older than they are kept."""
        with self._engine.begin() as connection:
            connection.execute(delete(events).where(events.c.created_at < datetime.now(UTC) - self._lifetime))

    async def _collect(
        self, answer_id: str, events_of: AsyncIterator[tuple[str, str]], done: Callable[[str], Awaitable[bool]]
    ) -> None:
        await self._store(self._keep, answer_id, [Event(0, "begun", "")])
        try:
            async for kind, data in events_of:
                if kind == ANSWER:
                    await self._end(answer_id, kind, data, await done(data))
                else:
                    async with self._news:
                        said = self._running[answer_id]
                        said.append(Event(len(said) + 1, kind, data))
                        self._news.notify_all()
        finally:
            # Whatever went wrong, a stream has an end.
            if answer_id in self._running:
                await self._end(answer_id, PROBLEM, _BROKEN, kept=True)

    async def _end(self, answer_id: str, kind: str, data: str, kept: bool) -> None:
        said = self._running[answer_id]
        last = Event(len(said) + 1, kind, data)
        # Kept before it is forgotten here: whoever asks in between finds it in one of the two places.
        if kept:
            await self._store(self._keep, answer_id, [*said, last])
        else:
            await self._store(self._forget, answer_id)
        async with self._news:
            del self._running[answer_id]
            self._left.pop(answer_id, None)
            self._listeners.pop(answer_id, None)
            said.append(last)
            self._news.notify_all()

    @staticmethod
    async def _store(work: Callable[..., None], *values: object) -> None:
        """Without the database a stream cannot be taken up again, but it is not cut off."""
        try:
            await asyncio.to_thread(work, *values)
        except SQLAlchemyError:
            log.exception("the events of an answer could not be kept")

    def _keep(self, answer_id: str, said: list[Event]) -> None:
        now = datetime.now(UTC)
        rows = [
            {"answer": answer_id, "number": e.number, "kind": e.kind, "data": e.data, "created_at": now} for e in said
        ]
        if rows:
            with self._engine.begin() as connection:
                connection.execute(insert(events), rows)

    def _begun(self, answer_id: str) -> bool:
        with self._engine.connect() as connection:
            return connection.execute(select(events.c.number).where(events.c.answer == answer_id)).first() is not None

    def _forget(self, answer_id: str) -> None:
        with self._engine.begin() as connection:
            connection.execute(delete(events).where(events.c.answer == answer_id))

    def _rows(self, answer_id: str) -> list[Event]:
        with self._engine.connect() as connection:
            rows = connection.execute(
                select(events).where(events.c.answer == answer_id, events.c.number > 0).order_by(events.c.number)
            )
            return [Event(row.number, row.kind, row.data) for row in rows]
