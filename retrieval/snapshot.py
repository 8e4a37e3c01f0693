"""The index of one revision: a manifest over immutable segments, checked before it is used."""

import hashlib
import json
import os
import shutil
import uuid
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from corpora.documents import Entry, Passage
from retrieval import integrity, segment
from retrieval.bm25 import LexicalIndex
from retrieval.centring import Centres
from retrieval.embedding import Embedder, Vectors
from retrieval.errors import SnapshotCorrupt, SnapshotForeign, SnapshotUnreadable
from retrieval.integrity import Pause
from retrieval.lexical import Field
from retrieval.segment import UNOPENED, Segment

FORMAT = 2


@dataclass(frozen=True, slots=True)
class SegmentEntry:
    """What a manifest says of one segment; `removed` are the documents a later revision took out."""

    id: str
    documents: int
    passages: int
    fields: dict[str, dict[str, int]]
    checksums: dict[str, str]
    removed: tuple[str, ...] = ()
    removed_passages: int = 0

    @property
    def living(self) -> int:
        """How many passages can be found."""
        return self.passages - self.removed_passages


@dataclass(frozen=True, slots=True)
class Manifest:
    """What belongs to the index of a revision, and which vector space it lies in."""

    corpus: str
    revision: int
    embedder: str
    dimensions: int
    centres: str
    segments: tuple[SegmentEntry, ...]
    format: int = FORMAT

    @property
    def documents(self) -> int:
        """How many documents can be found."""
        return sum(part.documents - len(part.removed) for part in self.segments)


def build(folder: Path, entries: Sequence[Entry], vectors: Vectors, centres: Centres) -> SegmentEntry:
    """Writes a new segment aside, syncs it and renames it into `folder`; what is half-written has no name.

    Entries without passages are left out; there must be others.
    """
    name = uuid.uuid4().hex
    aside = folder / f".{name}"
    aside.mkdir(parents=True)
    try:
        counts = segment.write(aside, [entry for entry in entries if entry.passages], vectors, centres)
        for path in (*aside.iterdir(), aside):
            _sync(path)
        checksums = integrity.recorded(aside)
        aside.rename(folder / name)
        _sync(folder)
    finally:
        # Gone already where all went well.
        shutil.rmtree(aside, ignore_errors=True)
    fields = {language: asdict(field) for language, field in counts.fields.items()}
    return SegmentEntry(name, counts.documents, counts.passages, fields, checksums)


def without(manifest: Manifest, document_ids: set[str], folder: Path) -> tuple[SegmentEntry, ...]:
    """The manifest's segments with those documents marked as removed; empty segments are left out."""
    kept = []
    for part in manifest.segments:
        opened = _opened(manifest, part, folder)
        numbers = {i: opened.named(i) for i in document_ids.difference(part.removed)}
        gone = {i: len(opened.passages_of(number)) for i, number in numbers.items() if number is not None}
        removed = tuple(sorted((*part.removed, *gone)))
        if len(removed) < part.documents:
            kept.append(replace(part, removed=removed, removed_passages=part.removed_passages + sum(gone.values())))
    return tuple(kept)


def manifest_path(folder: Path, corpus: str, revision: int, checksum: str) -> Path:
    """Where a manifest lies: named after its own checksum, so that one built anew is another file."""
    return folder / corpus / f"{revision}-{checksum[:12]}.json"


def write_manifest(folder: Path, manifest: Manifest) -> str:
    """Writes the manifest so that it is there whole or not at all; returns its checksum."""
    text = json.dumps(asdict(manifest), ensure_ascii=False, sort_keys=True).encode()
    checksum = hashlib.sha256(text).hexdigest()
    path = manifest_path(folder, manifest.corpus, manifest.revision, checksum)
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_suffix(".new")
    aside.write_bytes(text)
    _sync(aside)
    aside.rename(path)
    _sync(path.parent)
    return checksum


def read_manifest(path: Path, checksum: str | None = None) -> Manifest:
    """The manifest as it was written; raises SnapshotCorrupt, SnapshotForeign or SnapshotUnreadable."""
    try:
        text = path.read_bytes()
        row: dict[str, Any] = json.loads(text)
    except (FileNotFoundError, ValueError) as error:
        raise SnapshotCorrupt(
            _rebuild(path.parent.name, f"The manifest {path.name} cannot be read ({error})")
        ) from error
    except OSError as error:
        raise SnapshotUnreadable(_later(path.parent.name, f"The manifest {path.name}", error)) from error
    if checksum and hashlib.sha256(text).hexdigest() != checksum:
        raise SnapshotCorrupt(_rebuild(path.parent.name, f"The manifest {path.name} was altered"))
    try:
        if row["format"] != FORMAT:
            raise SnapshotForeign(_rebuild(path.parent.name, f"The index has format {row['format']}, not {FORMAT}"))
        parts = tuple(SegmentEntry(**part | {"removed": tuple(part["removed"])}) for part in row.pop("segments"))
        return Manifest(segments=parts, **row)
    except (KeyError, TypeError) as error:
        raise SnapshotCorrupt(_rebuild(path.parent.name, f"The manifest {path.name} is incomplete")) from error


