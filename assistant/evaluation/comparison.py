"""How sure a mean is, and how two runs of the same questions differ."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assistant.evaluation.errors import BadInput
from assistant.evaluation.runs import MEASURES, Measured

RESAMPLES = 2000
# The same numbers give the same interval, today and tomorrow.
_SEED = 20260504
_MOST_LOSSES = 10


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean with the bounds between which 95 % of the means of resampled questions lie."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Difference:
    """What a measure gained, later less earlier, and for how many questions."""

    gain: Interval
    better: int
    worse: int
    equal: int


@dataclass(frozen=True, slots=True)
class Loss:
    """A question that came out worse: nDCG@10 and reciprocal rank, earlier and later."""

    id: str
    ndcg_before: float
    ndcg_after: float
    rank_before: float
    rank_after: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs, question by question; `alone` counts questions that only one of them has."""

    questions: int
    alone: int
    differences: dict[str, Difference]
    losses: tuple[Loss, ...]


def interval(values: Sequence[float]) -> Interval:
    """The mean with its percentile bootstrap interval over questions (Efron 1979)."""
    sample = np.asarray(values, dtype=np.float64)
    random = np.random.default_rng(_SEED)
    means = [sample[random.integers(0, len(sample), len(sample))].mean() for _ in range(RESAMPLES)]
    low, high = np.percentile(means, (2.5, 97.5))
    return Interval(float(sample.mean()), float(low), float(high))


def compared(before: Sequence[Measured], after: Sequence[Measured]) -> Comparison:
    """The questions that both runs have, in pairs by id; raises BadInput where there is none."""
    earlier = {one.id: one for one in before}
    pairs = [(earlier[one.id], one) for one in after if one.id in earlier]
    if not pairs:
        raise BadInput("The two runs have no question in common, by its id.")
    return Comparison(
        questions=len(pairs),
        alone=len(earlier) + len(after) - 2 * len(pairs),
        differences={
            name: _difference([new.values[name] - old.values[name] for old, new in pairs]) for name in MEASURES
        },
        losses=_losses(pairs),
    )


def _difference(gains: Sequence[float]) -> Difference:
    better, worse = sum(gain > 0 for gain in gains), sum(gain < 0 for gain in gains)
    return Difference(interval(gains), better, worse, len(gains) - better - worse)


def _losses(pairs: Sequence[tuple[Measured, Measured]]) -> tuple[Loss, ...]:
    found = [
        Loss(new.id, old.values["nDCG@10"], new.values["nDCG@10"], old.values["MRR"], new.values["MRR"])
        for old, new in pairs
        if (new.values["nDCG@10"], new.values["MRR"]) < (old.values["nDCG@10"], old.values["MRR"])
    ]
    found.sort(key=lambda loss: (loss.ndcg_after - loss.ndcg_before, loss.rank_after - loss.rank_before, loss.id))
    return tuple(found[:_MOST_LOSSES])
