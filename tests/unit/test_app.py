"""What the application does by itself, again and again."""

import asyncio
from types import SimpleNamespace

import pytest

from assistant.app import _sweep


class _Round(Exception):
    """One round is done."""


def test_what_nobody_asks_for_is_closed_and_what_has_expired_is_deleted() -> None:
    done: list[str] = []

    def last() -> None:
        raise _Round

    shelf = SimpleNamespace(drop_unused=lambda: done.append("closed"))
    talks, events = (SimpleNamespace(expire=lambda what=what: done.append(what)) for what in ("talks", "events"))
    with pytest.raises(_Round):
        asyncio.run(_sweep(shelf, talks, events, SimpleNamespace(expire=last)))

    assert done == ["closed", "talks", "events"]
