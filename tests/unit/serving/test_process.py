"""Servers that start, fail, hang and drain, as real processes."""

import os
import signal
import socket
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest

from serving.errors import ModelFailed
from serving.process import run

SERVER = """
    import signal, threading, time
    from http.server import BaseHTTPRequestHandler, HTTPServer

    class Healthy(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200 if time.monotonic() - begun > {loads} else 503)
            self.end_headers()

        def log_message(self, *_):
            pass

    def stop(*_):
        open({told!r}, "w").close()
        if {obeys}:
            threading.Thread(target=server.shutdown).start()

    begun = time.monotonic()
    signal.signal(signal.SIGTERM, stop)
    server = HTTPServer(("127.0.0.1", {port}), Healthy)
    server.serve_forever()
"""


class Server:
    """A program that behaves like a model's server; `told` is there once it was asked to end."""

    def __init__(self, folder: Path, *, loads: float = 0.0, obeys: bool = True) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.told = folder / "told"
        self.health = f"http://127.0.0.1:{port}/health"
        self.waited: list[float] = []
        self.ready = 0
        program = folder / "server.py"
        program.write_text(textwrap.dedent(SERVER).format(loads=loads, obeys=obeys, port=port, told=str(self.told)))
        self.command = [sys.executable, str(program)]

    def run(self, *, stop: int | None = signal.SIGTERM, drain: float = 20.0) -> None:
        """Runs it, and sends the signal to ourselves as soon as it is ready."""

        def ready() -> None:
            self.ready += 1
            if stop:
                threading.Timer(0.1, os.kill, (os.getpid(), stop)).start()

        run(self.command, {}, self.health, self.waited.append, ready, drain=drain)


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_drains_the_server_and_ends_well(tmp_path: Path, stop: int) -> None:
    server = Server(tmp_path)
    before = signal.getsignal(stop)
    server.run(stop=stop)

    assert (server.ready, server.told.exists()) == (1, True)
    assert signal.getsignal(stop) == before


def test_while_it_loads_the_seconds_are_told(tmp_path: Path) -> None:
    server = Server(tmp_path, loads=2.0)
    server.run()

    assert server.ready == 1
    assert len(server.waited) >= 2
    assert server.waited == sorted(server.waited)


def test_a_server_that_does_not_end_is_killed(tmp_path: Path) -> None:
    server = Server(tmp_path, obeys=False)
    begun = time.monotonic()
    server.run(drain=0.5)

    assert server.told.exists()
    assert time.monotonic() - begun < 20


def test_a_signal_while_it_loads_ends_it_before_it_is_ready(tmp_path: Path) -> None:
    server = Server(tmp_path, loads=3_600)
    threading.Timer(2.0, os.kill, (os.getpid(), signal.SIGTERM)).start()
    server.run()

    assert (server.ready, server.told.exists()) == (0, True)


@pytest.mark.parametrize("code", [0, 3])
def test_a_server_that_ends_by_itself_has_failed(tmp_path: Path, code: int) -> None:
    server = Server(tmp_path)
    server.command = [sys.executable, "-c", f"raise SystemExit({code})"]

    with pytest.raises(ModelFailed, match=rf"has ended by itself, with exit code {code}\.$"):
        server.run()
    assert server.ready == 0


def test_a_program_that_is_not_there_has_failed(tmp_path: Path) -> None:
    server = Server(tmp_path)
    server.command = [str(tmp_path / "python")]

    with pytest.raises(ModelFailed, match=r"python cannot be started: No such file or directory\.$"):
        server.run()
