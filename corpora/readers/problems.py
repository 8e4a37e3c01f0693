"""What is wrong with a value from outside, in words for the person who wrote it."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

_DAY = "must be a day such as 2026-11-23"
_GROUP = "must be a group of fields"
_NUMBER = "must be a number"
_SENTENCES = {
    "missing": "is missing",
    "extra_forbidden": "is not a field that is known here",
    "string_type": "must be text",
    "string_too_short": "must not be empty",
    "string_too_long": "must have at most {max_length} characters",
    "string_unicode": "has half a character",
    "list_type": "must be a list",
    "too_short": "must not be empty",
    "literal_error": "must be {expected}",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "model_type": _GROUP,
    "dict_type": _GROUP,
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "finite_number": _NUMBER,
    "date_type": _DAY,
    "date_parsing": _DAY,
    "date_from_datetime_parsing": _DAY,
    "date_from_datetime_inexact": _DAY,
}


def problems(error: ValidationError, missing: Mapping[str, str] | None = None) -> str:
    """Every field that is wrong and why, without the values; `missing` has advice for fields that are not there."""
    parts = []
    for one in error.errors(include_url=False, include_input=False):
        field = ".".join(map(str, one["loc"]))
        advice = (missing or {}).get(field) if one["type"] == "missing" else None
        parts.append(": ".join(filter(None, (field, advice or _sentence(one["type"], one["msg"], one.get("ctx", {}))))))
    return "; ".join(parts)


def _sentence(kind: str, message: str, context: Mapping[str, Any]) -> str:
    if kind in _SENTENCES:
        return _SENTENCES[kind].format(**context)
    return message.removeprefix("Value error, ")
