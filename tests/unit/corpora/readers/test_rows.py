import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpora.documents import Document, Fee, Office, as_mapping
from corpora.errors import Unreadable
from corpora.readers import rows

ROW: dict[str, Any] = {"id": "pass", "title": "Reisepass", "language": "de", "body": "70 Euro."}


def read(**fields: Any) -> Document:
    return rows.document(ROW | fields, "here")


def refused(**fields: Any) -> str:
    with pytest.raises(Unreadable) as caught:
        read(**fields)
    return str(caught.value)


def test_a_row_becomes_a_document() -> None:
    assert read() == Document("pass", "Reisepass", "de", "70 Euro.")


@pytest.mark.parametrize("url", ["https://stadt.example/a?b=c#d", "http://localhost:8000", " https://stadt.example "])
def test_an_address_of_the_web_is_taken(url: str) -> None:
    assert read(url=url).url == url.strip()


BAD_URLS = [
    "",
    "stadt.example",
    "//stadt.example",
    "https://",
    "https:///x",
    "http://[",
    "ftp://stadt.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "mailto:a@b.example",
    'https://stadt.example/"onload=',
    "https://stadt.example/<b>",
    "https://stadt.example/a b",
    "https://stadt.example/\u202egpj.exe",
    "https://stadt\u200b.example/",
    "https://stadt.example/\x01",
]


@pytest.mark.parametrize("url", BAD_URLS)
def test_an_address_that_is_not_of_the_web_is_refused(url: str) -> None:
    assert refused(url=url).startswith("here: url: ")


@pytest.mark.parametrize(
    "facts",
    [
        {"appointment_url": "javascript:x"},
        {"office": {"name": "Amt", "url": "ftp://x.example"}},
        {"online_service": {"label": "Antrag", "url": "x"}},
        {"forms": [{"label": "Antrag", "url": "file:///etc/passwd"}]},
    ],
)
def test_an_address_among_the_facts_is_checked_too(facts: dict[str, Any]) -> None:
    assert "must be an address that begins with http:// or https://" in refused(facts=facts)


@pytest.mark.parametrize(
    ("given_", "language"), [("de", "de"), ("DE", "de"), ("de-AT", "de"), ("zh_Hans", "zh"), (" uk ", "uk")]
)
def test_a_language_is_known_by_its_code(given_: str, language: str) -> None:
    assert read(language=given_).language == language


@pytest.mark.parametrize("language", ["deutsch", "d", "", "de/at", "12"])
def test_what_is_no_language_code_is_refused(language: str) -> None:
    assert refused(language=language) == "here: language: must be a language code such as de or en."


def test_the_language_given_holds_only_where_the_row_has_none() -> None:
    without = {"id": "a", "title": "A", "language": None}

    assert rows.document(without, "here", "fr").language == "fr"
    assert rows.document(ROW, "here", "fr").language == "de"


@pytest.mark.parametrize("id_", ["", " pass", "pass\n", "a\tb", "a" * 301, None, 1.5, ["a"]])
def test_an_id_that_cannot_be_kept_is_refused(id_: Any) -> None:
    assert refused(id=id_).startswith("here: id: ")


def test_a_number_can_be_an_id() -> None:
    assert read(id=99_115).id == "99115"


@pytest.mark.parametrize(
    "nothing",
    [
        {},
        {"title": "", "body": ""},
        {"title": "\u200b", "body": " \n"},
        {"body": "\u200b\u2060"},
        {"body": "<p></p>", "format": "html"},
        {"body": "<p hidden>Text</p>", "format": "html"},
    ],
)
def test_a_row_without_title_and_text_is_refused(nothing: dict[str, Any]) -> None:
    with pytest.raises(Unreadable, match="has neither a title nor any text"):
        rows.document({"id": "a", "language": "de"} | nothing, "here")


@pytest.mark.parametrize("day", ["2026-02-28", "2026-02-28T10:30:00+01:00", date(2026, 2, 28)])
def test_a_day_may_come_with_its_time(day: Any) -> None:
    assert read(valid_from=day).valid_from == date(2026, 2, 28)


@pytest.mark.parametrize("day", ["28.2.2026", "2026-02-30", "bald", [2026]])
def test_what_is_no_day_is_refused(day: Any) -> None:
    assert refused(valid_until=day).startswith("here: valid_until: ")


