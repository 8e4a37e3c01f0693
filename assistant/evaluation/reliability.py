"""How far the judge's probability can be believed: of ten questions it gives 0.7, seven should have an answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from assistant.answering.retrieve import TOP
from assistant.evaluation.questions import Asked, spoken
from assistant.wiring import Wiring
from retrieval import likelihood

BINS = 10


@dataclass(frozen=True, slots=True)
class Judged:
    """A question with the judge's probability and whether the corpora do answer it."""

    id: str
    probability: float
    answerable: bool


@dataclass(frozen=True, slots=True)
class Bin:
    """The questions with a probability from `low` up to `high`; without any, nothing is predicted or observed."""

    low: float
    high: float
    questions: int
    predicted: float | None
    observed: float | None


@dataclass(frozen=True, slots=True)
class AtThreshold:
    """What becomes of questions of one kind at the threshold in use, as shares."""

    questions: int
    answered: float
    declined: float


@dataclass(frozen=True, slots=True)
class Reliability:
    """Probabilities against the truth: expected calibration error and Brier score are 0 at best."""

    questions: int
    bins: tuple[Bin, ...]
    calibration_error: float
    brier: float
    threshold: float
    answerable: AtThreshold
    unanswerable: AtThreshold


def judged(wiring: Wiring, asked: Sequence[Asked], *, answerable: bool) -> list[Judged]:
    """The judge's probability for each question as it stands alone; raises UnknownCorpus and RetrievalError."""
    model = likelihood.load(wiring.embedder)
    found = []
    for one in asked:
        language = spoken(wiring.search, one)
        query = wiring.retriever.query(one.question, language, datetime.now(UTC).date())
        hits = wiring.retriever.search(query, wiring.shelf.layers(one.corpora), TOP)
        found.append(Judged(one.id, model.of(query, hits, wiring.centres), answerable))
    return found


def reliability(judged: Sequence[Judged], threshold: float) -> Reliability:
    """Ten bins of equal width, calibration error (Naeini et al. 2015), Brier score, and what the threshold does."""
    bins = tuple(_bin(judged, number) for number in range(BINS))
    return Reliability(
        questions=len(judged),
        bins=bins,
        calibration_error=sum(
            one.questions / len(judged) * abs(one.predicted - one.observed)
            for one in bins
            if one.predicted is not None and one.observed is not None
        ),
        brier=_mean([(one.probability - one.answerable) ** 2 for one in judged]),
        threshold=threshold,
        answerable=_at(threshold, [one for one in judged if one.answerable]),
        unanswerable=_at(threshold, [one for one in judged if not one.answerable]),
    )


def _bin(judged: Sequence[Judged], number: int) -> Bin:
    inside = [one for one in judged if min(int(one.probability * BINS), BINS - 1) == number]
    low, high = number / BINS, (number + 1) / BINS
    if not inside:
        return Bin(low, high, 0, None, None)
    predicted, observed = _mean([one.probability for one in inside]), _mean([one.answerable for one in inside])
    return Bin(low, high, len(inside), predicted, observed)


def _at(threshold: float, judged: Sequence[Judged]) -> AtThreshold:
    declined = _mean([one.probability < threshold for one in judged])
    return AtThreshold(len(judged), 1 - declined, declined)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
