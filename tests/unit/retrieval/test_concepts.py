from pathlib import Path

import pytest

from retrieval import concepts
from retrieval.concepts import DATA, load, named, official, spelled_out

LANGUAGES = sorted(path.stem for path in DATA.glob("*.txt"))


def called(question: str, language: str, other: str) -> list[str]:
    """The official names, in the other language, of what a question names in its own."""
    return official(named(question, language), other)


@pytest.mark.parametrize(
    ("question", "language", "name"),
    [
        ("Was kostet ein neuer Perso?", "de", "Personalausweis"),
        ("kimlik kartımı kaybettim", "tr", "Personalausweis"),
        ("kimlik kartimi kaybettim", "tr", "Personalausweis"),
        ("How do I renew my passport?", "en", "Reisepass"),
        ("أريد تجديد جواز السفر", "ar", "Reisepass"),
        ("Comment refaire ma carte grise ?", "fr", "Zulassungsbescheinigung Teil I"),
    ],
)
def test_a_service_is_known_by_the_name_that_citizens_give_it(question: str, language: str, name: str) -> None:
    assert name in called(question, language, "de")


def test_the_longest_name_is_preferred() -> None:
    assert called("Ich muss meinen Hund anmelden", "de", "de") == called("Hund anmelden", "de", "de")
    assert "Reisepass" not in called("vorläufiger Reisepass", "de", "de")


@pytest.mark.parametrize("text", ["", "?!", "Wie ist das Wetter?"])
def test_a_text_that_names_no_service_has_none(text: str) -> None:
    assert called(text, "de", "en") == []


@pytest.mark.parametrize(("language", "other"), [("xx", "de"), ("de", "xx")])
def test_a_language_that_nobody_wrote_concepts_in_has_none(language: str, other: str) -> None:
    assert called("Reisepass", language, other) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_concepts_each_with_a_name(language: str) -> None:
    assert list(load(language).official) == list(load("de").official)
    assert all(load(language).official.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_concept_is_found_by_its_official_name(language: str) -> None:
    unfound = [
        key for key, name in load(language).official.items() if key not in load(language).within(_terms(name, language))
    ]

    assert unfound == []


def _terms(name: str, language: str) -> list[str]:
    return concepts.terms(name, language)


def test_a_name_may_mean_several_things(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(concepts, "DATA", tmp_path)
    (tmp_path / "xx.txt").write_text("one: bank; seat\ntwo: bank; money house\n", encoding="utf-8")
    load.cache_clear()

    assert called("bank", "xx", "xx") == ["bank", "bank"]
    assert called("a money house", "xx", "xx") == ["bank"]
    load.cache_clear()


@pytest.mark.parametrize(
    ("question", "language", "embedded"),
    [
        ("Perso verloren was nun", "de", "Perso verloren was nun (Verlust des Personalausweises)"),
        ("personalausweis", "de", "personalausweis"),
        ("Wie ist das Wetter?", "de", "Wie ist das Wetter?"),
        ("Ich habe heute früh im Bus meinen Perso verloren", "de", "Ich habe heute früh im Bus meinen Perso verloren"),
        ("Perso, Führerschein und Wohngeld", "de", "Perso, Führerschein und Wohngeld (Personalausweis)"),
        ("", "de", ""),
    ],
)
def test_a_terse_text_is_spelled_out_for_the_embedder(question: str, language: str, embedded: str) -> None:
    assert spelled_out(question, language) == embedded
