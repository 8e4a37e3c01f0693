"""`kill -9` at any moment of a publication leaves the old revision or the new one, and nothing else behind."""

import socket
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime

import pytest
from sqlalchemy import insert

from assistant.publishing import folders
from assistant.publishing.folders import Folders
from corpora.tables import locks
from retrieval import snapshot
from retrieval.segment import LANGUAGES


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    """What was put together or built anew is swept without the minutes for answers that are still being given."""
    monkeypatch.setattr(folders, "_SPARED_SECONDS", 0)


PAGES = 70


def marks(data_dir):
    """What can be seen from outside of an import's way, in its order; a kill follows each as soon as it is seen."""
    database = sqlite3.connect(data_dir / "amtslotse.sqlite")

    def count(query):
        return database.execute(query).fetchone()[0]

    def parts(pattern):
        return len(list(data_dir.glob(pattern)))

    vectors = "SELECT count(*) FROM vectors"
    revision = "SELECT current FROM corpora WHERE name = 'amt'"
    embedded, segments, manifests, current = (
        count(vectors),
        parts("segments/[!.]*"),
        parts("snapshots/amt/*"),
        count(revision),
    )
    seen = {
        "started": lambda: True,
        "locked": lambda: count("SELECT count(*) FROM locks"),
        "drafted": lambda: count("SELECT count(*) FROM drafts"),
        "first vectors": lambda: count(vectors) > embedded,
        "all vectors": lambda: count(vectors) >= embedded + PAGES,
        "segment begun": lambda: parts("segments/.*"),
        "segment indexed": lambda: parts(f"segments/.*/{LANGUAGES}"),
        "segment there": lambda: parts("segments/[!.]*") > segments,
        "manifest there": lambda: parts("snapshots/amt/*") > manifests,
        "committed": lambda: count(revision) > current,
    }
    return database, seen


MARKS = ("started", "locked", "drafted", "first vectors", "all vectors", "segment begun", "segment indexed",
         "segment there", "manifest there", "committed")  # fmt: skip


def referenced(wiring):
    """The segments that the manifests of the last two revisions name."""
    folders = Folders(wiring.data_dir)
    named = set()
    for state in wiring.corpora.states():
        for revision in wiring.corpora.history(state.name)[:2]:
            path = folders.manifest(state.name, revision)
            if path.exists():
                named |= {part.id for part in snapshot.read_manifest(path).segments}
    return named


def killed_at(mark, process, data_dir):
    """Kills the process when the mark is seen; False where it had ended before."""
    database, seen = marks(data_dir)
    with closing(database):
        while process.poll() is None and not seen[mark]():
            time.sleep(0.0005)
    process.kill()
    process.communicate()
    return process.returncode < 0


def test_a_killed_import_leaves_the_old_or_the_new_revision_and_the_next_succeeds(cli, pages, file_of, wire, texts_of):
    wire(cli.data_dir).publisher.import_documents("amt", pages(PAGES, "anfang"), publish=True)
    before = "anfang."
    killed = []
    for n, mark in enumerate(MARKS):
        process = cli.start("corpus", "import", file_of(pages(PAGES, f"neu-{n}")), "--corpus", "amt", "--publish")
        if killed_at(mark, process, cli.data_dir):
            killed.append(mark)
        assert {text.split()[-1] for text in texts_of(wire(cli.data_dir))} in ({before}, {f"neu-{n}."}), mark
        _, revision = wire(cli.data_dir).publisher.import_documents(
            "amt", pages(5, f"danach-{n}"), publish=True, replace=True
        )
        before = f"danach-{n}."
        assert revision.documents == 5
        assert {text.split()[-1] for text in texts_of(wire(cli.data_dir))} == {before}, mark
    # What is seen before the index is written is seen in time on any machine.
    assert set(MARKS[:5]) <= set(killed)
    assert cli("corpus", "import", file_of(pages(3, "ende")), "--corpus", "amt", "--publish").code == 0
    swept = wire(cli.data_dir)
    swept.publisher.sweep()
    assert {path.name for path in swept.folders.segments.iterdir()} == referenced(swept)


def test_a_service_that_starts_sweeps_what_a_killed_import_left(town_dir, town_cli, wire, serve):
    wiring = wire(town_dir)
    gone = town_cli.start("--help")
    gone.communicate()
    with wiring.engine.begin() as connection:
        holder = f"{socket.gethostname()}:{gone.pid}:1"
        connection.execute(insert(locks).values(corpus="bund", holder=holder, taken_at=datetime.now(UTC)))
    held = {path.name for path in wiring.folders.segments.iterdir()}
    for name in (".half", "0" * 32):
        (wiring.folders.segments / name).mkdir()
        (wiring.folders.segments / name / "dense.faiss").write_bytes(b"half")
    (wiring.folders.snapshots / "bund" / "2-abcdef.new").write_bytes(b"{")
    client = serve(wiring)
    assert client.get("/readyz").status_code == 200
    assert {path.name for path in wiring.folders.segments.iterdir()} == held == referenced(wiring)
    assert len(list((wiring.folders.snapshots / "bund").iterdir())) == 1


def test_services_that_start_at_once_may_sweep_the_same_garbage(town_dir, wire):
    wirings = [wire(town_dir), wire(town_dir)]
    for n in range(300):
        (wirings[0].folders.segments / f"{n:032}").mkdir()
        (wirings[0].folders.snapshots / "bund" / f"9-{n}.json").write_bytes(b"{")
    with ThreadPoolExecutor(2) as threads:
        assert sum(threads.map(lambda wiring: wiring.publisher.sweep(), wirings)) >= 600
    assert {path.name for path in wirings[0].folders.segments.iterdir()} == referenced(wirings[0])


@pytest.mark.parametrize("stage", ["embed", "index"])
def test_a_sweep_during_a_publication_leaves_what_is_being_built(stage, town_dir, pages, wire, texts_of):
    publishing, starting = wire(town_dir), wire(town_dir)

    def told(at, _done, _every):
        if at == stage:
            starting.publisher.sweep()

    publishing.publisher.import_documents("amt", pages(3, "eins"), publish=True, progress=told)
    assert len(texts_of(wire(town_dir))) == 3


@pytest.mark.parametrize("where", ["retrieval.snapshot.build", "retrieval.snapshot.write_manifest"])
def test_an_erasure_that_broke_off_can_be_done_again(where, cli, pages, wire, files_with, monkeypatch):
    wiring = wire(cli.data_dir)
    secret = "Geheimsache Quittenbaum"
    kept, gone = pages(2, "eins")
    erased = type(gone)(gone.id, secret, "de", f"Der {secret} steht hier.")
    wiring.publisher.import_documents("amt", [kept, erased], publish=True)

    def broken(*_arguments, **_named):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(where, broken)
        with pytest.raises(KeyboardInterrupt):
            wiring.publisher.erase("amt", erased.id)
    wiring.engine.dispose()
    assert cli("corpus", "erase", "amt", erased.id).code == 0
    assert files_with(cli.data_dir, secret) == []
