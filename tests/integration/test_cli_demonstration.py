"""When a question sets up the sample town, and what it never touches."""

from importlib.metadata import version

import pytest

OWN = "<html lang='de'><h1>Drachenflug</h1><p>Ein Drachenflug kostet 12 Euro.</p></html>"


@pytest.fixture
def own_page(tmp_path):
    """A page of an administrator's."""
    path = tmp_path / "own.html"
    path.write_text(OWN, encoding="utf-8")
    return path


def test_on_a_fresh_machine_a_question_is_answered(cli):
    answer = cli("ask", "Was kostet ein neuer Perso?", "--json").json
    assert answer["outcome"] == "answered"
    assert [used["corpus"] for used in answer["provenance"]["revisions"]] == [
        "neckarfurt",
        "baden-wuerttemberg",
        "bund",
    ]


def test_on_a_fresh_machine_a_search_finds(cli):
    assert cli("search", "Hundesteuer", "--json").json["results"][0]["document_id"] == "hundesteuer"


@pytest.mark.parametrize("command", ["ask", "search"])
def test_a_question_publishes_no_draft_and_plants_no_town(command, cli, own_page):
    cli("corpus", "import", own_page, "--corpus", "bund")
    refusal = cli(command, "hallo").refusal
    assert "documents that are not its own are in bund" in refusal
    assert cli("corpus", "list", "--json").json == [{"name": "bund", "current": None, "documents": 0, "drafted": 1}]
    assert cli("municipality", "list", "--json").json == []


@pytest.mark.parametrize("command", ["ask", "search"])
def test_beside_a_corpus_of_ones_own_the_town_is_not_set_up(command, cli, own_page):
    cli("corpus", "import", own_page, "--corpus", "musterstadt", "--publish")
    cli("municipality", "add", "musterstadt", "--corpus", "musterstadt")
    assert "is not set up by itself beside musterstadt" in cli(command, "hallo").refusal
    asked = ("--municipality" if command == "ask" else "--corpus", "musterstadt")
    assert "12 Euro" in cli(command, "Was kostet ein Drachenflug?", *asked).out
    assert [state["name"] for state in cli("corpus", "list", "--json").json] == ["musterstadt"]


def test_the_sample_town_is_not_served_beside_a_draft_in_one_of_its_layers(cli, own_page):
    cli("corpus", "import", own_page, "--corpus", "bund")
    assert "documents that are not its own are in bund" in cli("demo", "--port", "0").err


def test_questions_that_cannot_be_read_set_up_nothing(cli, tmp_path):
    (tmp_path / "q.jsonl").write_text("{")
    for command in (("ask", "--questions"), ("search", "--queries")):
        assert "not JSON" in cli(*command, tmp_path / "q.jsonl", "--output", tmp_path / "out.jsonl").refusal
    assert not cli.data_dir.exists()


def test_a_language_may_have_a_region(town_cli):
    answer = town_cli("ask", "Was kostet ein Reisepass?", "--language", "de-AT", "--json").json
    assert answer["language"] == "de"


def test_the_version_is_told(cli):
    assert cli("--version").out == f"amtslotse {version('amtslotse')}\n"
