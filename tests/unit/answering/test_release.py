"""What is released of what composers propose, in which order, and when the next composer is asked."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass

import pytest

from assistant.answering.release import Dropped, Release
from assistant.answering.verify import Verify
from assistant.domain.draft import Cited, Draft
from corpora.documents import Fee, ServiceFacts
from serving.errors import CutOff, GenerationFailed
from tests.fakes import page
from tests.unit.answering.drafts import cited, done, draft, evidence, hit, whole_page

POOL = page(
    "bad",
    "Der Eintritt ist frei. Dies gilt nur für Kinder unter 6 Jahren.\n\n## Karten\nEine Karte kostet 5 Euro. "
    "Karten gibt es an der Kasse.",
    title="Hallenbad",
    facts=ServiceFacts(fees=(Fee("5 Euro für Erwachsene", 5.0),)),
)
PASSAGES = {one.passage.text: one for one in whole_page(POOL)}
FREE = next(one for text, one in PASSAGES.items() if "frei" in text)
TICKETS = next(one for text, one in PASSAGES.items() if "Kasse" in text)
FEES = next(one for one in whole_page(POOL) if one.passage.fact == "fees")
ASKED = draft("Was kostet das Hallenbad?", hits=(hit(POOL),), page=whole_page(POOL))

GRANT = cited("Sie zahlen keinen Eintritt.", FREE, quoted=False)
CONDITION = cited("Kinder müssen dafür unter 6 Jahre alt sein.", FREE, quoted=False)
DUTY = cited("Für eine Karte zahlen Sie 5 Euro.", TICKETS, quoted=False)
PLACE = cited("Die Karten gibt es an der Kasse.", TICKETS, quoted=False)
FALSE = cited("Für eine Karte zahlen Sie 9 Euro.", TICKETS, quoted=False)
QUOTE = cited("Karten gibt es an der Kasse.", TICKETS)
LINE = "Dies gilt nur für Kinder unter 6 Jahren."


@dataclass
class Composing:
    """Proposes these sentences, then fails if it shall; knows whether it was asked."""

    said: Sequence[Cited]
    error: GenerationFailed | None = None
    name: str = "fake"
    asked: bool = False

    async def __call__(self, draft: Draft) -> AsyncGenerator[Cited, None]:
        self.asked = True
        for one in self.said:
            yield one
        if self.error:
            raise self.error


def released(*composers: Composing, asked: Draft = ASKED) -> list[Cited | Dropped]:
    async def collected() -> list[Cited | Dropped]:
        return [one async for one in Release(composers, Verify())(asked)]

    return done(collected())


def texts(found: Sequence[Cited | Dropped]) -> list[str]:
    return [one.text for one in found if isinstance(one, Cited)]


def test_what_grants_something_is_released_with_its_condition() -> None:
    assert texts(released(Composing((GRANT, DUTY, CONDITION)))) == [GRANT.text, DUTY.text, CONDITION.text]
    assert texts(released(Composing((DUTY, GRANT, PLACE)))) == [DUTY.text, GRANT.text, LINE, PLACE.text]


def test_a_condition_that_was_dropped_is_quoted_behind_the_grant() -> None:
    wrong = cited("Kinder müssen dafür unter 9 Jahre alt sein.", FREE, quoted=False)
    found = released(Composing((GRANT, wrong)))
    released_last = [one for one in found if isinstance(one, Cited)][-1]

    assert texts(found) == [GRANT.text, LINE]
    assert released_last.quoted
    assert any(isinstance(one, Dropped) for one in found)


def test_a_grant_waits_for_its_condition() -> None:
    seen: list[str] = []

    class Telling:
        name = "telling"

        async def __call__(self, draft: Draft) -> AsyncGenerator[Cited, None]:
            yield GRANT
            seen.append("asked for the next")
            yield CONDITION

    async def read() -> None:
        async for one in Release((Telling(),), Verify())(ASKED):
            seen.append(one.text if isinstance(one, Cited) else "dropped")  # noqa: PERF401 - in step with the composer

    done(read())

    assert seen == ["asked for the next", GRANT.text, CONDITION.text]


def test_where_the_server_breaks_off_a_grant_leaves_with_its_condition() -> None:
    quoting = Composing((QUOTE,))

    assert texts(released(Composing((GRANT,), CutOff("gone")), quoting)) == [GRANT.text, LINE, QUOTE.text]


def test_an_answer_that_is_proven_is_not_quoted_as_well() -> None:
    quoting = Composing((QUOTE,))
    released(Composing((DUTY, PLACE)), quoting)

    assert not quoting.asked


@pytest.mark.parametrize(
    ("said", "error"),
    [((FALSE,), None), ((), None), ((DUTY, FALSE, FALSE), None), ((DUTY,), CutOff("gone"))],
    ids=["nothing proven", "nothing said", "most dropped", "broken off"],
)
def test_what_does_not_answer_is_followed_by_quotes(said: Sequence[Cited], error: GenerationFailed | None) -> None:
    quoting = Composing((QUOTE,))

    assert texts(released(Composing(said, error), quoting))[-1] == QUOTE.text


def test_a_fact_that_was_asked_for_and_is_known_is_told() -> None:
    asked = draft("Was kostet das?", facets=("fees",), hits=(hit(POOL),), page=whole_page(POOL))
    fact = cited("Gebühren: 5 Euro für Erwachsene", FEES)

    assert texts(released(Composing((PLACE,)), Composing((fact,)), asked=asked)) == [PLACE.text, fact.text]
    assert texts(released(Composing((DUTY,)), Composing((fact,)), asked=asked)) == [DUTY.text]


def test_nothing_is_said_twice() -> None:
    assert texts(released(Composing((DUTY, DUTY, PLACE)))) == [DUTY.text, PLACE.text]
    assert texts(released(Composing((PLACE,), CutOff("gone")), Composing((QUOTE,)))) == [PLACE.text]


def test_quotes_of_one_page_are_left_as_they_are() -> None:
    twice = (QUOTE, cited("Karten gibt es an der Kasse.", evidence(POOL, TICKETS.passage.place)))

    assert texts(released(Composing(twice))) == [QUOTE.text] * 2