class Snapshot:
    """An opened index; its segments are mapped and never change."""

    def __init__(self, manifest: Manifest, segments: Sequence[Segment]) -> None:
        self.manifest = manifest
        self.segments = segments
        sums: dict[str, Counter[str]] = {}
        for part in manifest.segments:
            for language, field in part.fields.items():
                sums.setdefault(language, Counter()).update(field)
        self.languages = sorted(sums)
        fields = {language: Field(s["passages"], s["terms"]) for language, s in sums.items()}
        self.lexical = LexicalIndex([opened.lexical for opened in segments], fields)

    def passages(self, document_id: str) -> list[Passage]:
        """All passages of a document in the page's order."""
        for part in self.segments:
            number = part.named(document_id)
            if number is not None:
                return [part.passage(int(place)) for place in part.passages_of(number)]
        return []


def open_snapshot(
    manifest: Manifest,
    folder: Path,
    embedder: Embedder,
    centres: Centres,
    held: Snapshot | None = None,
    doubted: Collection[str] = (),
) -> Snapshot:
    """Opens every segment after `check`; what a snapshot that is held has open already is shared with it."""
    check(manifest, folder, embedder, centres, doubted)
    known = {}
    if held:
        pairs = zip(held.manifest.segments, held.segments, strict=True)
        known = {(part.id, part.removed): opened for part, opened in pairs}
    parts = [known.get((part.id, part.removed)) or _opened(manifest, part, folder) for part in manifest.segments]
    return Snapshot(manifest, parts)


def check(
    manifest: Manifest, folder: Path, embedder: Embedder, centres: Centres, doubted: Collection[str] = ()
) -> None:
    """Raises SnapshotForeign, SnapshotCorrupt where a file is not as it was written, or SnapshotUnreadable.

    Files that were found right before and have not been touched since are not read, but for those of segments that are
    `doubted`.
    """
    if (manifest.embedder, manifest.dimensions) != (embedder.name, embedder.dimensions):
        reason = f"The index was made by {manifest.embedder}, but this service embeds with {embedder.name}"
        raise SnapshotForeign(_rebuild(manifest.corpus, reason))
    if manifest.centres != centres.fingerprint:
        raise SnapshotForeign(_rebuild(manifest.corpus, "The index was centred with other means than this service's"))
    for part in manifest.segments:
        _inspect(manifest, part, folder, in_full=part.id in doubted)


def verify(manifest: Manifest, folder: Path, pause: Pause = integrity.never) -> None:
    """Reads every file of every segment, whatever was found before; raises SnapshotCorrupt or SnapshotUnreadable."""
    for part in manifest.segments:
        try:
            _inspect(manifest, part, folder, in_full=True, pause=pause)
        except SnapshotCorrupt:
            integrity.forget(folder / part.id)
            raise


def _inspect(
    manifest: Manifest, part: SegmentEntry, folder: Path, *, in_full: bool, pause: Pause = integrity.never
) -> None:
    try:
        found = integrity.fault(folder / part.id, part.checksums, in_full=in_full, pause=pause)
    except OSError as error:
        raise SnapshotUnreadable(_later(manifest.corpus, f"The segment {part.id}", error)) from error
    if found:
        name, wrong = found
        raise SnapshotCorrupt(_rebuild(manifest.corpus, f"The file {part.id}/{name} {wrong}"))


def _opened(manifest: Manifest, part: SegmentEntry, folder: Path) -> Segment:
    try:
        return Segment(folder / part.id, part.removed)
    except UNOPENED as error:
        raise SnapshotUnreadable(_later(manifest.corpus, f"The segment {part.id}", error)) from error


def _rebuild(corpus: str, reason: str) -> str:
    return f"{reason}. Build the index anew: amtslotse corpus publish {corpus} --rebuild"


def _later(corpus: str, what: str, error: Exception) -> str:
    # What the libraries say of their errors is no sentence.
    cause = (isinstance(error, OSError) and error.strerror) or type(error).__name__
    return (
        f"{what} cannot be read now ({cause}). Try again, or build it anew: amtslotse corpus publish {corpus} --rebuild"
    )


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
