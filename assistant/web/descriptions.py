"""What the description of the API says beside the schemas: examples, problems, headers, kinds and streams."""

import json
from http import HTTPStatus
from pathlib import Path
from typing import Any

Responses = dict[int | str, dict[str, Any]]

# What the sample town answered, and problems as they were sent: no example says what the service does not.
_EXAMPLES: dict[str, Any] = json.loads((Path(__file__).parent / "examples.json").read_text(encoding="utf-8"))
_EXAMPLES["transcript"]["messages"][-1]["answer"] = _EXAMPLES["answer"]
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
    HTTPStatus.UNAUTHORIZED: "A token is missing.",
    HTTPStatus.FORBIDDEN: "The token does not open this, or the page that asks may not show this assistant.",
    HTTPStatus.NOT_FOUND: "What the path or the body names is not there, or no longer.",
    HTTPStatus.METHOD_NOT_ALLOWED: "The path does not take this method.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The body is too large.",
    HTTPStatus.UNPROCESSABLE_ENTITY: "The request does not fit, or its body is no JSON; `errors` says where.",
    HTTPStatus.SERVICE_UNAVAILABLE: "Too many are asking, or something is down.",
}


def _header(description: str, **schema: Any) -> dict[str, Any]:
    return {"description": description, "schema": {"type": "string", **schema}}


_ANSWER_ID = {
    "Answer-Id": _header("With a stream: the answer's id, for reading on after a break."),
    "Answer-Token": _header("What rating this answer needs."),
}
_HEADERS = {
    HTTPStatus.UNAUTHORIZED: {"WWW-Authenticate": _header("How to send the token.", const="Bearer")},
    HTTPStatus.METHOD_NOT_ALLOWED: {"Allow": _header("The methods that it takes.", examples=["POST"])},
    HTTPStatus.SERVICE_UNAVAILABLE: {
        "Retry-After": _header("After how many seconds to try again.", type="integer", examples=[2])
    },
}
_EVENTS = """The answer; with `Accept: text/event-stream` its events:

- `stage`: `{"name", "text"}`, what is being done, to be shown while waiting
- `sources`: `{"sources": […]}`, the `Source`s so far; sent again, whole, when there are more
- `sentence`: a `Sentence`, verified and never taken back
- `answer`: the whole `Answer`; the stream ends with it
- `problem`: `{"type", "title", "status"}` where no answer can come

Lines that begin with a colon are heartbeats. `Answer-Id` in the header and the last `id` are what is needed to read
on after a break."""
_KINDS = """What an `Answer` is made of; more kinds may be added:

- `notices.kind`: `outcome` (how it ended; always there), `too_long` (with the limit), `crisis` (whom to call),
  `plain_language` (made automatically, not checked by people), `plain_language_missing` (plain language was asked for,
  and the pages are quoted as they are), `other_language` (all that is cited is in another language), `missing` (what
  the sources do not say), `near_pages` (pages that may help), `contact` (a person to ask), `masked` (personal data was
  made unreadable), `demonstration` (the town is invented) and `ai` (this is a machine; always there)
- `actions.kind`: `call` (`tel:`; in a crisis its numbers come first), `email` (`mailto:`), `online_service`,
  `appointment`, `form` and `page` (one of the near pages)
- `provenance.composed_by`: `quoting` (the sentences are the pages' own), else the model that worded some or all"""


def problems(*statuses: HTTPStatus) -> Responses:
    """The problems that routes may answer with."""
    return {
        int(status): {
            "description": _WHY[status],
            "headers": _HEADERS.get(status, {}),
            "content": {
                "application/problem+json": {"schema": _PROBLEM, "example": _EXAMPLES["problems"][str(int(status))]}
            },
        }
        for status in statuses
    }


def example(name: str, status: int = 200) -> Responses:
    """An example of what a route answers when all is well."""
    return {status: {"content": {"application/json": {"example": _EXAMPLES[name]}}}}


STREAM: Responses = {
    200: {
        "description": _EVENTS,
        "headers": {"Answer-Id": _ANSWER_ID["Answer-Id"]},
        "content": {
            "text/event-stream": {
                "schema": {"type": "string"},
                "example": 'event: sentence\ndata: {"text": "…", "language": "de", "sources": [1], "quoted": true}\n'
                "id: 5\n\n",
            }
        },
    }
}
ANSWERED: Responses = {
    200: {
        "description": f"{_EVENTS}\n\n{_KINDS}",
        "headers": _ANSWER_ID,
        "content": STREAM[200]["content"] | example("answer")[200]["content"],
    }
}
ASKED = problems(
    HTTPStatus.NOT_FOUND,
    HTTPStatus.METHOD_NOT_ALLOWED,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNPROCESSABLE_ENTITY,
    HTTPStatus.SERVICE_UNAVAILABLE,
)
_CHECKED = {"type": "object", "additionalProperties": {"type": "string"}}
# For /readyz, which answers in JSON of its own with both statuses.
READY: Responses = {
    int(status): {
        "description": description,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["status", "checks"],
                    "properties": {"status": {"enum": ["ok", "unavailable"]}, "checks": _CHECKED, "corpora": _CHECKED},
                },
                "example": _EXAMPLES[name],
            }
        },
    }
    for status, name, description in (
        (HTTPStatus.OK, "ready", "It can answer."),
        (HTTPStatus.SERVICE_UNAVAILABLE, "unready", "`checks` says what is wrong, `corpora` with which corpora."),
    )
}
