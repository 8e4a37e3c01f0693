"""Answers that a model words, through the API, with a scripted server in the model's place."""

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.integration.conftest import listening
from tests.scripted import Asked, Cut, Finish, Pause, Scripted, Status

FEE = "Was kostet ein Personalausweis?"
TRUE = "Ab 24 Jahren zahlen Sie 46 Euro."
FALSE = "Der Ausweis kostet 99 Euro."
STREAM = {"Accept": "text/event-stream"}


def ask(client, question=FEE, **more):
    return client.post("/v1/answers", json={"municipality": "neckarfurt", "question": question, **more}).json()


def texts(answer):
    return [sentence["text"] for sentence in answer["sentences"]]


@pytest.fixture
def writer():
    with Scripted([f"{TRUE} [1] {FALSE} [1]", Finish()]) as server:
        yield server


@pytest.fixture
def town(sample_dir, writer, wire, serve):
    return serve(wire(sample_dir, model_url=writer.url, model="scripted", model_failures=2, model_pause_seconds=1.0))


def real(writer):
    """What was asked for citizens, without the grammars that are prepared at the start."""
    return [one for one in writer.asked if one.method == "POST" and one.body["max_completion_tokens"] > 1]


def read_on(client, answer_id):
    """The answer at the end of a stream that was begun before."""
    told = client.get(f"/v1/answers/{answer_id}/events", headers={"Last-Event-ID": "1"}).text
    return json.loads([line for line in told.splitlines() if line.startswith("data: ")][-1].removeprefix("data: "))


def within(seconds, condition):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_what_is_proven_is_said_and_the_rest_counted(town):
    answer = ask(town)

    assert texts(answer) == [TRUE]
    assert answer["provenance"]["composed_by"] == "scripted"
    assert answer["provenance"]["dropped"] == 1
    assert "46" in answer["sources"][0]["quote"]
    assert "99" not in answer["text"]


def test_where_most_cannot_be_proven_the_page_is_quoted_beside_it(town, writer):
    writer.script = [f"{FALSE} [1] Er kostet 98 Euro. [1] {TRUE} [1]", Finish()]
    answer = ask(town)

    assert texts(answer)[0] == TRUE
    assert all(sentence["quoted"] for sentence in answer["sentences"][1:])
    assert "99" not in answer["text"]


def test_a_fee_that_was_asked_for_is_quoted_where_the_model_talks_of_something_else(town, writer):
    writer.script = ["Bringen Sie ein Passfoto mit. [2]", Finish()]

    assert any("46" in text for text in texts(ask(town)))


def test_a_greeting_and_a_crisis_wait_for_no_model(town, writer):
    assert ask(town, "Hallo")["outcome"] == "greeting"
    assert ask(town, "Ich will mich umbringen")["outcome"] == "crisis"
    assert real(writer) == []


def test_the_model_learns_neither_town_nor_conversation(town, writer):
    begun = town.post("/v1/conversations", json={"municipality": "neckarfurt"}).json()
    say = f"/v1/conversations/{begun['id']}/messages"
    for text in (FEE, "Wie beantrage ich einen Reisepass für ein Kind von drei Jahren in der Stadt?"):
        town.post(say, json={"text": text}, headers={"Authorization": f"Bearer {begun['token']}"}).raise_for_status()
    headers = [one.headers for one in real(writer) if "structured_outputs" in one.body]

    assert len({one["x-session-id"] for one in headers}) == 1
    assert len({one["x-request-id"] for one in headers}) == 2
    assert begun["id"] not in json.dumps([dict(one) for one in headers])
    assert not any("neckarfurt" in one.body["cache_salt"] for one in real(writer))


def test_a_follow_up_is_asked_as_a_question_that_stands_alone(town, writer):
    meant = "Was kostet ein Personalausweis für meine Tochter, die 12 ist?"

    def script(asked: Asked):
        if "response_format" in asked.body:
            return [json.dumps({"question": meant}), Finish()]
        return [f"{TRUE} [1]", Finish()]

    writer.script = script
    history = [{"role": "user", "text": FEE}, {"role": "assistant", "text": TRUE}]
    ask(town, "Und für meine Tochter, sie ist 12?", history=history)

    assert real(writer)[-1].body["messages"][-1]["content"].endswith(f"Question: {meant}")


def test_a_town_is_ready_with_its_model_and_degraded_without_it(town, writer):
    assert town.get("/readyz").json()["status"] == "ok"
    writer.kill()
    told = town.get("/readyz")

    assert (told.status_code, told.json()["status"]) == (200, "degraded")
    assert told.json()["checks"]["model"] == "ConnectionRefused"
    assert all(sentence["quoted"] for sentence in ask(town)["sentences"])


def test_after_failures_in_a_row_it_has_a_pause_and_is_asked_again(town, writer):
    writer.script = Status(500)
    for _ in range(2):
        assert ask(town)["sentences"]
    before = len(writer.asked)
    assert ask(town)["provenance"]["composed_by"] == "quoting"
    assert len(writer.asked) == before
    assert town.get("/readyz").json()["checks"]["model"] == "CircuitOpen"
    writer.script = [f"{TRUE} [1]", Finish()]
    time.sleep(1.1)

    assert ask(town)["provenance"]["composed_by"] == "scripted"
    assert town.get("/readyz").json()["status"] == "ok"


