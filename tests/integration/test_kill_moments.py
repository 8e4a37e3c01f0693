"""`kill -9` at random moments of a publication, and while segments are put together after it."""

import random
import sqlite3
import time
from contextlib import closing

import pytest

from assistant.publishing import folders
from retrieval.integrity import RECORD
from retrieval.snapshot import read_manifest


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    """What was put together or built anew is swept without the minutes for answers that are still being given."""
    monkeypatch.setattr(folders, "_SPARED_SECONDS", 0)


PAGES = 24
KILLS = 20


def current(database):
    """The number and manifest of what is published, and how many hold a lock."""
    row = database.execute(
        "SELECT number, manifest_checksum FROM corpora JOIN revisions ON corpus = name AND number = current"
    ).fetchone()
    return *row, database.execute("SELECT count(*) FROM locks").fetchone()[0]


def stored(wiring):
    """What the database says that is published, by document."""
    revision = wiring.corpora.current("amt")
    return {document.id: document.body for document in wiring.corpora.documents("amt", revision.number)}


def indexed(wiring):
    """What the index says, by document."""
    return {one.id: one.body for part in wiring.shelf.snapshot("amt").segments for one in part.documents()}


def assert_whole(wiring, texts_of):
    """What is published can be found, and all of it."""
    assert indexed(wiring) == stored(wiring)
    bodies = " ".join(stored(wiring).values())
    found = texts_of(wiring, top=5)
    assert len(found) == 5
    assert all(text in bodies for text in found)


def assert_clean(wiring):
    """After a sweep nothing lies about that the last two revisions do not need."""
    wiring.publisher.sweep()
    last = wiring.corpora.history("amt")[:2]
    manifests = [wiring.folders.manifest("amt", revision) for revision in last]
    segments = {part.id: part for path in manifests for part in read_manifest(path).segments}
    assert {*wiring.folders.snapshots.glob("*/*")} == {*manifests}
    assert {path.name for path in wiring.folders.segments.iterdir()} == {*segments}
    for path in wiring.folders.segments.iterdir():
        assert {one.name for one in path.iterdir()} == {RECORD, *segments[path.name].checksums}


def changed(pages, version):
    """Some of the pages in a new version, and the version they are in."""
    return pages(PAGES // 4, version)


def test_killed_at_random_moments_a_publication_leaves_the_old_or_the_new_revision(cli, pages, file_of, wire, texts_of):
    dice = random.Random(20261)
    wire(cli.data_dir).publisher.import_documents("amt", pages(PAGES, "anfang"), publish=True)
    with closing(sqlite3.connect(cli.data_dir / "amtslotse.sqlite")) as database:
        whole = timed(cli, file_of(changed(pages, "gemessen")), database)
        killed = 0
        for n in range(KILLS):
            before = stored(wire(cli.data_dir))
            new = {page.id: page.body for page in changed(pages, f"neu-{n}")}
            process = cli.start("corpus", "import", file_of(changed(pages, f"neu-{n}")), "--corpus", "amt", "--publish")
            begun(process, database)
            time.sleep(dice.uniform(0, whole))
            process.kill()
            process.communicate()
            killed += process.returncode < 0
            wiring = wire(cli.data_dir)
            assert stored(wiring) in (before, before | new), n
            assert_whole(wiring, texts_of)

            left = stored(wiring)
            after = {page.id: page.body for page in pages(3, f"danach-{n}")}
            # The draft of the killed import waits on, and is published with the next.
            waiting = new if wiring.corpora.changes("amt") else {}
            wiring.publisher.import_documents("amt", pages(3, f"danach-{n}"), publish=True)
            wiring = wire(cli.data_dir)
            assert stored(wiring) == left | waiting | after, n
            assert_whole(wiring, texts_of)
            assert_clean(wiring)
    # How many it hits depends on how busy the machine is; that it hits some does not.
    assert killed >= KILLS // 4


def begun(process, database):
    """Waits until a process has begun to publish."""
    while process.poll() is None and not current(database)[2]:
        time.sleep(0.0005)


def timed(cli, file, database):
    """The seconds that a publication takes from its lock to its end."""
    process = cli.start("corpus", "import", file, "--corpus", "amt", "--publish")
    begun(process, database)
    started = time.monotonic()
    assert process.wait(120) == 0
    process.communicate()
    return time.monotonic() - started


MERGING = ("committed", "begun", "written", "there", "manifest", "pointed")


@pytest.mark.parametrize("mark", MERGING)
def test_killed_while_segments_are_put_together_nothing_is_lost(mark, cli, pages, file_of, wire, texts_of):
    wiring = wire(cli.data_dir)
    every = pages(4 * PAGES, "anfang")
    for n in range(3):
        wiring.publisher.import_documents("amt", every[n * PAGES : (n + 1) * PAGES], publish=True)
    said = stored(wiring) | {page.id: page.body for page in every[3 * PAGES :]}
    manifests = len(list(wiring.folders.snapshots.glob("amt/*.json")))
    assert manifests == len(list(wiring.folders.segments.iterdir())) == 3
    with closing(sqlite3.connect(cli.data_dir / "amtslotse.sqlite")) as database:
        process = cli.start("corpus", "import", file_of(every[3 * PAGES :]), "--corpus", "amt", "--publish")
        number, checksum = followed(process, database, 3)

        def parts(pattern):
            return len(list(cli.data_dir.glob(pattern)))

        seen = {
            "committed": lambda: True,
            "begun": lambda: parts("segments/.*") or parts("segments/[!.]*") > 4,
            "written": lambda: parts(f"segments/.*/{RECORD}") or parts("segments/[!.]*") > 4,
            "there": lambda: parts("segments/[!.]*") > 4,
            "manifest": lambda: parts("snapshots/amt/*.json") > manifests + 1,
            "pointed": lambda: current(database)[1] != checksum,
        }
        while process.poll() is None and not seen[mark]():
            time.sleep(0.0002)
        process.kill()
        process.communicate()
        assert (number, current(database)[0]) == (4, 4)
    wiring = wire(cli.data_dir)
    assert stored(wiring) == said
    assert_whole(wiring, texts_of)
    assert_clean(wiring)
    wiring.publisher.import_documents("amt", pages(1, "danach"), publish=True)
    wiring = wire(cli.data_dir)
    assert stored(wiring) == said | {page.id: page.body for page in pages(1, "danach")}
    assert_whole(wiring, texts_of)
    assert_clean(wiring)
    assert len(wiring.shelf.snapshot("amt").segments) <= 2


def followed(process, database, number):
    """The revision that takes the place of another, and its manifest, as soon as it does."""
    while current(database)[0] == number:
        assert process.poll() is None
        time.sleep(0.0002)
    return current(database)[:2]
