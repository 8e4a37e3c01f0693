"""`amtslotse serve` and `amtslotse demo`: the service itself."""

import socket
import sys
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from multiprocessing import get_context
from typing import Annotated

import typer

from assistant.cli.output import progress, said
from assistant.errors import AssistantError, PortTaken
from assistant.settings import Settings
from assistant.wiring import Wiring

if sys.platform != "win32":
    import resource

Host = Annotated[str, typer.Option(help="The address to listen on.")]
Port = Annotated[int, typer.Option(min=0, max=65535, help="The port to listen on.")]


def demo(host: Host = "127.0.0.1", port: Port = 8080) -> None:
    """Index the sample corpora once and serve them."""
    _refuse_taken(host, port)
    wiring = Wiring(Settings())
    with progress() as told:
        wiring.demonstration.ready(told)
    said.print(f"Amtslotse answers for the sample town: http://{host}:{port}/", markup=False)
    _serve(wiring, host, port, 1)


def serve(
    host: Host = "127.0.0.1",
    port: Port = 8080,
    workers: Annotated[int, typer.Option(min=1, help="Processes; each needs memory of its own.")] = 1,
) -> None:
    """Serve the municipalities that were added."""
    _refuse_taken(host, port)
    wiring = Wiring(Settings())
    # What cannot work is said before anything listens.
    if workers == 1:
        _try(wiring)
    else:
        _try_elsewhere(wiring)
    said.print(f"Amtslotse listens on http://{host}:{port}/", markup=False)
    _serve(wiring, host, port, workers)


def _try(wiring: Wiring) -> None:
    _ = wiring.engine, wiring.retriever


def _try_elsewhere(wiring: Wiring) -> None:
    """In a process that ends, since this one answers nothing and would keep models that only the others need."""
    with ProcessPoolExecutor(1, get_context("spawn")) as other:
        try:
            other.submit(_try, wiring).result()
        except BrokenProcessPool as error:
            raise AssistantError("The process that loads the models was killed. Is there enough memory?") from error


def _serve(wiring: Wiring, host: str, port: int, workers: int) -> None:
    import uvicorn

    from assistant.app import application

    _raise_limit()
    uvicorn.run(
        # Other processes build their own; this one need not load its models twice.
        application(wiring) if workers == 1 else "assistant.app:create",
        factory=workers > 1,
        host=host,
        port=port,
        workers=workers,
        # Addresses of visitors are personal data: nothing of a request is logged.
        access_log=False,
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=30,
    )


def _raise_limit() -> None:
    """Allows this process, and those it starts, as many file descriptors as it may have."""
    if sys.platform != "win32":
        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        # Some systems allow fewer than they say.
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _refuse_taken(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortTaken(
                f"{host}:{port} cannot be listened on: {error.strerror}. Choose another with --port."
            ) from error
