"""Stops asking a server that fails, and tries again after a pause."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum

from serving.errors import CircuitOpen, ServerUnwell


class State(StrEnum):
    """Closed: ask. Open: do not. Half open: one may try."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


class Breaker:
    """Opens after so many failures in a row, for `pause` seconds; for one event loop.

    `clock` gives seconds that only grow.
    """

    def __init__(self, failures: int = 5, pause: float = 15.0, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = failures
        self._pause = pause
        self._clock = clock
        self._failures = 0
        self._opened: float | None = None
        self._trying = False
        self._era = 0

    @property
    def state(self) -> State:
        """How it stands at this moment."""
        if self._opened is None:
            return State.CLOSED
        return State.HALF_OPEN if self._clock() >= self._opened + self._pause else State.OPEN

    @contextmanager
    def watch(self) -> Iterator[None]:
        """Counts how the block ends: ServerUnwell is a failure, a plain end a success, anything else is neither.

        Raises CircuitOpen where the block must not be entered.
        """
        trial = self.state is State.HALF_OPEN
        if self.state is State.OPEN or self._trying:
            raise CircuitOpen(f"The model's server has failed {self._failures} times in a row and has a pause.")
        self._trying = trial
        era = self._era
        try:
            yield
        except ServerUnwell:
            self._failed(era)
            raise
        else:
            self._succeeded(era)
        finally:
            if trial:
                self._trying = False

    def _failed(self, era: int) -> None:
        # What began before the last change says nothing about how the server is now.
        if era != self._era:
            return
        self._failures += 1
        if self._opened is not None or self._failures >= self._most:
            self._opened = self._clock()
            self._era += 1

    def _succeeded(self, era: int) -> None:
        if era != self._era:
            return
        self._failures = 0
        if self._opened is not None:
            self._opened = None
            self._era += 1
