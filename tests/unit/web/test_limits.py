import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Request, Response
from pydantic import BaseModel
from starlette.types import Message, Receive, Scope, Send

from assistant.web import problems
from assistant.web.limits import BodyLimit, CarefulHeaders

MOST = 1000


class Body(BaseModel):
    """What the test application takes."""

    text: str


def application() -> FastAPI:
    """An application that is put together as ours is."""
    app = FastAPI()
    app.add_middleware(BodyLimit, most_bytes=MOST)
    app.add_middleware(CarefulHeaders)
    problems.install(app)

    @app.post("/json")
    async def json(body: Body) -> int:
        return len(body.text)

    @app.post("/raw")
    async def raw(request: Request) -> int:
        return len(await request.body())

    @app.get("/own")
    async def own() -> Response:
        return Response("", headers={"Referrer-Policy": "same-origin"})

    return app


def answered(method: str, path: str, **request: Any) -> httpx.Response:
    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(application(), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://amt.example") as client:
            return await client.request(method, path, **request)

    return asyncio.run(ask())


async def chunks(count: int, size: int) -> AsyncIterator[bytes]:
    """A body whose length is not announced."""
    for _ in range(count):
        yield b"x" * size


@pytest.mark.parametrize(("length", "status"), [(0, 200), (MOST, 200), (MOST + 1, 413)])
def test_a_body_may_have_as_many_bytes_as_allowed(length: int, status: int) -> None:
    assert answered("POST", "/raw", content=b"x" * length).status_code == status


@pytest.mark.parametrize(("count", "status"), [(10, 200), (11, 413)])
def test_a_body_that_is_not_announced_is_counted(count: int, status: int) -> None:
    assert answered("POST", "/raw", content=chunks(count, MOST // 10)).status_code == status


def test_a_json_body_that_is_not_announced_is_refused_as_too_large() -> None:
    response = answered("POST", "/json", content=chunks(20, MOST // 10), headers={"content-type": "application/json"})

    assert response.status_code == 413


def test_a_body_that_is_larger_than_it_says_is_refused() -> None:
    response = answered("POST", "/raw", content=chunks(20, MOST // 10), headers={"content-length": "10"})

    assert response.status_code == 413


@pytest.mark.parametrize("length", ["-1", "ten", "1e9", "", b"\xb2"])
def test_a_length_that_is_no_number_is_refused(length: str | bytes) -> None:
    assert answered("POST", "/raw", content=b"x", headers={b"content-length": length}).status_code == 413


def test_a_refusal_is_a_problem_that_names_the_limit() -> None:
    response = answered("POST", "/raw", content=b"x" * (MOST + 1))

    assert response.headers["content-type"] == "application/problem+json"
    assert str(MOST) in response.json()["detail"]


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/raw"), ("GET", "/nowhere"), ("POST", "/json")],
    ids=["found", "not found", "invalid"],
)
def test_every_response_carries_careful_headers(method: str, path: str) -> None:
    headers = answered(method, path).headers

    assert "default-src 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]


def test_a_refusal_carries_them_too() -> None:
    headers = answered("POST", "/raw", content=b"x" * (MOST + 1)).headers

    assert "content-security-policy" in headers


def test_a_header_that_a_route_sets_is_kept() -> None:
    assert answered("GET", "/own").headers["referrer-policy"] == "same-origin"


def test_what_is_no_request_passes_untouched() -> None:
    seen: list[Scope] = []

    async def inner(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope)
        await send({"type": "lifespan.startup.complete"})

    async def receive() -> Message:
        return {"type": "lifespan.startup"}

    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(CarefulHeaders(BodyLimit(inner, MOST))({"type": "lifespan"}, receive, send))

    assert seen == [{"type": "lifespan"}]
    assert sent == [{"type": "lifespan.startup.complete"}]
