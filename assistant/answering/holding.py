"""Keeps back what grants something until its conditions are said: a sentence that was sent cannot be unsaid."""

from collections.abc import Iterator
from dataclasses import dataclass

from assistant.answering.conditions import Condition, attached, states
from assistant.domain.draft import Cited


@dataclass(frozen=True, slots=True)
class _Held:
    cited: Cited
    lacks: tuple[Condition, ...]


class Holding:
    """Lets proven sentences pass in their order; one answer has one of its own."""

    def __init__(self) -> None:
        self._held: list[_Held] = []
        self._said: list[Cited] = []

    def add(self, cited: Cited) -> Iterator[Cited]:
        """The sentences that may be released now: none while one of them waits for its condition."""
        self._said.append(cited)
        self._held = [_Held(one.cited, _unsaid(one.lacks, [cited])) for one in self._held]
        lacks = () if cited.quoted else _unsaid(attached(cited), self._said[:-1])
        self._held.append(_Held(cited, lacks))
        if not any(one.lacks for one in self._held):
            yield from self._released()

    def end(self) -> Iterator[Cited]:
        """What is still held, each with the conditions that nobody has said, in the words of the page."""
        yield from self._released()

    def _released(self) -> Iterator[Cited]:
        held, self._held = self._held, []
        quoted: set[str] = set()
        for one in held:
            yield one.cited
            for condition in one.lacks:
                if condition.text not in quoted:
                    quoted.add(condition.text)
                    yield condition.quoted


def _unsaid(conditions: tuple[Condition, ...], said: list[Cited]) -> tuple[Condition, ...]:
    return tuple(one for one in conditions if not any(states(sentence, one) for sentence in said))
