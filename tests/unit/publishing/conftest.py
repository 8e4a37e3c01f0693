"""Fixtures of publishing."""

import pytest

from assistant.publishing import shelf


@pytest.fixture
def watchful(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets the shelf look for a new revision at every call."""
    monkeypatch.setattr(shelf, "_FRESH_SECONDS", 0.0)
