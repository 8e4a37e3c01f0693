from dataclasses import replace

import pytest

from assistant.answering.compose import Quote, QuotingRules
from assistant.answering.verify import Verify
from assistant.domain.answer import Outcome
from assistant.domain.draft import Cited, Draft
from corpora.documents import Fee, Office, ServiceFacts
from tests.fakes import entries, page
from tests.unit.answering.drafts import done, draft, hit, whole_page

FACTS = ServiceFacts(
    conditions=("Sie wohnen in Neckarfurt.", "Sie sind 16 Jahre alt."),
    required_documents=("ein Passfoto", "der alte Pass"),
    fees=(Fee("70,00 Euro ab 24 Jahren"), Fee("37,50 Euro für Kinder")),
    office=Office("Bürgerbüro", address="Rathausplatz 1", phone="069 90009 120"),
)
PASS = page(
    "pass",
    "Den Reisepass beantragen Sie persönlich. Bringen Sie Geduld mit.\n\n## Gebühr\n"
    "Der Reisepass kostet 70,00 Euro ab 24 Jahren.\n\n## Abholung\nWir schreiben Ihnen. Dann holen Sie ihn ab.",
    title="Reisepass",
    facts=FACTS,
)
PLAIN = replace(PASS, id="plain", facts=None)
DOG = page("hund", "Melden Sie den Hund an. Die Marke ist aus Blech.", title="Hund")


def composed(before: Draft, rules: QuotingRules | None = None) -> list[Cited]:
    async def collected() -> list[Cited]:
        return [one async for one in Quote(rules)(before)]

    return done(collected())


def texts(before: Draft, rules: QuotingRules | None = None) -> list[str]:
    return [one.text for one in composed(before, rules)]


def place(document: str, text: str) -> int:
    """Where a passage of a page that holds the text stands."""
    of = {"pass": PASS, "plain": PLAIN, "hund": DOG}[document]
    return next(p.place for p in entries(of)[0].passages if not p.fact and text in p.text)


def found(text: str = "Reisepass", *facets: str, places: tuple[str, ...] = ("persönlich",)) -> Draft:
    hits = tuple(hit(PASS, place("pass", one), 1.0 - n / 100) for n, one in enumerate(places))
    return draft(text, facets=facets, hits=hits, page=whole_page(PASS))


def test_a_fact_that_was_asked_for_comes_first() -> None:
    assert texts(found("Was kostet das?", "fees"))[0] == (
        "Gebühren: 70,00 Euro ab 24 Jahren; 37,50 Euro für Kinder"
    )  # fmt: skip


def test_facts_come_in_the_order_they_were_asked_for() -> None:
    said = texts(found("Kosten, Unterlagen", "required_documents", "fees"))

    assert [one.partition(":")[0] for one in said[:2]] == [
        one.headings[-1] for one in entries(PASS)[0].passages if one.fact in ("required_documents", "fees")
    ]


def test_a_facet_the_page_has_no_fact_for_is_left_out() -> None:
    assert all("Frist" not in one for one in texts(found("Bis wann?", "deadline")))


def test_prose_follows_sentence_by_sentence() -> None:
    assert texts(found()) == ["Den Reisepass beantragen Sie persönlich.", "Bringen Sie Geduld mit."]


def test_prose_that_only_repeats_a_figure_of_a_fact_is_left_out() -> None:
    said = texts(found("Was kostet das?", "fees", places=("kostet 70,00",)))

    assert len(said) == 1


def test_a_decision_shows_conditions_and_who_decides() -> None:
    said = texts(replace(found("Habe ich Anspruch?"), outcome=Outcome.INDIVIDUAL_DECISION))

    assert "Sie wohnen in Neckarfurt; Sie sind 16 Jahre alt" in said[0]
    assert "069 90009 120" in said[1]


def test_passages_of_a_page_stand_in_its_order() -> None:
    said = texts(found(places=("holen Sie ihn ab", "persönlich")))

    assert said.index("Den Reisepass beantragen Sie persönlich.") < said.index("Wir schreiben Ihnen.")


def test_a_passage_far_behind_the_best_is_not_quoted() -> None:
    before = replace(
        found(), hits=(hit(PASS, place("pass", "persönlich"), 1.0), hit(PASS, place("pass", "holen"), 0.8))
    )

    assert "Wir schreiben Ihnen." not in texts(before)


def test_no_more_passages_are_quoted_than_the_rules_allow() -> None:
    before = found(places=("persönlich", "kostet 70,00", "holen Sie ihn ab"))

    assert len({one.evidence[0].passage.id for one in composed(before, QuotingRules(passages=2))}) == 2


def test_a_further_page_is_quoted_in_an_excerpt() -> None:
    hits = (hit(PLAIN, place("plain", "persönlich"), 1.0), hit(DOG, place("hund", "Marke"), 0.95))
    said = composed(draft("Hund Marke Blech", hits=hits), QuotingRules(second_words=6))

    assert [one.text for one in said if one.evidence[0].document.id == "hund"] == ["Die Marke ist aus Blech."]


@pytest.mark.parametrize(("score", "passages"), [(0.98, 1), (0.94, 2), (0.5, 2)])
def test_of_the_best_page_all_is_quoted_that_lies_before_another(score: float, passages: int) -> None:
    hits = (
        hit(PLAIN, place("plain", "persönlich"), 1.0),
        hit(PLAIN, place("plain", "holen"), 0.95),
        hit(DOG, place("hund", "Marke"), score),
    )
    ordered = tuple(sorted(hits, key=lambda one: -one.score))
    said = composed(draft("Pass", hits=ordered))

    assert len({one.evidence[0].passage.id for one in said if one.evidence[0].document.id == "plain"}) == passages


def test_a_page_far_behind_is_not_quoted() -> None:
    hits = (hit(PLAIN, place("plain", "persönlich"), 1.0), hit(DOG, place("hund", "Marke"), 0.5))

    assert all(one.evidence[0].document.id == "plain" for one in composed(draft("Pass", hits=hits)))


def test_facts_leave_further_pages_out() -> None:
    before = found("Was kostet das?", "fees")
    before = replace(before, hits=(*before.hits, hit(DOG, place("hund", "Marke"), 0.99)))

    assert {one.evidence[0].document.id for one in composed(before)} == {"pass"}


def test_nothing_is_said_twice() -> None:
    other = replace(PLAIN, id="other")
    hits = (hit(PLAIN, place("plain", "persönlich"), 1.0), hit(other, place("plain", "persönlich"), 0.99))
    said = texts(draft("Reisepass persönlich", hits=hits))

    assert len(said) == len(set(said))


def test_a_fact_that_was_found_is_quoted_under_its_heading() -> None:
    fees = next(p.place for p in entries(PASS)[0].passages if p.fact == "fees")
    said = composed(draft("Kindergebühr", hits=(hit(PASS, fees),), page=whole_page(PASS)))

    assert [one.text for one in said] == ["Gebühren: 70,00 Euro ab 24 Jahren; 37,50 Euro für Kinder"]


@pytest.mark.parametrize("facets", [(), ("fees",), ("conditions", "required_documents", "office")])
def test_all_that_is_composed_is_quoted_and_passes(facets: tuple[str, ...]) -> None:
    said = composed(found("Reisepass", *facets, places=("persönlich", "kostet 70,00", "holen Sie ihn ab")))

    assert said
    assert all(one.quoted and one.evidence and not Verify()(one) for one in said)
