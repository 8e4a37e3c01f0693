"""`amtslotse evaluate …` over the sample town, run as administrators run it."""

import json
from dataclasses import asdict

import pytest

from retrieval import fusion

LAYERS = ("--corpus", "neckarfurt", "--corpus", "baden-wuerttemberg", "--corpus", "bund")
ROWS = (
    {"id": "1", "question": "Was kostet die Hundesteuer?", "gold": ["hundesteuer"]},
    {"id": "2", "question": "How much is an identity card?", "language": "en", "document_id": "personalausweis-en"},
)
FOREIGN = ({"id": "3", "question": "Wer hat den Faust geschrieben?"},)


@pytest.fixture
def asked(tmp_path):
    """Writes rows as a file of questions."""

    def written(rows, name="q.jsonl"):
        lines = (json.dumps(row) + "\n" for row in rows)
        (tmp_path / name).write_text("".join(lines), encoding="utf-8")
        return tmp_path / name

    return written


def test_search_is_measured_and_compared_with_itself(town_cli, asked, tmp_path):
    kept = tmp_path / "run.json"
    command = ("evaluate", "retrieval", "--questions", asked(ROWS), *LAYERS)

    first = town_cli(*command, "--save", kept, "--json").json
    second = town_cli(*command, "--against", kept)

    assert [(g["question_language"], g["document_language"]) for g in first["languages"]] == [
        ("de", "de"),
        ("en", "en"),
    ]
    assert first["all"]["questions"] == 2
    assert first["all"]["measures"]["Hit@5"]["mean"] == 1
    assert second.code == 0
    assert "2 questions against" in second.out
    assert ROWS[0]["question"] not in kept.read_text(encoding="utf-8")


def test_other_weights_are_compared_with_those_in_use(town_cli, asked, tmp_path):
    weights = json.dumps(asdict(fusion.load()) | {"layer": 9.0})
    (tmp_path / "w.json").write_text(weights, encoding="utf-8")

    found = town_cli(
        "evaluate", "retrieval", "--questions", asked(ROWS), *LAYERS, "--weights", tmp_path / "w.json", "--json"
    ).json

    assert found["configuration"]["weights"]["layer"] == 9.0
    assert found["against"]["weights"]["layer"] != 9.0
    assert found["comparison"]["questions"] == 2


def test_the_judge_is_measured_and_drawn(town_cli, asked, tmp_path):
    command = (
        "evaluate", "judge", "--questions", asked(ROWS), "--unanswerable", asked(FOREIGN, "u.jsonl"), *LAYERS,
        "--figure", tmp_path / "f.svg",
    )  # fmt: skip

    found = town_cli(*command, "--json").json

    assert sum(one["questions"] for one in found["bins"]) == 3
    assert found["answerable"]["answered"] == 1
    assert found["unanswerable"]["declined"] == 1
    assert (tmp_path / "f.svg").read_text(encoding="utf-8").startswith("<svg")


def test_a_bad_row_is_one_sentence_and_exit_code_2(cli, asked, tmp_path):
    bad = cli("evaluate", "retrieval", "--questions", asked((*ROWS, {"id": "4", "question": "Was?"})), *LAYERS)

    assert (bad.code, bad.out) == (2, "")
    assert bad.err.count("\n") == 1
    assert "line 3: names no document" in bad.err


def test_a_corpus_that_is_not_there_is_named(town_cli, asked):
    assert "moon" in town_cli("evaluate", "retrieval", "--questions", asked(ROWS), "--corpus", "moon").refusal
