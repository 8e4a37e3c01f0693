"""A page in two states, for the tests of what is served of it."""

from retrieval.snapshot import Snapshot
from tests.fakes import document_of, page

PASS = page("pass", "Er kostet 70 Euro.", "Reisepass")
DEARER = page("pass", "Er kostet 80 Euro.", "Reisepass")


def said(found: Snapshot | None) -> str | None:
    """What a snapshot has of the page."""
    document = document_of(found, "pass") if found else None
    return document.body if document else None
