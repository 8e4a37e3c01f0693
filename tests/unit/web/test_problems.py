import asyncio
import inspect
from typing import Annotated, Any

import httpx
import pytest
from fastapi import FastAPI, HTTPException, Query
from pydantic import BaseModel, Field, model_validator
from sqlalchemy.exc import OperationalError

from assistant import errors
from assistant.web import problems
from assistant.web.problems import STATUSES, status_of
from corpora import errors as corpora_errors
from retrieval import errors as retrieval_errors

SECRET = "Der Schlüssel liegt in /etc/amtslotse."
# What no request can raise has the status of its base.
OURS = [
    kind
    for module in (errors, corpora_errors, retrieval_errors)
    for _, kind in inspect.getmembers(module, inspect.isclass)
    if issubclass(kind, Exception) and kind.__module__ == module.__name__
]


class Body(BaseModel):
    """What the test application takes."""

    text: Annotated[str, Field(max_length=5)]

    @model_validator(mode="after")
    def _no_shouting(self) -> "Body":
        if self.text.isupper():
            raise ValueError("do not shout")
        return self


def failing(error: Exception) -> FastAPI:
    app = FastAPI()
    problems.install(app)

    @app.get("/")
    async def fail() -> None:
        raise error

    @app.post("/")
    async def take(body: Body, n: Annotated[int, Query()] = 0) -> Body:
        return body

    return app


def answered(error: Exception | None = None, method: str = "GET", **request: Any) -> httpx.Response:
    """How the application answers a request."""

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(failing(error or ValueError()), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://amt.example") as client:
            return await client.request(method, request.pop("url", "/"), **request)

    return asyncio.run(ask())


@pytest.mark.parametrize("kind", OURS, ids=lambda kind: kind.__name__)
def test_every_error_of_ours_becomes_a_problem(kind: type[Exception]) -> None:
    response = answered(kind("Ein Satz."))
    body = response.json()

    assert response.headers["content-type"] == "application/problem+json"
    assert response.status_code == body["status"] == status_of(kind("x"))
    assert body["title"]
    assert body["type"] == "about:blank"


@pytest.mark.parametrize("kind", OURS, ids=lambda kind: kind.__name__)
def test_only_what_the_caller_did_is_told_to_the_caller(kind: type[Exception]) -> None:
    response = answered(kind(SECRET))

    assert (SECRET in response.text) is (response.status_code < 500)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (errors.UnknownMunicipality("x"), 404),
        (errors.UnknownConversation("x"), 404),
        (errors.UnknownAnswer("x"), 404),
        (errors.WrongToken("x"), 403),
        (errors.Overloaded("x"), 503),
        (corpora_errors.UnknownCorpus("x"), 404),
        (corpora_errors.CorpusBusy("x"), 409),
        (retrieval_errors.Unpublished("x"), 404),
        (retrieval_errors.SnapshotCorrupt("x"), 503),
        (retrieval_errors.EmbedderFailed("x"), 503),
        (OperationalError("SELECT 1", {}, Exception("locked")), 503),
        (ZeroDivisionError("x"), 500),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else str(value),
)
def test_errors_have_their_status(error: Exception, status: int) -> None:
    assert status_of(error) == status
    assert answered(error).status_code == status


def test_an_error_without_a_row_has_the_status_of_its_base() -> None:
    class Strange(errors.WrongToken):
        pass

    assert status_of(Strange("x")) == STATUSES[errors.WrongToken]


def test_what_nobody_expected_is_a_problem_without_details() -> None:
    response = answered(RuntimeError(SECRET))

    assert response.status_code == 500
    assert response.headers["content-type"] == "application/problem+json"
    assert SECRET not in response.text


def test_a_statement_of_the_database_is_not_told() -> None:
    assert "SELECT" not in answered(OperationalError("SELECT secret", {}, Exception("locked"))).text


@pytest.mark.parametrize(
    ("error", "retry"), [(errors.Overloaded("x"), True), (errors.WrongToken("x"), False), (ValueError(), False)]
)
def test_who_is_turned_away_is_told_when_to_come_back(error: Exception, retry: bool) -> None:
    assert ("retry-after" in answered(error).headers) is retry


def test_an_error_of_the_framework_is_a_problem_with_its_headers() -> None:
    response = answered(HTTPException(405, "Nicht so.", {"Allow": "POST"}))

    assert response.status_code == 405
    assert response.json()["detail"] == "Nicht so."
    assert response.headers["allow"] == "POST"


def test_a_path_that_is_not_there_is_a_problem() -> None:
    response = answered(url="/nowhere")

    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"


def test_a_payload_that_does_not_fit_names_the_field() -> None:
    response = answered(method="POST", json={"text": "viel zu lang"}, url="/?n=x")
    body = response.json()

    assert response.status_code == 422
    assert {one["field"] for one in body["errors"]} == {"text", "n"}
    assert "text: " in body["detail"]


@pytest.mark.parametrize("content", [b'{"text": "Geheimnis"}', b"Geheimnis", b'["Geheimnis"]', b"{}", b""])
def test_what_came_in_is_not_sent_back(content: bytes) -> None:
    response = answered(method="POST", content=content, headers={"content-type": "application/json"})

    assert response.status_code == 422
    assert "Geheimnis" not in response.text


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b'{"text": "a",,}', "This is no JSON: Expecting property name enclosed in double quotes at character 14."),
        (b'{"text": "a', "This is no JSON: Unterminated string starting at character 10."),
        (b'{"text": "\xff"}', "This is no JSON: it is not UTF-8 at byte 11."),
        (b"[" * 100_000, "This is no JSON that can be read."),
        (b"[]", "This must be a JSON object."),
        (b'{"text": "OH"}', "do not shout"),
    ],
    ids=["no JSON", "half a text", "no UTF-8", "brackets", "no object", "our own rule"],
)
def test_what_is_wrong_with_a_body_is_said_in_plain_words(content: bytes, message: str) -> None:
    response = answered(method="POST", content=content, headers={"content-type": "application/json"})
    body = response.json()

    assert response.status_code == body["status"] == 422
    assert response.headers["content-type"] == "application/problem+json"
    assert body["errors"] == [{"field": "body", "message": message}]
    assert body["detail"] == f"body: {message}"


def test_who_is_turned_away_because_of_the_rush_is_told_so() -> None:
    assert "Too many are asking" in answered(errors.Overloaded("x")).json()["detail"]
    assert "Too many" not in answered(retrieval_errors.EmbedderFailed("x")).json()["detail"]


def test_a_problem_may_carry_more() -> None:
    response = problems.problem(429, "Zu viel.", {"X-Own": "1"}, limit=3)

    assert (response.status_code, response.headers["retry-after"], response.headers["x-own"]) == (429, "2", "1")
    assert b'"limit":3' in response.body
