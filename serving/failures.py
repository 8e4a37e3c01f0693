"""The errors of foreign libraries, as errors of ours."""

import socket
import ssl
from collections.abc import Iterator

from serving.errors import (
    ConnectionRefused,
    ConnectionSlow,
    CutOff,
    Empty,
    Garbled,
    GenerationFailed,
    KeyRejected,
    ModelUnknown,
    NameUnresolved,
    Overloaded,
    RateLimited,
    RequestRejected,
    StatusForeign,
    TlsFailed,
    Unreachable,
)
from serving.generation import Endpoint

_STATUSES: dict[int, tuple[type[GenerationFailed], str]] = {
    400: (RequestRejected, "{place} takes the request for wrong."),
    401: (KeyRejected, "{place} does not accept the key of the model's server."),
    403: (KeyRejected, "{place} does not let this key use the model {model}."),
    404: (ModelUnknown, "{place} serves no model named {model}, or its address lacks a path such as /v1."),
    413: (RequestRejected, "{place} takes the request for too large."),
    422: (RequestRejected, "{place} takes the request for wrong."),
    429: (RateLimited, "{place} has had too many requests from us."),
    503: (Overloaded, "{place} takes no more requests at the moment."),
}
# vLLM finds some faults, such as a wrong grammar, when it has sent a status of 200 already.
_IN_STREAM = {str(status): told for status, told in _STATUSES.items()}
_FOREIGN = "{place} answers with status {status}, which nobody expects from a model's server."


def failure(error: Exception, endpoint: Endpoint, *, begun: bool) -> GenerationFailed:
    """The error of ours for one that the client library raised; `begun` says whether anything had been read.

    It carries nothing of the foreign error but its kind: messages of servers quote what citizens asked.
    """
    import openai

    place = endpoint.place
    match error:
        case openai.APIStatusError(status_code=status):
            kind, text = _STATUSES.get(status, (StatusForeign, _FOREIGN))
            return kind(text.format(place=place, model=endpoint.model, status=status))
        case openai.APIError(code=str() as code) if code in _IN_STREAM:
            kind, text = _IN_STREAM[code]
            return kind(text.format(place=place, model=endpoint.model))
        case openai.APIConnectionError() if not begun:
            return _unconnected(error, place)
        case openai.APIError():
            # A broken connection, or the server's own report in the middle of the stream.
            return CutOff(f"{place} broke off in the middle of an answer ({type(error).__name__}).")
        case ValueError() if not begun and type(error) is ValueError:
            # LangChain's word for a stream without a single event.
            return Empty(f"{place} sent nothing that is part of an answer.")
        case _:
            return Garbled(f"{place} sends what cannot be read ({type(error).__name__}).")


def _unconnected(error: Exception, place: str) -> GenerationFailed:
    import openai

    for cause in _causes(error):
        match cause:
            case socket.gaierror():
                return NameUnresolved(f"The name of {place} cannot be resolved ({cause.strerror}).")
            case ssl.SSLError() if not isinstance(cause, ssl.SSLWantReadError):
                why = getattr(cause, "verify_message", "") or cause.reason or type(cause).__name__
                return TlsFailed(f"There is no secure connection to {place}: {why}.")
            case ConnectionRefusedError():
                return ConnectionRefused(f"Nobody listens at {place}.")
    if isinstance(error, openai.APITimeoutError):
        return ConnectionSlow(f"There was no connection to {place} in time.")
    if any(type(cause).__name__ == "ConnectError" for cause in _causes(error)):
        return Unreachable(f"{place} cannot be reached.")
    return CutOff(f"{place} closed the connection before its answer began.")


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error and all that led to it; a name with several addresses gives a group of them."""
    while error is not None:
        yield error
        if isinstance(error, BaseExceptionGroup):
            for one in error.exceptions:
                yield from _causes(one)
        error = error.__cause__ or error.__context__
