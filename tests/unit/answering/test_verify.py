import random
import re
from collections.abc import Iterator

import pytest

from assistant.answering.compose import _fact
from assistant.answering.verify import Verify
from assistant.domain.draft import Cited, Evidence
from corpora.chunking import entry
from corpora.documents import Document, Fee, ServiceFacts
from corpora.samples import layers
from corpora.sentences import sentences
from tests.fakes import page
from tests.unit.answering.drafts import cited, evidence

TEXT = (
    "Unzulässig ist das Parken ohne Ausweis.\nDer Ausweis kostet 37,00 Euro nach § 17 BMG.\n"
    "Rufen Sie 069 90009 190 an, ab 1. Februar 2026 auch 069 90009 200.\n"
    "Schreiben Sie an pass@amt.example oder über https://amt.example/pass an uns.\n"
    "Die Frist beträgt zwei Wochen.\nErwachsene: 37,00 Euro\nKinder: 22,80 Euro"
)
SOURCE = evidence(page("ausweis", f"## Gebühren\n{TEXT}", title="Ausweis"))
FALSE = {
    "a changed figure": "Der Ausweis kostet 38,00 Euro nach § 17 BMG.",
    "another paragraph": "Der Ausweis kostet 37,00 Euro nach § 18 BMG.",
    "another day": "Ab 3. Februar 2026 ist das anders.",
    "another month": "Ab 1. März 2026 ist das anders.",
    "another year": "Ab 1. Februar 2027 ist das anders.",
    "a day in figures": "Ab 01.03.2026 ist das anders.",
    "a number without a unit": "Es gibt dafür 14 Stellen.",
    "a number in words": "Die Frist beträgt drei Wochen.",
    "another phone number": "Rufen Sie 069 90009 191 an.",
    "another e-mail address": "Schreiben Sie an pass@arnt.example.",
    "another link": "Alles steht auf https://amt.example/pas.",
    "a link of its own": "Alles steht auf www.amt.example.",
}


def reasons(text: str, *sources: Evidence, quoted: bool = True) -> tuple[str, ...]:
    return Verify()(cited(text, *(sources or (SOURCE,)), quoted=quoted))


def pieces(document: Document, layer: str) -> Iterator[tuple[str, Evidence]]:
    """Every sentence and every line of a fact of a page, with its passage."""
    for passage in entry(document).passages:
        one = Evidence(passage, document, layer, 1)
        facts = [*passage.text.splitlines(), _fact(one).text] if passage.fact else []
        yield from ((text, one) for text in dict.fromkeys([*sentences(passage.text), *facts]))


@pytest.mark.parametrize("kind", FALSE)
@pytest.mark.parametrize("quoted", [True, False], ids=["quoted", "worded"])
def test_what_is_not_in_the_source_is_not_released(kind: str, quoted: bool) -> None:
    assert reasons(FALSE[kind], quoted=quoted)


@pytest.mark.parametrize("line", TEXT.splitlines())
def test_a_line_of_the_source_is_released(line: str) -> None:
    assert reasons(line) == ()


@pytest.mark.parametrize(
    "text", ["Sie zahlen EUR 37.00.", "Ab 01.02.2026 gilt das.", "In 2 Wochen.", "Kommen Sie vorbei."]
)
def test_a_sentence_in_other_words_with_the_same_figures_is_released(text: str) -> None:
    assert reasons(text, quoted=False) == ()


def test_a_sentence_without_evidence_is_not_released() -> None:
    assert Verify()(Cited("Der Ausweis ist da.", "de", (), quoted=False)) == ("no evidence",)


@pytest.mark.parametrize("text", ["", "  "])
def test_an_empty_sentence_is_not_released(text: str) -> None:
    assert reasons(text) == ("no evidence",)


@pytest.mark.parametrize(
    "text",
    [
        "Der Ausweis kostet nur 37,00 Euro nach § 17 BMG.",
        "Der Pass kostet 37,00 Euro nach § 17 BMG.",
        "Die Frist beträgt höchstens zwei Wochen.",
        "Zulässig ist das Parken ohne Ausweis.",
    ],
)
def test_a_quote_with_one_word_changed_is_not_released(text: str) -> None:
    assert reasons(text) == ("not word for word",)


def test_half_a_word_is_no_quote() -> None:
    assert reasons("zulässig ist das Parken ohne Ausweis.") == ("not word for word",)


def test_two_halves_of_different_lines_are_no_quote() -> None:
    assert reasons("Kinder: 37,00 Euro") == ("not word for word",)


def test_why_not_is_told_by_kind_and_never_by_content() -> None:
    told = reasons("Zahlen Sie 38 Euro, Mail an a@b.example, Link https://x.example/y.")

    assert told == (
        "not in the source: link", "not in the source: mail", "not in the source: number", "not word for word",
    )  # fmt: skip


def test_a_sentence_may_rest_on_several_passages() -> None:
    other = evidence(page("hund", "Die Marke kostet 5,00 Euro.", title="Hund"))

    assert reasons("Das kostet 37,00 Euro und 5,00 Euro.", SOURCE, other, quoted=False) == ()
    assert reasons("Das kostet 37,00 Euro und 5,00 Euro.", SOURCE, quoted=False) != ()


def test_title_and_headings_are_part_of_the_source() -> None:
    one = evidence(page("form", "## Antrag 2026/11\nFüllen Sie ihn aus.", title="Formular 102-345"))

    assert reasons("Formular 102-345, Antrag 2026/11", one, quoted=False) == ()
    assert reasons("Antrag 2026/11: Füllen Sie ihn aus.", one) == ()


def test_a_fact_passes_with_its_heading_only() -> None:
    facts = ServiceFacts(fees=(Fee("37,00 Euro"), Fee("22,80 Euro für Kinder")))
    one = evidence(page("ausweis", facts=facts, title="Ausweis"))

    assert one.passage.fact == "fees"
    assert reasons("Gebühren: 37,00 Euro; 22,80 Euro für Kinder", one) == ()
    assert reasons("Rabatt: 37,00 Euro; 22,80 Euro für Kinder", one) == ("not word for word",)


@pytest.mark.parametrize("layer", layers.LAYERS)
def test_every_sentence_and_fact_of_the_sample_pages_passes(layer: str) -> None:
    found = [(text, one) for document in layers.documents(layer) for text, one in pieces(document, layer)]

    assert len(found) > 300
    assert [text for text, one in found if reasons(text, one)] == []


@pytest.mark.parametrize("layer", layers.LAYERS)
def test_none_of_them_passes_with_a_digit_changed(layer: str) -> None:
    chance = random.Random(7)
    passed, tried = [], 0
    for document in layers.documents(layer):
        for text, one in pieces(document, layer):
            digits = list(re.finditer(r"\d", text))
            if digits:
                at = chance.choice(digits)
                false = f"{text[: at.start()]}{(int(at.group()) + 1) % 10}{text[at.end() :]}"
                passed += [] if reasons(false, one) else [(document.id, false)]
                tried += 1

    assert tried > 40
    assert passed == []
