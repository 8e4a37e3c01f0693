"""What citizens say of answers, kept without what they asked."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, delete, insert
from sqlalchemy.exc import IntegrityError

from assistant.domain.feedback import Feedback
from assistant.tables import feedback

# As long as anything of a citizen may stay; what belongs to a conversation goes with it, sooner.
_LIFETIME = timedelta(days=30)


class FeedbackStore:
    """Keeps the last thing that was said of each answer."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def put(self, said: Feedback) -> None:
        """Keeps it in the place of what was said of the same answer before."""
        try:
            self._put(said)
        except IntegrityError:
            # Said twice at once, as by a double click.
            self._put(said)

    def _put(self, said: Feedback) -> None:
        with self._engine.begin() as connection:
            connection.execute(delete(feedback).where(feedback.c.answer == said.answer))
            connection.execute(
                insert(feedback).values(
                    answer=said.answer, municipality=said.municipality, rating=said.rating,
                    reasons=list(said.reasons), comment=said.comment, created_at=datetime.now(UTC),
                )
            )  # fmt: skip

    def expire(self) -> None:
        """Deletes what is older than thirty days."""
        with self._engine.begin() as connection:
            connection.execute(delete(feedback).where(feedback.c.created_at < datetime.now(UTC) - _LIFETIME))
