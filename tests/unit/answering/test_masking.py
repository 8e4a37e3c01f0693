import json
from pathlib import Path
from typing import Any

import pytest

from assistant.answering.masking import masked

DATA = Path(__file__).parents[3] / "../shared/data/pii/documents"
QUESTIONS = Path(__file__).parents[3] / "retrieval/data/questions"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="../shared/data/pii is not on this machine")

PERSONAL = {
    "anna.maier+amt@post.example": "e-mail",
    "DE89370400440532013000": "IBAN",
    "DE89 3704 0044 0532 0130 00": "IBAN",
    "de89 3704 0044 0532 0130 00": "IBAN",
    "FR14 2004 1010 0505 0001 3M02 606": "IBAN",
    "BE71 0961 2345 6769": "IBAN",
    "4111 1111 1111 1111": "card",
    "5500-0000-0000-0004": "card",
    "36 574 261 809": "tax-id",
    "181/815/08155": "tax-id",
    "0711 216 88888": "phone",
    "+49 151 23456789": "phone",
    "0049 30 901820": "phone",
    "06 12 34 56 78": "phone",
    "+33 1 42 68 53 00": "phone",
    "(030) 901820": "phone",
}
HARMLESS = [
    "115", "116 117", "0800 111 0 111", "§ 17 BMG", "Formular 102-345", "74999 Neckarfurt", "am 01.02.2026",
    "37,00 Euro", "Rathausplatz 1", "Bus 32", "1.234,50 €", "Antrag 2026/11", "18–20 Uhr",
    "110 und 112", "116 123", "01 02 2026", "1/2/2026", "2026-02-01", "§ 5 Abs. 2 Satz 1 Nr. 3 AufenthG", "24/7",
    "Steuerklasse 3", "1400 Euro netto", "12.–14. Mai 2026", "Hauptstraße 12a, 3. Stock", "Mo–Fr 8–12 Uhr",
]  # fmt: skip


def cases(kind: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((DATA / "iban_test_cases.json").read_text(encoding="utf-8"))[kind]
    return found


@pytest.mark.parametrize("number", PERSONAL)
def test_what_belongs_to_a_person_is_replaced_by_what_it_was(number: str) -> None:
    assert masked(f"Bitte notieren: {number} – wie geht es weiter?") == (
        f"Bitte notieren: [{PERSONAL[number]}] – wie geht es weiter?"
    )


@pytest.mark.parametrize("text", HARMLESS)
def test_what_belongs_to_nobody_stays(text: str) -> None:
    assert masked(text) == text
    assert masked(f"Ich habe eine Frage: {text}, bitte.") == f"Ich habe eine Frage: {text}, bitte."


def test_words_behind_an_iban_stay() -> None:
    said = masked("Von DE89370400440532013000 BAR ABHEBEN und weiter")

    assert said == "Von [IBAN] BAR ABHEBEN und weiter"


def test_everything_in_one_message_is_masked() -> None:
    said = masked("a@b.example, 0711 216 88888, DE89370400440532013000 und 36574261809")

    assert said == "[e-mail], [phone], [IBAN] und [tax-id]"


def test_what_is_masked_stays_masked() -> None:
    once = masked("Meine Nummer: +49 151 23456789, IBAN DE89370400440532013000")

    assert masked(once) == once


@pytest.mark.parametrize(
    "number", ["DE89370400440532013001", "4111 1111 1111 1112", "36 574 261 800", "ABCDEFGHIJKLMNOPQRST"]
)
def test_a_number_that_does_not_add_up_is_none_of_those(number: str) -> None:
    assert masked(f"Nummer {number}") == f"Nummer {number}"


def test_nothing_is_masked_in_plain_questions() -> None:
    questions = [q for file in sorted(QUESTIONS.glob("*.txt")) for q in file.read_text(encoding="utf-8").splitlines()]

    assert len(questions) > 2000
    assert [q for q in questions if masked(q) != q] == []


@needs_data
def test_every_valid_iban_of_the_cases_is_masked() -> None:
    ibans = [case["iban"] for case in cases("valid_ibans")]
    ibans += [case["formatted"] for case in cases("formatted_ibans")]

    assert [iban for iban in ibans if masked(f"Konto {iban} bitte") != "Konto [IBAN] bitte"] == []


@needs_data
def test_an_iban_of_the_cases_is_found_in_its_sentence() -> None:
    found = {case["text"]: "[IBAN]" in masked(case["text"]) for case in cases("edge_cases")}

    assert found == {case["text"]: case["should_detect"] for case in cases("edge_cases")}


@needs_data
def test_no_invalid_iban_of_the_cases_is_called_one() -> None:
    assert [case["iban"] for case in cases("invalid_ibans") if "[IBAN]" in masked(case["iban"])] == []


@needs_data
@pytest.mark.parametrize(
    ("kinds", "gone"),
    [(("PHONE_NUMBER", "EMAIL"), True), (("DATE", "ADDRESS", "ORGANIZATION"), False)],
    ids=["phone numbers and addresses of e-mail go", "dates and names of streets and firms stay"],
)
def test_in_letters_and_bills(kinds: tuple[str, ...], gone: bool) -> None:
    documents = json.loads((DATA / "realistic-ground-truth.json").read_text(encoding="utf-8"))["documents"]
    wrong = []
    for name, document in documents.items():
        said = masked((DATA / name).read_text(encoding="utf-8"))
        texts = [entity["text"] for entity in document["entities"] if entity["type"] in kinds]
        wrong += [(name, text) for text in texts if (text not in said) != gone]

    assert wrong == []
