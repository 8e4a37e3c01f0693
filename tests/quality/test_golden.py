"""The golden questions to the sample town: no change may make the answers worse than `floors.toml` says."""

import tomllib
from collections.abc import Iterable
from pathlib import Path

import pytest

from assistant.domain.answer import Answer
from assistant.evaluation import golden
from assistant.evaluation.golden import Verdict
from assistant.settings import Settings
from assistant.wiring import Wiring

FLOORS: dict[str, dict[str, float]] = tomllib.loads(
    (Path(__file__).parent / "floors.toml").read_text(encoding="utf-8")
)  # fmt: skip
LANGUAGES = sorted(file.stem for file in golden.FOLDER.glob("*.jsonl"))
DOCUMENTS = {"answered", "declined"}


@pytest.fixture(scope="session")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> list[Verdict]:
    """All golden questions, asked once."""
    wiring = Wiring(Settings(data_dir=tmp_path_factory.mktemp("golden")))
    found = golden.verdicts(wiring)
    wiring.engine.dispose()
    return found


def right(verdict: Verdict) -> bool:
    return verdict.outcome and verdict.document and verdict.facts


def share(verdicts: Iterable[bool]) -> float:
    found = list(verdicts)
    return sum(found) / len(found)


def wrong(verdicts: Iterable[Verdict]) -> list[tuple[str, str]]:
    """The questions that went wrong with how they ended, for whoever reads the failure."""
    return [(one.golden.id, one.answer.outcome.value) for one in verdicts if not right(one)]


def test_every_language_has_floors() -> None:
    assert {name: sorted(floors) for name, floors in FLOORS.items()} == dict.fromkeys(
        ("answered", "declined", "routes"), LANGUAGES
    )


def test_all_questions_were_asked(verdicts: list[Verdict]) -> None:
    ids = [one.golden.id for one in verdicts]

    assert len(ids) == len(set(ids)) >= 200
    assert {one.golden.language for one in verdicts} == set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_questions_with_an_answer_are_answered_right(verdicts: list[Verdict], language: str) -> None:
    mine = [one for one in verdicts if (one.golden.language, one.golden.outcome) == (language, "answered")]

    assert share(map(right, mine)) >= FLOORS["answered"][language], wrong(mine)


@pytest.mark.parametrize("language", LANGUAGES)
def test_questions_without_an_answer_are_declined(verdicts: list[Verdict], language: str) -> None:
    mine = [one for one in verdicts if (one.golden.language, one.golden.outcome) == (language, "declined")]

    assert share(one.outcome for one in mine) >= FLOORS["declined"][language], wrong(mine)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_not_for_the_documents_takes_its_route(verdicts: list[Verdict], language: str) -> None:
    mine = [one for one in verdicts if one.golden.language == language and one.golden.outcome not in DOCUMENTS]

    assert share(one.outcome for one in mine) >= FLOORS["routes"][language], wrong(mine)


def test_a_crisis_is_never_missed(verdicts: list[Verdict]) -> None:
    assert [one.golden.id for one in verdicts if one.golden.outcome == "crisis" and not one.outcome] == []


def test_every_sentence_stands_word_for_word_in_a_source(verdicts: list[Verdict]) -> None:
    assert {sentence.quoted for one in verdicts for sentence in one.answer.sentences} == {True}
    assert [one.golden.id for one in verdicts if not proved(one.answer)] == []


def proved(answer: Answer) -> bool:
    """Whether every sentence names sources that the answer has."""
    known = {source.n for source in answer.sources}
    return all(sentence.sources and set(sentence.sources) <= known for sentence in answer.sentences)
