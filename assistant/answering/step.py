"""What a step is."""

from typing import Protocol

from assistant.domain.answer import Answer
from assistant.domain.draft import Draft


class Step(Protocol):
    """Takes a draft and returns one that knows more, or the answer that ends the run."""

    async def __call__(self, draft: Draft) -> Draft | Answer:
        """Run the step."""
