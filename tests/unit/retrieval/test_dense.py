from pathlib import Path

import numpy as np
import pytest

from retrieval import dense
from retrieval.dense import DensePart
from retrieval.embedding import Vectors
from tests.fakes import FakeEmbedder

TEXTS = ["Reisepass", "Reisepässe", "Hundesteuer", "Kita", "Wohngeld", "Fundbüro", "Trauung", "Umzug", "Müll"]


@pytest.fixture
def rows() -> Vectors:
    return FakeEmbedder().passages(TEXTS)


@pytest.fixture
def part(tmp_path: Path, rows: Vectors) -> DensePart:
    dense.write(tmp_path, rows)
    return DensePart(tmp_path)


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

    assert np.array_equal(part.vectors(numbers), rows[numbers])


def test_the_length_of_the_vectors_is_known(part: DensePart) -> None:
    assert part.dimensions == 32


def test_vectors_of_another_precision_are_taken(tmp_path: Path, rows: Vectors) -> None:
    dense.write(tmp_path, np.asfortranarray(rows.astype(np.float64)))

    assert np.allclose(DensePart(tmp_path).vectors(np.arange(9)), rows)
