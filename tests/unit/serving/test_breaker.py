"""A breaker that opens after failures in a row and lets one try after a pause."""

import asyncio
from contextlib import AbstractContextManager, suppress

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, rule

from serving.breaker import Breaker, State
from serving.client import Client
from serving.errors import (
    CircuitOpen,
    ConnectionRefused,
    GenerationFailed,
    NoPlace,
    Overloaded,
    RequestRejected,
    ServerUnwell,
    Silent,
)
from serving.generation import Endpoint, Message, Request
from tests.scripted import Scripted


class Clock:
    """Seconds that the test lets pass."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def use(breaker: Breaker, error: BaseException | None = None) -> None:
    """One use that ends so."""
    with suppress(GenerationFailed, asyncio.CancelledError, GeneratorExit), breaker.watch():
        if error:
            raise error


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> Breaker:
    return Breaker(failures=3, pause=10.0, clock=clock)


def opened(breaker: Breaker) -> Breaker:
    for _ in range(3):
        use(breaker, ConnectionRefused())
    return breaker


def test_it_opens_after_failures_in_a_row(breaker: Breaker) -> None:
    for error in (ConnectionRefused(), Silent(), None, ConnectionRefused(), Silent()):
        use(breaker, error)
    assert breaker.state is State.CLOSED

    use(breaker, ConnectionRefused())
    assert breaker.state is State.OPEN
    with pytest.raises(CircuitOpen, match="has failed 3 times in a row and has a pause"), breaker.watch():
        pass


def test_the_error_itself_reaches_the_caller(breaker: Breaker) -> None:
    with pytest.raises(Silent), breaker.watch():
        raise Silent


@pytest.mark.parametrize(
    "error", [RequestRejected(), Overloaded(), NoPlace(), asyncio.CancelledError(), GeneratorExit()]
)
def test_what_is_not_the_servers_fault_counts_neither_way(breaker: Breaker, error: BaseException) -> None:
    use(breaker, ConnectionRefused())
    use(breaker, ConnectionRefused())
    for _ in range(5):
        use(breaker, error)
    assert breaker.state is State.CLOSED

    use(breaker, ConnectionRefused())
    assert breaker.state is State.OPEN


def test_after_a_pause_one_may_try_and_closes_it(breaker: Breaker, clock: Clock) -> None:
    opened(breaker)
    clock.now += 10.0
    assert breaker.state is State.HALF_OPEN

    with breaker.watch(), pytest.raises(CircuitOpen), breaker.watch():
        pass
    assert breaker.state is State.CLOSED
    use(breaker, ConnectionRefused())
    assert breaker.state is State.CLOSED


def test_a_try_that_fails_is_another_pause(breaker: Breaker, clock: Clock) -> None:
    opened(breaker)
    clock.now += 10.0
    use(breaker, ConnectionRefused())
    assert breaker.state is State.OPEN

    clock.now += 9.9
    assert breaker.state is State.OPEN
    clock.now += 0.1
    assert breaker.state is State.HALF_OPEN


def test_a_try_that_the_citizen_gave_up_leaves_it_to_the_next(breaker: Breaker, clock: Clock) -> None:
    opened(breaker)
    clock.now += 10.0
    use(breaker, asyncio.CancelledError())
    assert breaker.state is State.HALF_OPEN

    use(breaker)
    assert breaker.state is State.CLOSED


@pytest.mark.parametrize("error", [None, ConnectionRefused()])
def test_what_began_before_it_opened_changes_nothing(
    breaker: Breaker, clock: Clock, error: ConnectionRefused | None
) -> None:
    with suppress(ConnectionRefused), breaker.watch():
        opened(breaker)
        clock.now += 9.0
        if error:
            raise error
    assert breaker.state is State.OPEN
    clock.now += 1.0
    assert breaker.state is State.HALF_OPEN


def test_it_follows_a_server_that_dies_and_comes_back(clock: Clock) -> None:
    breaker = Breaker(failures=2, pause=10.0, clock=clock)
    request = Request("answer-1", "pseudonym", (Message("user", "Was kostet ein Ausweis?"),), 200)

    async def ask(url: str, times: int) -> list[str]:
        ends = []
        client = Client(Endpoint(url, "euro"))
        for _ in range(times):
            try:
                with breaker.watch():
                    async for _ in client.stream(request):
                        pass
                ends.append("answered")
            except GenerationFailed as error:
                ends.append(type(error).__name__)
        await client.close()
        return ends

    with Scripted() as server:
        assert asyncio.run(ask(server.url, 1)) == ["answered"]
    assert asyncio.run(ask(server.url, 4)) == ["ConnectionRefused", "ConnectionRefused", "CircuitOpen", "CircuitOpen"]
    with Scripted(port=server.port) as server:
        assert asyncio.run(ask(server.url, 1)) == ["CircuitOpen"]
        clock.now += 10.0
        assert asyncio.run(ask(server.url, 2)) == ["answered", "answered"]
        assert len(server.asked) == 2


class Uses(RuleBasedStateMachine):
    """Uses that begin and end in any order, against what the docstrings promise."""

    running: Bundle[tuple[AbstractContextManager[None], bool]] = Bundle("running")

    @initialize(most=st.integers(1, 4))
    def begin(self, most: int) -> None:
        self.clock = Clock()
        self.most = most
        self.breaker = Breaker(failures=most, pause=10.0, clock=self.clock)
        self.trials = 0

    @rule(target=running)
    def enter(self) -> object:
        before = self.breaker.state
        use = self.breaker.watch()
        try:
            use.__enter__()
        except CircuitOpen:
            assert before is State.OPEN or (before is State.HALF_OPEN and self.trials == 1)
            return (None, False)
        assert before is not State.OPEN
        self.trials += before is State.HALF_OPEN
        return (use, before is State.HALF_OPEN)

    @rule(one=consumes(running), error=st.sampled_from([None, ServerUnwell(), RequestRejected()]))
    def leave(self, one: tuple[AbstractContextManager[None] | None, bool], error: Exception | None) -> None:
        use, trial = one
        if use is None:
            return
        before = self.breaker.state
        assert not use.__exit__(type(error) if error else None, error, None)
        if trial:
            self.trials -= 1
            after = {None: State.CLOSED, ServerUnwell: State.OPEN, RequestRejected: State.HALF_OPEN}
            assert self.breaker.state is after[type(error) if error else None]
        elif before is not State.CLOSED:
            assert self.breaker.state is before
        elif not isinstance(error, ServerUnwell):
            assert self.breaker.state is State.CLOSED

    @rule(seconds=st.sampled_from([1.0, 9.0, 10.0]))
    def wait(self, seconds: float) -> None:
        before = self.breaker.state
        self.clock.now += seconds
        if before is State.CLOSED:
            assert self.breaker.state is before

    @invariant()
    def one_tries(self) -> None:
        assert getattr(self, "trials", 0) <= 1


TestUses = Uses.TestCase
TestUses.settings = settings(max_examples=60, stateful_step_count=40, deadline=None, derandomize=True)
