from dataclasses import replace

import pytest

from corpora.documents import Document, Fee, Link, Office, ServiceFacts
from corpora.rendering import fact_texts, fact_words

FACTS = ServiceFacts(
    summary="Mit dem Pass reisen Sie.",
    conditions=("Sie sind Deutsche oder Deutscher.", "Sie wohnen hier."),
    required_documents=("Foto", "alter Pass"),
    steps=("Termin buchen", "Pass abholen"),
    fees=(Fee("70 Euro", 70.0, "EUR"), Fee("32 Euro für Express")),
    processing_time="sechs Wochen",
    deadline="keine",
    office=Office("Bürgerbüro", "Markt 1", "115", "amt@stadt.example", "Mo 8–12"),
    online_service=Link("Online-Antrag", "https://stadt.example/pass"),
    forms=(Link("Formular", "https://stadt.example/f.pdf"),),
    legal_basis=("§ 1 Passgesetz",),
)


def stated(facts: ServiceFacts | None, language: str = "de") -> dict[str, str]:
    document = Document("pass", "Reisepass", language, "", facts=facts)
    return {name: text for name, _, text in fact_texts(document)}


def test_every_fact_is_written_as_its_publisher_words_it() -> None:
    assert stated(FACTS) == {
        "summary": "Mit dem Pass reisen Sie.",
        "conditions": "Sie sind Deutsche oder Deutscher.\nSie wohnen hier.",
        "required_documents": "Foto\nalter Pass",
        "steps": "Termin buchen\nPass abholen",
        "fees": "70 Euro\n32 Euro für Express",
        "processing_time": "sechs Wochen",
        "deadline": "keine",
        "office": "Bürgerbüro, Markt 1\nMo 8–12\n115\namt@stadt.example",
        "online_service": "Online-Antrag: https://stadt.example/pass\nFormular: https://stadt.example/f.pdf",
        "legal_basis": "§ 1 Passgesetz",
    }


def test_a_page_without_facts_states_none() -> None:
    assert stated(None) == {}


def test_a_fact_that_is_not_given_is_not_written() -> None:
    assert stated(replace(FACTS, fees=(), office=None, summary=None)).keys().isdisjoint({"fees", "office", "summary"})


def test_an_office_of_which_only_the_name_is_known_is_one_line() -> None:
    assert stated(ServiceFacts(office=Office("Bürgerbüro")))["office"] == "Bürgerbüro"


@pytest.mark.parametrize(("language", "heading"), [("de", "Gebühren"), ("en", "Fees"), ("uk", "Вартість")])
def test_a_fact_stands_under_a_heading_in_the_language_of_its_page(language: str, heading: str) -> None:
    document = Document("pass", "Pass", language, "", facts=ServiceFacts(fees=(Fee("70"),)))

    assert [headings for _, headings, _ in fact_texts(document)] == [(heading,)]


def test_a_language_without_words_of_its_own_gets_the_english_ones() -> None:
    assert fact_words("mi") == fact_words("en")


@pytest.mark.parametrize("language", ["de", "en", "fr", "tr", "uk", "ar"])
def test_every_language_has_a_heading_of_its_own_for_every_fact(language: str) -> None:
    words = fact_words(language)

    assert words.keys() == stated(FACTS).keys()
    assert len(set(words.values())) == len(words)
