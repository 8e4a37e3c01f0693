from pathlib import Path

import numpy as np
import pytest

from retrieval import arrays, dense
from retrieval.centring import unit
from retrieval.dense import DensePart
from retrieval.embedding import Vectors
from tests.fakes import FakeEmbedder

TEXTS = ["Reisepass", "Reisepässe", "Hundesteuer", "Kita", "Wohngeld", "Fundbüro", "Trauung", "Umzug", "Müll"]


@pytest.fixture
def rows() -> Vectors:
    return FakeEmbedder().passages(TEXTS)


def written(folder: Path, rows: Vectors, most_exact: int = dense.MOST_EXACT) -> DensePart:
    arrays.write(folder / "arrays", dense.write(folder, rows, most_exact))
    return DensePart(folder, arrays.opened(folder / "arrays"))


@pytest.fixture(params=["exact", "by lists"])
def part(request: pytest.FixtureRequest, tmp_path: Path, rows: Vectors) -> DensePart:
    return written(tmp_path, rows, dense.MOST_EXACT if request.param == "exact" else 1)


EVERYTHING = np.ones(len(TEXTS), dtype=bool)


def test_the_nearest_come_first(part: DensePart, rows: Vectors) -> None:
    for number, row in enumerate(rows):
        products = rows[part.top(row, 9, EVERYTHING)] @ row
        assert np.allclose(products, np.sort(rows @ row)[::-1])
        assert part.top(row, 1, EVERYTHING)[0] == number


def test_no_more_are_given_than_asked_for(part: DensePart, rows: Vectors) -> None:
    assert len(part.top(rows[0], 3, EVERYTHING)) == 3


def test_no_more_are_given_than_there_are(part: DensePart, rows: Vectors) -> None:
    assert sorted(part.top(rows[0], 100, EVERYTHING)) == list(range(9))


@pytest.mark.parametrize("alive", [{0}, {8}, {1, 3, 8}, {0, 7}, set(range(9))])
def test_only_what_is_alive_is_found(part: DensePart, rows: Vectors, alive: set[int]) -> None:
    chosen = np.array([number in alive for number in range(9)])

    assert set(part.top(rows[4], 9, chosen)) == alive


def test_nothing_is_found_where_nothing_is_alive(part: DensePart, rows: Vectors) -> None:
    assert len(part.top(rows[0], 9, ~EVERYTHING)) == 0


def test_the_vectors_come_back_as_they_were_written(part: DensePart, rows: Vectors) -> None:
    numbers = np.array([4, 0, 8])

    assert np.allclose(part.vectors(numbers), rows[numbers], atol=np.abs(rows).max() / 254)


def test_an_exact_index_keeps_the_vectors_to_the_last_bit(tmp_path: Path, rows: Vectors) -> None:
    numbers = np.array([4, 0, 8])

    assert np.array_equal(written(tmp_path, rows).vectors(numbers), rows[numbers])


def test_the_length_of_the_vectors_is_known(part: DensePart) -> None:
    assert part.vectors(np.arange(1)).shape == (1, 32)


def test_vectors_of_another_precision_are_taken(tmp_path: Path, rows: Vectors) -> None:
    part = written(tmp_path, np.asfortranarray(rows.astype(np.float64)))

    assert np.allclose(part.vectors(np.arange(9)), rows)


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> tuple[DensePart, Vectors]:
    """Vectors in clusters, as those of pages are, enough for many lists."""
    random = np.random.default_rng(1)
    centres = random.normal(size=(60, 32))
    rows = unit((centres[random.integers(0, 60, 6000)] + 0.5 * random.normal(size=(6000, 32))).astype(np.float32))
    return written(tmp_path_factory.mktemp("many"), rows, 1000), rows


def test_lists_find_nearly_all_that_an_exact_search_finds(many: tuple[DensePart, Vectors]) -> None:
    part, rows = many
    shares = [len({*part.top(row, 10)} & {*np.argsort(-(rows @ row))[:10]}) / 10 for row in rows[::100]]

    assert np.mean(shares) >= 0.97


def test_lists_find_what_is_alive_where_little_is(many: tuple[DensePart, Vectors]) -> None:
    part, rows = many
    alive = np.zeros(len(rows), dtype=bool)
    alive[::500] = True
    found = part.top(rows[3], 12, alive)

    assert {*found} == {*np.flatnonzero(alive)}
    assert list(found) == list(np.argsort(-np.where(alive, rows @ rows[3], -2))[:12])
