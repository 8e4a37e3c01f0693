"""The phrases that ship, without any embedder: what takes a route by its words alone, and what must never."""

import tomllib
from pathlib import Path

import pytest

from assistant.answering import route
from assistant.answering.route import OUTCOMES, Route, Router
from retrieval.centring import load as centres_of
from tests.fakes import FakeEmbedder

HERE = Path(__file__).parent
CALLS = tomllib.loads((HERE / "calls.toml").read_text(encoding="utf-8"))
PLAIN = tomllib.loads((HERE / "administrative.toml").read_text(encoding="utf-8"))
CRISES = {name for name in OUTCOMES if name.startswith("crisis_")}
NEVER = CRISES | {"abuse", "manipulation", "objection"}
AMBULANCE = Route(
    "crisis_emergency",
    ("er atmet nicht",),
    {},
    0.6,
    alone=("krankenwagen", "nach gas"),
    around=("ich", "brauche", "einen", "bitte", "es riecht", "es riecht nach"),
)


def router(*routes: Route) -> Router:
    embedder = FakeEmbedder(dimensions=8)
    return Router(routes, embedder, centres_of(embedder), embedder.queries)


@pytest.fixture(scope="module")
def shipped() -> Router:
    return router(*route.load())


@pytest.mark.parametrize("name", CALLS)
def test_calls_for_help_insults_and_objections_are_known_by_their_words(shipped: Router, name: str) -> None:
    said = [text for texts in CALLS[name].values() for text in texts]

    assert [(text, took) for text in said if (took := shipped.by_phrase(text)) != name] == []


def test_every_language_calls_for_help() -> None:
    assert all(CALLS[name].keys() == PLAIN.keys() for name in (*CRISES, "abuse", "objection"))
    assert PLAIN.keys() == {"de", "en", "fr", "tr", "uk", "ar", "pl", "ro", "ru"}


@pytest.mark.parametrize("language", PLAIN)
def test_a_plain_matter_holds_no_phrase_of_need_or_insult(shipped: Router, language: str) -> None:
    assert [(text, took) for text in PLAIN[language] if (took := shipped.by_phrase(text)) in NEVER] == []


@pytest.mark.parametrize("text", ["NEFES ALAMIYORUM", "nefes alamiyorum", "Nefes alamıyorum!", "nefes   alamıyorum…"])
def test_capitals_accents_and_marks_do_not_matter(shipped: Router, text: str) -> None:
    assert shipped.by_phrase(text) == "crisis_emergency"


def test_every_phrase_is_written_out() -> None:
    said = [phrase for one in route.load() for phrase in (*one.phrases, *one.alone, *one.around)]

    assert [phrase for phrase in said if set("[]|") & set(phrase) or not phrase.strip()] == []


def test_a_phrase_stands_for_all_its_ways() -> None:
    assert set(route.written_out(["[mein|dein] hund [bellt|]", "a"])) == {
        "mein hund bellt", "mein hund ", "dein hund bellt", "dein hund ", "a",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("Krankenwagen", True),
        ("Ich brauche bitte einen Krankenwagen!", True),
        ("krankenwagen krankenwagen", True),
        ("es riecht nach gas", True),
        ("Wer bezahlt den Krankenwagen?", False),
        ("Krankenwagen Rechnung", False),
        ("Ich brauche bitte einen", False),
        ("Hilfe, er atmet nicht, was nun?", True),
        ("", False),
    ],
)
def test_what_takes_a_route_alone_takes_it_among_words_that_change_nothing(text: str, taken: bool) -> None:
    assert router(AMBULANCE).by_phrase(text) == ("crisis_emergency" if taken else None)
