"""Asks a model on vLLM straight and through our service, with the same prompts, and prints one table.

    python -m tests.benchmarks.generating --model-url http://127.0.0.1:8000/v1 --model NAME
        [--chats 1 4 16] [--questions 2] [--asked 100] [--data-dir DIR] [--json]

First the service stands before a server in this process that answers at once: when a question reaches it says what we
add before the model's first token, and what it is sent are the prompts for all that follows. Then both ways take turns
at vLLM, whose own counters say what it has written. The questions are golden ones without a conversation that get as
far as the model; where there are fewer of them than are needed, some are asked again.
"""

import argparse
import asyncio
import json
import re
import secrets
import shutil
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import httpx

from assistant.answering.numbered import Cutter
from assistant.answering.prompt import MOST_SOURCES
from assistant.settings import Settings
from assistant.wiring import Wiring
from tests.benchmarks.without_model import PATIENCE, Case, asking, checked, recorded, service, wait
from tests.benchmarks.workers import quantile

# Half of the questions are asked straight first and half through the service first: noise and warmth hit both.
_ROUNDS = 2
# Questions of a conversation, and how many of them, for what the cache of prompts is good for.
_TURNS = 3
_TALKS = 12
_ROWS = {
    "token_p50_s": "first token, p50 s",
    "token_p95_s": "first token, p95 s",
    "sentence_p50_s": "first sentence, p50 s",
    "sentence_p95_s": "first sentence, p95 s",
    "whole_p50_s": "whole answer, p50 s",
    "whole_p95_s": "whole answer, p95 s",
    "answers": "answers",
    # Fewer where the service had to do without the model, more where others asked it too: both spoil the figures.
    "finished": "requests that vLLM finished meanwhile",
    "worded": "of them begun in the model's words",
    "tokens": "generated tokens",
    "answers_s": "answers a second",
    "tokens_s": "generated tokens a second",
    "share": "tokens a second, of vLLM's own",
}


@dataclass(frozen=True, slots=True)
class Timed:
    """Seconds to the first sentence and to the end, and to the first token where it is seen; who worded the sentence.

    Straight it is any sentence with a source, through the service one that is verified, or quoted where none is.
    """

    sentence: float
    whole: float
    token: float | None = None
    worded: bool = True


@dataclass(slots=True)
class Measured:
    """What came of one way with some number of chats."""

    timed: list[Timed] = field(default_factory=list)
    wall: float = 0.0
    tokens: float = 0.0
    finished: float = 0.0

    def told(self) -> dict[str, float]:
        """The figures of the table."""
        seconds = {
            "token": [one.token for one in self.timed if one.token is not None],
            "sentence": [one.sentence for one in self.timed],
            "whole": [one.whole for one in self.timed],
        }
        return {
            f"{name}_p{share}_s": quantile(values, share / 100)
            for name, values in seconds.items()
            for share in (50, 95)
            if values
        } | {
            "answers": len(self.timed),
            "worded": sum(one.worded for one in self.timed),
            "finished": self.finished,
            "tokens": self.tokens,
            "answers_s": len(self.timed) / self.wall,
            "tokens_s": self.tokens / self.wall,
        }


