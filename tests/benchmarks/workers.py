"""Processes of their own for what is measured, asked over pipes one at a time."""

import multiprocessing
import os
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

_FRESH = multiprocessing.get_context("spawn")
MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and in which language."""

    text: str
    language: str


class Searcher(ABC):
    """Something that is asked numbered questions and times itself; `_search` is each system's own."""

    questions: Sequence[Question] = ()

    def prepare(self, questions: Sequence[Question]) -> None:
        """Takes the questions that will be asked."""
        self.questions = questions

    def search(self, number: int) -> float:
        """Seconds of a whole search, the embedding with it."""
        started = time.perf_counter()
        self._search(self.questions[number])
        return time.perf_counter() - started

    def throughput(self, threads: int, seconds: float) -> float:
        """Questions a second with so many threads asking one after the other."""
        started = time.perf_counter()

        def ask(number: int) -> int:
            asked = 0
            while time.perf_counter() - started < seconds:
                self._search(self.questions[(number + asked * threads) % len(self.questions)])
                asked += 1
            return asked

        with ThreadPoolExecutor(threads) as pool:
            total = sum(pool.map(ask, range(threads)))
        return total / (time.perf_counter() - started)

    def memory(self) -> dict[str, float]:
        """Megabytes of this process: resident, its share of what it shares, and what no file could give back."""
        rows = Path("/proc/self/smaps_rollup").read_text(encoding="ascii").splitlines()[1:]
        sizes = {name: int(rest.split()[0]) / 1024 for name, rest in (row.split(":") for row in rows)}
        return {"resident_mb": sizes["Rss"], "share_mb": sizes["Pss"], "anonymous_mb": sizes["Anonymous"]}

    @abstractmethod
    def _search(self, question: Question) -> object: ...


class Prepared(Searcher):
    """A searcher that can also search with a vector it has already; `_given` is each system's own."""

    def given(self, number: int) -> float:
        """Seconds of a search whose vector is there already."""
        started = time.perf_counter()
        self._given(number)
        return time.perf_counter() - started

    @abstractmethod
    def _given(self, number: int) -> object: ...


class Worker:
    """An object in a process of its own; its methods are called by name."""

    def __init__(self, kind: Callable[..., object], *arguments: object) -> None:
        self._pipe, theirs = _FRESH.Pipe()
        self._process = _FRESH.Process(target=_serve, args=(theirs, kind, arguments), daemon=True)
        self._process.start()
        theirs.close()
        self._pipe.recv()

    def ask(self, method: str, *arguments: object) -> Any:
        """What the method gives; EOFError when the process died, whose own traceback stands on standard error."""
        self._pipe.send((method, arguments))
        return self._pipe.recv()

    def stop(self) -> None:
        """Ends the process."""
        self._pipe.close()
        self._process.join(10)
        self._process.kill()


def _serve(pipe: Connection, kind: Callable[..., object], arguments: tuple[object, ...]) -> None:
    served = kind(*arguments)
    pipe.send(None)
    while True:
        try:
            method, given = pipe.recv()
        except EOFError:
            return
        pipe.send(getattr(served, method)(*given))


def alone(function: Callable[..., dict[str, Any]], *arguments: object) -> dict[str, Any]:
    """What the function gives in a fresh process, with the most memory it held."""
    worker = Worker(_Once, function)
    try:
        result: dict[str, Any] = worker.ask("run", *arguments)
    finally:
        worker.stop()
    return result


class _Once:
    def __init__(self, function: Callable[..., dict[str, Any]]) -> None:
        self._function = function

    def run(self, *arguments: object) -> dict[str, Any]:
        return self._function(*arguments) | {"build_peak_mb": most_memory()}


def most_memory() -> float:
    """The most megabytes that were resident in this process; unlike `ru_maxrss` without those of its parent."""
    rows = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return int(next(row for row in rows if row.startswith("VmHWM")).split()[1]) / 1024


def size_of(folder: Path) -> float:
    """Megabytes of all files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / MEGABYTE


def quantile(seconds: Sequence[float], share: float) -> float:
    """The value below which that share lies."""
    return sorted(seconds)[min(len(seconds) - 1, int(len(seconds) * share))]


def one_thread() -> None:
    """Keeps OpenMP to one thread here and in every process started from here; before anything loads it."""
    os.environ["OMP_NUM_THREADS"] = "1"
