"""Every error is a problem that says what to do, and never what the citizen wrote."""

from dataclasses import replace

import pytest
from sqlalchemy.exc import OperationalError

QUESTION = {"municipality": "neckarfurt", "question": "Was kostet ein Reisepass?"}
WORDS = "Quittenbaumgeheimnis"


def problem(reply, status):
    """The body of a problem of that status."""
    body = reply.json()
    assert reply.status_code == body["status"] == status
    assert reply.headers["content-type"] == "application/problem+json"
    assert body["title"]
    assert body["detail"]
    assert "x-content-type-options" in reply.headers
    return body


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/nowhere", None),
        ("GET", "/page.exe", None),
        ("GET", "/v1/municipalities/nirgends", None),
        ("GET", "/v1/answers/nirgends/events", None),
        ("POST", "/v1/answers", {"municipality": "nirgends", "question": "x"}),
        ("POST", "/v1/conversations", {"municipality": "nirgends"}),
        ("POST", "/v1/search", {"corpora": ["nirgends"], "query": "x"}),
    ],
)
def test_what_is_not_there_is_404(town, method, path, body):
    problem(town.request(method, path, json=body), 404)


def test_the_rest_of_an_answer_that_never_was_is_404(town, monkeypatch):
    monkeypatch.setattr("assistant.conversations.events._PATIENCE", 2)
    problem(town.get("/v1/answers/nirgends/events", headers={"Last-Event-ID": "3"}), 404)


def test_a_wrong_method_is_405_and_names_the_right_one(town):
    reply = town.get("/v1/answers")
    problem(reply, 405)
    assert reply.headers["allow"] == "POST"


def test_a_large_body_is_413(town):
    problem(town.post("/v1/answers", content=b"x" * 70_000), 413)


def test_a_large_body_that_does_not_announce_its_length_is_413(town):
    chunks = (b"x" * 10_000 for _ in range(7))
    problem(town.post("/v1/answers", content=chunks, headers={"Content-Type": "application/json"}), 413)


@pytest.mark.parametrize(
    ("field", "body"),
    [
        ("question", {"municipality": "neckarfurt"}),
        ("question", {"municipality": "neckarfurt", "question": ""}),
        ("question", QUESTION | {"question": WORDS * 1_100}),
        ("language", QUESTION | {"question": WORDS, "language": "../de"}),
        ("history.0", QUESTION | {"history": [WORDS]}),
        ("history.0.role", QUESTION | {"history": [{"role": "system", "text": WORDS}]}),
        ("surprise", QUESTION | {"surprise": WORDS}),
        ("level", QUESTION | {"level": "root"}),
    ],
)
def test_a_wrong_field_is_422_and_named_without_what_was_in_it(town, field, body):
    reply = town.post("/v1/answers", json=body)
    assert problem(reply, 422)["errors"][0]["field"] == field
    assert WORDS not in reply.text


@pytest.mark.parametrize("body", [b"{", b"[]", b"", b'"x"', b'{"question": "\xff"}', b"[" * 50_000])
def test_a_body_that_is_no_json_object_is_422(town, body):
    problem(town.post("/v1/answers", content=body, headers={"Content-Type": "application/json"}), 422)


@pytest.mark.parametrize("body", [b"{", b"[]", b"", b"\xff"])
def test_what_is_wrong_with_a_whole_body_is_said_of_the_body(town, body):
    reply = town.post("/v1/answers", content=body, headers={"Content-Type": "application/json"})
    assert problem(reply, 422)["errors"][0]["field"] == "body"


def test_a_body_that_is_not_called_json_is_told_how_to_be(town):
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    reply = town.post("/v1/answers", content=b'{"municipality": "neckarfurt", "question": "x"}', headers=form)
    assert "Content-Type: application/json" in problem(reply, 422)["detail"]


def test_a_search_for_nothing_is_422(town):
    problem(town.post("/v1/search", json={"corpora": ["bund"], "query": " \t"}), 422)


@pytest.mark.parametrize("fields", [{}, {"municipality": "neckarfurt", "corpora": ["bund"]}])
def test_a_search_must_say_where_once(town, fields):
    assert (
        "either municipality or corpora"
        in problem(town.post("/v1/search", json={"query": "x", **fields}), 422)["detail"]
    )


@pytest.mark.parametrize("path", ["/v1/answers", "/v1/search"])
def test_half_a_character_is_no_error_of_the_service(town, path):
    words = "question" if path == "/v1/answers" else "query"
    body = b'{"municipality": "neckarfurt", "%s": "Was kostet \\ud800 ein Reisepass?"}' % words.encode()
    assert town.post(path, content=body, headers={"Content-Type": "application/json"}).status_code in (200, 422)


def test_too_many_questions_at_once_are_503_with_when_to_try_again(town_dir, wire, serve, gated, monkeypatch):
    monkeypatch.setattr("assistant.web.service._WAIT_SECONDS", 0.05)
    wiring = wire(town_dir, concurrency=1)
    client = serve(wiring)
    gate = gated(wiring)
    with client.stream("POST", "/v1/answers", json=QUESTION, headers={"Accept": "text/event-stream"}) as stream:
        lines = stream.iter_lines()
        assert next(lines).startswith("event: ")
        for accept in ("application/json", "text/event-stream"):
            refused = client.post("/v1/answers", json=QUESTION, headers={"Accept": accept})
            assert "Too many" in problem(refused, 503)["detail"]
            assert int(refused.headers["retry-after"]) > 0
        gate.set()
        assert any(line == "event: answer" for line in lines)
    assert client.post("/v1/answers", json=QUESTION).status_code == 200


class _Broken:
    """A step that fails as nothing of ours should."""

    def __init__(self, error):
        self._error = error

    async def __call__(self, draft):
        raise self._error


@pytest.fixture(params=["database", "surprise"])
def broken(request, town_dir, wire, serve):
    """A service whose retrieval fails in a way that no step expects."""
    wiring = wire(town_dir)
    error = OperationalError("SELECT", {}, Exception(WORDS)) if request.param == "database" else RuntimeError(WORDS)
    steps = list(wiring.pipeline.steps)
    steps[3] = _Broken(error)
    client = serve(wiring)
    wiring.__dict__["pipeline"] = replace(wiring.pipeline, steps=tuple(steps))
    return client


def test_an_unexpected_error_still_gives_the_citizen_a_way_on(broken):
    reply = broken.post("/v1/answers", json=QUESTION)
    assert WORDS not in reply.text
    if reply.status_code == 200:
        assert reply.json()["outcome"] == "failed"
    else:
        problem(reply, reply.status_code)


def test_an_unexpected_error_ends_a_stream_with_a_failed_answer_or_a_problem(broken, monkeypatch):
    monkeypatch.setattr("assistant.conversations.events._PATIENCE", 2)
    text = broken.post("/v1/answers", json=QUESTION, headers={"Accept": "text/event-stream"}).text
    assert WORDS not in text
    last = text.strip().split("\n\n")[-1]
    assert "event: answer" in last or "event: problem" in last
