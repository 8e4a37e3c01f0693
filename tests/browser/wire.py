"""A line between a browser and the service that can be held and cut in the middle of an answer."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from socketserver import BaseRequestHandler, ThreadingTCPServer

_PIECE = 65_536
_PATIENCE_SECONDS = 30


class Wire(ThreadingTCPServer):
    """Passes on everything, until it is told where to stop."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, behind: int) -> None:
        super().__init__(("127.0.0.1", 0), _Line)
        self.behind = behind
        self.address = f"http://127.0.0.1:{self.server_address[1]}"
        self._mark: bytes | None = None
        self._stopped = threading.Event()
        self._free = threading.Event()
        self._held: socket.socket | None = None

    def hold_before(self, mark: str) -> None:
        """What comes next from the service stops once before the chunk with these words."""
        self._mark = mark.encode()
        self._stopped.clear()
        self._free.clear()

    def wait(self) -> None:
        """Returns when something is held."""
        assert self._stopped.wait(_PATIENCE_SECONDS), "nothing came that could be held"

    def say(self, text: str) -> None:
        """Puts a chunk of its own into what is held."""
        assert self._held
        said = text.encode()
        self._held.sendall(b"%x\r\n%b\r\n" % (len(said), said))

    def release(self) -> None:
        """Lets the rest through."""
        self._free.set()

    def cut(self) -> None:
        """Breaks the held line; the rest is lost."""
        assert self._held
        self._held.shutdown(socket.SHUT_RDWR)
        self._free.set()

    def passed(self, line: socket.socket, data: bytes) -> None:
        """Passes on what the service has said."""
        place = data.find(self._mark) if self._mark else -1
        if place >= 0:
            self._mark = None
            # Chunks stay whole: the line before holds the size.
            size = data.rfind(b"\r\n", 0, place)
            start = data.rfind(b"\r\n", 0, max(size, 0)) + 2 if data.rfind(b"\r\n", 0, max(size, 0)) >= 0 else 0
            line.sendall(data[:start])
            data = data[start:]
            self._held = line
            self._stopped.set()
            self._free.wait(_PATIENCE_SECONDS)
        line.sendall(data)


class _Line(BaseRequestHandler):
    server: Wire

    def handle(self) -> None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.server.behind)) as there:
            threading.Thread(target=self._ask, args=(there,), daemon=True).start()
            while data := there.recv(_PIECE):
                self.server.passed(self.request, data)

    def _ask(self, there: socket.socket) -> None:
        with suppress(OSError):
            while data := self.request.recv(_PIECE):
                there.sendall(data)
        with suppress(OSError):
            there.shutdown(socket.SHUT_RDWR)


@contextmanager
def wire(port: int) -> Iterator[Wire]:
    """A line to the service on that port."""
    with Wire(port) as line:
        thread = threading.Thread(target=line.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield line
        finally:
            line.release()
            line.shutdown()
            thread.join()
