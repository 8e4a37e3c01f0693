from xml.etree import ElementTree

import pytest

from assistant.evaluation.diagram import svg
from assistant.evaluation.reliability import AtThreshold, Bin, Judged, Reliability, reliability


def of(*pairs: tuple[float, bool], threshold: float = 0.5) -> Reliability:
    return reliability([Judged(str(n), *pair) for n, pair in enumerate(pairs)], threshold)


CASE = ((0.95, True), (0.85, True), (0.85, False), (0.05, False), (0.05, True))


def test_questions_fall_into_ten_bins_by_their_probability() -> None:
    bins = of((0.0, False), (0.1, False), (0.99, True), (1.0, True)).bins

    assert [one.questions for one in bins] == [1, 1, 0, 0, 0, 0, 0, 0, 0, 2]
    assert bins[2] == Bin(0.2, 0.3, 0, None, None)
    assert bins[9].predicted == pytest.approx(0.995)
    assert bins[9].observed == 1


def test_the_calibration_error_weighs_each_bin_by_its_questions() -> None:
    assert of(*CASE).calibration_error == pytest.approx((1 * 0.05 + 2 * 0.35 + 2 * 0.45) / 5)


def test_the_brier_score_is_the_mean_squared_error() -> None:
    expected = (0.05**2 + 0.15**2 + 0.85**2 + 0.05**2 + 0.95**2) / 5

    assert of(*CASE).brier == pytest.approx(expected)


def test_whoever_is_always_right_and_sure_has_no_error() -> None:
    found = of((1.0, True), (0.0, False))

    assert (found.calibration_error, found.brier) == (0, 0)


def test_at_the_threshold_a_question_is_answered() -> None:
    found = of(*CASE, (0.5, False))

    assert found.answerable == AtThreshold(3, pytest.approx(2 / 3), pytest.approx(1 / 3))
    assert found.unanswerable == AtThreshold(3, pytest.approx(2 / 3), pytest.approx(1 / 3))


def test_the_figure_has_a_point_and_a_bar_for_each_bin_with_questions() -> None:
    drawn = ElementTree.fromstring(svg(of(*CASE)))

    tags = [one.tag.rpartition("}")[2] for one in drawn.iter()]
    assert tags.count("circle") == 3
    # One more is the ground.
    assert tags.count("rect") == 4
    assert {one.get("stroke-dasharray") for one in drawn.iter()} == {None, "6 4"}
    assert "5 questions" in "".join(drawn.itertext())
