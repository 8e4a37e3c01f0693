"""Conversations with what was said in them, until they expire or the citizen erases them."""

import hashlib
import hmac
import json
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, delete, insert, select

from assistant.domain.draft import Turn
from assistant.errors import UnknownConversation, WrongToken
from assistant.tables import conversations, events, feedback, messages
from corpora.forgetting import empty_log

# A conversation is a visit, not a diary: what matters for a follow-up is what was said last.
_REMEMBERED = 12


@dataclass(frozen=True, slots=True)
class Conversation:
    """A citizen's conversation with one municipality."""

    id: str
    municipality: str
    language: str | None
    expires_at: datetime
    origin: str | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """One thing said: the screened text of the `user`, or the answer of the `assistant`."""

    role: str
    text: str
    created_at: datetime
    answer: Any = None


class ConversationStore:
    """Keeps conversations; only the hash of a token is stored."""

    def __init__(self, engine: Engine, lifetime: timedelta) -> None:
        self._engine = engine
        self._lifetime = lifetime

    def begin(self, municipality: str, language: str | None, origin: str | None = None) -> tuple[Conversation, str]:
        """A new conversation and the token that opens it, for the page at `origin` where there is one."""
        now = datetime.now(UTC)
        begun = Conversation(uuid.uuid4().hex, municipality, language, now + self._lifetime, origin)
        token = secrets.token_urlsafe(32)
        with self._engine.begin() as connection:
            connection.execute(
                insert(conversations).values(
                    id=begun.id, municipality=municipality, language=language, token_hash=_hash(token), origin=origin,
                    created_at=now, expires_at=begun.expires_at,
                )
            )  # fmt: skip
        return begun, token

    def get(self, conversation_id: str, token: str) -> Conversation:
        """The conversation; raises UnknownConversation or WrongToken."""
        with self._engine.connect() as connection:
            row = connection.execute(select(conversations).where(conversations.c.id == conversation_id)).one_or_none()
        if row is None or _aware(row.expires_at) <= datetime.now(UTC):
            raise UnknownConversation("There is no such conversation; it may have expired.")
        if not hmac.compare_digest(row.token_hash, _hash(token)):
            raise WrongToken("The token does not open this conversation.")
        return Conversation(row.id, row.municipality, row.language, _aware(row.expires_at), row.origin)

    def say(self, conversation_id: str, role: str, text: str, answer: str | None = None) -> bool:
        """Adds what was said; False, and nothing is kept, where the conversation has been erased meanwhile."""
        with self._engine.begin() as connection:
            if not connection.execute(select(conversations.c.id).where(conversations.c.id == conversation_id)).first():
                return False
            connection.execute(
                insert(messages).values(
                    conversation=conversation_id, role=role, text=text,
                    answer=json.loads(answer) if answer else None, created_at=datetime.now(UTC),
                )
            )  # fmt: skip
        return True

    def messages(self, conversation_id: str) -> list[Message]:
        """All that was said, in order."""
        with self._engine.connect() as connection:
            rows = connection.execute(
                select(messages).where(messages.c.conversation == conversation_id).order_by(messages.c.id)
            ).all()
        return [Message(row.role, row.text, _aware(row.created_at), row.answer) for row in rows]

    def history(self, conversation_id: str) -> tuple[Turn, ...]:
        """The last turns, as a question's history."""
        said: Sequence[Message] = self.messages(conversation_id)[-_REMEMBERED:]
        return tuple(Turn(message.role, message.text) for message in said)

    def erase(self, conversation_id: str) -> None:
        """Deletes the conversation, its messages, and the events of its answers and what was said of them."""
        with self._engine.begin() as connection:
            answers = connection.execute(
                select(messages.c.answer).where(messages.c.conversation == conversation_id)
            ).scalars()
            ids = [answer["id"] for answer in answers if answer]
            connection.execute(delete(events).where(events.c.answer.in_(ids)))
            connection.execute(delete(feedback).where(feedback.c.answer.in_(ids)))
            connection.execute(delete(messages).where(messages.c.conversation == conversation_id))
            connection.execute(delete(conversations).where(conversations.c.id == conversation_id))
        empty_log(self._engine)

    def expire(self) -> int:
        """Deletes what has expired; returns how many conversations that were."""
        with self._engine.connect() as connection:
            old = connection.scalars(
                select(conversations.c.id).where(conversations.c.expires_at <= datetime.now(UTC))
            ).all()
        for conversation_id in old:
            self.erase(conversation_id)
        return len(old)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
