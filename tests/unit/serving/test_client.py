"""A client that streams what a model writes, against a server that says what it is told."""

import asyncio
import gc
import os
import subprocess
import sys
import threading
import time
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from serving.client import Client
from serving.errors import GenerationFailed, NotInstalled, Silent
from serving.generation import Ending, Endpoint, Grammar, Message, Request, Schema, Timeouts, Usage
from tests.scripted import Asked, Finish, Leave, Pause, Raw, Scripted, Status, event

QUICK = Timeouts(connect=5.0, first_token=0.6, silence=0.3)
PATIENT = Timeouts(connect=5.0, first_token=10.0, silence=10.0)
MESSAGES = (Message("system", "Antworte aus {Quellen}."), Message("user", "Was kostet ein Ausweis?"))


def wish(**more: Any) -> Request:
    """A request that asks for little."""
    return Request("answer-1", "pseudonym", MESSAGES, 200, **more)


@pytest.fixture
def server() -> Iterator[Scripted]:
    with Scripted() as server:
        yield server


@asynccontextmanager
async def opened(server: Scripted, timeouts: Timeouts = PATIENT, key: str = "") -> AsyncGenerator[Client, None]:
    """A client of the server."""
    client = Client(Endpoint(server.url, "euro", key), timeouts)
    try:
        yield client
    finally:
        await client.close()


