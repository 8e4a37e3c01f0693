"""Asks the model in the name of a draft: where there is a place, while its server is well, and under pseudonyms."""

import hashlib
import hmac
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Protocol

from assistant.domain.draft import Draft
from serving.admission import Admission
from serving.breaker import Breaker
from serving.errors import Unwanted
from serving.generation import Ending, Grammar, Message, Request, Schema


class Client(Protocol):
    """What reaches the model; `serving.client.Client` does."""

    def stream(self, request: Request) -> AsyncGenerator[str | Ending, None]:
        """Text as it is written, then how it ended; raises GenerationFailed."""


class Asking:
    """One model with the places and the breaker that all who ask it share; `salted` where its server knows salts."""

    def __init__(
        self, model: str, client: Client, admission: Admission, breaker: Breaker, secret: bytes, *, salted: bool = True
    ) -> None:
        self.model = model
        self._client = client
        self._admission = admission
        self._breaker = breaker
        self._secret = secret
        self._salted = salted

    async def __call__(
        self,
        draft: Draft,
        messages: tuple[Message, ...],
        *,
        max_tokens: int,
        constraint: Grammar | Schema | None = None,
    ) -> AsyncGenerator[str | Ending, None]:
        """Text as it is written, then how it ended; raises GenerationFailed, and closing this stops the writing."""
        request = Request(
            id=draft.id,
            session=self._pseudonym(f"conversation:{draft.question.conversation or draft.id}"),
            messages=messages,
            max_tokens=max_tokens,
            constraint=constraint,
            # Tenants share no cached prompts: how fast an answer comes would tell what others asked.
            salt=self._pseudonym(f"municipality:{draft.question.municipality.id}") if self._salted else None,
            priority=(draft.question.priority or None) if self._salted else None,
        )
        with self._admission.place(), self._breaker.watch():
            async with aclosing(self._client.stream(request)) as pieces:
                async for piece in pieces:
                    if not draft.question.wanted():
                        raise Unwanted("Nobody waits for this answer any more.")
                    yield piece

    async def prepare(self, constraint: Grammar | Schema) -> None:
        """Has the server read a constraint, which takes it a second the first time; raises GenerationFailed."""
        request = Request("prepare", self._pseudonym("prepare"), (Message("user", "?"),), 1, constraint=constraint)
        async with aclosing(self._client.stream(request)) as pieces:
            async for _ in pieces:
                pass

    def _pseudonym(self, of: str) -> str:
        return hmac.new(self._secret, of.encode(), hashlib.sha256).hexdigest()
