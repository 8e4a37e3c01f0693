"""A server that speaks OpenAI's protocol, says what it is told, and remembers what it was asked."""

import asyncio
import json
import ssl
import threading
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self


@dataclass(frozen=True)
class Pause:
    """Nothing for so many seconds."""

    seconds: float


@dataclass(frozen=True)
class Raw:
    """Bytes of the body, as they are."""

    data: bytes


@dataclass(frozen=True)
class Finish:
    """The orderly end: the reason, the usage where it was asked for, and `[DONE]`. Added where a script has none."""

    reason: str = "stop"
    cached: int = 0


@dataclass(frozen=True)
class Leave:
    """The end of the body without a finished answer, as a proxy makes it that gives up."""


@dataclass(frozen=True)
class Cut:
    """The connection breaks."""


@dataclass(frozen=True)
class Status:
    """A status with a whole body, instead of a stream."""

    code: int
    body: str = '{"error": {"message": "no", "type": "error"}}'


# The answer to every GET: of `/health` the status counts, of `/v1/models` the list.
_MODELS = Status(200, json.dumps({"object": "list", "data": [{"id": "scripted", "object": "model"}]}))

Step = str | Pause | Raw | Finish | Leave | Cut
Script = Sequence[Step] | Status | Cut


@dataclass
class Asked:
    """A request that came in; `left` is set when the client went away before the end."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: Any
    left: threading.Event = field(default_factory=threading.Event)


class NotHttp(Exception):
    """What came in is no request, but the start of TLS, say."""


class Scripted:
    """The server, in a thread of its own, as a context manager; `script` may be exchanged at any time.

    A script is given, or made from what was asked. Where `tls` is given, the server speaks TLS.
    """

    def __init__(
        self, script: Script | Callable[[Asked], Script] = ("Ja.",), *, port: int = 0, tls: ssl.SSLContext | None = None
    ) -> None:
        self.script = script
        self.asked: list[Asked] = []
        self.connections = 0
        self.port = port
        self._tls = tls
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()))

    @property
    def url(self) -> str:
        """The base URL, up to and including `/v1`."""
        return f"http{'s' if self._tls else ''}://127.0.0.1:{self.port}/v1"

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()

    def kill(self) -> None:
        """Ends it, in the middle of whatever it is saying."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stop.set)
            self._thread.join(10)

    async def _run(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stop = asyncio.Event()
        server = await asyncio.start_server(self._serve, "127.0.0.1", self.port, ssl=self._tls)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stop.wait()
        server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while asked := await _request(reader):
                self.asked.append(asked)
                await self._answer(asked, reader, writer)
        except NotHttp:
            await _send(writer, Status(400))
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _answer(self, asked: Asked, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        match _MODELS if asked.method == "GET" else self.script(asked) if callable(self.script) else self.script:
            case Status() as whole:
                await _send(writer, whole)
            case Cut():
                raise ConnectionResetError
            case script:
                await self._stream(asked, script, reader, writer)

    @staticmethod
    async def _stream(
        asked: Asked, script: Sequence[Step], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
        telling = asyncio.create_task(_tell(asked, script, writer))
        # Nothing comes from the client before the end, but its farewell.
        watching = asyncio.create_task(reader.read(1))
        await asyncio.wait({telling, watching}, return_when=asyncio.FIRST_COMPLETED)
        gone = watching.done()
        watching.cancel()
        telling.cancel()
        await asyncio.gather(watching, return_exceptions=True)
        if gone:
            asked.left.set()
            raise ConnectionResetError
        await telling
        writer.write(b"0\r\n\r\n")
        await writer.drain()


async def _request(reader: asyncio.StreamReader) -> Asked | None:
    start = await reader.read(1)
    if not start:
        return None
    if not start.isalpha():
        raise NotHttp
    head = (start + await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.strip().split("\r\n")
    method, path, _ = first.split(" ")
    headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Asked(method, path, headers, json.loads(body) if body else None)


async def _send(writer: asyncio.StreamWriter, status: Status) -> None:
    body = status.body.encode()
    head = f"HTTP/1.1 {status.code} Told\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    writer.write(head.encode() + body)
    await writer.drain()


async def _tell(asked: Asked, script: Sequence[Step], writer: asyncio.StreamWriter) -> None:
    async for data in _body(asked, script, writer):
        writer.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        await writer.drain()


async def _body(asked: Asked, script: Sequence[Step], writer: asyncio.StreamWriter) -> AsyncIterator[bytes]:
    pieces = 0
    yield _delta({"role": "assistant", "content": ""})
    for step in script if script and isinstance(script[-1], Finish | Leave | Cut) else (*script, Finish()):
        match step:
            case str():
                pieces += 1
                yield _delta({"content": step})
            case Pause(seconds):
                await asyncio.sleep(seconds)
            case Raw(data):
                yield data
            case Cut():
                writer.transport.abort()
                raise ConnectionResetError
            case Finish(reason, cached):
                yield _delta({}, reason)
                if asked.body.get("stream_options", {}).get("include_usage"):
                    yield _usage(asked, pieces, cached)
                yield b"data: [DONE]\n\n"


def event(value: Any) -> bytes:
    """A value as an event of the stream."""
    return f"data: {json.dumps(value)}\n\n".encode()


def _delta(delta: Mapping[str, str], reason: str | None = None) -> bytes:
    return _chunk([{"index": 0, "delta": delta, "finish_reason": reason}])


def _usage(asked: Asked, pieces: int, cached: int) -> bytes:
    """One token for a word of the prompt, one for a piece of the answer."""
    words = sum(len(message["content"].split()) for message in asked.body["messages"])
    counts = {"prompt_tokens": words, "completion_tokens": pieces, "total_tokens": words + pieces}
    return _chunk([], {**counts, "prompt_tokens_details": {"cached_tokens": cached}})


def _chunk(choices: list[Any], usage: Mapping[str, Any] | None = None) -> bytes:
    made = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "scripted"}
    return event({**made, "choices": choices, "usage": usage})
