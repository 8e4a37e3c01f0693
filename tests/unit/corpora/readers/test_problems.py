import re
from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict, ValidationError

from corpora.errors import Unreadable
from corpora.readers import rows
from corpora.readers.problems import problems

ROW: dict[str, Any] = {"id": "pass", "title": "Reisepass", "language": "de", "body": "70 Euro."}

WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "a fee that is a text": ({"facts": {"fees": ["70 Euro"]}}, "facts.fees.0: must be a group of fields"),
    "facts that are a text": ({"facts": "70 Euro"}, "facts: must be a group of fields"),
    "fees that are a text": ({"facts": {"fees": "70 Euro"}}, "facts.fees: must be a list"),
    "an amount in words": (
        {"facts": {"fees": [{"text": "a", "amount": "x"}]}},
        "facts.fees.0.amount: must be a number",
    ),
    "a fee without text": ({"facts": {"fees": [{}]}}, "facts.fees.0.text: is missing"),
    "a number for a text": ({"title": 7}, "title: must be text"),
    "half a character": ({"title": "\ud800"}, "title: has half a character"),
    "a day in words": ({"valid_from": "bald"}, "valid_from: must be a day such as 2026-11-23"),
    "a day that is none": ({"valid_from": "2026-02-30"}, "valid_from: must be a day such as 2026-11-23"),
    "a day that is a list": ({"updated": [2026]}, "updated: must be a day such as 2026-11-23"),
    "an unknown format": ({"format": "pdf"}, "format: must be 'text', 'markdown' or 'html'"),
    "an empty id": ({"id": ""}, "id: must not be empty"),
    "a long id": ({"id": "a" * 301}, "id: must have at most 300 characters"),
    "an address of a file": ({"url": "file:///x"}, "url: must be an address that begins with http:// or https://"),
    "an end before the beginning": (
        {"valid_from": "2026-02-02", "valid_until": "2026-02-01"},
        "valid_until lies before valid_from",
    ),
    "its own translation": ({"translation_of": "pass"}, "translation_of names the document itself"),
    "two at once": ({"id": "", "keywords": "x"}, "id: must not be empty; keywords: must be a list"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_said_in_plain_words(name: str) -> None:
    fields, wanted = WRONG[name]

    with pytest.raises(Unreadable) as refused:
        rows.document(ROW | fields, "here")

    assert str(refused.value) == f"here: {wanted}."


def test_nothing_said_is_of_our_classes_or_of_the_library() -> None:
    everything = dict.fromkeys(rows.DocumentRow.model_fields, object()) | {"facts": {"office": 1, "forms": [2]}}

    with pytest.raises(Unreadable) as refused:
        rows.document(everything, "here")

    assert not re.search(r"Row|instance|valid dictionary|Input should|Value error|pydantic", str(refused.value))


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")

    flag: bool = False
    anything: tuple[int, int] = (1, 2)


def test_a_field_that_is_not_known_and_an_error_that_has_no_words_of_ours_are_named() -> None:
    with pytest.raises(ValidationError) as refused:
        Strict.model_validate({"flag": "vielleicht", "fax": 1, "anything": [1]})

    said = problems(refused.value)

    assert "flag: must be true or false" in said
    assert "fax: is not a field that is known here" in said
    assert "anything.1: is missing" in said


def test_a_field_that_is_missing_may_have_advice_of_its_own() -> None:
    with pytest.raises(ValidationError) as refused:
        rows.LinkRow.model_validate({})

    assert problems(refused.value, {"url": "is needed"}) == "label: is missing; url: is needed"
