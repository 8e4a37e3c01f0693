"""What breaks while the service runs, and what a citizen and an administrator then get."""

import asyncio
import logging
from datetime import UTC, datetime

import pytest

from assistant.cli.output import dumps
from assistant.domain.draft import Question
from retrieval.errors import EmbedderFailed, SnapshotCorrupt
from retrieval.segment import ARRAYS
from retrieval.snapshot import read_manifest

WORDS = "Quittenbaumgeheimnis"


class Failing:
    """An embedder that worked until now."""

    name = "multilingual-e5-small-q4"
    dimensions = 384

    def queries(self, texts):
        """No vectors."""
        raise EmbedderFailed("The embedder is gone.")

    passages = queries


def ask(wiring, text):
    """What a citizen of the sample town gets."""
    place = wiring.municipalities.get("neckarfurt")
    return asyncio.run(wiring.pipeline.answer(Question(text, place, datetime.now(UTC))))


@pytest.fixture
def without_embedder(town_dir, wire):
    """The sample town with an embedder that fails."""
    wiring = wire(town_dir)
    wiring.__dict__["embedder"] = Failing()
    return wiring


CRISES = [("Ich will nicht mehr leben", "0800 111 0 111"), ("My husband beats me", "116 016")]


@pytest.mark.parametrize(("text", "number"), CRISES)
def test_without_the_embedder_a_crisis_still_gets_its_numbers(text, number, without_embedder):
    answer = ask(without_embedder, text)
    assert answer.outcome == "crisis"
    assert number in answer.text


@pytest.mark.parametrize(("text", "outcome"), [("Hallo", "greeting"), ("Danke", "greeting")])
def test_without_the_embedder_fixed_words_are_still_understood(text, outcome, without_embedder):
    assert ask(without_embedder, text).outcome == outcome


def test_without_the_embedder_a_question_fails_with_the_contact(without_embedder):
    answer = ask(without_embedder, "Was kostet ein Reisepass?")
    assert answer.outcome == "failed"
    assert answer.sentences == ()
    assert answer.contact.phone == "115"
    assert "115" in answer.text


def test_a_failed_answer_speaks_the_language_of_the_question(without_embedder):
    assert ask(without_embedder, "How much is a German passport for adults?").language == "en"


def test_a_service_that_starts_without_its_embedder_still_gives_the_numbers(without_embedder, serve):
    client = serve(without_embedder)
    for text, number in CRISES:
        row = {"municipality": "neckarfurt", "question": text}
        assert number in client.post("/v1/answers", json=row).text
    row = {"municipality": "neckarfurt", "question": "Was kostet ein Reisepass?"}
    assert client.post("/v1/answers", json=row).json()["outcome"] == "failed"
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json()["checks"]["embedder"]) == (503, "EmbedderFailed")
    search = client.post("/v1/search", json={"municipality": "neckarfurt", "query": "Pass"})
    assert search.status_code == 503
    assert int(search.headers["retry-after"]) > 0


def segment_of(wiring, corpus):
    """The folder of the only segment of a corpus."""
    revision = wiring.corpora.current(corpus)
    [part] = read_manifest(wiring.folders.manifest(corpus, revision)).segments
    return wiring.folders.segments / part.id


