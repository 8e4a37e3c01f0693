"""`amtslotse model serve` with a real vLLM behind it."""

import json
import os
import re
import signal
import threading
from pathlib import Path

import pytest

from tests.vllm.conftest import NAME, Served, within

pytestmark = pytest.mark.vllm

QUESTION = "Sources:\n[1] An identity card costs 37 euros.\n\nWhat does an identity card cost?"
# Every sentence ends in a source number: what a model is made to do that would not do so by itself.
GRAMMAR = r"""
root ::= sentence (" " sentence){0,2}
sentence ::= [^\[\]\n]{10,120} " [" src "]"
src ::= "1" | "2"
"""


def body(text=QUESTION, **more):
    return {"model": NAME, "messages": [{"role": "user", "content": text}], "max_tokens": 48, "temperature": 0, **more}


def descendants(process: int) -> list[int]:
    """The processes that a process has started, and those that they have."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return [one for child in map(int, children) for one in (child, *descendants(child))]


def running(process: int) -> bool:
    """Whether a process is there and no zombie."""
    status = Path(f"/proc/{process}/status")
    return status.exists() and "State:\tZ" not in status.read_text()


def test_it_answers_under_its_short_name(ask):
    assert [one["id"] for one in ask.get("/v1/models").json()["data"]] == [NAME]


def test_a_stream_ends_with_what_it_used(ask):
    with ask.stream("POST", "/v1/chat/completions", json=body(stream=True)) as stream:
        lines = [line.removeprefix("data: ") for line in stream.iter_lines() if line.startswith("data: {")]
    pieces = [json.loads(line) for line in lines]

    assert "".join(c["delta"].get("content") or "" for piece in pieces for c in piece["choices"]).strip()
    assert pieces[-1]["usage"]["completion_tokens"] > 0


def test_a_grammar_makes_every_sentence_end_in_a_known_source(ask):
    said = ask.post("/v1/chat/completions", json=body(structured_outputs={"grammar": GRAMMAR})).json()
    text = said["choices"][0]["message"]["content"]
    whole = re.findall(r"[^\[\]]+ \[(\d)\]", text)

    assert whole
    assert set(whole) <= {"1", "2"}


def test_a_prefix_that_was_read_before_is_not_read_again(ask):
    fixed = "You answer citizens from the sources of their town, and from nothing else. " * 40
    cached = []
    for question in ("What does a passport cost?", "Where do I register a dog?"):
        said = ask.post("/v1/chat/completions", json=body(f"{fixed}\n\n{question}", cache_salt="ab12")).json()
        cached.append(said["usage"]["prompt_tokens_details"]["cached_tokens"])

    assert cached[0] == 0
    assert cached[1] >= 128


def test_another_tenant_gets_nothing_of_that_prefix(ask):
    fixed = "The town of Neckarfurt answers its citizens kindly, shortly and with sources. " * 40
    cached = []
    for salt in ("aa", "aa", "bb"):
        said = ask.post("/v1/chat/completions", json=body(f"{fixed}\n\nWhat does it cost?", cache_salt=salt)).json()
        cached.append(said["usage"]["prompt_tokens_details"]["cached_tokens"])

    assert cached[1] > 0
    assert cached[2] == 0


def test_the_documentation_of_the_engine_is_not_served(ask):
    assert ask.get("/docs").status_code == 404


def test_on_sigterm_a_running_answer_is_finished(weights, tmp_path):
    served = Served(tmp_path, weights).wait()
    said = []

    def answer():
        import httpx

        reply = httpx.post(
            f"{served.address}/v1/chat/completions", json=body(max_tokens=400, ignore_eos=True), timeout=120
        )
        said.append(reply.json()["usage"]["completion_tokens"])

    asking = threading.Thread(target=answer)
    asking.start()
    asking.join(3)
    assert asking.is_alive()
    code = served.end(signal.SIGTERM)
    asking.join(120)

    assert (code, said) == (0, [400])


def test_an_engine_that_is_killed_is_told_and_fails(weights, tmp_path):
    served = Served(tmp_path, weights).wait()
    workers = descendants(served.engine)
    os.kill(served.engine, signal.SIGKILL)

    assert served.process.wait(60) == 1
    assert workers
    # They were killed before it ended; the kernel takes a moment to clear up behind them.
    within(10, lambda: not any(map(running, workers)))
    assert "The server of the model has ended by itself, with exit code -9." in served.said
