"""What every request passes: a limit on its body, and headers that keep browsers careful."""

from contextlib import suppress

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.web.problems import CAREFUL, problem


class _TooLarge(Exception):
    pass


class BodyLimit:
    """Refuses a body that is larger than allowed, whatever its header says."""

    def __init__(self, app: ASGIApp, most_bytes: int) -> None:
        self._app = app
        self._most = most_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refused = problem(413, f"The body may have at most {self._most} bytes.")
        announced = Headers(scope=scope).get("content-length", "0")
        if not announced.isdecimal() or int(announced) > self._most:
            await refused(scope, receive, send)
            return
        body = _Counted(receive, self._most)
        sent = False

        async def answer(message: Message) -> None:
            # The framework turns an error while reading into one of its own: what counts is that it was too much.
            nonlocal sent
            if body.too_large and not sent:
                return
            sent = True
            await send(message)

        with suppress(_TooLarge):
            await self._app(scope, body, answer)
        if body.too_large and not sent:
            await refused(scope, receive, send)


class _Counted:
    """A body as it comes in, until it is too large."""

    def __init__(self, receive: Receive, most: int) -> None:
        self._receive = receive
        self._left = most
        self.too_large = False

    async def __call__(self) -> Message:
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            self.too_large = True
            raise _TooLarge
        return message


class CarefulHeaders:
    """Adds the headers that forbid what no page of ours needs."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def careful(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in CAREFUL.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, careful if scope["type"] == "http" else send)
