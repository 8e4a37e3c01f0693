from dataclasses import replace

import pytest

from assistant.answering.missing import missing_facets
from assistant.domain.draft import Cited, Draft
from corpora.documents import Fee, ServiceFacts
from tests.fakes import page
from tests.unit.answering.drafts import cited, draft, evidence

PASS = page("pass", "Kommen Sie vorbei.", title="Reisepass", facts=ServiceFacts(fees=(Fee("70,00 Euro"),)))
FEES = evidence(PASS, 0)
PROSE = evidence(PASS, 1)


def answered(*said: Cited, facets: tuple[str, ...]) -> Draft:
    return draft("Reisepass", facets=facets, sentences=said)


def test_a_facet_that_is_neither_fact_nor_said_is_missing() -> None:
    before = answered(cited("Kommen Sie vorbei.", PROSE), facets=("fees", "deadline"))

    assert missing_facets(before) == ("fees", "deadline")


def test_a_fact_that_was_cited_is_not_missing() -> None:
    assert missing_facets(answered(cited("Kosten: 70,00 Euro", FEES), facets=("fees",))) == ()


def test_what_prose_says_is_not_missing() -> None:
    before = answered(cited("Die Frist endet im Mai.", PROSE), facets=("deadline", "fees"))

    assert missing_facets(before) == ("fees",)


def test_words_are_those_of_the_page_and_not_of_the_question() -> None:
    english = replace(PASS, id="pass-en", language="en")
    said = cited("The deadline ends in May.", evidence(english, 1))

    assert missing_facets(answered(said, facets=("deadline",))) == ()


@pytest.mark.parametrize("facet", ["office", "conditions", "steps"])
def test_what_prose_says_in_many_ways_is_never_called_missing(facet: str) -> None:
    assert missing_facets(answered(cited("Kommen Sie vorbei.", PROSE), facets=(facet,))) == ()


def test_a_worded_sentence_is_read_in_its_own_language() -> None:
    said = replace(cited("The deadline ends in May.", PROSE, quoted=False), language="en")

    assert missing_facets(answered(said, facets=("deadline",))) == ()


def test_a_fact_told_from_the_prose_beside_it_is_not_missing() -> None:
    said = replace(cited("Es sind 70 €.", PROSE, quoted=False), language="en")
    before = replace(answered(said, facets=("fees",)), page=(FEES, PROSE))

    assert missing_facets(before) == ()


def test_a_page_without_facts_is_not_blamed() -> None:
    plain = evidence(page("plain", "Kommen Sie vorbei."))

    assert missing_facets(answered(cited("Kommen Sie vorbei.", plain), facets=("fees",))) == ()


def test_without_sentences_nothing_is_missing() -> None:
    assert missing_facets(answered(facets=("fees",))) == ()


def test_without_facets_nothing_is_missing() -> None:
    assert missing_facets(answered(cited("Kommen Sie vorbei.", PROSE), facets=())) == ()
