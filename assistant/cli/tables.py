"""The tables in which `amtslotse evaluate` shows people what it measured."""

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table

from assistant.evaluation.comparison import Comparison, Interval
from assistant.evaluation.reliability import Reliability
from assistant.evaluation.retrieval import Group
from assistant.evaluation.runs import MEASURES


def show_groups(groups: Iterable[Group]) -> None:
    """A row for each pair of languages, and the last for all questions."""
    rows = [
        (
            f"{group.question_language} → {group.document_language}" if group.question_language else "all",
            str(group.questions),
            *(_over(group.measures[name]) for name in MEASURES),
            f"{group.p50_milliseconds:.0f}/{group.p95_milliseconds:.0f}",
        )
        for group in groups
    ]
    heads = ("pair", "asked", *MEASURES, "ms\np50/p95")
    _show("Search: language of the question → of its document, with 95 % intervals", heads, rows)


def show_comparison(comparison: Comparison, before: str) -> None:
    """What each measure gained, and the questions that lost most."""
    rows = [
        (name, _gain(one.gain), str(one.better), str(one.worse), str(one.equal))
        for name, one in comparison.differences.items()
    ]
    title = f"{comparison.questions} questions against {before}"
    _show(title, ("measure", "gain", "better", "worse", "equal"), rows)
    if comparison.losses:
        losses = [
            (one.id, _moved(one.ndcg_before, one.ndcg_after), _moved(one.rank_before, one.rank_after))
            for one in comparison.losses
        ]
        _show("The worst losses", ("id", "nDCG@10", "MRR"), losses)


def show_reliability(reliability: Reliability) -> None:
    """The bins, the scores, and what the threshold in use does."""
    rows = [
        (f"{one.low:.1f}–{one.high:.1f}", str(one.questions), _share(one.predicted), _share(one.observed))
        for one in reliability.bins
    ]
    _show("The judge's probability", ("probability", "questions", "mean predicted", "share with an answer"), rows)
    kinds = (("answerable", reliability.answerable), ("unanswerable", reliability.unanswerable))
    at = [(name, str(one.questions), _share(one.answered), _share(one.declined)) for name, one in kinds]
    _show(f"At the threshold {reliability.threshold:.3f}", ("kind", "questions", "answered", "declined"), at)
    scores = f"Calibration error {reliability.calibration_error:.3f}, Brier score {reliability.brier:.3f}."
    Console(highlight=False).print(scores, markup=False)


def _show(title: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    table = Table(title=title, title_justify="left")
    for place, head in enumerate(heads):
        table.add_column(head, justify="right" if place else "left")
    for row in rows:
        table.add_row(*row)
    Console(highlight=False, markup=False).print(table)


def _over(interval: Interval) -> str:
    # Two lines, so that the table fits a terminal of 80 columns.
    return f"{interval.mean:.3f}\n{interval.low:.2f}–{interval.high:.2f}"


def _gain(interval: Interval) -> str:
    return f"{interval.mean:+.3f} ({interval.low:+.3f} to {interval.high:+.3f})"


def _moved(before: float, after: float) -> str:
    return f"{before:.3f} → {after:.3f}"


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
