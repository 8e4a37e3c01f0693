"""What a model is asked for, and what comes back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An OpenAI-compatible server, up to and including `/v1`, and the model to ask there."""

    base_url: str
    model: str
    key: str = field(default="", repr=False)

    @property
    def place(self) -> str:
        """Host and port, without credentials that an address may carry."""
        return urlsplit(self.base_url).netloc.rpartition("@")[2]


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds until there must be a connection, the first text, and after each text the next.

    The comments that a server sends to keep a stream alive are no text.
    """

    connect: float = 3.0
    first_token: float = 20.0
    silence: float = 10.0


@dataclass(frozen=True, slots=True)
class Message:
    """What was said, by the operator of the service, the citizen or the model."""

    role: Literal["system", "user", "assistant"]
    text: str


@dataclass(frozen=True, slots=True)
class Grammar:
    """The answer must be derived from this grammar (GBNF); vLLM only."""

    text: str


@dataclass(frozen=True, slots=True)
class Schema:
    """The answer must be JSON of this schema."""

    schema: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Request:
    """One answer to be written.

    `id` runs through all logs, `session` is a pseudonym by which routers find the replica that knows the
    conversation. Who shares a `salt` shares cached prompts: at most 128 characters, none of `@ / \\` or NUL. A lower
    `priority` comes first. Salt and priority are vLLM's own, and are only sent where they are given.
    """

    id: str
    session: str
    messages: tuple[Message, ...]
    max_tokens: int
    temperature: float = 0.0
    constraint: Grammar | Schema | None = None
    salt: str | None = None
    priority: int | None = None


@dataclass(frozen=True, slots=True)
class Usage:
    """What an answer cost in tokens; `cached` of the prompt's had been calculated before."""

    prompt: int
    cached: int
    completion: int


@dataclass(frozen=True, slots=True)
class Ending:
    """Comes after the last text: whether the model was done, or cut by `max_tokens`, and the cost if it was told."""

    complete: bool
    usage: Usage | None