def test_a_page_cannot_end_before_it_begins() -> None:
    message = refused(valid_from="2026-02-02", valid_until="2026-02-01")

    assert message == "here: valid_until lies before valid_from."


def test_a_page_is_no_translation_of_itself() -> None:
    assert "translation_of names the document itself" in refused(translation_of="pass")


def test_every_wrong_field_is_named() -> None:
    message = refused(url="x", keywords="Pass", facts={"fees": [{"amount": 1}]})

    assert message.startswith("here: ")
    assert all(field in message for field in ("url: ", "keywords: ", "facts.fees.0.text: "))


def test_an_error_does_not_repeat_what_the_page_says() -> None:
    assert "geheim" not in refused(url="geheim", keywords="geheim")


def test_a_text_beyond_measure_is_refused() -> None:
    assert "body: " in refused(body="x" * (rows.MOST_CHARACTERS + 1))


@pytest.mark.parametrize("amount", [float("nan"), float("inf"), "viel"])
def test_a_fee_that_is_no_figure_is_refused(amount: Any) -> None:
    assert "facts.fees.0.amount: " in refused(facts={"fees": [{"text": "70 Euro", "amount": amount}]})


def test_facts_are_read_field_by_field() -> None:
    facts = read(
        facts={
            "fees": [{"text": " 70\nEuro ", "amount": 70, "currency": "EUR"}],
            "office": {"name": "Amt\u200b", "phone": "115"},
            "steps": ["Termin\u00a0buchen"],
        }
    ).facts

    assert facts is not None
    assert facts.fees == (Fee("70 Euro", 70.0, "EUR"),)
    assert facts.office == Office("Amt", phone="115")
    assert facts.steps == ("Termin buchen",)


def test_html_becomes_markdown_without_what_is_hidden() -> None:
    document = read(body="<h2>Kosten</h2><p>70 <b>Euro</b></p><p hidden>geheim</p>", format="html")

    assert (document.format, document.body) == ("markdown", "## Kosten\n\n70 **Euro**")


def test_plain_text_stays_plain() -> None:
    document = read(body="<b>70</b> *Euro*", format="text")

    assert (document.format, document.body) == ("text", "<b>70</b> *Euro*")


def test_an_unknown_format_is_refused() -> None:
    assert refused(format="pdf").startswith("here: format: ")


def test_invisible_characters_are_taken_out_of_every_text() -> None:
    document = read(title="Reise\u200bpass", body="70\U000e0041 Euro", keywords=["Aus\u00adweis"])

    assert (document.title, document.body, document.keywords) == ("Reisepass", "70 Euro", ("Ausweis",))


def test_fields_that_no_document_has_are_told() -> None:
    assert rows.unknown_fields(ROW | {"autor": "x", "facts": {}, "7": 1}) == {"autor", "7"}


def test_fields_that_no_facts_have_are_told_with_the_way_to_them() -> None:
    facts = {
        "fee": "70 Euro",
        "fees": [{"text": "70 Euro"}, {"text": "32 Euro", "ammount": 32}],
        "office": {"name": "Amt", "phon": "115"},
        "online_service": {"label": "Antrag", "url": "https://stadt.example", "lable": "x"},
        "forms": [{"label": "Antrag", "url": "https://stadt.example", "href": "x"}],
    }

    assert rows.unknown_fields(ROW | {"facts": facts}) == {
        "facts.fee",
        "facts.fees.ammount",
        "facts.office.phon",
        "facts.online_service.lable",
        "facts.forms.href",
    }


@pytest.mark.parametrize("facts", ["70 Euro", ["a"], {"fees": "70 Euro"}, {"fees": ["70 Euro"]}, {"office": None}])
def test_facts_of_another_shape_have_no_fields_to_tell_of(facts: Any) -> None:
    assert rows.unknown_fields(ROW | {"facts": facts}) == set()


@given(st.text(max_size=50), st.text(max_size=30))
def test_reading_what_was_written_changes_nothing(body: str, title: str) -> None:
    try:
        document = read(body=body, title=f"Pass {title}")
    except Unreadable:
        return
    assert rows.document(json.loads(json.dumps(as_mapping(document))), "here") == document
