"""Every way in which a server fails becomes an error of ours: provoked for real, never by changing a library."""

import asyncio
import shutil
import socket
import ssl
import subprocess
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from serving import errors
from serving.client import Client
from serving.errors import GenerationFailed, NotAsked, ServerBusy, ServerUnwell
from serving.generation import Ending, Endpoint, Message, Request, Timeouts
from tests.scripted import Cut, Finish, Leave, Pause, Raw, Script, Scripted, Status, event

CITIZEN = "Meine Tochter Wilhelmine"
QUICK = Timeouts(connect=5.0, first_token=0.5, silence=0.3)
# As servers do that quote the request, or what they were writing.
TELLTALE = f'{{"error": {{"message": "{CITIZEN} is too long", "type": "{CITIZEN}", "param": "{CITIZEN}"}}}}'

SAID: list[tuple[type[GenerationFailed], Script, str]] = [
    (errors.RequestRejected, Status(400, TELLTALE), "takes the request for wrong."),
    (errors.RequestRejected, Status(413, TELLTALE), "takes the request for too large."),
    (errors.RequestRejected, Status(422, TELLTALE), "takes the request for wrong."),
    (
        errors.RequestRejected,
        [Raw(event({"error": {"message": CITIZEN, "code": 400}}))],
        "takes the request for wrong.",
    ),
    (errors.KeyRejected, Status(401, TELLTALE), "does not accept the key of the model's server."),
    (errors.KeyRejected, Status(403, TELLTALE), "does not let this key use the model euro."),
    (errors.ModelUnknown, Status(404, TELLTALE), "serves no model named euro, or its address lacks a path such as"),
    (errors.RateLimited, Status(429, TELLTALE), "has had too many requests from us."),
    (errors.Overloaded, Status(503, TELLTALE), "takes no more requests at the moment."),
    (errors.StatusForeign, Status(500, TELLTALE), "answers with status 500, which nobody expects"),
    (errors.StatusForeign, Status(502, f"<h1>{CITIZEN}</h1>"), "answers with status 502, which nobody expects"),
    (errors.CutOff, Cut(), "closed the connection before its answer began."),
    (errors.CutOff, ["eins ", Cut()], "broke off in the middle of an answer (OpenAIConnectionError)."),
    (errors.CutOff, ["eins ", Leave()], "ended its answer without having finished it."),
    (errors.CutOff, ["eins ", Finish("abort")], "ended its answer without having finished it."),
    (errors.CutOff, ["eins ", Raw(f"data: {TELLTALE}\n\n".encode())], "broke off in the middle of an answer"),
    (errors.Garbled, ["eins ", Raw(f"data: {{{CITIZEN}\n\n".encode())], "sends what cannot be read (JSONDecodeError)."),
    (errors.Garbled, [Raw(b"data: \xff\xfe\n\n")], "sends what cannot be read (UnicodeDecodeError)."),
    (errors.Garbled, ["eins ", Raw(event(5))], "sends what cannot be read (AttributeError)."),
    (errors.Garbled, ["eins ", Raw(event({"choices": 7}))], "sends what cannot be read ("),
    (errors.Garbled, ["eins ", Raw(event({"choices": [{"delta": 7}]}))], "sends what cannot be read ("),
    (errors.Silent, [Pause(60)], "has not begun its answer within 0.5 seconds."),
    (errors.Silent, ["eins ", Pause(60)], "has fallen silent in the middle of an answer, for 0.3 seconds."),
    (errors.Empty, [], "finished its answer without a word."),
    (errors.Empty, [" ", "\n"], "finished its answer without a word."),
    (errors.Empty, Status(200, f"<html>{CITIZEN}"), "sent nothing that is part of an answer."),
]


def failed(url: str, timeouts: Timeouts = QUICK) -> GenerationFailed:
    """The error that a stream ends with; it tells nothing of what was asked or said."""

    async def ask() -> list[str | Ending]:
        client = Client(Endpoint(url, "euro", "secret"), timeouts)
        try:
            request = Request("answer-1", "pseudonym", (Message("user", CITIZEN),), 200)
            return [one async for one in client.stream(request)]
        finally:
            await client.close()

    with pytest.raises(GenerationFailed) as caught:
        asyncio.run(asyncio.wait_for(ask(), 20))
    told = "".join(traceback.format_exception(caught.value))
    assert str(caught.value).endswith(".")
    assert not any(word in told for word in (*CITIZEN.split(), "secret"))
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)
    return caught.value


