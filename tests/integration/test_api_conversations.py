"""Conversations: follow-ups, who may read them, and that they are gone when they are erased."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from assistant.tables import conversations

STREAM = {"Accept": "text/event-stream"}
PERSONAL = {
    "IBAN": "DE89 3704 0044 0532 0130 00",
    "e-mail": "petra.muster@post.example",
    "phone": "0176 12345678",
    "card": "4111 1111 1111 1111",
}
TELLING = f"Was kostet ein Reisepass? {', '.join(PERSONAL.values())}"


@pytest.fixture
def talk(town):
    """A conversation that has just begun."""
    return Talk(town)


class Talk:
    """A conversation as a client holds it."""

    def __init__(self, client, **fields):
        begun = client.post("/v1/conversations", json={"municipality": "neckarfurt", **fields})
        assert begun.status_code == 201
        self.client = client
        self.id = begun.json()["id"]
        self.path = f"/v1/conversations/{self.id}"
        self.bearer = {"Authorization": f"Bearer {begun.json()['token']}"}

    def say(self, text, **headers):
        """Says something."""
        return self.client.post(f"{self.path}/messages", json={"text": text}, headers=self.bearer | headers)

    def transcript(self):
        """What was said."""
        return self.client.get(self.path, headers=self.bearer)


def test_a_follow_up_is_about_what_was_asked_before(talk):
    assert talk.say("Wie melde ich meinen Hund an?").json()["outcome"] == "answered"
    assert "108,00 Euro" in talk.say("Und was kostet das?").json()["text"]
    messages = talk.transcript().json()["messages"]
    assert [message["role"] for message in messages] == ["user", "assistant"] * 2
    assert messages[2]["text"] == "Und was kostet das?"
    assert messages[3]["answer"]["outcome"] in ("answered", "partly_answered")


def test_a_streamed_answer_stands_in_the_transcript_too(talk):
    reply = talk.say("Wie melde ich meinen Hund an?", **STREAM)
    last = talk.transcript().json()["messages"][-1]
    assert last["answer"]["id"] == reply.headers["answer-id"]
    assert "108,00 Euro" in talk.say("Und was kostet das?", **STREAM).text


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ("merhaba", "tr"),
        ("Pasaport?", "tr"),
        ("Wie beantrage ich einen Personalausweis?", "de"),
        ("How do I exchange my driving licence?", "en"),
    ],
)
def test_the_language_of_a_conversation_decides_where_the_words_leave_it_open(town, said, language):
    assert Talk(town, language="tr").say(said).json()["language"] == language


def test_the_language_of_a_message_goes_before_that_of_its_conversation(town):
    talk = Talk(town, language="tr")
    said = {"text": "merhaba", "language": "fr"}
    answer = town.post(f"{talk.path}/messages", json=said, headers=talk.bearer).json()
    assert answer["language"] == "fr"


def test_only_the_conversations_own_token_opens_it(talk):
    other = Talk(talk.client)
    for bearer, status in (
        (other.bearer, 403), ({"Authorization": "Bearer x"}, 403), ({"Authorization": "Basic x"}, 401),
        ({"Authorization": "x"}, 401), ({}, 401),
    ):  # fmt: skip
        for method, path, body in (
            ("GET", talk.path, None), ("DELETE", talk.path, None), ("POST", f"{talk.path}/messages", {"text": "Hallo"}),
        ):  # fmt: skip
            assert talk.client.request(method, path, json=body, headers=bearer).status_code == status
    assert talk.transcript().json()["messages"] == []


def test_an_erased_conversation_is_404_with_its_own_token(talk):
    answer_id = talk.say("Wie melde ich meinen Hund an?", **STREAM).headers["answer-id"]
    assert talk.client.delete(talk.path, headers=talk.bearer).status_code == 204
    assert talk.transcript().status_code == 404
    assert talk.say("Und was kostet das?").status_code == 404
    assert talk.client.delete(talk.path, headers=talk.bearer).status_code == 404
    assert talk.client.get(f"/v1/answers/{answer_id}/events").status_code == 404


def test_an_erased_conversation_leaves_no_byte_in_the_data_directory(town_dir, wire, serve, files_with):
    talk = Talk(serve(wire(town_dir)))
    talk.say("Wie melde ich meinen Quittenbaum an?")
    assert files_with(town_dir, "meinen Quittenbaum")
    assert talk.client.delete(talk.path, headers=talk.bearer).status_code == 204
    assert files_with(town_dir, "meinen Quittenbaum") == []


def test_a_conversation_erased_while_it_is_answered_leaves_no_events(town_dir, wire, serve, gated):
    wiring = wire(town_dir)
    talk = Talk(serve(wiring))
    gate = gated(wiring)
    address = f"{talk.path}/messages"
    with talk.client.stream(
        "POST", address, json={"text": "Was kostet ein Reisepass?"}, headers=talk.bearer | STREAM
    ) as stream:
        lines = stream.iter_lines()
        next(lines)
        assert talk.client.delete(talk.path, headers=talk.bearer).status_code == 204
        gate.set()
        list(lines)
        answer_id = stream.headers["answer-id"]
    assert talk.transcript().status_code == 404
    assert talk.client.get(f"/v1/answers/{answer_id}/events").status_code == 404


def test_an_expired_conversation_is_404(talk, town_wiring):
    with town_wiring.engine.begin() as connection:
        past = datetime.now(UTC) - timedelta(seconds=1)
        connection.execute(update(conversations).where(conversations.c.id == talk.id).values(expires_at=past))
    assert talk.transcript().status_code == 404
    assert talk.say("Hallo").status_code == 404


def test_a_service_that_starts_deletes_what_has_expired(town_dir, wire, serve, files_with):
    from assistant.conversations.store import ConversationStore

    wiring = wire(town_dir)
    store = ConversationStore(wiring.engine, timedelta(hours=-1))
    begun, _ = store.begin("neckarfurt", "de")
    store.say(begun.id, "user", "Quittenbaum")
    client = serve(wiring)
    client.post("/v1/answers", json={"municipality": "neckarfurt", "question": "Was kostet ein Reisepass?"})
    assert store.messages(begun.id) == []


@pytest.mark.parametrize("headers", [{}, STREAM], ids=["json", "stream"])
def test_personal_data_is_masked_and_reaches_no_file(town_dir, wire, serve, files_with, headers):
    client = serve(wire(town_dir))
    talk = Talk(client)
    said = talk.say(TELLING, **headers)
    history = [{"role": "user", "text": TELLING}]
    row = {"municipality": "neckarfurt", "question": TELLING, "history": history}
    answered = client.post("/v1/answers", json=row, headers=headers)
    stored = talk.transcript()
    for kind, text in PERSONAL.items():
        assert text not in said.text + answered.text + stored.text
        assert f"[{kind}]" in stored.json()["messages"][0]["text"]
        for part in (text, text.replace(" ", "")):
            assert files_with(town_dir, part) == [], kind
    assert "masked" in {notice["kind"] for notice in stored.json()["messages"][1]["answer"]["notices"]}


def test_the_token_itself_is_nowhere_in_the_data_directory(town_dir, wire, serve, files_with):
    talk = Talk(serve(wire(town_dir)))
    assert files_with(town_dir, talk.id)
    assert files_with(town_dir, talk.bearer["Authorization"].removeprefix("Bearer ")) == []


def test_what_is_asked_without_a_conversation_is_not_kept(town_dir, wire, serve, files_with):
    client = serve(wire(town_dir))
    for headers in ({}, STREAM):
        row = {"municipality": "neckarfurt", "question": "Was kostet ein Reisepass für Quittenbaums?"}
        assert client.post("/v1/answers", json=row, headers=headers).status_code == 200
    assert files_with(town_dir, "für Quittenbaums") == []
