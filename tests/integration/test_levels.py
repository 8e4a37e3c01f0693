"""Plain language, asked for over the API and at the command line; a scripted server stands in the model's place."""

import json

import pytest

from assistant.domain.replies import replies
from tests.scripted import Finish, Scripted, Status

FEE = "Was kostet ein Personalausweis?"
TRUE = "Ab 24 Jahren zahlen Sie 46 Euro."
QUESTION = {"municipality": "neckarfurt", "question": FEE}
STREAM = {"Accept": "text/event-stream"}
PLAIN = replies("de").text("notices", "plain_language")
MISSING = replies("de").text("notices", "plain_language_missing")


@pytest.fixture
def writer():
    with Scripted([f"{TRUE} [1]", Finish()]) as server:
        yield server


@pytest.fixture
def worded(sample_dir, writer, wire, serve):
    """The sample town with a model."""
    return serve(wire(sample_dir, model_url=writer.url, model="scripted"))


def told(answer):
    """What an answer says of plain language."""
    return [notice["text"] for notice in answer["notices"] if notice["kind"].startswith("plain_language")]


def instructed(writer):
    """What the model was told last to do."""
    return writer.asked[-1].body["messages"][0]["content"]


def unchanging(answer):
    """An answer without what no two answers share."""
    created = {"created_at": ""}
    return answer | {"id": "", "provenance": answer["provenance"] | created}


def test_an_answer_in_plain_language_is_worded_for_it_and_labelled(worded, writer):
    answer = worded.post("/v1/answers", json=QUESTION | {"level": "plain"}).json()
    assert "Einfache Sprache" in instructed(writer)
    assert [sentence["text"] for sentence in answer["sentences"]] == [TRUE]
    assert told(answer) == [PLAIN]
    assert answer["text"].index(PLAIN) < answer["text"].index(TRUE)


def test_a_normal_answer_is_the_same_whether_it_is_asked_for_or_not(worded, town, writer):
    for client in (worded, town):
        answers = [client.post("/v1/answers", json=QUESTION | level).json() for level in ({}, {"level": "normal"})]
        assert unchanging(answers[0]) == unchanging(answers[1])
        assert told(answers[0]) == []
    assert "Einfache Sprache" not in instructed(writer)


def test_a_stream_ends_with_the_label(worded):
    reply = worded.post("/v1/answers", json=QUESTION | {"level": "plain"}, headers=STREAM)
    *_, last = (line for line in reply.text.splitlines() if line.startswith("data: "))
    assert told(json.loads(last.removeprefix("data: "))) == [PLAIN]


def test_each_message_of_a_conversation_has_a_level_of_its_own(worded):
    begun = worded.post("/v1/conversations", json={"municipality": "neckarfurt"}).json()
    bearer = {"Authorization": f"Bearer {begun['token']}"}
    path = f"/v1/conversations/{begun['id']}/messages"
    answers = [
        worded.post(path, json={"text": FEE} | level, headers=bearer).json() for level in ({"level": "plain"}, {})
    ]
    assert [told(answer) for answer in answers] == [[PLAIN], []]


def test_without_a_model_the_quotes_are_those_of_a_normal_answer_and_it_says_so(town):
    normal, plain = (town.post("/v1/answers", json=QUESTION | {"level": one}).json() for one in ("normal", "plain"))
    assert plain["sentences"] == normal["sentences"]
    assert told(plain) == [MISSING]


def test_a_model_that_fails_is_said_too(worded, writer):
    writer.script = Status(503)
    answer = worded.post("/v1/answers", json=QUESTION | {"level": "plain"}).json()
    assert answer["provenance"]["composed_by"] == "quoting"
    assert told(answer) == [MISSING]


@pytest.mark.parametrize("question", ["Hallo", "Ich will nicht mehr leben", "Wie wird das Wetter morgen?"])
def test_what_cites_nothing_has_no_label(town, question):
    answer = town.post("/v1/answers", json=QUESTION | {"question": question, "level": "plain"}).json()
    assert answer["sentences"] == []
    assert told(answer) == []


