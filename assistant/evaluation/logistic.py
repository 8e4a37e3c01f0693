"""Logistic regression as the judge's data is fitted with it."""

from typing import Any

import numpy as np
from numpy.typing import NDArray


def fitted(
    rows: NDArray[Any], labels: NDArray[np.float64], shares: NDArray[np.float64], penalty: float
) -> tuple[NDArray[np.float64], float]:
    """Weights, shape (columns,), and bias of a logistic regression, by Newton's method.

    `shares` says how much each row weighs; the penalty is on the squares of the weights as they are given.
    """
    rows = np.column_stack([rows, np.ones(len(rows))]).astype(np.float64)
    ridge = np.append(np.full(rows.shape[1] - 1, penalty), 1e-9)
    weights = np.zeros(rows.shape[1])
    for _ in range(50):
        guess = 1 / (1 + np.exp(-rows @ weights))
        slope = rows.T @ (shares * (guess - labels)) + ridge * weights
        curve = (rows * (shares * guess * (1 - guess))[:, None]).T @ rows + np.diag(ridge)
        weights -= np.linalg.solve(curve, slope)
    return weights[:-1], float(weights[-1])


def standardised(
    rows: NDArray[Any], labels: NDArray[np.float64], shares: NDArray[np.float64], penalty: float
) -> tuple[NDArray[np.float64], float]:
    """The same with the penalty on columns of equal spread; weights and bias are for the rows as they were given."""
    mean, spread = rows.mean(axis=0), rows.std(axis=0)
    # A sign that is the same everywhere says nothing, and must not be divided by its spread.
    spread = np.where(spread > 0, spread, 1)
    weights, bias = fitted((rows - mean) / spread, labels, shares, penalty)
    return weights / spread, bias - float(weights / spread @ mean)
