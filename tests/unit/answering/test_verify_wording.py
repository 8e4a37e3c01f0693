"""What a sentence in the model's own words must hold to beyond its figures."""

from dataclasses import replace

import pytest

from assistant.answering.verify import Verify
from assistant.domain.draft import Cited, Evidence
from tests.fakes import page
from tests.unit.answering.drafts import cited, evidence

GERMAN = (
    "Die Ausstellung kostet 37,00 Euro. Für Personen unter 24 Jahren kostet der Ausweis 22,80 Euro. "
    "Sie müssen persönlich im Bürgerbüro erscheinen. Die Bearbeitung dauert zwei bis drei Wochen. "
    "Eine Vertretung ist nicht möglich. Die Abholung ist nur mit Termin möglich. Die Abmeldung ist gebührenfrei. "
    "Reichen Sie den Antrag spätestens am 31. März ein."
)
ENGLISH = (
    "You must come to the Citizens' Office in person. Deregistering is free of charge. "
    "You do not have to bring the old passport. Only residents may apply. Tenants can register the flat online."
)
DE = evidence(page("ausweis", GERMAN, title="Personalausweis"))
EN = evidence(page("pass", ENGLISH, title="Identity card", language="en"))
TRUE = [
    "Der Personalausweis kostet 37 Euro.",
    "Wer jünger als 24 ist, zahlt nur 22,80 €.",
    "Kommen Sie dafür bitte selbst ins Bürgerbüro.",
    "Nach etwa 2 bis 3 Wochen ist die Bearbeitung fertig.",
    "Niemand kann Sie dabei vertreten.",
    "Eine Vertretung ist ausgeschlossen.",
    "Ohne Termin ist die Abholung nicht möglich.",
    "Für die Abmeldung zahlen Sie nichts.",
    "Die Abmeldung ist kostenlos.",
]
FALSE = {
    "Sie müssen nicht persönlich im Bürgerbüro erscheinen.": "contradicts the source",
    "Eine Vertretung ist möglich.": "contradicts the source",
    "Die Abholung ist mit Termin möglich.": "contradicts the source",
    "Die Abmeldung ist kostenpflichtig.": "contradicts the source",
    "Die Ausstellung ist kostenlos.": "contradicts the source",
    "Reichen Sie den Antrag frühestens am 31. März ein.": "contradicts the source",
    "Sie müssen persönlich im Standesamt erscheinen.": "not in the source: office",
    "Die Ausstellung kostet 22,80 Euro.": "of another line",
    "Die Bearbeitung dauert drei bis drei Wochen.": "of another line",
    "Die Bearbeitung dauert zwei bis drei Monate.": "not in the source: unit of month",
    "Gewerbetreibende melden ihren Betrieb schriftlich beim Amt.": "not supported",
}
FALSE_ENGLISH = {
    "You need not come to the Citizens' Office in person.": "contradicts the source",
    "Deregistering is subject to a fee.": "contradicts the source",
    "You have to bring the old passport.": "contradicts the source",
    "Tenants cannot register the flat online.": "contradicts the source",
    "Residents may apply.": "contradicts the source",
    "You must come to the Tax Office in person.": "not in the source: office",
}


def reasons(text: str, *, german: bool = True) -> tuple[str, ...]:
    return Verify()(cited(text, DE if german else EN, quoted=False))


@pytest.mark.parametrize("text", TRUE)
def test_what_the_passage_says_is_released_in_other_words(text: str) -> None:
    assert reasons(text) == ()


@pytest.mark.parametrize("text", FALSE)
def test_the_contrary_another_office_or_line_and_what_is_not_there_are_not(text: str) -> None:
    assert FALSE[text] in reasons(text)


@pytest.mark.parametrize("text", FALSE_ENGLISH)
def test_nor_are_they_in_english(text: str) -> None:
    assert FALSE_ENGLISH[text] in reasons(text, german=False)


def test_a_free_service_must_be_free_in_the_passage_in_whatever_language() -> None:
    assert Verify()(cited_in("fr", "La radiation est gratuite.", DE)) == ()
    assert "not in the source: free" in Verify()(
        cited_in("fr", "C'est gratuit.", evidence(page("x", "Es kostet 5 Euro.")))
    )


@pytest.mark.parametrize("text", GERMAN.split(". "))
def test_what_stands_there_word_for_word_is_never_contradicted(text: str) -> None:
    assert reasons(text) == ()


def test_half_a_figure_is_no_quote() -> None:
    assert Verify()(cited("22,80 Euro", DE)) == ()
    assert "not word for word" in Verify()(cited("2,80 Euro", DE))


def cited_in(language: str, text: str, source: Evidence) -> Cited:
    return replace(cited(text, source, quoted=False), language=language)


def test_one_of_something_is_on_the_page() -> None:
    assert "not in the source: one" in reasons("No one has to pay 2 fees.", german=False)
