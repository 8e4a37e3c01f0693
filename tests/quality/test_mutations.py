"""No change may let more false sentences through, or drop more true ones, than `mutations.toml` says."""

import tomllib
from pathlib import Path

import pytest

from tests.quality import mutations
from tests.quality.mutations import TRUE, Case

FLOORS: dict[str, dict[str, dict[str, float]]] = tomllib.loads(
    (Path(__file__).parent / "mutations.toml").read_text(encoding="utf-8")
)
LANGUAGES = {"de", "en", "fr", "tr", "uk", "ar"}


def worse(found: dict[str, dict[str, tuple[int, int]]], floors: dict[str, dict[str, float]]) -> list[str]:
    told = []
    for kind, by_language in floors.items():
        for language, floor in by_language.items():
            dropped, of = found[kind][language]
            bad = dropped / of > floor if kind in TRUE else dropped / of < floor
            told += [f"{kind} {language}: {dropped} of {of}"] if bad else []
    return told


def test_changed_sentences_of_the_samples_are_caught_and_true_ones_released() -> None:
    made = list(mutations.cases(mutations.samples()))
    changed = [case for case in made if case.kind not in TRUE]

    assert len(changed) >= 2000
    assert {case.language for case in changed} == LANGUAGES
    assert worse(mutations.table(made), FLOORS["samples"]) == []


@pytest.mark.skipif(not mutations.DATA.is_dir(), reason="../shared/data is not on this machine")
def test_so_are_those_of_real_pages() -> None:
    made: list[Case] = list(mutations.cases(mutations.shared()))

    assert worse(mutations.table(made), FLOORS["shared"]) == []