def run(work: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    """What the coroutine gives, within 20 seconds."""
    return asyncio.run(asyncio.wait_for(work(), 20))


def said(server: Scripted, request: Request, timeouts: Timeouts = PATIENT, key: str = "") -> list[str | Ending]:
    """All that one stream gives."""

    async def ask() -> list[str | Ending]:
        async with opened(server, timeouts, key) as client:
            return [one async for one in client.stream(request)]

    result: list[str | Ending] = run(ask)
    return result


def test_text_comes_as_it_is_written_and_the_cost_at_the_end(server: Scripted) -> None:
    server.script = ["Ein Ausweis ", "kostet 37 €. [1]", Finish(cached=4)]

    assert said(server, wish()) == [
        "Ein Ausweis ",
        "kostet 37 €. [1]",
        Ending(complete=True, usage=Usage(prompt=7, cached=4, completion=2)),
    ]


def test_the_first_text_is_there_before_the_second_is_written(server: Scripted) -> None:
    server.script = ["eins ", Pause(60), "zwei"]

    async def ask() -> str | Ending:
        async with opened(server) as client:
            return await anext(client.stream(wish()))

    assert run(ask) == "eins "


def test_an_answer_that_was_too_long_is_not_complete(server: Scripted) -> None:
    server.script = ["Ein Ausweis kos", Finish("length")]

    assert said(server, wish())[-1] == Ending(complete=False, usage=Usage(7, 0, 1))


def test_a_server_that_tells_no_cost_is_believed_all_the_same(server: Scripted) -> None:
    end = {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}
    server.script = ["Ja.", Raw(event(end)), Raw(b"data: [DONE]\n\n"), Leave()]

    assert said(server, wish()) == ["Ja.", Ending(complete=True, usage=None)]


def test_what_is_asked_reaches_the_server(server: Scripted) -> None:
    said(server, wish(temperature=0.2, constraint=Grammar('root ::= "ja"'), salt="ab12", priority=3), key="secret")

    asked = server.asked[0]
    assert (asked.method, asked.path) == ("POST", "/v1/chat/completions")
    assert asked.body == {
        "model": "euro",
        "messages": [{"role": message.role, "content": message.text} for message in MESSAGES],
        "max_completion_tokens": 200,
        "temperature": 0.2,
        "stream": True,
        "stream_options": {"include_usage": True},
        "structured_outputs": {"grammar": 'root ::= "ja"'},
        "cache_salt": "ab12",
        "priority": 3,
    }
    sent = {name: asked.headers[name] for name in ("x-session-id", "x-request-id", "authorization")}
    assert sent == {"x-session-id": "pseudonym", "x-request-id": "answer-1", "authorization": "Bearer secret"}


def test_a_server_that_is_not_vllm_is_sent_nothing_of_vllm(server: Scripted) -> None:
    said(server, wish())

    assert not {"structured_outputs", "response_format", "cache_salt", "priority"} & set(server.asked[0].body)


def test_json_is_asked_for_by_its_schema(server: Scripted) -> None:
    schema = {"type": "object", "properties": {"question": {"type": "string"}}}
    server.script = ['{"question": ', '"Was kostet ein Ausweis?"}']

    assert "".join(map(str, said(server, wish(constraint=Schema(schema)))[:-1])).endswith('Ausweis?"}')
    asked = server.asked[0].body["response_format"]
    assert asked == {"type": "json_schema", "json_schema": {"name": "answer", "schema": schema}}


def test_a_key_of_the_environment_goes_to_nobody(server: Scripted, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "of another account")
    said(server, wish())

    assert server.asked[0].headers["authorization"] == "Bearer EMPTY"


def test_an_endpoint_shows_neither_its_key_nor_a_password() -> None:
    endpoint = Endpoint("https://user:word@models.example.org:8443/v1", "euro", "secret")

    assert endpoint.place == "models.example.org:8443"
    assert "secret" not in repr(endpoint)


def test_who_closes_the_window_stops_the_server(server: Scripted) -> None:
    server.script = ["eins ", Pause(60), "zwei"]

    async def ask() -> bool:
        async with opened(server) as client:
            stream = client.stream(wish())
            await anext(stream)
            await stream.aclose()
            return await asyncio.to_thread(server.asked[0].left.wait, 2)

    # The libraries leave part of the closing to reference counts; it must not wait for the collector.
    gc.disable()
    try:
        assert run(ask)
    finally:
        gc.enable()


@pytest.mark.parametrize("script", [[Pause(60)], ["eins ", Pause(60)]], ids=["before", "after"])
def test_a_cancelled_task_stops_the_server(server: Scripted, script: list[str | Pause]) -> None:
    reached = threading.Event()

    def told(_: Asked) -> list[str | Pause]:
        reached.set()
        return script

    server.script = told

    async def ask() -> bool:
        async with opened(server) as client:

            async def read() -> None:
                async for _ in client.stream(wish()):
                    pass

            task = asyncio.create_task(read())
            assert await asyncio.to_thread(reached.wait, 5)
            await asyncio.sleep(0.1)
            task.cancel()
            assert isinstance((await asyncio.gather(task, return_exceptions=True))[0], asyncio.CancelledError)
            return await asyncio.to_thread(server.asked[0].left.wait, 2)

    assert run(ask)


def test_silence_before_the_first_text_stops_the_server_and_is_an_error(server: Scripted) -> None:
    server.script = [Pause(60), "eins"]

    with pytest.raises(Silent, match=r"has not begun its answer within 0\.6 seconds\.$"):
        said(server, wish(), QUICK)
    assert server.asked[0].left.wait(2)


def test_silence_between_texts_is_an_error_after_what_was_said(server: Scripted) -> None:
    server.script = ["eins ", Pause(60), "zwei"]
    got: list[str | Ending] = []

    async def ask() -> None:
        async with opened(server, QUICK) as client:
            async for one in client.stream(wish()):
                got.append(one)  # noqa: PERF401 - what came before the error counts

    with pytest.raises(Silent, match=r"has fallen silent in the middle of an answer, for 0\.3 seconds\.$"):
        run(ask)
    assert got == ["eins "]
    assert server.asked[0].left.wait(2)


def test_what_is_no_text_does_not_keep_a_stream_alive(server: Scripted) -> None:
    empty = event({"choices": [{"index": 0, "delta": {"content": ""}, "finish_reason": None}]})
    server.script = ["eins ", *(Pause(0.1), Raw(b": keep-alive\n\n"), Pause(0.1), Raw(empty)) * 20]
    begun = time.monotonic()

    with pytest.raises(Silent):
        said(server, wish(), QUICK)
    assert time.monotonic() - begun < 3


def test_the_first_text_may_take_longer_than_the_next(server: Scripted) -> None:
    server.script = [Pause(0.4), "eins"]

    assert said(server, wish(), Timeouts(5.0, first_token=10.0, silence=0.1))[0] == "eins"


def test_a_slow_reader_is_not_taken_for_a_silent_server(server: Scripted) -> None:
    server.script = ["eins ", "zwei ", Pause(0.1), "drei"]

    async def ask() -> list[str | Ending]:
        got: list[str | Ending] = []
        async with opened(server, QUICK) as client:
            async for one in client.stream(wish()):
                got.append(one)
                await asyncio.sleep(0.35)
        return got

    assert run(ask)[:3] == ["eins ", "zwei ", "drei"]


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_nothing_is_asked_twice(server: Scripted, status: int) -> None:
    server.script = Status(status)

    with pytest.raises(GenerationFailed):
        said(server, wish())
    assert len(server.asked) == 1


def test_a_connection_is_used_for_the_next_question_too(server: Scripted) -> None:
    async def ask() -> None:
        async with opened(server) as client:
            for _ in range(3):
                async for _ in client.stream(wish()):
                    pass

    run(ask)
    assert (len(server.asked), server.connections) == (3, 1)


def test_many_streams_at_once_do_not_mix(server: Scripted) -> None:
    def echo(asked: Asked) -> list[str | Pause]:
        name = asked.headers["x-request-id"]
        return [piece for _ in range(5) for piece in (f"{name} ", Pause(0.01))]

    server.script = echo

    async def ask() -> list[set[str | Ending]]:
        async with opened(server) as client:

            async def read(name: str) -> set[str | Ending]:
                request = Request(name, "pseudonym", MESSAGES, 200)
                return {one async for one in client.stream(request) if isinstance(one, str)}

            return await asyncio.gather(*(read(f"answer-{number}") for number in range(16)))

    assert run(ask) == [{f"answer-{number} "} for number in range(16)]


PROGRAM = """
import asyncio
from serving.client import Client
from serving.generation import Endpoint, Message, Request

async def main():
    client = Client(Endpoint({url!r}, "euro"))
    async for one in client.stream(Request("1", "2", (Message("user", "Was kostet ein Ausweis?"),), 10)):
        pass
    await client.close()

asyncio.run(main())
"""


def test_nothing_is_traced_whatever_the_environment_says(server: Scripted) -> None:
    with Scripted(Status(200, "{}")) as foreign:
        environment = {
            "LANGSMITH_TRACING": "true",
            "LANGSMITH_ENDPOINT": foreign.url,
            "LANGSMITH_API_KEY": "key",
            "LANGSMITH_GATEWAY": "true",
        }
        program = [sys.executable, "-c", PROGRAM.format(url=server.url)]
        subprocess.run(program, env={**os.environ, **environment}, check=True, timeout=60)

        assert (len(server.asked), len(foreign.asked)) == (1, 0)


def test_a_library_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "langchain_openai", None)

    with pytest.raises(NotInstalled, match=r"^langchain_openai is not installed; pip install 'amtslotse\[vllm\]'"):
        Client(Endpoint("http://127.0.0.1:1/v1", "euro"))
