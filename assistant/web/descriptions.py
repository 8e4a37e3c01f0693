"""What the description of the API says about answers that are no plain JSON: problems and streams."""

from http import HTTPStatus
from typing import Any

Responses = dict[int | str, dict[str, Any]]

_PROBLEM = {
    "title": "Problem",
    "description": "An error after RFC 9457.",
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "examples": ["about:blank"]},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "A sentence for the caller."},
        "errors": {
            "description": "With 422: which fields do not fit, and why.",
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "message"],
                "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
            },
        },
    },
}
_WHY = {
    HTTPStatus.UNAUTHORIZED: "The conversation's token is missing.",
    HTTPStatus.FORBIDDEN: "The token belongs to another conversation.",
    HTTPStatus.NOT_FOUND: "What the path or the body names is not there, or no longer.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The body is too large.",
    HTTPStatus.UNPROCESSABLE_ENTITY: "Something in the request does not fit; `errors` names it.",
    HTTPStatus.SERVICE_UNAVAILABLE: "Too many are asking, or something is down; `Retry-After` says when to try again.",
}
_EVENTS = """The answer; with `Accept: text/event-stream` its events:

- `stage`: `{"name", "text"}`, what is being done, to be shown while waiting
- `sources`: `{"sources": […]}`, the `Source`s so far; sent again, whole, when there are more
- `sentence`: a `Sentence`, verified and never taken back
- `answer`: the whole `Answer`; the stream ends with it
- `problem`: `{"type", "title", "status"}` where no answer can come

Lines that begin with a colon are heartbeats. `Answer-Id` in the header and the last `id` are what is needed to read
on after a break."""


def problems(*statuses: HTTPStatus) -> Responses:
    """The problems that routes may answer with."""
    return {
        int(status): {
            "description": _WHY[status],
            "content": {"application/problem+json": {"schema": _PROBLEM}},
        }
        for status in statuses
    }


STREAM: Responses = {
    200: {
        "description": _EVENTS,
        "content": {
            "text/event-stream": {
                "schema": {"type": "string"},
                "example": 'event: sentence\ndata: {"text": "…", "language": "de", "sources": [1], "quoted": true}\n'
                "id: 5\n\n",
            }
        },
    }
}
ASKED = problems(
    HTTPStatus.NOT_FOUND,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNPROCESSABLE_ENTITY,
    HTTPStatus.SERVICE_UNAVAILABLE,
)