def test_twenty_running_answers_are_all_finished_when_the_model_is_killed(sample_dir, writer, wire, serve):
    began = threading.Semaphore(0)

    def script(asked: Asked):
        if asked.body["max_completion_tokens"] > 1:
            began.release()
        return [f"{TRUE} [1] ", Pause(30), "Nie gesagt. [1]", Finish()]

    writer.script = script
    town = serve(wire(sample_dir, model_url=writer.url, model="scripted", model_answers=20))
    with ThreadPoolExecutor(20) as pool:
        running = [pool.submit(ask, town) for _ in range(20)]
        for _ in range(20):
            assert began.acquire(timeout=20)
        time.sleep(0.5)
        writer.kill()
        answers = [one.result() for one in running]

    assert len(answers) == 20
    for answer in answers:
        assert answer["outcome"] == "answered"
        assert texts(answer)[0] == TRUE
        assert all(sentence["sources"] for sentence in answer["sentences"])
        assert len(texts(answer)) > 1


def test_more_chats_than_places_are_quoted_at_once(sample_dir, writer, wire, serve):
    writer.script = [Pause(1.0), f"{TRUE} [1]", Finish()]
    town = serve(wire(sample_dir, model_url=writer.url, model="scripted", model_answers=2))
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: ask(town), range(6)))

    by = [answer["provenance"]["composed_by"] for answer in answers]
    assert sorted(by) == ["quoting"] * 4 + ["scripted"] * 2
    assert all(answer["sentences"] for answer in answers)


ENDLESS = [f"{TRUE} [1] Und", *[Pause(0.2), " noch"] * 200, Finish()]


def test_who_goes_away_before_the_answer_stops_the_model(town, writer):
    import httpx

    writer.script = ENDLESS
    with pytest.raises(httpx.ReadTimeout):
        town.post("/v1/answers", json={"municipality": "neckarfurt", "question": FEE}, timeout=2)

    within(5, lambda: real(writer) and real(writer)[-1].left.is_set())


def test_who_closes_the_stream_for_good_stops_the_model_and_finds_a_whole_answer_later(sample_dir, writer, wire):
    writer.script = ENDLESS
    wiring = wire(sample_dir, model_url=writer.url, model="scripted", abandoned_seconds=1.0)
    with listening(wiring) as town:
        row = {"municipality": "neckarfurt", "question": FEE}
        with town.stream("POST", "/v1/answers", json=row, headers=STREAM) as stream:
            answer_id = stream.headers["answer-id"]
            next(line for line in stream.iter_lines() if line == "event: sentence")
        time.sleep(0.3)
        assert not real(writer)[-1].left.is_set()
        within(5, lambda: real(writer)[-1].left.is_set())
        answer = read_on(town, answer_id)

    assert answer["outcome"] == "answered"
    assert texts(answer)[0] == TRUE


def test_a_stream_that_breaks_and_is_read_on_keeps_the_model(sample_dir, writer, wire, serve):
    writer.script = [f"{TRUE} [1] ", Pause(2.0), "Unter 24 Jahren zahlen Sie 27,60 Euro. [1]", Finish()]
    town = serve(wire(sample_dir, model_url=writer.url, model="scripted", abandoned_seconds=1.0))
    row = {"municipality": "neckarfurt", "question": FEE}
    with town.stream("POST", "/v1/answers", json=row, headers=STREAM) as stream:
        answer_id = stream.headers["answer-id"]
        next(line for line in stream.iter_lines() if line == "event: sentence")
    answer = read_on(town, answer_id)

    assert texts(answer) == [TRUE, "Unter 24 Jahren zahlen Sie 27,60 Euro."]
    assert len(real(writer)) == 1


@pytest.mark.parametrize(
    "script",
    [Status(503), Status(429), Status(401), Cut(), [Cut()], ["Nichts als Prosa ohne Quelle."], [Finish()]],
    ids=["503", "429", "401", "cut before", "cut", "no source", "empty"],
)
def test_whatever_the_model_does_the_citizen_is_answered(town, writer, script):
    writer.script = script
    answer = ask(town)

    assert answer["outcome"] == "answered"
    assert any("46" in text for text in texts(answer))
    assert answer["provenance"]["composed_by"] == "quoting"


def test_no_question_is_logged(town, writer, caplog):
    writer.script = Status(400, json.dumps({"error": {"message": FEE}}))
    with caplog.at_level("DEBUG"):
        ask(town)

    assert "Personalausweis" not in caplog.text


def test_a_batch_is_answered_several_at_once_and_in_order(sample_dir, writer, town_cli, tmp_path):
    questions = [FEE, "Was kostet ein Reisepass?", "Wie melde ich einen Hund an?"] * 2
    asked = tmp_path / "q.jsonl"
    asked.write_text("".join(json.dumps({"id": str(n), "question": q}) + "\n" for n, q in enumerate(questions)))
    writer.script = [Pause(0.5), f"{TRUE} [1]", Finish()]
    out = tmp_path / "a.jsonl"
    (tmp_path / "amtslotse.toml").write_text(f'model_url = "{writer.url}"\nmodel = "scripted"\n')
    ran = town_cli("ask", "--questions", asked, "--municipality", "neckarfurt", "--output", out)
    answers = [json.loads(line) for line in out.read_text().splitlines()]

    assert ran.code == 0, ran.err
    assert [texts(one)[0] == TRUE for one in answers] == [True, False, False] * 2
    assert all(one["sentences"] for one in answers)
