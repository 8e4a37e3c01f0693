"""Whether an answer helped: who may say so, what is kept of it, and for how long."""

from dataclasses import replace

import pytest
from sqlalchemy import delete, select

from assistant import storage
from assistant.conversations.tokens import Tokens
from assistant.tables import feedback, municipalities

WWW = "https://www.altstadt.example"
PORT = "https://altstadt.example:8443"
FOREIGN = "https://www.nirgends.example"
QUESTION = {"municipality": "neckarfurt", "question": "Hallo"}
STREAM = {"Accept": "text/event-stream"}
POOR = {"rating": "not_helpful", "reasons": ["wrong", "incomplete"], "comment": "Die Gebühr ist eine andere."}
HELPFUL = {"rating": "helpful"}
WORDS = "Quittenbaumgeheimnis"


class Answered:
    """An answer and the token that came with it."""

    def __init__(self, client, reply):
        self._client = client
        self.id = reply.headers.get("answer-id") or reply.json()["id"]
        self.token = reply.headers["answer-token"]

    def rate(self, said, token=None, **headers):
        """Says whether it helped."""
        bearer = {"Authorization": f"Bearer {token or self.token}"}
        return self._client.post(f"/v1/answers/{self.id}/feedback", json=said, headers=bearer | headers)


class Talk:
    """A conversation with one answer in it."""

    def __init__(self, client):
        self._client = client
        begun = client.post("/v1/conversations", json={"municipality": "neckarfurt"}).json()
        self._path = f"/v1/conversations/{begun['id']}"
        self.bearer = {"Authorization": f"Bearer {begun['token']}"}
        self.answered = self.say()

    def say(self, **headers):
        """Says something and returns what is answered."""
        reply = self._client.post(f"{self._path}/messages", json={"text": "Hallo"}, headers=self.bearer | headers)
        return Answered(self._client, reply)

    def messages(self):
        """All that was said."""
        return self._client.get(self._path, headers=self.bearer).json()["messages"]

    def erase(self):
        """Erases the conversation."""
        assert self._client.delete(self._path, headers=self.bearer).status_code == 204


@pytest.fixture(scope="module")
def given(town):
    """An answer that all may rate."""
    return Answered(town, town.post("/v1/answers", json=QUESTION))


@pytest.fixture
def kept(town_wiring, given):
    """What is kept of the feedback on an answer; nothing when the test begins."""
    with town_wiring.engine.begin() as connection:
        connection.execute(delete(feedback))

    def rows(answer=given):
        with town_wiring.engine.connect() as connection:
            found = connection.execute(select(feedback).where(feedback.c.answer == answer.id)).all()
        return [(row.rating, row.reasons, row.comment) for row in found]

    return rows


def problem(reply, status):
    """The body of a problem of that status."""
    assert reply.status_code == reply.json()["status"] == status, reply.text
    assert reply.headers["content-type"] == "application/problem+json"
    return reply.json()


@pytest.mark.parametrize("headers", [{}, STREAM], ids=["json", "stream"])
def test_every_answer_comes_with_the_token_that_rates_it(town, kept, headers):
    for answered in (
        Answered(town, town.post("/v1/answers", json=QUESTION, headers=headers)),
        Talk(town).say(**headers),
    ):
        reply = answered.rate(POOR)
        assert (reply.status_code, reply.content) == (204, b"")
        assert kept(answered) == [("not_helpful", ["wrong", "incomplete"], "Die Gebühr ist eine andere.")]


def test_what_is_kept_names_the_town_and_not_who_said_it(given, kept, town_wiring):
    assert given.rate(HELPFUL).status_code == 204
    with town_wiring.engine.connect() as connection:
        row = connection.execute(select(feedback).where(feedback.c.answer == given.id)).mappings().one()
    assert set(row) == {"answer", "municipality", "rating", "reasons", "comment", "created_at"}
    assert row["municipality"] == "neckarfurt"


def test_the_last_word_counts(given, kept):
    for said in (HELPFUL, POOR, {"rating": "not_helpful", "reasons": ["unclear"]}):
        assert given.rate(said).status_code == 204
    assert kept() == [("not_helpful", ["unclear"], "")]


def test_a_reason_counts_once(given, kept):
    assert given.rate(POOR | {"reasons": ["unclear", "wrong", "unclear"]}).status_code == 204
    assert kept()[0][1] == ["unclear", "wrong"]


