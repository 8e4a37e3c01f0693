from datetime import date

import numpy as np
import pytest

from retrieval.coverage import first_pages, named_services, own_names
from retrieval.retriever import Hit, Query
from tests.fakes import entries, page


def asked(text: str, language: str = "de") -> Query:
    return Query(text, language, np.zeros(2, dtype=np.float32), date(2026, 1, 1))


def hits(*pages: tuple[str, str], language: str = "de") -> list[Hit]:
    documents = [page(str(number), text, title, language) for number, (title, text) in enumerate(pages)]
    return [Hit(entries(one)[0].passages[0], one, "stadt", 1, 0.0, 0.0, 0.0, 0.0) for one in documents]


@pytest.mark.parametrize(
    ("question", "language", "title", "share"),
    [
        ("Was kostet ein Perso?", "de", "Personalausweis beantragen", 1.0),
        ("Was kostet ein Perso?", "de", "Hundesteuer", -1.0),
        ("How do I renew my passport?", "en", "Reisepass", 1.0),
        ("kimlik kartimi kaybettim", "tr", "Personalausweis", 1.0),
        ("Perso und Hundesteuer", "de", "Hundesteuer", 0.0),
    ],
)
def test_the_share_of_services_that_the_pages_name_is_told(
    question: str, language: str, title: str, share: float
) -> None:
    assert named_services(asked(question, language), first_pages(hits((title, "Text")))) == (1.0, share)


def test_a_service_may_be_named_in_the_text_of_any_of_the_first_pages() -> None:
    found = hits(("Eins", "Text"), ("Zwei", "Text"), ("Drei", "Der Personalausweis."), ("Vier", "Die Hundesteuer."))

    assert named_services(asked("Perso"), first_pages(found)) == (1.0, 1.0)
    assert named_services(asked("Hundesteuer"), first_pages(found)) == (1.0, -1.0)


def test_a_service_may_be_named_among_the_keywords_of_a_page() -> None:
    document = page("1", "Text", "Eski sürücü belgesi", "tr", keywords=("ehliyet değişimi",))
    found = [Hit(entries(document)[0].passages[0], document, "stadt", 1, 0.0, 0.0, 0.0, 0.0)]

    assert named_services(asked("eski ehliyet degistirme", "tr"), first_pages(found)) == (1.0, 1.0)


def test_a_name_with_another_ending_is_the_same_name() -> None:
    found = hits(("Umtausch", "Der Führerscheins wegen."))

    assert named_services(asked("Führerschein"), first_pages(found)) == (1.0, 1.0)


def test_a_question_that_names_no_service_says_nothing_of_services() -> None:
    assert named_services(asked("Wie ist das Wetter?"), first_pages(hits(("Reisepass", "Text")))) == (0.0, 0.0)


@pytest.mark.parametrize(
    ("question", "language", "share"),
    [
        ("Which offers does Treffam have?", "en", 1.0),
        ("Which offers does Xenion have?", "en", -1.0),
        ("Which offers do Treffam and Xenion have?", "en", 0.0),
        ("ما هي عروض Treffam؟", "ar", 1.0),
        ("Що пропонує Xenion?", "uk", -1.0),
        ("What is there for children?", "en", 0.0),
    ],
)
def test_names_are_looked_for_in_pages_of_another_language(question: str, language: str, share: float) -> None:
    assert own_names(asked(question, language), first_pages(hits(("Angebote", "Treffam lädt ein.")))) == share


@pytest.mark.parametrize(
    ("name", "language"), [("Café Zoé", "de"), ("Orléans", "fr"), ("Łódź", "pl"), ("Beşiktaş", "tr"), ("Düren", "tr")]
)
def test_a_name_with_marks_is_found_where_it_stands(name: str, language: str) -> None:
    pages = first_pages(hits(("Titel", f"Das ist {name}."), language=language))

    assert own_names(asked(f"What about {name}", "en"), pages) == 1.0


def test_names_say_nothing_where_the_page_is_in_the_language_of_the_question() -> None:
    assert own_names(asked("Was bietet Xenion an?"), first_pages(hits(("Angebote", "Treffam lädt ein.")))) == 0.0


def test_nothing_found_says_nothing() -> None:
    assert named_services(asked("Perso"), []) == (1.0, -1.0)
    assert own_names(asked("Which offers does Treffam have?", "en"), []) == 0.0
