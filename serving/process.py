"""Runs a model's server until it is told to stop, and says when it can answer."""

import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from types import FrameType

from serving.errors import ModelFailed

Waiting = Callable[[float], None]
"""Told for how many seconds the server has been loading."""

_ASK_SECONDS = 1.0
# Longer than the server gives running answers to end.
_DRAIN_SECONDS = 75.0


def run(
    command: Sequence[str], environment: Mapping[str, str], health: str, waiting: Waiting, ready: Callable[[], None],
    *, drain: float = _DRAIN_SECONDS,
) -> None:  # fmt: skip
    """Starts the server, calls `ready` once it is healthy, and returns when a signal has ended it.

    SIGTERM and SIGINT are passed on, and running answers have `drain` seconds to end. Raises ModelFailed where the
    server cannot be started or ends by itself.
    """
    server = _started(command, environment)
    with _passing_on(server) as stopped:
        begun = time.monotonic()
        while server.poll() is None and not stopped():
            if _healthy(health):
                ready()
                break
            waiting(time.monotonic() - begun)
            time.sleep(_ASK_SECONDS)
        _ended(server, stopped, drain)
    if not stopped():
        raise ModelFailed(f"The server of the model has ended by itself, with exit code {server.returncode}.")


def _started(command: Sequence[str], environment: Mapping[str, str]) -> "subprocess.Popen[bytes]":
    try:
        # A group of its own: Ctrl+C must not reach it before we pass it on.
        return subprocess.Popen(command, env={**os.environ, **environment}, start_new_session=True)  # noqa: S603 - argv of our own, no shell
    except OSError as error:
        raise ModelFailed(f"{command[0]} cannot be started: {error.strerror}.") from error


def _healthy(health: str) -> bool:
    try:
        with urllib.request.urlopen(health, timeout=_ASK_SECONDS) as response:  # noqa: S310 - an address of our own
            return bool(response.status == 200)
    except (urllib.error.URLError, TimeoutError, ConnectionError):
        return False


def _ended(server: "subprocess.Popen[bytes]", stopped: Callable[[], bool], drain: float) -> None:
    while not stopped() and server.poll() is None:
        time.sleep(0.1)
    try:
        server.wait(drain)
    except subprocess.TimeoutExpired:
        _kill(server)


def _kill(server: "subprocess.Popen[bytes]") -> None:
    # Its workers are processes of the same group.
    with suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGKILL)
    server.wait()


@contextmanager
def _passing_on(server: "subprocess.Popen[bytes]") -> Iterator[Callable[[], bool]]:
    """Passes signals on to the server; gives a function that says whether one came."""
    came = False

    def pass_on(_number: int, _frame: FrameType | None) -> None:
        nonlocal came
        came = True
        if server.poll() is None:
            server.send_signal(signal.SIGTERM)

    before = {number: signal.signal(number, pass_on) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield lambda: came
    finally:
        # Whatever ended it, its workers must not keep the memory.
        _kill(server)
        for number, handler in before.items():
            signal.signal(number, handler)