@pytest.mark.parametrize(("kind", "script", "text"), SAID)
def test_what_a_server_does_wrong_has_an_error_of_its_own(
    kind: type[GenerationFailed], script: Script, text: str
) -> None:
    with Scripted(script) as server:
        error = failed(server.url)

    assert type(error) is kind
    assert f"127.0.0.1:{server.port} {text}" in str(error)


def test_a_server_that_is_killed_in_the_middle_has_cut_the_answer_off() -> None:
    with Scripted(["eins ", Pause(60)]) as server:

        async def ask() -> None:
            client = Client(Endpoint(server.url, "euro"))
            try:
                stream = client.stream(Request("answer-1", "pseudonym", (Message("user", CITIZEN),), 200))
                assert await anext(stream) == "eins "
                await asyncio.to_thread(server.kill)
                await anext(stream)
            finally:
                await client.close()

        with pytest.raises(errors.CutOff):
            asyncio.run(asyncio.wait_for(ask(), 20))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_closed_port_refuses(host: str) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        error = failed(f"http://{host}:{port}/v1")

    assert type(error) is errors.ConnectionRefused
    assert str(error) == f"Nobody listens at {host}:{port}."


def test_a_name_that_nobody_knows_is_not_resolved() -> None:
    error = failed("http://nowhere.invalid:8000/v1", Timeouts(connect=15.0))

    assert type(error) is errors.NameUnresolved
    assert str(error).startswith("The name of nowhere.invalid:8000 cannot be resolved (")


def test_a_network_without_a_way_is_unreachable() -> None:
    # No TCP connection can be made to the broadcast address, on any network.
    error = failed("http://255.255.255.255:8000/v1", Timeouts(connect=15.0))

    assert type(error) is errors.Unreachable
    assert str(error) == "255.255.255.255:8000 cannot be reached."


def test_a_server_that_speaks_no_tls_is_said_to() -> None:
    with Scripted() as server:
        error = failed(server.url.replace("http:", "https:"))

    assert type(error) is errors.TlsFailed
    assert str(error) == f"There is no secure connection to 127.0.0.1:{server.port}: WRONG_VERSION_NUMBER."


@pytest.mark.skipif(not shutil.which("openssl"), reason="needs openssl, to make a certificate")
def test_a_certificate_that_nobody_vouches_for_is_said_to_be_one(tmp_path: Path) -> None:
    both = tmp_path / "both.pem"
    wish = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=localhost"]
    subprocess.run(["openssl", "req", *wish, "-keyout", both, "-out", tmp_path / "c.pem"], check=True, stderr=-3)
    both.write_text(both.read_text() + (tmp_path / "c.pem").read_text())
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(both)

    with Scripted(tls=tls) as server:
        error = failed(server.url)
    assert type(error) is errors.TlsFailed
    assert "self-signed certificate" in str(error).replace("self signed", "self-signed")


@contextmanager
def full() -> Iterator[int]:
    """A port whose queue of connections is full: the kernel lets further ones wait."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        waiting = [socket.socket() for _ in range(4)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(listening.getsockname())
        yield listening.getsockname()[1]
        for one in waiting:
            one.close()


def test_a_server_that_takes_no_connection_is_not_waited_for() -> None:
    with full() as port:
        error = failed(f"http://127.0.0.1:{port}/v1", Timeouts(connect=0.5))

    assert type(error) is errors.ConnectionSlow
    assert str(error) == f"There was no connection to 127.0.0.1:{port} in time."


def test_every_kind_of_failure_is_provoked_here() -> None:
    elsewhere = {errors.Unreachable, errors.ConnectionRefused, errors.NameUnresolved, errors.TlsFailed}
    kinds = {kind for kind, _, _ in SAID} | elsewhere | {errors.ConnectionSlow}

    # Whoever waits for the answer may go: that is no failure of the server.
    ours = {ServerUnwell, ServerBusy, NotAsked, *_below(NotAsked), errors.Unwanted}
    assert kinds == {*_below(GenerationFailed)} - ours


def test_every_error_stands_in_the_tree_of_the_docstring() -> None:
    tree = errors.__doc__ or ""

    assert all(f"─ {kind.__name__}" in tree for kind in _below(errors.ServingError))


def _below(kind: type[Exception]) -> Iterator[type[Exception]]:
    for one in kind.__subclasses__():
        yield one
        yield from _below(one)
