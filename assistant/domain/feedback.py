"""What a citizen says of an answer."""

from dataclasses import dataclass
from typing import Literal

Rating = Literal["helpful", "not_helpful"]
Reason = Literal["wrong", "incomplete", "unclear", "off_topic"]


@dataclass(frozen=True, slots=True)
class Feedback:
    """Whether an answer helped and, where it did not, why; the comment is masked like a question."""

    answer: str
    municipality: str
    rating: Rating
    reasons: tuple[Reason, ...] = ()
    comment: str = ""
