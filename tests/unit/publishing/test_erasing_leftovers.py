"""Erasing is done only when nothing is left on the disk, whoever else is publishing."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace

import pytest

from corpora.errors import CorpusBusy, UnknownDocument
from corpora.revisions import Changes
from retrieval import snapshot
from tests.fakes import Office, page

SECRET = "Zwölfender"
PASS = page("pass", "Er kostet 70 Euro.", "Reisepass")
BAD = page("panne", f"Herr {SECRET} wohnt hier.", f"Fall {SECRET}", keywords=(f"{SECRET}s",))


@pytest.fixture
def another(office: Office) -> Iterator[ExitStack]:
    """Another corpus is being published until the stack is closed."""
    with ExitStack() as stack:
        stack.enter_context(office.lock.held("land"))
        yield stack


def of_another_format(office: Office) -> None:
    """Makes the index one of another version, as after an update of the program."""
    revision = office.store.current("stadt")
    assert revision is not None
    older = replace(office.opened().manifest, format=1)
    office.folders.manifest("stadt", revision).unlink()
    office.store.point("stadt", 1, snapshot.write_manifest(office.folders.snapshots, older))


def killed(office: Office) -> None:
    """Lets a publication die before its manifest is written."""

    def dying(*_: object) -> None:
        raise KeyboardInterrupt

    office.publisher.import_documents("stadt", [BAD])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(snapshot, "write_manifest", dying)
        with pytest.raises(KeyboardInterrupt):
            office.publisher.publish("stadt")


def half_written(office: Office) -> None:
    """Leaves of a segment what was written when the process died."""
    office.publisher.import_documents("stadt", [BAD])
    half = office.folders.segments / ".0123"
    half.mkdir()
    (half / "terms.marisa").write_text(SECRET)


@pytest.mark.parametrize("left", [killed, half_written])
def test_while_another_corpus_is_published_what_may_be_left_is_an_error(
    office: Office, another: ExitStack, left: object
) -> None:
    office.publish(PASS)
    left(office)  # type: ignore[operator]
    with pytest.raises(CorpusBusy, match="panne is out of the index of stadt, but may be on the disk still"):
        office.publisher.erase("stadt", "panne")
    assert office.served() == {"pass": PASS.body}

    another.close()
    office.publisher.erase("stadt", "panne")
    assert office.files_with(SECRET) == []
    assert office.store.changes("stadt") == Changes()
    with pytest.raises(UnknownDocument):
        office.publisher.erase("stadt", "panne")


@pytest.mark.usefixtures("another")
def test_an_index_of_another_format_is_erased_while_another_corpus_is_published(office: Office) -> None:
    office.publish(PASS, BAD)
    of_another_format(office)
    office.publisher.erase("stadt", "panne")

    assert office.files_with(SECRET) == []
    assert office.served() == {"pass": PASS.body}


@pytest.mark.usefixtures("another")
def test_what_others_left_keeps_nobody_from_erasing(office: Office) -> None:
    office.publish(PASS, BAD)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(snapshot, "write_manifest", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            office.publish(page("hund", "Die Steuer."), corpus="bund")
    before = {*office.folders.segments.iterdir()}
    office.publisher.erase("stadt", "panne")

    assert office.files_with(SECRET) == []
    assert len(before & {*office.folders.segments.iterdir()}) == 1


@pytest.mark.parametrize("left", [killed, half_written])
def test_where_nobody_else_publishes_what_was_left_goes_with_the_erasure(office: Office, left: object) -> None:
    office.publish(PASS)
    left(office)  # type: ignore[operator]
    office.publisher.erase("stadt", "panne")

    assert office.files_with(SECRET) == []
    assert office.served() == {"pass": PASS.body}


def test_what_the_disk_does_not_let_go_is_an_error(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.publish(PASS, BAD)

    def stuck(path: object, ignore_errors: bool = False) -> None:
        if not ignore_errors:
            raise OSError(5, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr("shutil.rmtree", stuck)
        with pytest.raises(OSError, match="Input/output error"):
            office.publisher.erase("stadt", "panne")
    office.publisher.erase("stadt", "panne")

    assert office.files_with(SECRET) == []
