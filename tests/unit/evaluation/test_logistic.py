import numpy as np
import pytest

from assistant.evaluation.logistic import fitted, standardised

RANDOM = np.random.default_rng(3)
ROWS = RANDOM.normal(size=(400, 3)) * [1.0, 10.0, 0.1] + [0.0, 5.0, 1.0]
TRUE = np.array([1.5, -0.2, 8.0])
LABELS = (RANDOM.random(400) < 1 / (1 + np.exp(-((ROWS - ROWS.mean(axis=0)) @ TRUE)))).astype(np.float64)
SHARES = np.full(400, 1 / 400)


def loss(weights: np.ndarray, bias: float) -> float:
    guess = 1 / (1 + np.exp(-(ROWS @ weights + bias)))
    return float(-(LABELS * np.log(guess) + (1 - LABELS) * np.log(1 - guess)).mean())


def test_no_weights_near_by_fit_better() -> None:
    weights, bias = fitted(ROWS, LABELS, SHARES, 1e-9)

    for change in np.eye(3) * 0.01:
        assert loss(weights, bias) <= min(loss(weights + change, bias), loss(weights - change, bias))
    assert loss(weights, bias) <= min(loss(weights, bias + 0.01), loss(weights, bias - 0.01))


def test_without_a_penalty_the_scale_of_the_columns_does_not_matter() -> None:
    plain, standard = fitted(ROWS, LABELS, SHARES, 1e-9), standardised(ROWS, LABELS, SHARES, 1e-9)

    assert standard[0] == pytest.approx(plain[0], rel=1e-3)
    assert standard[1] == pytest.approx(plain[1], rel=1e-3)


def test_a_penalty_makes_weights_smaller() -> None:
    free, held = standardised(ROWS, LABELS, SHARES, 1e-9)[0], standardised(ROWS, LABELS, SHARES, 0.1)[0]

    assert np.abs(held * ROWS.std(axis=0)).sum() < np.abs(free * ROWS.std(axis=0)).sum()


def test_rows_of_no_weight_do_not_count() -> None:
    shares = np.where(np.arange(400) < 200, 1 / 200, 0.0)

    assert fitted(ROWS, LABELS, shares, 0.01)[0] == pytest.approx(
        fitted(ROWS[:200], LABELS[:200], np.full(200, 1 / 200), 0.01)[0]
    )


def test_a_sign_that_is_the_same_everywhere_gets_no_weight() -> None:
    rows = np.column_stack([ROWS, np.full(400, 7.0)])

    assert standardised(rows, LABELS, SHARES, 0.01)[0][3] == 0
