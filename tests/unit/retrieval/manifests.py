"""A snapshot of three pages in two segments, for the tests of manifests and of damage."""

from pathlib import Path

from retrieval.centring import load
from retrieval.snapshot import Manifest, manifest_path, write_manifest
from tests.fakes import FakeEmbedder, page, segment

REBUILD = r"Build the index anew: amtslotse corpus publish stadt --rebuild$"
PAGES = [page("pass", "Er kostet 70 Euro."), page("kita", "Ein Platz kostet nichts."), page("hund", "Die Steuer.")]
EMBEDDER = FakeEmbedder()
CENTRES = load(EMBEDDER)


def made(folder: Path) -> Manifest:
    """The manifest of the three pages, whose segments are written into the folder."""
    parts = (segment(folder, PAGES[:2]), segment(folder, PAGES[2:]))
    return Manifest("stadt", 3, "fake", 32, CENTRES.fingerprint, parts)


def written(folder: Path, manifest: Manifest) -> tuple[Path, str]:
    """Where a manifest was written, and its checksum."""
    checksum = write_manifest(folder, manifest)
    return manifest_path(folder, manifest.corpus, manifest.revision, checksum), checksum
