"""Asks a model on vLLM, or on any other OpenAI-compatible server, and streams what it writes."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import TYPE_CHECKING, Any, cast

from serving.errors import CutOff, Empty, GenerationFailed, ModelUnknown, NotInstalled, Silent
from serving.failures import failure
from serving.generation import Ending, Endpoint, Grammar, Request, Schema, Timeouts, Usage

if TYPE_CHECKING:
    from langchain_core.messages import AIMessageChunk

# What vLLM's users write where there is no key; an empty one would be looked for in the environment.
_NO_KEY = "EMPTY"
# Ends that a model's answer can have; "abort", "error" and the like are the server's.
_DONE, _FULL = "stop", "length"


class Client:
    """Streams answers of one model; nothing is asked twice, for routers retry by themselves.

    Building it loads the libraries, which takes a second or more: at the start, not on the event loop.
    """

    def __init__(self, endpoint: Endpoint, timeouts: Timeouts | None = None) -> None:
        self._endpoint = endpoint
        self._timeouts = timeouts or Timeouts()
        try:
            import openai
            from langchain_openai import ChatOpenAI
            from langsmith import tracing_context
        except ImportError as error:
            raise NotInstalled(f"{error.name} is not installed; pip install 'amtslotse[vllm]' brings it.") from error
        self._tracing = tracing_context
        self._model = ChatOpenAI(
            base_url=endpoint.base_url,
            api_key=cast("Any", endpoint.key or _NO_KEY),
            model=endpoint.model,
            # How long an answer may take is measured here, text by text.
            timeout=openai.Timeout(None, connect=self._timeouts.connect),
            stream_chunk_timeout=None,
            max_retries=0,
            stream_usage=True,
            use_responses_api=False,
        )

    async def stream(self, request: Request) -> AsyncGenerator[str | Ending, None]:
        """Text as it is written, then how it ended; closing this stops the server's writing too.

        Raises GenerationFailed, also after some text has come.
        """
        read = _Read()
        now = asyncio.get_running_loop().time
        deadline = now() + self._timeouts.first_token
        async with aclosing(self._chunks(request)) as chunks:
            while chunk := await self._next(chunks, deadline, read):
                read.add(chunk)
                if text := str(chunk.text):
                    yield text
                    # The reader may have taken its time with what it got.
                    deadline = now() + self._timeouts.silence
        yield read.ending(self._endpoint.place)

    async def look(self, seconds: float = 2.0) -> None:
        """Asks the server which models it has; raises GenerationFailed where it does not answer or lacks ours."""
        import openai

        problem: GenerationFailed
        try:
            models = await self._model.root_async_client.models.list(timeout=seconds)
            if any(one.id == self._endpoint.model for one in models.data):
                return
            problem = ModelUnknown(f"{self._endpoint.place} serves no model named {self._endpoint.model}.")
        except openai.OpenAIError as error:
            problem = failure(error, self._endpoint, begun=False)
        raise problem

    async def close(self) -> None:
        """Closes the connections that are kept for further questions."""
        await self._model.root_async_client.close()
        self._model.root_client.close()

    def _chunks(self, request: Request) -> "AsyncGenerator[AIMessageChunk, None]":
        chunks = self._model.astream(
            [(message.role, message.text) for message in request.messages],
            max_tokens=request.max_tokens,
            temperature=request.temperature,
            extra_body=_extra(request),
            extra_headers={"X-Session-ID": request.session, "X-Request-Id": request.id},
        )
        return cast("AsyncGenerator[AIMessageChunk, None]", chunks)

    async def _next(
        self, chunks: "AsyncGenerator[AIMessageChunk, None]", deadline: float, read: "_Read"
    ) -> "AIMessageChunk | None":
        """What comes next, None at the end."""
        problem: GenerationFailed
        try:
            async with asyncio.timeout_at(deadline) as limit:
                # LangSmith would be sent every word, if the environment of this process said so.
                with self._tracing(enabled=False):
                    return await anext(chunks, None)
        except Exception as error:  # noqa: BLE001 - garbage makes the libraries fail in ways of their own
            problem = self._silent(read) if limit.expired() else failure(error, self._endpoint, begun=read.begun)
        # Not while the foreign error is being handled: it would be its context, and be logged with it.
        raise problem

    def _silent(self, read: "_Read") -> Silent:
        place, times = self._endpoint.place, self._timeouts
        if read.words:
            return Silent(f"{place} has fallen silent in the middle of an answer, for {times.silence:g} seconds.")
        return Silent(f"{place} has not begun its answer within {times.first_token:g} seconds.")


class _Read:
    """What has been read of one stream: whether anything, whether words, and how it ended."""

    def __init__(self) -> None:
        self.begun = False
        self.words = False
        self._reason: str | None = None
        self._usage: Usage | None = None

    def add(self, chunk: "AIMessageChunk") -> None:
        self.begun = True
        self.words = self.words or bool(chunk.text.strip())
        self._reason = chunk.response_metadata.get("finish_reason", self._reason)
        if told := chunk.usage_metadata:
            cached = told.get("input_token_details", {}).get("cache_read") or 0
            self._usage = Usage(told["input_tokens"], cached, told["output_tokens"])

    def ending(self, place: str) -> Ending:
        # A proxy that gives up ends the stream in good order; only the reason is missing then.
        if self._reason not in (_DONE, _FULL):
            raise CutOff(f"{place} ended its answer without having finished it.")
        if not self.words:
            raise Empty(f"{place} finished its answer without a word.")
        return Ending(self._reason == _DONE, self._usage)


def _extra(request: Request) -> dict[str, Any]:
    """What LangChain has no parameters for; a server that does not know them is sent none it need not have."""
    extra: dict[str, Any] = {"cache_salt": request.salt, "priority": request.priority}
    match request.constraint:
        case Grammar(text):
            extra["structured_outputs"] = {"grammar": text}
        case Schema(schema):
            # Not LangChain's own way, which waits for the whole answer and parses it again.
            extra["response_format"] = {"type": "json_schema", "json_schema": {"name": "answer", "schema": schema}}
    return {name: value for name, value in extra.items() if value is not None}
