import json
from dataclasses import asdict
from pathlib import Path

import pytest

from assistant.evaluation.errors import BadInput
from assistant.evaluation.runs import MEASURES, Measured, Run, load, save, weights
from retrieval import fusion

ONE = {"id": "a", "question_language": "ar", "document_language": "de", "values": {"Hit@1": 1}, "milliseconds": 1}


def test_a_run_is_read_as_it_was_kept(tmp_path: Path) -> None:
    run = Run({"top": 50}, (Measured("a", "ar", "de", dict.fromkeys(MEASURES, 1 / 3), 12.5),))

    save(tmp_path / "run.json", run)

    assert load(tmp_path / "run.json") == run


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("[", "not JSON"),
        ("[]", "not a JSON object"),
        ("{}", "not a run that --save wrote"),
        (json.dumps({"configuration": {}, "measured": [ONE]}), "the question a has other measures"),
    ],
)
def test_a_file_that_is_no_run_is_refused(text: str, wanted: str, tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text(text, encoding="utf-8")

    with pytest.raises(BadInput, match=wanted):
        load(tmp_path / "run.json")


def test_weights_are_read_with_all_their_fields(tmp_path: Path) -> None:
    (tmp_path / "w.json").write_text(json.dumps(asdict(fusion.load())), encoding="utf-8")

    assert weights(tmp_path / "w.json") == fusion.load()


def test_a_field_of_the_weights_that_is_missing_unknown_or_no_number_is_named(tmp_path: Path) -> None:
    path, good = tmp_path / "w.json", asdict(fusion.load())
    lacking = dict(list(good.items())[1:])
    bad = (
        (lacking, f"lack {next(iter(good))}"),
        (good | {"odd": 1}, "do not know odd"),
        (good | {next(iter(good)): "x"}, f"{next(iter(good))}: "),
    )
    for given, wanted in bad:
        path.write_text(json.dumps(given), encoding="utf-8")

        with pytest.raises(BadInput, match=wanted):
            weights(path)
