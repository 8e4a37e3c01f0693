"""`kill -9` at any moment of a publication leaves the old revision or the new one, and nothing else behind."""

import time

import pytest

from assistant.publishing.publisher import Folders
from retrieval import snapshot

KILLS = 10
PAGES = 120


@pytest.fixture(scope="module")
def moments():
    """Parts of the time that an import takes, from when the program has been loaded to its end."""
    return [0.3 + 0.7 * n / (KILLS - 1) for n in range(KILLS)]


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


def test_a_killed_import_leaves_the_old_or_the_new_revision_and_the_next_succeeds(
    cli, pages, file_of, wire, texts_of, moments
):
    wiring = wire(cli.data_dir)
    wiring.publisher.import_documents("amt", pages(PAGES, "nummer-0"), publish=True)
    begun = time.monotonic()
    assert cli("corpus", "import", file_of(pages(PAGES, "probe")), "--corpus", "amt", "--publish").code == 0
    whole = time.monotonic() - begun
    before = "probe."
    killed = 0
    for n, moment in enumerate(moments, start=1):
        version = f"nummer-{n}."
        file = file_of(pages(PAGES, version[:-1]))
        process = cli.start("corpus", "import", file, "--corpus", "amt", "--publish")
        time.sleep(whole * moment)
        process.kill()
        process.communicate()
        killed += process.returncode != 0
        found = {text.split()[-1] for text in texts_of(wire(cli.data_dir))}
        assert found in ({before}, {version})
        next_ = f"danach-{n}"
        told, revision = wire(cli.data_dir).publisher.import_documents("amt", pages(PAGES, next_), publish=True)
        assert len(told.changed) == PAGES
        assert revision.documents == PAGES
        before = f"{next_}."
        assert {text.split()[-1] for text in texts_of(wire(cli.data_dir))} == {before}
    assert killed >= KILLS - 2
    assert cli("corpus", "import", file_of(pages(3, "ende")), "--corpus", "amt", "--publish").code == 0
    swept = wire(cli.data_dir)
    swept.publisher.sweep()
    assert {path.name for path in swept.folders.segments.iterdir()} == referenced(swept)


def test_a_service_that_starts_sweeps_what_a_killed_import_left(town_dir, wire, serve):
    wiring = wire(town_dir)
    held = {path.name for path in wiring.folders.segments.iterdir()}
    for name in (".half", "0" * 32):
        (wiring.folders.segments / name).mkdir()
        (wiring.folders.segments / name / "dense.faiss").write_bytes(b"half")
    (wiring.folders.snapshots / "bund" / "2-abcdef.new").write_bytes(b"{")
    client = serve(wiring)
    assert client.get("/readyz").status_code == 200
    assert {path.name for path in wiring.folders.segments.iterdir()} == held == referenced(wiring)
    assert len(list((wiring.folders.snapshots / "bund").iterdir())) == 1


@pytest.mark.parametrize("stage", ["embed", "index"])
def test_a_sweep_during_a_publication_leaves_what_is_being_built(stage, town_dir, pages, wire, texts_of):
    publishing, starting = wire(town_dir), wire(town_dir)

    def told(at, _done, _every):
        if at == stage:
            starting.publisher.sweep()

    publishing.publisher.import_documents("amt", pages(3, "eins"), publish=True, progress=told)
    assert len(texts_of(wire(town_dir))) == 3


def test_an_erasure_that_broke_off_can_be_done_again(cli, pages, wire, files_with, monkeypatch):
    wiring = wire(cli.data_dir)
    secret = "Geheimsache Quittenbaum"
    kept, gone = pages(2, "eins")
    erased = type(gone)(gone.id, secret, "de", f"Der {secret} steht hier.")
    wiring.publisher.import_documents("amt", [kept, erased], publish=True)

    def broken(*_arguments):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(type(wiring.publisher), "_rebuild", broken)
        with pytest.raises(KeyboardInterrupt):
            wiring.publisher.erase("amt", erased.id)
    wiring.engine.dispose()
    assert cli("corpus", "erase", "amt", erased.id).code == 0
    assert files_with(cli.data_dir, secret) == []