class Vllm:
    """The server that is measured."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")

    def counter(self, name: str) -> float:
        """The sum of a counter over all its labels."""
        metrics = httpx.get(f"{self.url.removesuffix('/v1')}/metrics", timeout=PATIENCE).text
        return sum(float(value) for value in re.findall(rf"(?m)^vllm:{name}_total(?:{{.*}})? (\S+)$", metrics))

    def written(self) -> tuple[float, float]:
        """How many requests it has finished, and the tokens it has generated."""
        return self.counter("request_success"), self.counter("generation_tokens")

    async def ask(self, client: httpx.AsyncClient, body: Mapping[str, Any]) -> Timed:
        """Reads an answer to its end."""
        began, token, sentence, cutter = time.perf_counter(), None, None, Cutter()
        async with client.stream("POST", f"{self.url}/chat/completions", json=body) as reply:
            reply.raise_for_status()
            async for line in reply.aiter_lines():
                # What comes behind is read and not looked at.
                if sentence is None and line.startswith("data: {") and (text := _text(json.loads(line[6:]))):
                    token = token or time.perf_counter() - began
                    if any(cutter.add(text)):
                        sentence = time.perf_counter() - began
        whole = time.perf_counter() - began
        return Timed(sentence or whole, whole, token)

    def cached(self, talks: Sequence[Sequence[Case]], *, fixed_first: bool) -> float:
        """The share of the prompts that was in the cache, of conversations held one after the other in one town."""
        salt = secrets.token_hex(32)
        hits, queries = self.counter("prefix_cache_hits"), self.counter("prefix_cache_queries")
        for talk in talks:
            for turn in range(len(talk)):
                body = {"model": talk[0].body["model"], "messages": _messages(talk[: turn + 1], fixed_first)}
                body |= {"max_tokens": 1, "cache_salt": salt}
                httpx.post(f"{self.url}/chat/completions", json=body, timeout=PATIENCE).raise_for_status()
        return (self.counter("prefix_cache_hits") - hits) / (self.counter("prefix_cache_queries") - queries)


def _text(chunk: Mapping[str, Any]) -> str:
    return "".join(choice["delta"].get("content") or "" for choice in chunk["choices"])


def _messages(talk: Sequence[Case], fixed_first: bool) -> list[dict[str, str]]:
    """The prompt for the last question of a conversation as we order it, or with its two ends exchanged."""
    said = [pair for one in talk[:-1] for pair in (("user", one.question), ("assistant", one.answer[:600]))]
    fixed, asked = (message["content"] for message in talk[-1].body["messages"])
    begin, end = (fixed, asked) if fixed_first else (asked, fixed)
    return [{"role": role, "content": text} for role, text in (("system", begin), *said, ("user", end))]


def _talks(cases: Sequence[Case]) -> list[list[Case]]:
    """Conversations of some questions in one language each."""
    found = []
    for language in sorted({case.language for case in cases}):
        own = [case for case in cases if case.language == language]
        found += [own[start : start + _TURNS] for start in range(0, len(own) - _TURNS + 1, _TURNS)]
    return found[:: max(1, len(found) // _TALKS)][:_TALKS]


async def _through(client: httpx.AsyncClient, address: str, question: str) -> Timed:
    """Reads an answer of the service to its end."""
    began, sentence, worded, event = time.perf_counter(), None, False, ""
    async with client.stream("POST", address, **asking(question)) as reply:
        reply.raise_for_status()
        async for line in reply.aiter_lines():
            event = line[7:] if line.startswith("event: ") else event
            if sentence is None and event == "sentence" and line.startswith("data: "):
                sentence = time.perf_counter() - began
                worded = not json.loads(line[6:])["quoted"]
    whole = time.perf_counter() - began
    return Timed(sentence or whole, whole, worded=worded)


Way = Callable[[httpx.AsyncClient, Case], Awaitable[Timed]]


async def _round(way: Way, cases: Sequence[Case], chats: int) -> list[Timed]:
    """Asks everything in order, so much at a time."""
    waiting = iter(cases)
    async with httpx.AsyncClient(timeout=PATIENCE, limits=httpx.Limits(max_connections=chats)) as client:

        async def chat() -> list[Timed]:
            return [await way(client, case) for case in waiting]

        return [one for told in await asyncio.gather(*(chat() for _ in range(chats))) for one in told]


def _beside(vllm: Vllm, town: Path, cases: Sequence[Case], chats: int, questions: int) -> dict[str, dict[str, float]]:
    """Both ways with so many chats, each of which asks so many questions one after the other.

    Both ask the same in the same order, each under a salt of its own that vLLM has not seen: what one has had
    calculated is of no use to the other, and each finds in the cache what it has put there itself.
    """
    salt = {"cache_salt": secrets.token_hex(32)}
    warm, *asked = islice(cycle(cases), chats * questions + 1)
    measured = {"straight": Measured(), "service": Measured()}
    finished = vllm.counter("request_success")
    with service(town, vllm.url, warm.body["model"], chats) as address:
        # Every grammar is sent once when the service starts.
        wait(lambda: vllm.counter("request_success") >= finished + MOST_SOURCES)
        ways: dict[str, Way] = {
            "straight": lambda client, case: vllm.ask(client, case.body | salt),
            "service": lambda client, case: _through(client, address, case.question),
        }
        # Each has the fixed part of the prompt read before it is measured.
        for way in ways.values():
            asyncio.run(_round(way, [warm], 1))
        for turn in range(_ROUNDS):
            for name in list(ways)[:: 1 - 2 * (turn % 2)]:
                one, before, began = measured[name], vllm.written(), time.perf_counter()
                one.timed += asyncio.run(_round(ways[name], asked[turn::_ROUNDS], chats))
                one.wall += time.perf_counter() - began
                one.finished += vllm.written()[0] - before[0]
                one.tokens += vllm.written()[1] - before[1]
                sys.stderr.write(f"{chats} chats, {name}: {len(one.timed)} answers\n")
    told = {name: one.told() for name, one in measured.items()}
    told["service"]["share"] = told["service"]["tokens_s"] / told["straight"]["tokens_s"]
    return told


def _table(told: Mapping[str, Any]) -> str:
    columns = [(chats, name) for chats, ways in told["chats"].items() for name in ways]
    lines = ["| chats | " + " | ".join(str(chats) for chats, _ in columns) + " |", "|---|" + "---|" * len(columns)]
    lines.append("| way | " + " | ".join(name for _, name in columns) + " |")
    for key, label in _ROWS.items():
        cells = [told["chats"][chats][name].get(key) for chats, name in columns]
        lines.append(f"| {label} | " + " | ".join("" if cell is None else f"{cell:.4g}" for cell in cells) + " |")
    lines += ["", "| | p50 ms | p95 ms |", "|---|---|---|"]
    for key, label in {
        "added": "added before the model is asked",
        "words": "checking a sentence by words",
        "meaning": "checking a sentence with the embedder",
        "answer": "checking an answer of five sentences",
    }.items():
        lines.append(f"| {label} | {told[f'{key}_p50_ms']:.3g} | {told[f'{key}_p95_ms']:.3g} |")
    ours, last = told["cached"], told["cached_fixed_last"]
    return "\n".join([*lines, "", f"found in the cache: {ours:.1%} in our order, {last:.1%} with the fixed part last"])


def main() -> None:
    """Measures everything and prints the table."""
    asked = _arguments()
    vllm = Vllm(asked.model_url)
    with tempfile.TemporaryDirectory() as folder:
        town = Path(folder) / "data"
        if asked.data_dir:
            shutil.copytree(asked.data_dir, town)
        wiring = Wiring(Settings(data_dir=town, model_url=""))
        wiring.demonstration.ready()
        told: dict[str, Any] = checked(wiring, asked.asked)
        wiring.engine.dispose()
        cases = recorded(town, asked.model, asked.asked)
        added = [case.seconds * 1000 for case in cases]
        told |= {"questions": len(cases), "added_p50_ms": quantile(added, 0.5), "added_p95_ms": quantile(added, 0.95)}
        told["cached"] = vllm.cached(_talks(cases), fixed_first=True)
        told["cached_fixed_last"] = vllm.cached(_talks(cases), fixed_first=False)
        told["chats"] = {chats: _beside(vllm, town, cases, chats, asked.questions) for chats in asked.chats}
    sys.stdout.write((json.dumps(told) if asked.json else _table(told)) + "\n")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model-url", required=True, help="vLLM's address up to and including /v1")
    parser.add_argument("--model", required=True, help="the name of the model there")
    parser.add_argument("--chats", type=int, nargs="*", default=[1, 4, 16], help="how many ask at the same time")
    parser.add_argument("--questions", type=int, default=2, help="asked by each chat, both ways")
    parser.add_argument("--asked", type=int, default=100, help="questions for what needs no vLLM, and to choose from")
    parser.add_argument("--data-dir", type=Path, help="with the sample town, which is copied; a new one without it")
    parser.add_argument("--json", action="store_true", help="one line of JSON instead of the table")
    return parser.parse_args()


if __name__ == "__main__":
    main()
