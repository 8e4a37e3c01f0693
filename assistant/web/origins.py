"""Which pages may ask: our own, and for a municipality those it has named."""

from fastapi import Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.domain.municipality import Municipality
from assistant.errors import ForeignOrigin

_API = "/v1/"
_READABLE = {
    "Access-Control-Expose-Headers": "Answer-Id, Answer-Token, Retry-After",
    "Vary": "Origin",
}
_PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, POST, DELETE",
    "Access-Control-Allow-Headers": "authorization, content-type, last-event-id",
    "Access-Control-Max-Age": "7200",
}


def admit(request: Request, municipality: Municipality | None = None) -> str | None:
    """The origin of the page that a browser asks from, None for other clients; raises ForeignOrigin."""
    origin = request.headers.get("origin")
    if origin is None or _is_own(origin, request.headers):
        return origin
    if municipality is None or origin not in municipality.allowed_origins:
        asked = f"the assistant of {municipality.id}" if municipality else "what is found here"
        raise ForeignOrigin(f"Pages at {origin} may not show {asked}.")
    return origin


def _is_own(origin: str, headers: Headers) -> bool:
    # Without the scheme: a proxy that ends TLS may not have said so.
    scheme, _, host = origin.partition("://")
    return scheme in ("http", "https") and host == headers.get("host", "")


def readable(headers: Headers) -> dict[str, str]:
    """What lets the page that asks read the answer."""
    origin = headers.get("origin")
    return {"Vary": "Origin"} if origin is None else {**_READABLE, "Access-Control-Allow-Origin": origin}


class CrossOrigin:
    """Lets pages elsewhere read what they are answered, a refusal included; there are no cookies to protect."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(_API):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        allowed = readable(headers)
        if "origin" in headers and scope["method"] == "OPTIONS" and "access-control-request-method" in headers:
            # What is asked for is not known yet, for it stands in the body; the request itself is refused.
            await Response(status_code=204, headers={**allowed, **_PREFLIGHT})(scope, receive, send)
            return

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(allowed)
                # Tokens and what citizens said stay in no cache.
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self._app(scope, receive, told)