def test_who_asks_in_another_language_than_the_page_is_answered_in_theirs(worded, writer):
    said = "Податок на собаку становить 108 євро на рік."
    writer.script = [f"{said} [1]", Finish()]
    question = "Скільки коштує податок на собаку в Neckarfurt?"
    answer = worded.post("/v1/answers", json=QUESTION | {"question": question, "level": "plain"}).json()
    assert "Answer in Ukrainian" in instructed(writer)
    assert {source["language"] for source in answer["sources"]} == {"de"}
    assert [(one["text"], one["language"]) for one in answer["sentences"]] == [(said, "uk")]
    assert told(answer) == [replies("uk").text("notices", "plain_language")]
    assert "other_language" not in {notice["kind"] for notice in answer["notices"]}


@pytest.mark.parametrize("level", ["leicht", "Plain", "", None, 1])
def test_an_unknown_level_is_422_and_the_levels_are_named(town, level):
    begun = town.post("/v1/conversations", json={"municipality": "neckarfurt"}).json()
    bearer = {"Authorization": f"Bearer {begun['token']}"}
    for path, row in (("/v1/answers", QUESTION), (f"/v1/conversations/{begun['id']}/messages", {"text": FEE})):
        reply = town.post(path, json=row | {"level": level}, headers=bearer)
        assert reply.status_code == 422
        [error] = reply.json()["errors"]
        assert error == {"field": "level", "message": "Input should be 'normal' or 'plain'"}


def test_the_levels_are_described(town):
    schemas = town.get("/openapi.json").json()["components"]["schemas"]
    for name in ("QuestionIn", "MessageIn"):
        described = schemas[name]["properties"]["level"]
        assert (described["enum"], described["default"]) == (["normal", "plain"], "normal")
        assert "`plain_language`" in described["description"]
        assert "`plain_language_missing`" in described["description"]
    assert town.post("/v1/answers", json=schemas["QuestionIn"]["examples"][1]).json()["outcome"] == "answered"


def test_plain_language_is_asked_for_at_the_command_line(town_cli, writer, tmp_path):
    (tmp_path / "amtslotse.toml").write_text(f'model_url = "{writer.url}"\nmodel = "scripted"\n', encoding="utf-8")
    assert told(town_cli("ask", FEE, "--level", "plain", "--json").json) == [PLAIN]
    assert "Einfache Sprache" in instructed(writer)


def test_a_person_at_the_command_line_reads_that_there_is_no_plain_language(town_cli):
    assert MISSING in town_cli("ask", FEE, "--level", "plain").out
    assert MISSING not in town_cli("ask", FEE).out


def test_an_unknown_level_at_the_command_line_is_a_wrong_call_before_anything_is_set_up(cli):
    ran = cli("ask", FEE, "--level", "leicht")
    assert ran.code == 2
    assert "Invalid value for '--level': must be normal or plain." in ran.err
    assert not cli.data_dir.exists()


def test_each_question_of_a_file_has_a_level_and_the_command_line_is_for_those_without(town_cli, tmp_path):
    asked, out = tmp_path / "q.jsonl", tmp_path / "a.jsonl"
    rows = [{"id": str(n), "question": FEE} | level for n, level in enumerate(({}, {"level": "normal"}))]
    rows.append(rows[0] | {"level": "plain"})
    asked.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    for options, wanted in (((), [[], [], [MISSING]]), (("--level", "plain"), [[MISSING], [], [MISSING]])):
        assert town_cli("ask", "--questions", asked, "--output", out, *options).code == 0
        lines = out.read_text(encoding="utf-8").splitlines()
        assert [told(json.loads(line)) for line in lines] == wanted


def test_an_unknown_level_in_a_file_of_questions_is_named_with_its_line(town_cli, tmp_path):
    asked = tmp_path / "q.jsonl"
    asked.write_text(json.dumps({"id": "1", "question": FEE, "level": "leicht"}), encoding="utf-8")
    refusal = town_cli("ask", "--questions", asked, "--output", tmp_path / "a.jsonl").refusal
    assert "line 1: level: must be 'normal' or 'plain'." in refusal
    assert not (tmp_path / "a.jsonl").exists()
