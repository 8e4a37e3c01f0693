import asyncio
from typing import Any

import httpx
import pytest
from fastapi import Request, Response
from starlette.types import Receive, Scope, Send

from assistant.domain.municipality import Contact, Municipality
from assistant.errors import ForeignOrigin
from assistant.web.origins import CrossOrigin, admit

WWW = "https://www.altdorf.example"
PORT = "https://altdorf.example:8443"
ALTDORF = Municipality("altdorf", "Altdorf", ("amt",), Contact("Amt"), allowed_origins=(WWW, PORT))
HOST = "chat.example"
FOREIGN = [
    "https://www.nirgends.example",
    "http://www.altdorf.example",
    "https://altdorf.example",
    "https://altdorf.example:8444",
    f"{WWW}:8443",
    f"{WWW}.",
    f"{WWW}/",
    "https://WWW.altdorf.example",
    "https://www.altdorf.example.nirgends.example",
    "https://nirgends.example/https://www.altdorf.example",
    "https://sub.www.altdorf.example",
    "https://chat.example:8443",
    "https://chat.example.nirgends.example",
    "https://chat.example@nirgends.example",
    "chat.example",
    "file://",
    "null",
    "*",
    "",
]


def asked(origin: str | None, host: str | None = HOST) -> Request:
    """A request from a page."""
    named = {"host": host, "origin": origin}
    headers = [(name.encode(), value.encode("latin-1")) for name, value in named.items() if value is not None]
    return Request({"type": "http", "method": "POST", "path": "/v1/answers", "headers": headers})


@pytest.mark.parametrize("origin", [WWW, PORT])
def test_a_page_that_the_municipality_has_named_is_admitted(origin: str) -> None:
    assert admit(asked(origin), ALTDORF) == origin


@pytest.mark.parametrize("origin", FOREIGN)
def test_every_other_page_is_refused_by_name(origin: str) -> None:
    with pytest.raises(ForeignOrigin) as caught:
        admit(asked(origin), ALTDORF)
    assert str(caught.value) == f"Pages at {origin} may not show the assistant of altdorf."


@pytest.mark.parametrize("origin", ["http://[", "https://[::1", "https://a]b"])
def test_an_origin_that_is_no_address_is_refused_like_any_other(origin: str) -> None:
    with pytest.raises(ForeignOrigin):
        admit(asked(origin), ALTDORF)


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("http://chat.example", "chat.example"),
        ("https://chat.example", "chat.example"),
        ("http://127.0.0.1:8000", "127.0.0.1:8000"),
        ("http://[::1]:8000", "[::1]:8000"),
    ],
    ids=["plain", "TLS ends at a proxy", "port", "IPv6"],
)
def test_our_own_pages_are_admitted_for_every_municipality_and_none(origin: str, host: str) -> None:
    assert admit(asked(origin, host), ALTDORF) == origin
    assert admit(asked(origin, host)) == origin


@pytest.mark.parametrize("host", [None, "", "null"], ids=["no host", "an empty host", "null"])
def test_a_page_from_nowhere_is_never_ours(host: str | None) -> None:
    with pytest.raises(ForeignOrigin):
        admit(asked("null", host), ALTDORF)


def test_what_is_no_browser_is_admitted() -> None:
    assert admit(asked(None), ALTDORF) is None
    assert admit(asked(None)) is None


def test_what_belongs_to_no_municipality_is_for_our_own_pages() -> None:
    with pytest.raises(ForeignOrigin, match=f"Pages at {WWW} may not show what is found here"):
        admit(asked(WWW))


async def inner(scope: Scope, receive: Receive, send: Send) -> None:
    """An application that answers everything."""
    headers = {"Content-Type": "text/plain", "Answer-Id": "a1"}
    await Response(f"{scope['method']} answered", headers=headers)(scope, receive, send)


def answered(method: str, path: str, **headers: str) -> httpx.Response:
    """What a page gets through the middleware."""

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(CrossOrigin(inner))
        async with httpx.AsyncClient(transport=transport, base_url=f"http://{HOST}") as client:
            return await client.request(method, path, headers=headers)

    return asyncio.run(ask())


@pytest.mark.parametrize("origin", [WWW, "https://www.nirgends.example", "null"])
def test_a_page_may_read_what_it_is_answered(origin: str) -> None:
    response = answered("POST", "/v1/answers", origin=origin)

    assert response.text == "POST answered"
    assert response.headers["access-control-allow-origin"] == origin
    assert response.headers["vary"] == "Origin"
    assert "Answer-Id" in response.headers["access-control-expose-headers"]
    assert response.headers["answer-id"] == "a1"


def test_a_preflight_is_answered_before_anything_is_done() -> None:
    response = answered("OPTIONS", "/v1/answers", origin=WWW, **{"access-control-request-method": "POST"})

    assert (response.status_code, response.content) == (204, b"")
    assert "answer-id" not in response.headers


def test_options_that_are_no_preflight_are_the_applications() -> None:
    assert answered("OPTIONS", "/v1/answers", origin=WWW).text == "OPTIONS answered"
    assert answered("OPTIONS", "/v1/answers", **{"access-control-request-method": "POST"}).text == "OPTIONS answered"


@pytest.mark.parametrize("path", ["/", "/m/altdorf", "/healthz", "/openapi.json", "/v1", "/m/v1/answers"])
def test_only_the_api_is_for_pages_elsewhere(path: str) -> None:
    response = answered("OPTIONS", path, origin=WWW, **{"access-control-request-method": "POST"})

    assert response.text == "OPTIONS answered"
    assert "access-control-allow-origin" not in response.headers


def test_what_is_no_request_passes_untouched() -> None:
    seen: list[Scope] = []

    async def application(scope: Scope, _receive: Receive, _send: Send) -> None:
        seen.append(scope)

    async def nothing(*_message: Any) -> Any:
        raise AssertionError("nothing is read or sent")

    asyncio.run(CrossOrigin(application)({"type": "lifespan"}, nothing, nothing))

    assert seen == [{"type": "lifespan"}]
