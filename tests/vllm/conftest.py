"""A real vLLM with a real if tiny model, started by our own command; `make test-vllm` says where it is installed."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

PYTHON = os.environ.get("AMTSLOTSE_TEST_VLLM", "")
NAME = "smollm2"
_START_SECONDS = 300


class Served:
    """`amtslotse model serve` and the address at which vLLM answers."""

    def __init__(self, folder: Path, weights: Path, port: int = 0) -> None:
        with socket.socket() as free:
            # Connections of the one before may still be waiting for their end.
            free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            free.bind(("127.0.0.1", port))
            self.port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self.log = folder / "vllm.log"
        command = [sys.executable, "-c", "from assistant.cli.main import main; main()", "model", "serve", NAME, "--cpu"]
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [*command, "--weights", str(weights), "--python", PYTHON, "--port", str(self.port)],
                stdout=log, stderr=log,
            )  # fmt: skip

    @property
    def said(self) -> str:
        """All that was printed."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def wait(self) -> "Served":
        """Returns once it says that it answers."""
        deadline = time.monotonic() + _START_SECONDS
        while f"{NAME} answers at {self.address}/v1" not in self.said:
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"vLLM did not start:\n{self.said[-4000:]}")
            time.sleep(0.5)
        return self

    @property
    def engine(self) -> int:
        """The process id of vLLM itself."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return int(children[0])

    def end(self, number: int = signal.SIGTERM) -> int:
        """Sends the signal; the exit code of our command."""
        self.process.send_signal(number)
        return self.process.wait(120)


@pytest.fixture(scope="session")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """SmolLM2 as a directory."""
    if not PYTHON:
        pytest.skip("vLLM is not installed; `make test-vllm` installs it and runs this")
    folder = tmp_path_factory.mktemp("smollm2")
    subprocess.run([PYTHON, str(Path(__file__).with_name("smollm2.py")), str(folder)], check=True)
    return folder


@pytest.fixture(scope="session")
def vllm(weights: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A vLLM that all tests share which do it no harm."""
    served = Served(tmp_path_factory.mktemp("vllm"), weights).wait()
    yield served
    served.end()


@pytest.fixture
def ask(vllm: Served) -> Iterator[httpx.Client]:
    """A client of the OpenAI-compatible API."""
    with httpx.Client(base_url=vllm.address, timeout=120) as client:
        yield client


def within(seconds, condition):
    """Waits for something to become true, and fails where it does not in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.2)
