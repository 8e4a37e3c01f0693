import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import Any, get_args

import pytest

from assistant.answering.cues import has_cue
from assistant.answering.route import OUTCOMES
from assistant.answering.understand import FACETS
from assistant.domain.answer import Outcome
from assistant.domain.feedback import Reason
from assistant.domain.replies import languages, replies
from retrieval.language import known_languages

ASSISTANT = Path(__file__).parents[3] / "assistant"
FILES = {path.stem: path for path in sorted((ASSISTANT / "replies").glob("*.toml"))}
GERMAN = tomllib.loads(FILES["de"].read_text(encoding="utf-8"))
HELPLINES = {"emergency": ("110", "112"), "suicide": ("0800 111 0 111", "116 123"), "violence": ("116 016",),
             "child": ("116 111",)}  # fmt: skip


def table(language: str) -> dict[str, Any]:
    return tomllib.loads(FILES[language].read_text(encoding="utf-8"))


def texts(tables: dict[str, Any]) -> dict[str, str]:
    """All plain texts, by table and key."""
    return {
        f"{name}.{key}": text for name, rows in tables.items() for key, text in rows.items() if isinstance(text, str)
    }


def placeholders(text: str) -> list[str]:
    return sorted(name for _, name, _, _ in Formatter().parse(text) if name is not None)


def source(*patterns: str) -> str:
    """All files of that kind in the package."""
    return "\n".join(
        path.read_text(encoding="utf-8") for pattern in patterns for path in sorted(ASSISTANT.rglob(pattern))
    )


def unused() -> Iterator[str]:
    """Keys of the German file that nothing in the code asks for."""
    python, page = source("*.py"), source("*.js", "*.html")
    # Chosen by a value of theirs.
    reasons = {f"reason_{one}" for one in get_args(Reason)} | {"busy", "offline", "broken", "not_erased"}
    asked = {
        "languages": {*known_languages(), "other"},
        "outcomes": {*Outcome, "thanks"},
        "facets": set(FACETS),
        "cues": {*FACETS, "follow_up", "validity"},
        "crisis": {"emergency", *(name.removeprefix("crisis_") for name in OUTCOMES if name.startswith("crisis_"))},
        "interface": {*re.findall(r"texts\.(\w+)", page), *reasons},
        "accessibility": {*re.findall(r"said\.(\w+)", page), "enforcement"},
    }
    for name, rows in GERMAN.items():
        for key in rows:
            if key not in asked[name] if name in asked else f'"{key}"' not in python:
                yield f"{name}.{key}"


def test_the_reference_comes_first() -> None:
    assert languages()[0] == "de"
    assert set(languages()) == FILES.keys()


@pytest.mark.parametrize("language", FILES)
def test_a_language_has_exactly_the_keys_of_the_reference(language: str) -> None:
    mine = {name: set(rows) for name, rows in table(language).items()}

    assert mine == {name: set(rows) for name, rows in GERMAN.items()}


@pytest.mark.parametrize("language", FILES)
def test_a_language_fills_in_the_same_words(language: str) -> None:
    mine = {key: placeholders(text) for key, text in texts(table(language)).items()}
    reference = {key: placeholders(text) for key, text in texts(GERMAN).items()}
    several = {"notices.other_language"}  # a language may name the other one as often as it reads well

    assert {key: set(names) for key, names in mine.items()} == {key: set(names) for key, names in reference.items()}
    assert {key: names for key, names in mine.items() if key not in several} == {
        key: names for key, names in reference.items() if key not in several
    }


@pytest.mark.parametrize("language", FILES)
def test_no_text_is_empty(language: str) -> None:
    found = texts(table(language))
    cues = table(language)["cues"]

    assert [key for key, text in found.items() if not text.strip() or text != text.strip()] == []
    assert [kind for kind, rows in cues.items() if not rows or not all(row.strip() for row in rows)] == []


@pytest.mark.parametrize("language", FILES)
@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_has_a_sentence(language: str, outcome: Outcome) -> None:
    said = replies(language).text("outcomes", outcome.value, place="Neckarfurt", other="Ulm")

    assert len(said) > 10
    assert "{" not in said


def test_every_key_of_the_reference_is_used() -> None:
    assert list(unused()) == []


@pytest.mark.parametrize("language", FILES)
@pytest.mark.parametrize("kind", HELPLINES)
def test_helplines_have_their_numbers_in_every_language(language: str, kind: str) -> None:
    said = replies(language).text("crisis", kind)

    assert [number for number in HELPLINES[kind] if number not in said] == []


@pytest.mark.parametrize("language", FILES)
def test_texts_are_translated(language: str) -> None:
    same = {key for key, text in texts(table(language)).items() if text == texts(GERMAN)[key] and len(text) > 12}

    assert language == "de" or same == set()


@pytest.mark.parametrize("language", FILES)
def test_the_direction_is_that_of_the_script(language: str) -> None:
    assert table(language)["language"]["direction"] == ("rtl" if language in ("ar", "fa") else "ltr")


@pytest.mark.parametrize("language", FILES)
def test_a_cue_is_found_in_itself(language: str) -> None:
    cues = table(language)["cues"]

    assert [(kind, cue) for kind, rows in cues.items() for cue in rows if not has_cue(cue, [cue])] == []


@pytest.mark.parametrize("language", FILES)
def test_no_cue_stands_twice_in_a_list(language: str) -> None:
    cues = table(language)["cues"]

    assert [kind for kind, rows in cues.items() if len(rows) != len(set(rows))] == []


def test_a_language_without_a_file_is_answered_in_english() -> None:
    assert replies("xx").language == "en"
    assert replies("../de").language == "en"


@pytest.mark.parametrize(("language", "name"), [("en", "Englisch"), ("xx", "einer anderen Sprache")])
def test_another_language_is_called_by_its_name(language: str, name: str) -> None:
    assert replies("de").language_name(language) == name


@pytest.mark.parametrize("language", FILES)
def test_every_language_of_ours_is_named_in_every_other(language: str) -> None:
    assert set(FILES) <= set(table(language)["languages"])