def damage(path, how):
    """Puts a damaged file in the place of a good one, as a restored backup would."""
    data = bytearray(path.read_bytes())
    path.unlink()
    if how == "altered":
        data[len(data) // 2] ^= 0xFF
    if how != "missing":
        path.write_bytes(data[: len(data) // 2] if how == "torn" else data)


@pytest.mark.parametrize("how", ["altered", "torn", "missing"])
def test_a_damaged_index_is_refused_by_name_and_a_rebuild_mends_it(how, town_dir, town_cli, wire):
    folder = segment_of(wire(town_dir), "neckarfurt")
    damage(folder / ARRAYS, how)
    said = "missing" if how == "missing" else "damaged"
    refusal = town_cli("search", "Hundesteuer").refusal
    assert f"{folder.name}/{ARRAYS} is {said}" in refusal
    assert "amtslotse corpus publish neckarfurt --rebuild" in refusal
    mended = town_cli("corpus", "publish", "neckarfurt", "--rebuild", "--json").json
    assert (mended["number"], mended["documents"]) == (1, 87)
    assert wire(town_dir).search("Hundesteuer", ("neckarfurt",), "de", 3)[0].document.id == "hundesteuer"


@pytest.mark.parametrize("how", ["altered", "torn", "missing"])
def test_a_damaged_manifest_is_refused_by_name_and_a_rebuild_mends_it(how, town_dir, wire):
    wiring = wire(town_dir)
    damage(wiring.folders.manifest("bund", wiring.corpora.current("bund")), how)
    with pytest.raises(SnapshotCorrupt, match="amtslotse corpus publish bund --rebuild"):
        wire(town_dir).search("Kindergeld", ("bund",), "de", 3)
    wire(town_dir).publisher.publish("bund", rebuild=True)
    assert wire(town_dir).search("Kindergeld", ("bund",), "de", 3)


def test_an_import_over_a_damaged_index_builds_it_anew(town_dir, wire, pages):
    damage(segment_of(wire(town_dir), "neckarfurt") / ARRAYS, "altered")
    wire(town_dir).publisher.import_documents("neckarfurt", pages(1, "neu"), publish=True)
    wiring = wire(town_dir)
    assert wiring.search("Hundesteuer", ("neckarfurt",), "de", 3)[0].document.id == "hundesteuer"
    assert wiring.corpora.current("neckarfurt").documents == 88


def test_a_running_service_goes_on_with_the_index_it_opened(town_dir, wire, serve, monkeypatch):
    monkeypatch.setattr("assistant.publishing.shelf._FRESH_SECONDS", 0.0)
    wiring = wire(town_dir)
    client = serve(wiring)
    row = {"municipality": "neckarfurt", "question": "Was kostet ein Reisepass?"}
    assert client.post("/v1/answers", json=row).json()["outcome"] == "answered"
    folder = segment_of(wiring, "neckarfurt")
    for path in sorted(folder.iterdir()):
        damage(path, "torn")
    assert client.post("/v1/answers", json=row).json()["outcome"] == "answered"
    assert client.get("/readyz").status_code == 200


def test_a_running_service_does_not_follow_a_publication_that_is_damaged(town_dir, wire, serve, pages, monkeypatch):
    monkeypatch.setattr("assistant.publishing.shelf._FRESH_SECONDS", 0.0)
    wiring = wire(town_dir)
    client = serve(wiring)
    held = {path.name for path in wiring.folders.segments.iterdir()}
    with monkeypatch.context() as patch:
        patch.setattr("assistant.publishing.shelf._FRESH_SECONDS", 1e9)
        wire(town_dir).publisher.import_documents("neckarfurt", pages(1, "neu"), publish=True)
        [new] = {path.name for path in wiring.folders.segments.iterdir()} - held
        damage(wiring.folders.segments / new / ARRAYS, "altered")
    row = {"municipality": "neckarfurt", "question": "Was kostet ein Reisepass?"}
    answer = client.post("/v1/answers", json=row).json()
    assert (answer["outcome"], answer["provenance"]["revisions"][0]["revision"]) == ("answered", 1)


def test_a_service_that_starts_over_a_damaged_index_names_it_and_answers_other_places(town_dir, wire, serve, caplog):
    broken = wire(town_dir)
    damage(segment_of(broken, "neckarfurt") / ARRAYS, "altered")
    client = serve(wire(town_dir))
    assert "neckarfurt" in caplog.text
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").json()["checks"] == {"store": "ok", "embedder": "ok", "indexes": "SnapshotCorrupt"}
    row = {"municipality": "neckarfurt", "question": "Was kostet ein Reisepass?"}
    answer = client.post("/v1/answers", json=row).json()
    assert (answer["outcome"], answer["contact"]["phone"]) == ("failed", "115")
    assert client.post("/v1/search", json={"corpora": ["bund"], "query": "Kindergeld"}).json()["results"]
    refused = client.post("/v1/search", json={"corpora": ["neckarfurt"], "query": "Pass"})
    assert refused.status_code == 503
    assert "--rebuild" not in refused.text
    wire(town_dir).publisher.publish("neckarfurt", rebuild=True)
    assert client.post("/v1/answers", json=row).json()["outcome"] == "answered"


@pytest.mark.parametrize("path", ["answered", "failed", "refused by schema"])
def test_no_log_ever_holds_what_a_citizen_asked(path, town_dir, wire, serve, caplog):
    caplog.set_level(logging.DEBUG)
    wiring = wire(town_dir)
    client = serve(wiring)
    caplog.clear()
    if path == "failed":
        damaged = Failing()
        wiring.__dict__.pop("pipeline", None)
        wiring.__dict__.pop("router", None)
        wiring.__dict__["embedder"] = damaged
    row = {"municipality": "neckarfurt", "question": f"Was kostet ein {WORDS}?"}
    if path == "refused by schema":
        row["level"] = WORDS
    for headers in ({}, {"Accept": "text/event-stream"}):
        client.post("/v1/answers", json=row, headers=headers)
    client.post("/v1/search", json={"municipality": "neckarfurt", "query": WORDS})
    ours = [record for record in caplog.records if not record.name.startswith("httpcore")]
    assert WORDS not in "\n".join(logging.Formatter().format(record) for record in ours)


def test_the_answer_of_the_command_line_is_json_even_when_it_failed(without_embedder):
    assert '"outcome": "failed"' in dumps(ask(without_embedder, "Was kostet ein Reisepass?"))


def test_the_command_line_says_in_a_sentence_why_no_answer_came_and_fails(town_dir, town_cli, wire):
    damage(segment_of(wire(town_dir), "bund") / ARRAYS, "altered")
    ran = town_cli("ask", "Was kostet ein Reisepass?", "--json")
    assert ran.code == 1
    assert '"outcome": "failed"' in ran.out
    assert "amtslotse corpus publish bund --rebuild" in ran.err
    assert "Traceback" not in ran.err
