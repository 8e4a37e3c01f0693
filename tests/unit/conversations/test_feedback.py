import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select, update

from assistant.conversations.feedback import FeedbackStore
from assistant.conversations.store import ConversationStore
from assistant.domain.feedback import Feedback
from assistant.tables import feedback

POOR = Feedback("a1", "neckarfurt", "not_helpful", ("wrong", "unclear"), "Das stimmt nicht.")


@pytest.fixture
def store(engine: Engine) -> FeedbackStore:
    return FeedbackStore(engine)


def rows(engine: Engine) -> list[Any]:
    with engine.connect() as connection:
        return list(connection.execute(select(feedback).order_by(feedback.c.answer)))


def aged(engine: Engine, answer: str, age: timedelta) -> None:
    """As if it had been said so long ago."""
    then = datetime.now(UTC) - age
    with engine.begin() as connection:
        connection.execute(update(feedback).where(feedback.c.answer == answer).values(created_at=then))


def test_what_was_said_is_kept_as_it_was_said(store: FeedbackStore, engine: Engine) -> None:
    store.put(POOR)
    [row] = rows(engine)

    assert (row.answer, row.municipality, row.rating) == ("a1", "neckarfurt", "not_helpful")
    assert (row.reasons, row.comment) == (["wrong", "unclear"], "Das stimmt nicht.")


def test_the_last_word_counts(store: FeedbackStore, engine: Engine) -> None:
    store.put(POOR)
    store.put(Feedback("a1", "neckarfurt", "helpful"))

    assert [(row.answer, row.rating, row.reasons, row.comment) for row in rows(engine)] == [("a1", "helpful", [], "")]


def test_what_is_said_of_one_answer_leaves_what_was_said_of_others(store: FeedbackStore, engine: Engine) -> None:
    store.put(POOR)
    store.put(Feedback("a2", "neckarfurt", "helpful"))

    assert [row.rating for row in rows(engine)] == ["not_helpful", "helpful"]


def test_what_is_older_than_thirty_days_is_deleted(store: FeedbackStore, engine: Engine) -> None:
    for answer in ("a1", "a2", "a3"):
        store.put(Feedback(answer, "neckarfurt", "helpful"))
    aged(engine, "a1", timedelta(days=30, minutes=1))
    aged(engine, "a2", timedelta(days=29, hours=23))
    store.expire()

    assert [row.answer for row in rows(engine)] == ["a2", "a3"]


def test_who_changes_their_mind_has_thirty_days_again(store: FeedbackStore, engine: Engine) -> None:
    store.put(POOR)
    aged(engine, "a1", timedelta(days=31))
    store.put(POOR)
    store.expire()

    assert len(rows(engine)) == 1


def test_an_erased_conversation_takes_along_what_was_said_of_its_answers(store: FeedbackStore, engine: Engine) -> None:
    talks = ConversationStore(engine, timedelta(hours=1))
    begun, _ = talks.begin("neckarfurt", "de")
    for answer in ("a1", "a2"):
        talks.say(begun.id, "assistant", "Kommen Sie vorbei.", json.dumps({"id": answer}))
    for answer in ("a1", "a2", "a3"):
        store.put(Feedback(answer, "neckarfurt", "helpful"))
    talks.erase(begun.id)

    assert [row.answer for row in rows(engine)] == ["a3"]


def test_an_expired_conversation_takes_it_along_too(store: FeedbackStore, engine: Engine) -> None:
    talks = ConversationStore(engine, timedelta(seconds=-1))
    begun, _ = talks.begin("neckarfurt", "de")
    talks.say(begun.id, "assistant", "Kommen Sie vorbei.", json.dumps({"id": "a1"}))
    store.put(POOR)

    assert (talks.expire(), rows(engine)) == (1, [])
