"""Answers as events: their order, and streams that break and are read on."""

import json
import threading

QUESTION = {"municipality": "neckarfurt", "question": "Was kostet ein Reisepass?"}
STREAM = {"Accept": "text/event-stream"}


def events_in(text):
    """Number, kind and data of every event."""
    found = []
    for block in text.replace("\r\n", "\n").strip().split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.split("\n") if line and not line.startswith(":"))
        if lines:
            found.append((int(lines["id"]), lines["event"], json.loads(lines["data"])))
    return found


def resumed(client, answer_id, after):
    """What is left of a stream after an event."""
    reply = client.get(f"/v1/answers/{answer_id}/events", headers={"Last-Event-ID": str(after)})
    assert reply.status_code == 200
    assert reply.headers["answer-id"] == answer_id
    return events_in(reply.text)


def test_a_stream_tells_stages_then_sources_then_their_sentences_then_the_answer(town):
    reply = town.post("/v1/answers", json=QUESTION, headers=STREAM)
    assert reply.headers["content-type"].startswith("text/event-stream")
    told = events_in(reply.text)
    kinds = [kind for _, kind, _ in told]
    assert [number for number, _, _ in told] == list(range(1, len(told) + 1))
    assert [data["name"] for _, kind, data in told if kind == "stage"] == ["reading", "searching", "checking"]
    assert kinds[:3] == ["stage"] * 3
    assert kinds[3] == "sources"
    assert kinds[-1] == "answer"
    assert kinds.count("answer") == 1
    known = set()
    for _, kind, data in told:
        known |= {source["n"] for source in data["sources"]} if kind == "sources" else set()
        assert kind != "sentence" or set(data["sources"]) <= known
    answer = told[-1][2]
    assert answer["id"] == reply.headers["answer-id"]
    assert answer["sentences"] == [data for _, kind, data in told if kind == "sentence"]


def test_a_stream_ends_with_what_json_gives(town):
    streamed = events_in(town.post("/v1/answers", json=QUESTION, headers=STREAM).text)[-1][2]
    whole = town.post("/v1/answers", json=QUESTION).json()
    for answer in (streamed, whole):
        del answer["id"], answer["provenance"]["created_at"]
    assert streamed == whole


def test_a_greeting_streams_one_stage_and_its_answer(town):
    row = QUESTION | {"question": "Hallo"}
    told = events_in(town.post("/v1/answers", json=row, headers=STREAM).text)
    assert (told[0][1], told[-1][1], told[-1][2]["outcome"]) == ("stage", "answer", "greeting")


def test_a_dropped_stream_is_read_on_while_the_answer_runs_and_is_not_made_twice(town_dir, wire, serve, gated):
    wiring = wire(town_dir)
    client = serve(wiring)
    gate = gated(wiring)
    text = ""
    with client.stream("POST", "/v1/answers", json=QUESTION, headers=STREAM) as stream:
        answer_id = stream.headers["answer-id"]
        for line in stream.iter_lines():
            text += line + "\n"
            if "event: sentence" in text and not line:
                break
    seen = events_in(text)
    threading.Timer(0.2, gate.set).start()
    rest = resumed(client, answer_id, seen[-1][0])
    told = [*seen, *rest]
    assert [number for number, _, _ in told] == list(range(1, len(told) + 1))
    assert rest[-1][1:2] == ("answer",)
    assert rest[-1][2]["id"] == answer_id
    assert rest[-1][2]["sentences"] == [data for _, kind, data in told if kind == "sentence"]
    assert gate.runs == 1
    assert resumed(client, answer_id, 0) == told
    assert gate.runs == 1


def test_a_stream_that_is_read_on_begins_before_there_is_news(town_dir, wire, serve, gated):
    wiring = wire(town_dir)
    client = serve(wiring)
    gate = gated(wiring)
    client.timeout = 3
    with client.stream("POST", "/v1/answers", json=QUESTION, headers=STREAM) as first:
        path = f"/v1/answers/{first.headers['answer-id']}/events"
        seen = 0
        for line in first.iter_lines():
            seen = int(line.removeprefix("id: ")) if line.startswith("id: ") else seen
            if line == "event: sentence":
                break
        with client.stream("GET", path, headers={"Last-Event-ID": str(seen + 1)}) as second:
            assert second.status_code == 200
            gate.set()


def test_two_readers_of_a_running_answer_read_the_same(town_dir, wire, serve, gated):
    wiring = wire(town_dir)
    client = serve(wiring)
    gate = gated(wiring)
    with client.stream("POST", "/v1/answers", json=QUESTION, headers=STREAM) as first:
        path = f"/v1/answers/{first.headers['answer-id']}/events"
        with client.stream("GET", path) as second:
            gate.set()
            assert list(second.iter_lines()) == list(first.iter_lines())
    assert gate.runs == 1


def test_after_the_last_event_nothing_is_left_to_read(town):
    told = events_in(town.post("/v1/answers", json=QUESTION, headers=STREAM).text)
    answer_id = told[-1][2]["id"]
    assert resumed(town, answer_id, told[-1][0]) == []
    assert resumed(town, answer_id, told[-1][0] - 2) == told[-2:]


def test_events_that_are_too_old_are_gone(town_dir, wire, serve):
    from datetime import timedelta

    from assistant.conversations.events import EventLog

    wiring = wire(town_dir)
    client = serve(wiring)
    answer_id = client.post("/v1/answers", json=QUESTION, headers=STREAM).headers["answer-id"]
    EventLog(wiring.engine, timedelta(seconds=-1), grace=1).expire()
    assert client.get(f"/v1/answers/{answer_id}/events").status_code == 404
