import sys
from collections.abc import Iterator
from dataclasses import replace
from math import log2
from pathlib import Path

import pytest

from assistant.evaluation.errors import LibraryMissing
from assistant.evaluation.questions import Asked
from assistant.evaluation.retrieval import grouped, measured, valued
from assistant.evaluation.runs import MEASURES, Measured
from assistant.settings import Settings
from assistant.wiring import Wiring
from retrieval import fusion
from tests.fakes import FakeEmbedder, page

CORPUS = ("stadt",)


def ranked(*ids: str) -> list[tuple[str, str]]:
    return [("stadt", id_) for id_ in ids]


@pytest.fixture
def wiring(data_dir: Path) -> Iterator[Wiring]:
    """A town with two pages, one of them in two languages."""
    wiring = Wiring(Settings(data_dir=data_dir))
    wiring.__dict__["embedder"] = FakeEmbedder()
    pages = [
        page("hund", "Hundesteuer für jeden Hund."),
        page("hund-en", "Dog tax for every dog.", language="en", translation_of="hund"),
        page("pass", "Ein Reisepass für die Reise."),
    ]
    wiring.publisher.import_documents("stadt", pages, publish=True)
    yield wiring
    wiring.engine.dispose()


def asked(id_: str, question: str, *gold: str, language: str = "de") -> Asked:
    return Asked(id_, question, language, gold, CORPUS)


@pytest.mark.parametrize(
    ("gold", "found", "expected"),
    [
        (["x"], ["x", "y"], (1, 1, 1, 1)),
        (["x"], ["a", "x"], (0, 1, 1 / log2(3), 1 / 2)),
        (["x"], ["a", "b", "c", "d", "e", "x"], (0, 0, 1 / log2(7), 1 / 6)),
        (["x"], [*"abcdefghij", "x"], (0, 0, 0, 1 / 11)),
        (["x", "y"], ["y", "a", "x"], (1, 1, (1 + 1 / log2(4)) / (1 + 1 / log2(3)), 1)),
        (["x"], ["a"], (0, 0, 0, 0)),
        (["x"], [], (0, 0, 0, 0)),
    ],
)
def test_the_measures_are_those_computed_by_hand(
    gold: list[str], found: list[str], expected: tuple[float, ...]
) -> None:
    values = valued({"q": ranked(*gold)}, {"q": ranked(*found)})["q"]

    assert [values[name] for name in MEASURES] == pytest.approx(expected)


def test_a_page_of_another_corpus_with_the_same_id_is_another_page() -> None:
    assert valued({"q": [("land", "x")]}, {"q": ranked("x")})["q"]["Hit@5"] == 0


def test_a_question_finds_its_page_and_tells_both_languages(wiring: Wiring) -> None:
    one = measured(wiring, [asked("a", "Hundesteuer Hund", "hund")], 10).measured[0]

    assert (one.id, one.question_language, one.document_language) == ("a", "de", "de")
    assert one.values == dict.fromkeys(MEASURES, 1.0)
    assert one.milliseconds > 0


def test_the_parallel_version_of_a_page_is_the_same_page(wiring: Wiring) -> None:
    run = measured(wiring, [asked("a", "dog tax dog", "hund", language="en")], 10)

    assert run.measured[0].values["Hit@1"] == 1
    assert (run.measured[0].question_language, run.measured[0].document_language) == ("en", "de")


def test_a_gold_document_that_no_corpus_has_is_missed_and_seen(wiring: Wiring) -> None:
    one = measured(wiring, [asked("a", "Hundesteuer Hund", "katze")], 10).measured[0]

    assert one.document_language == "?"
    assert one.values == dict.fromkeys(MEASURES, 0.0)


def test_a_question_without_a_language_is_grouped_by_the_one_it_is_searched_in(wiring: Wiring) -> None:
    question = replace(asked("a", "How much is the tax for my dog?", "hund"), language=None)

    assert measured(wiring, [question], 10).measured[0].question_language == "en"


def test_a_run_says_with_what_it_searched(wiring: Wiring) -> None:
    other = replace(fusion.load(), layer=0.5)

    run = measured(wiring, [asked("a", "Hund", "hund")], 20, other)

    assert run.configuration["revisions"] == {"stadt": 1}
    assert run.configuration["top"] == 20
    assert run.configuration["weights"]["layer"] == 0.5


def test_other_weights_search_otherwise_over_the_same_model(wiring: Wiring) -> None:
    # A later layer that costs more than any passage is worth never comes first.
    wiring.publisher.import_documents("land", [page("angeln", "Fischereischein zum Angeln im Fluss.")], publish=True)
    question = replace(asked("a", "Fischereischein Angeln", "angeln"), corpora=("stadt", "land"))

    plain = measured(wiring, [question], 10)
    steep = measured(wiring, [question], 10, replace(fusion.load(), layer=9.0))

    assert plain.measured[0].values["Hit@1"] == 1
    assert steep.measured[0].values["Hit@1"] == 0


def test_groups_are_pairs_of_languages_and_last_all_questions() -> None:
    values = dict.fromkeys(MEASURES, 1.0)
    ones = [
        Measured("a", "de", "de", values, 10.0),
        Measured("b", "ar", "de", dict.fromkeys(MEASURES, 0.0), 20.0),
        Measured("c", "ar", "de", values, 40.0),
    ]

    groups = grouped(ones)

    pairs = [(group.question_language, group.document_language, group.questions) for group in groups]
    assert pairs == [("ar", "de", 2), ("de", "de", 1), (None, None, 3)]
    assert groups[0].measures["MRR"].mean == 0.5
    assert groups[-1].measures["MRR"].mean == pytest.approx(2 / 3)
    assert (groups[-1].p50_milliseconds, groups[-1].p95_milliseconds) == (20.0, 38.0)


def test_without_the_library_a_sentence_says_how_to_get_it(wiring: Wiring, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ir_measures", None)

    with pytest.raises(LibraryMissing, match=r"amtslotse\[evaluation\]"):
        measured(wiring, [asked("a", "Hund", "hund")], 10)