def test_without_the_token_of_the_answer_nothing_is_kept(town, given, kept, town_wiring):
    tokens = Tokens(storage.secret(town_wiring.data_dir))
    others = [
        Answered(town, town.post("/v1/answers", json=QUESTION)).token,
        Talk(town).bearer["Authorization"].removeprefix("Bearer "),
        tokens.visitor(given.id, "neckarfurt"),
        Tokens(b"guessed").answer(given.id, "neckarfurt"),
        given.token[:-3],
        "x",
    ]
    for token in others:
        problem(given.rate(HELPFUL, token=token), 403)
    for header in ({}, {"Authorization": "Basic x"}, {"Authorization": given.token}):
        reply = town.post(f"/v1/answers/{given.id}/feedback", json=HELPFUL, headers=header)
        assert "answer's token" in problem(reply, 401)["detail"]
        assert reply.headers["www-authenticate"] == "Bearer"
    assert kept() == []


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("rating", {}),
        ("rating", {"rating": WORDS}),
        ("rating", {"rating": 1}),
        ("reasons.0", POOR | {"reasons": [WORDS]}),
        ("reasons.1", POOR | {"reasons": ["wrong", ""]}),
        ("reasons", POOR | {"reasons": ["wrong", "incomplete", "unclear", "off_topic", "wrong"]}),
        ("reasons", POOR | {"reasons": "wrong"}),
        ("comment", POOR | {"comment": f"{WORDS} " + "x" * 1_000}),
        ("comment", POOR | {"comment": None}),
        ("question", POOR | {"question": WORDS}),
    ],
)
def test_what_does_not_fit_is_422_and_nothing_is_kept(given, kept, field, said):
    reply = given.rate(said)
    assert problem(reply, 422)["errors"][0]["field"] == field
    assert WORDS not in reply.text
    assert kept() == []


def test_all_reasons_and_a_long_comment_may_be_given(given, kept):
    reasons = ["wrong", "incomplete", "unclear", "off_topic"]
    assert given.rate(POOR | {"reasons": reasons, "comment": "ü" * 1_000}).status_code == 204
    assert kept() == [("not_helpful", reasons, "ü" * 1_000)]


def test_a_comment_is_one_line_without_what_cannot_be_seen(given, kept):
    said = "Das\r\nstimmt\x1b[31m \u202enicht\u202c,\x00 \u200bleider\U000e0041.\u2028\t Gruß "
    assert given.rate(POOR | {"comment": said}).status_code == 204
    assert kept()[0][2] == "Das stimmt[31m nicht, leider. Gruß"


def test_personal_data_in_a_comment_is_masked_and_reaches_no_file(town_dir, wire, serve, files_with):
    client = serve(wire(town_dir))
    personal = {
        "IBAN": "DE89 3704 0044 0532 0130 00",
        "e-mail": "petra.muster@post.example",
        "phone": "0176 12345678",
        "card": "4111 1111 1111 1111",
    }
    answered = Answered(client, client.post("/v1/answers", json=QUESTION))
    said = f"Quittenbaum: {', '.join(personal.values())}"
    assert answered.rate(POOR | {"comment": said}).status_code == 204
    assert files_with(town_dir, "Quittenbaum: [IBAN], [e-mail], [phone], [card]")
    for kind, text in personal.items():
        for part in (text, text.replace(" ", "")):
            assert files_with(town_dir, part) == [], kind


def test_an_erased_conversation_takes_its_feedback_along_and_leaves_that_of_others(town, kept):
    erased, other = Talk(town), Talk(town)
    for talk in (erased, other):
        assert talk.answered.rate(POOR).status_code == 204
    erased.erase()
    assert kept(erased.answered) == []
    assert len(kept(other.answered)) == 1


def test_an_erased_conversation_leaves_no_byte_of_its_feedback(town_dir, wire, serve, files_with):
    talk = Talk(serve(wire(town_dir)))
    talk.answered.rate(POOR | {"comment": WORDS})
    assert files_with(town_dir, WORDS)
    talk.erase()
    assert files_with(town_dir, WORDS) == []


def test_a_transcript_has_what_rates_each_of_its_answers(town, kept):
    talk = Talk(town)
    question, answer = talk.messages()
    assert question["answer_token"] is None
    assert answer["answer"]["id"] == talk.answered.id
    assert answer["answer_token"]
    assert talk.answered.rate(HELPFUL, token=answer["answer_token"]).status_code == 204
    assert kept(talk.answered) == [("helpful", [], "")]


def test_a_page_may_rate_where_the_town_lets_it_ask(town, town_wiring, kept):
    like = replace(town_wiring.municipalities.get("neckarfurt"), id="altstadt", allowed_origins=(WWW, PORT))
    town_wiring.municipalities.put(like)
    answered = Answered(town, town.post("/v1/answers", json=QUESTION | {"municipality": "altstadt"}))
    own = f"http://{town.base_url.netloc.decode()}"
    try:
        for origin in (FOREIGN, "null"):
            reply = answered.rate(POOR, Origin=origin)
            assert origin in problem(reply, 403)["detail"]
            assert reply.headers["access-control-allow-origin"] == origin
        assert kept(answered) == []
        for origin in (WWW, PORT, own):
            reply = answered.rate(HELPFUL, Origin=origin)
            assert (reply.status_code, reply.headers["access-control-allow-origin"]) == (204, origin)
        assert kept(answered) == [("helpful", [], "")]
    finally:
        with town_wiring.engine.begin() as connection:
            connection.execute(delete(municipalities).where(municipalities.c.id == "altstadt"))
    assert "altstadt" in problem(answered.rate(HELPFUL), 404)["detail"]
