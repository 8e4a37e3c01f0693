import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, select

from assistant.conversations.store import ConversationStore
from assistant.domain.draft import Turn
from assistant.errors import UnknownConversation, WrongToken
from assistant.tables import conversations, events, messages

DAY = timedelta(hours=24)
ANSWER = json.dumps({"id": "a1", "text": "Kommen Sie vorbei."})


@pytest.fixture
def store(engine: Engine) -> ConversationStore:
    return ConversationStore(engine, DAY)


@pytest.fixture
def expired(engine: Engine) -> ConversationStore:
    """A store whose conversations are over as soon as they begin."""
    return ConversationStore(engine, timedelta(seconds=-1))


def event_of(engine: Engine, answer: str) -> None:
    with engine.begin() as connection:
        connection.execute(
            insert(events).values(answer=answer, number=1, kind="answer", data="{}", created_at=datetime.now(UTC))
        )


def rows(engine: Engine) -> dict[str, int]:
    with engine.connect() as connection:
        return {table.name: len(connection.execute(select(table)).all()) for table in (conversations, messages, events)}


def test_a_conversation_is_opened_by_its_token(store: ConversationStore) -> None:
    begun, token = store.begin("neckarfurt", "tr")

    assert store.get(begun.id, token) == begun
    assert (begun.municipality, begun.language) == ("neckarfurt", "tr")


def test_a_conversation_lasts_as_long_as_was_set(store: ConversationStore) -> None:
    before = datetime.now(UTC)
    begun, _ = store.begin("neckarfurt", None)

    assert before + DAY <= begun.expires_at <= datetime.now(UTC) + DAY


@pytest.mark.parametrize("token", ["", "falsch", "ä"])
def test_another_token_does_not_open_it(store: ConversationStore, token: str) -> None:
    begun, _ = store.begin("neckarfurt", None)

    with pytest.raises(WrongToken):
        store.get(begun.id, token)


def test_the_token_of_another_conversation_does_not_open_it(store: ConversationStore) -> None:
    (one, _), (_, token) = store.begin("neckarfurt", None), store.begin("neckarfurt", None)

    with pytest.raises(WrongToken):
        store.get(one.id, token)


def test_ids_and_tokens_are_never_the_same(store: ConversationStore) -> None:
    begun = [store.begin("neckarfurt", None) for _ in range(20)]

    assert len({conversation.id for conversation, _ in begun}) == 20
    assert len({token for _, token in begun}) == 20


def test_the_token_itself_is_not_stored(store: ConversationStore, engine: Engine, data_dir: Path) -> None:
    _, token = store.begin("neckarfurt", None)
    engine.dispose()

    assert [file for file in data_dir.rglob("*") if file.is_file() and token.encode() in file.read_bytes()] == []


def test_an_unknown_conversation_is_said_to_be_unknown(store: ConversationStore) -> None:
    with pytest.raises(UnknownConversation):
        store.get("0" * 32, "token")


def test_an_expired_conversation_is_unknown_even_with_its_token(expired: ConversationStore) -> None:
    begun, token = expired.begin("neckarfurt", None)

    with pytest.raises(UnknownConversation):
        expired.get(begun.id, token)


def test_messages_are_read_in_order_with_their_answers(store: ConversationStore) -> None:
    begun, _ = store.begin("neckarfurt", None)
    store.say(begun.id, "user", "Reisepass?")
    store.say(begun.id, "assistant", "Kommen Sie vorbei.", ANSWER)
    said = store.messages(begun.id)

    assert [(m.role, m.text) for m in said] == [("user", "Reisepass?"), ("assistant", "Kommen Sie vorbei.")]
    assert [m.answer for m in said] == [None, json.loads(ANSWER)]
    assert all(m.created_at.tzinfo for m in said)


def test_messages_of_others_are_not_read(store: ConversationStore) -> None:
    (one, _), (other, _) = store.begin("neckarfurt", None), store.begin("neckarfurt", None)
    store.say(one.id, "user", "Reisepass?")

    assert store.messages(other.id) == []


def test_the_last_turns_are_the_history(store: ConversationStore) -> None:
    begun, _ = store.begin("neckarfurt", None)
    for n in range(20):
        store.say(begun.id, "user", f"Frage {n}")

    assert store.history(begun.id) == tuple(Turn("user", f"Frage {n}") for n in range(8, 20))


def test_what_is_said_after_erasure_is_not_kept(store: ConversationStore, engine: Engine) -> None:
    begun, _ = store.begin("neckarfurt", None)
    store.erase(begun.id)
    store.say(begun.id, "assistant", "Zu spät.", ANSWER)

    assert rows(engine) == {"conversations": 0, "messages": 0, "events": 0}


def test_erasure_leaves_nothing_of_the_conversation(store: ConversationStore, engine: Engine) -> None:
    begun, token = store.begin("neckarfurt", None)
    store.say(begun.id, "user", "Reisepass?")
    store.say(begun.id, "assistant", "Kommen Sie vorbei.", ANSWER)
    event_of(engine, "a1")
    store.erase(begun.id)

    assert rows(engine) == {"conversations": 0, "messages": 0, "events": 0}
    with pytest.raises(UnknownConversation):
        store.get(begun.id, token)


def test_erasure_leaves_no_words_on_the_disk(store: ConversationStore, engine: Engine, data_dir: Path) -> None:
    begun, _ = store.begin("neckarfurt", None)
    store.say(begun.id, "user", "Mein Geheimnis")
    store.erase(begun.id)
    engine.dispose()

    assert [f for f in data_dir.rglob("*") if f.is_file() and b"Geheimnis" in f.read_bytes()] == []


def test_erasure_leaves_others_alone(store: ConversationStore, engine: Engine) -> None:
    (one, _), (other, token) = store.begin("neckarfurt", None), store.begin("neckarfurt", None)
    store.say(other.id, "user", "Reisepass?")
    event_of(engine, "a2")
    store.erase(one.id)

    assert store.get(other.id, token) == other
    assert rows(engine) == {"conversations": 1, "messages": 1, "events": 1}


def test_erasing_twice_does_no_harm(store: ConversationStore) -> None:
    begun, _ = store.begin("neckarfurt", None)
    store.erase(begun.id)
    store.erase(begun.id)


def test_only_what_has_expired_is_deleted(store: ConversationStore, expired: ConversationStore, engine: Engine) -> None:
    kept, token = store.begin("neckarfurt", None)
    for _ in range(2):
        over, _ = expired.begin("neckarfurt", None)
        store.say(over.id, "user", "Reisepass?")

    assert store.expire() == 2
    assert store.expire() == 0
    assert store.get(kept.id, token) == kept
    assert rows(engine)["messages"] == 0
