import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpora.documents import (
    Document,
    Fee,
    Link,
    Office,
    Passage,
    ServiceFacts,
    as_mapping,
    document_from,
    facts_from,
    passage_from,
)

WORDS = st.text(min_size=1, max_size=12)
DAYS = st.none() | st.dates()
FACTS = st.builds(
    ServiceFacts,
    summary=WORDS,
    conditions=st.lists(WORDS, max_size=3).map(tuple),
    fees=st.lists(st.builds(Fee, WORDS, st.none() | st.floats(0, 900), st.none() | WORDS), max_size=2).map(tuple),
    office=st.none() | st.builds(Office, WORDS, hours=st.none() | WORDS),
    online_service=st.none() | st.builds(Link, WORDS, WORDS),
    forms=st.lists(st.builds(Link, WORDS, WORDS), max_size=2).map(tuple),
    as_of=DAYS,
)
DOCUMENTS = st.builds(
    Document,
    id=WORDS,
    title=WORDS,
    language=st.sampled_from(["de", "uk"]),
    body=st.text(max_size=40),
    url=st.none() | WORDS,
    valid_from=DAYS,
    valid_until=DAYS,
    updated=DAYS,
    translation_of=st.none() | WORDS,
    keywords=st.lists(WORDS, max_size=3).map(tuple),
    facts=st.none() | FACTS,
)


def passage(*headings: str, title: str = "Reisepass") -> Passage:
    return Passage("pass", 3, "de", title, headings, "Er kostet 70 Euro.")


@given(DOCUMENTS)
def test_a_document_written_as_json_reads_back_the_same(document: Document) -> None:
    assert document_from(json.loads(json.dumps(as_mapping(document)))) == document


@given(FACTS)
def test_facts_written_as_json_read_back_the_same(facts: ServiceFacts) -> None:
    assert facts_from(json.loads(json.dumps(as_mapping(facts)))) == facts


@pytest.mark.parametrize("headings", [(), ("Kosten",), ("Kosten", "Express")])
def test_a_passage_written_as_json_reads_back_the_same(headings: tuple[str, ...]) -> None:
    one = replace(passage(*headings), keywords=("Pass", "Ausweis"))

    assert passage_from(json.loads(json.dumps(as_mapping(one)))) == one


def test_what_is_empty_is_not_written() -> None:
    assert as_mapping(Document("pass", "Reisepass", "de", "Text", keywords=(), facts=ServiceFacts())) == {
        "id": "pass",
        "title": "Reisepass",
        "language": "de",
        "body": "Text",
        "format": "markdown",
    }


def test_a_fee_of_nothing_is_written() -> None:
    assert as_mapping(Fee("kostenlos", 0.0)) == {"text": "kostenlos", "amount": 0.0}


@pytest.mark.parametrize(
    ("first", "last", "day", "valid"),
    [
        (None, None, date(2026, 1, 1), True),
        (date(2026, 1, 1), None, date(2026, 1, 1), True),
        (date(2026, 1, 1), None, date(2025, 12, 31), False),
        (None, date(2026, 1, 1), date(2026, 1, 1), True),
        (None, date(2026, 1, 1), date(2026, 1, 2), False),
        (date(2026, 1, 1), date(2026, 1, 31), date(2026, 1, 15), True),
    ],
)
def test_a_page_is_valid_from_its_first_day_to_its_last(
    first: date | None, last: date | None, day: date, valid: bool
) -> None:
    document = Document("pass", "Reisepass", "de", "", valid_from=first, valid_until=last)

    assert document.valid_on(day) is valid


def test_parallel_pages_share_the_id_of_their_original() -> None:
    german = Document("pass", "Reisepass", "de", "")
    french = Document("pass-fr", "Passeport", "fr", "", translation_of="pass")

    assert german.original == french.original == "pass"


def test_a_passage_has_an_id_of_its_own_within_its_document() -> None:
    assert passage().id == "pass#3"


def test_a_passage_stands_under_its_heading_path() -> None:
    assert passage("Kosten", "Express").heading == "Kosten › Express"


def test_a_passage_without_heading_stands_under_the_title() -> None:
    assert passage().heading == "Reisepass"


def test_a_passage_in_context_begins_with_title_and_headings() -> None:
    assert passage("Kosten").in_context == "Reisepass › Kosten\nEr kostet 70 Euro."


def test_a_passage_is_embedded_with_its_keywords_but_not_cited_with_them() -> None:
    one = replace(passage("Kosten"), keywords=("Pass", "Ausweis"))

    assert one.embedded == f"{one.in_context}\nPass, Ausweis"
    assert "Ausweis" not in one.in_context


def test_a_passage_without_keywords_is_embedded_as_it_stands() -> None:
    assert passage("Kosten").embedded == passage("Kosten").in_context


def test_a_heading_that_repeats_the_title_stands_in_the_context_once() -> None:
    assert passage("Reisepass", "Kosten").in_context == "Reisepass › Kosten\nEr kostet 70 Euro."
