import pytest

from assistant.evaluation.comparison import Interval, compared, interval
from assistant.evaluation.errors import BadInput
from assistant.evaluation.runs import MEASURES, Measured


def asked(id_: str, value: float) -> Measured:
    return Measured(id_, "de", "de", dict.fromkeys(MEASURES, value), 1.0)


def test_the_same_questions_give_the_same_interval() -> None:
    values = [0.0, 1.0, 1.0, 0.5] * 5

    assert interval(values) == interval(values)


def test_the_interval_lies_around_the_mean() -> None:
    found = interval([0.0, 1.0] * 50)

    assert found.mean == 0.5
    # The mean of a hundred coins deviates by 0.05, and 95 % lie within 1.96 of that.
    assert found.low == pytest.approx(0.402, abs=0.02)
    assert found.high == pytest.approx(0.598, abs=0.02)


def test_what_never_varies_has_an_interval_without_width() -> None:
    assert interval([1.0] * 7) == interval([1.0]) == Interval(1.0, 1.0, 1.0)


def test_more_questions_make_a_narrower_interval() -> None:
    few, many = interval([0.0, 1.0] * 5), interval([0.0, 1.0] * 100)

    assert many.high - many.low < few.high - few.low


def test_questions_are_compared_in_pairs_by_their_id() -> None:
    before = [asked("a", 0.0), asked("b", 1.0), asked("c", 0.5), asked("d", 0.5), asked("gone", 1.0)]
    after = [asked("d", 0.5), asked("c", 1.0), asked("b", 0.5), asked("a", 1.0), asked("new", 0.0)]

    found = compared(before, after)

    assert (found.questions, found.alone) == (4, 2)
    for difference in found.differences.values():
        assert difference.gain.mean == pytest.approx((1 + 0.5 - 0.5) / 4)
        assert (difference.better, difference.worse, difference.equal) == (2, 1, 1)
    assert [loss.id for loss in found.losses] == ["b"]


def test_pairs_make_a_narrower_interval_than_two_runs_apart() -> None:
    before = [asked(str(n), float(n % 2)) for n in range(60)]
    after = [asked(str(n), n % 2 + 0.1) for n in range(60)]

    gain = compared(before, after).differences["MRR"].gain

    assert gain.low == pytest.approx(gain.high)


def test_the_ten_worst_losses_come_first() -> None:
    before = [asked(f"{n:02}", 1.0) for n in range(15)]
    after = [asked(f"{n:02}", n / 20) for n in range(15)]

    losses = compared(before, after).losses

    assert [loss.id for loss in losses] == [f"{n:02}" for n in range(10)]
    assert (losses[1].ndcg_before, losses[1].ndcg_after) == (1.0, 0.05)


def test_a_loss_behind_the_tenth_place_is_seen_by_its_rank() -> None:
    before, after = asked("a", 0.0), asked("a", 0.0)
    before.values["MRR"], after.values["MRR"] = 1 / 11, 1 / 20

    assert [loss.id for loss in compared([before], [after]).losses] == ["a"]


def test_runs_without_a_common_question_cannot_be_compared() -> None:
    with pytest.raises(BadInput, match="no question in common"):
        compared([asked("a", 1.0)], [asked("b", 1.0)])
