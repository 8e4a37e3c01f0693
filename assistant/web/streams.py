"""Events as server-sent events, with heartbeats while nothing happens."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from types import MappingProxyType

from fastapi import Request
from fastapi.sse import KEEPALIVE_COMMENT, EventSourceResponse, format_sse_event

from assistant.conversations.events import Event
from assistant.domain.municipality import Municipality
from assistant.web.service import Service

# Shorter than the idle timeout of common proxies.
_HEARTBEAT_SECONDS = 10.0


def wants_stream(request: Request) -> bool:
    """Whether the client asked for events."""
    return "text/event-stream" in request.headers.get("accept", "")


def streamed(service: Service, answer_id: str, municipality: Municipality) -> EventSourceResponse:
    """A stream of an answer that has just begun; what its rating needs is in `Answer-Token`."""
    return as_response(service, answer_id, 0, {"Answer-Token": service.tokens.answer(answer_id, municipality.id)})


def as_response(
    service: Service, answer_id: str, after: int, headers: Mapping[str, str] = MappingProxyType({})
) -> EventSourceResponse:
    """A stream of an answer's events after a number; its id is in `Answer-Id`, for resuming."""
    return EventSourceResponse(
        _encoded(service.events.read(answer_id, after)),
        headers={"Answer-Id": answer_id, "Cache-Control": "no-store", "X-Accel-Buffering": "no", **headers},
    )


async def _encoded(events: AsyncGenerator[Event, None]) -> AsyncIterator[bytes]:
    waiting: asyncio.Task[Event] | None = None
    try:
        while True:
            waiting = waiting or asyncio.ensure_future(anext(events))
            done, _ = await asyncio.wait({waiting}, timeout=_HEARTBEAT_SECONDS)
            if not done:
                yield KEEPALIVE_COMMENT
                continue
            try:
                event = waiting.result()
            except StopAsyncIteration:
                return
            waiting = None
            yield format_sse_event(data_str=event.data, event=event.kind, id=str(event.number))
    finally:
        if waiting:
            waiting.cancel()
            await asyncio.wait({waiting})
        # At once, for the log notes that nobody listens any more.
        await events.aclose()
