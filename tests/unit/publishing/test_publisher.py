"""Publishing, rolling back and removing; erasing and sweeping have a file of their own."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from assistant.publishing.publisher import Publisher, Space
from assistant.settings import Settings
from assistant.wiring import Wiring
from corpora.documents import Document
from corpora.errors import CorpusBusy, UnknownCorpus, UnknownRevision
from corpora.revisions import Changes
from corpora.vectors import VectorCache
from retrieval.embedding import Vectors
from retrieval.errors import EmbedderFailed
from retrieval.segment import ARRAYS
from retrieval.snapshot import Manifest, read_manifest
from tests.fakes import CrashingStore, FakeEmbedder, Office, found, page

PASS = page("pass", "Er kostet 70 Euro.", "Reisepass")
KITA = page("kita", "Ein Platz kostet nichts.", "Kita")
HUND = page("hund", "Die Steuer beträgt 108 Euro.", "Hundesteuer")
DEARER = page("pass", "Er kostet 80 Euro.", "Reisepass")


def manifest(office: Office, corpus: str = "stadt") -> Manifest:
    revision = office.store.current(corpus)
    assert revision is not None
    return read_manifest(office.folders.manifest(corpus, revision), revision.manifest_checksum)


class FailingEmbedder(FakeEmbedder):
    """An embedder that gives out."""

    def passages(self, texts: Sequence[str]) -> Vectors:
        raise EmbedderFailed("No vector today.")


def test_a_draft_is_not_served_before_it_is_published(office: Office) -> None:
    changes, revision = office.publisher.import_documents("stadt", [PASS])

    assert (changes, revision) == (Changes(added=("pass",)), None)
    assert office.store.current("stadt") is None


def test_what_is_published_is_found(office: Office) -> None:
    office.publisher.import_documents("stadt", [PASS, KITA])
    revision = office.publisher.publish("stadt")

    assert (revision.number, revision.documents, revision.note) == (1, 2, "publish")
    assert found([office.opened()], "Was kostet der Reisepass?")[0].document == PASS


def test_importing_and_publishing_is_one_step_if_wished(office: Office) -> None:
    changes, revision = office.publisher.import_documents("stadt", [PASS], publish=True)

    assert changes == Changes(added=("pass",))
    assert revision is not None
    assert (revision.number, revision.added, revision.note) == (1, 1, "import")


def test_a_later_revision_adds_changes_and_removes(office: Office) -> None:
    office.publish(PASS, KITA)
    number = office.publish(DEARER, HUND, replace=True)

    assert number == 2
    assert office.served() == {"pass": DEARER.body, "hund": HUND.body}
    assert [hit.document for hit in found([office.opened()], "Reisepass", top=1)] == [DEARER]


def test_publishing_without_changes_keeps_the_revision(office: Office) -> None:
    office.publish(PASS)

    assert office.publisher.publish("stadt").number == 1
    assert len(office.store.history("stadt")) == 1


def test_importing_the_same_again_keeps_the_revision(office: Office) -> None:
    office.publish(PASS)

    assert office.publish(PASS) == 1


def test_only_what_changed_gets_a_new_segment(office: Office) -> None:
    office.publish(PASS, KITA, HUND)
    first = manifest(office).segments
    office.publish(DEARER)
    second = manifest(office).segments

    assert [part.id for part in second[:-1]] == [part.id for part in first]
    assert (second[0].removed, second[1].documents) == (("pass",), 1)


def test_a_revision_that_only_removes_writes_no_segment(office: Office) -> None:
    office.publish(PASS, KITA)
    office.publisher.remove("stadt", "kita")
    office.publisher.publish("stadt")

    assert [part.removed for part in manifest(office).segments] == [("kita",)]
    assert office.served() == {"pass": PASS.body}


def test_a_removed_document_is_served_until_the_next_publication(office: Office) -> None:
    office.publish(PASS, KITA)
    office.publisher.remove("stadt", "kita")

    assert office.served().keys() == {"pass", "kita"}


def test_an_emptied_corpus_serves_nothing(office: Office) -> None:
    office.publish(PASS)
    office.publisher.remove("stadt", "pass")
    office.publisher.publish("stadt")

    assert office.served() == {}
    assert found([office.opened()], "Reisepass") == []


def test_many_small_publications_are_put_together(office: Office) -> None:
    pages = [page(f"seite-{n}", f"Text Nummer {n}") for n in range(20)]
    most = 0
    for one in pages:
        office.publish(one)
        most = max(most, len(manifest(office).segments))

    assert most <= 8
    assert office.served() == {one.id: one.body for one in pages}


def test_putting_together_keeps_changes_and_removals(office: Office) -> None:
    for number in range(12):
        office.publish(page("pass", f"Stand {number}"), page(f"seite-{number}", "Text"))
        if number:
            office.publisher.remove("stadt", f"seite-{number - 1}")

    office.publisher.publish("stadt")
    assert office.served() == {"pass": "Stand 11", "seite-11": "Text"}


def test_nothing_unchanged_is_embedded_twice(office: Office) -> None:
    office.publish(PASS, KITA)
    office.embedder.embedded.clear()
    office.publish(DEARER, KITA)
    office.publisher.publish("stadt", rebuild=True)
    office.publisher.rollback("stadt", 1)

    assert office.embedder.embedded == ["Reisepass\nEr kostet 80 Euro."]


def test_a_text_that_two_corpora_share_is_embedded_once(office: Office) -> None:
    office.publish(PASS)
    office.embedder.embedded.clear()
    office.publish(PASS, corpus="land")

    assert office.embedder.embedded == []


def test_rolling_back_publishes_what_was_said_before(office: Office) -> None:
    office.publish(PASS, KITA)
    office.publish(DEARER, HUND, replace=True)
    revision = office.publisher.rollback("stadt", 1)

    assert (revision.number, revision.note) == (3, "rollback to 1")
    assert office.served() == {"pass": PASS.body, "kita": KITA.body}


def test_rolling_back_to_what_is_served_keeps_the_revision(office: Office) -> None:
    office.publish(PASS)

    assert office.publisher.rollback("stadt", 1).number == 1


def test_rolling_back_gives_up_the_waiting_draft(office: Office) -> None:
    office.publish(PASS)
    office.publisher.import_documents("stadt", [DEARER, KITA])
    office.publisher.rollback("stadt", 1)

    assert office.store.changes("stadt") == Changes()


def test_a_revision_that_is_not_there_is_refused_and_the_draft_waits_on(office: Office) -> None:
    office.publish(PASS)
    office.publisher.import_documents("stadt", [KITA])

    with pytest.raises(UnknownRevision, match="no revision 9"):
        office.publisher.rollback("stadt", 9)
    assert office.store.changes("stadt") == Changes(added=("kita",))


@pytest.mark.parametrize("call", ["publish", "remove", "rollback", "erase"])
def test_a_corpus_that_is_not_there_is_refused_and_not_locked(office: Office, call: str) -> None:
    rest: dict[str, tuple[object, ...]] = {"remove": ("pass",), "erase": ("pass",), "rollback": (1,)}
    for _ in range(2):
        with pytest.raises(UnknownCorpus, match="no corpus named land"):
            getattr(office.publisher, call)("land", *rest.get(call, ()))


@pytest.mark.parametrize("document", [PASS, DEARER])
def test_a_damaged_index_is_written_anew_by_the_next_publication(office: Office, document: Document) -> None:
    office.publish(PASS, KITA)
    (office.folders.segments / manifest(office).segments[0].id / ARRAYS).write_bytes(b"torn")
    office.publisher.import_documents("stadt", [document, HUND])
    office.publisher.publish("stadt")

    assert office.served() == {"pass": document.body, "kita": KITA.body, "hund": HUND.body}


def test_rebuilding_mends_a_damaged_index_within_its_revision(office: Office) -> None:
    office.publish(PASS, KITA)
    (office.folders.segments / manifest(office).segments[0].id / ARRAYS).write_bytes(b"torn")

    assert office.publisher.publish("stadt", rebuild=True).number == 1
    assert office.served() == {"pass": PASS.body, "kita": KITA.body}


def test_rebuilding_publishes_a_waiting_draft_too(office: Office) -> None:
    office.publish(PASS)
    office.publisher.import_documents("stadt", [KITA])

    assert office.publisher.publish("stadt", rebuild=True).number == 2
    assert office.served().keys() == {"pass", "kita"}


def test_another_embedder_gets_an_index_of_its_own(office: Office) -> None:
    office.publish(PASS, KITA)
    other = Office(office.data_dir, office.engine, FakeEmbedder("other", 16))
    other.publish(HUND)

    assert other.served().keys() == {"pass", "kita", "hund"}
    assert {part.dense.vectors(np.arange(1)).shape for part in other.opened().segments} == {(1, 16)}


def test_a_page_of_which_only_the_title_is_known_is_found_by_it(office: Office) -> None:
    office.publish(PASS, page("trauung", "", "Trauung im Standesamt"))

    assert found([office.opened()], "Trauung im Standesamt")[0].document.id == "trauung"


def test_a_crash_before_the_commit_leaves_the_old_revision(office: Office) -> None:
    office.publish(PASS)
    office.publisher.import_documents("stadt", [DEARER])
    crashing: Publisher = office.publishing(CrashingStore(office.engine))

    with pytest.raises(KeyboardInterrupt):
        crashing.publish("stadt")
    assert office.served() == {"pass": PASS.body}
    assert office.store.changes("stadt") == Changes(changed=("pass",))


def test_after_a_crash_the_draft_can_be_published(office: Office) -> None:
    office.publish(PASS)
    office.publisher.import_documents("stadt", [DEARER])
    with pytest.raises(KeyboardInterrupt):
        office.publishing(CrashingStore(office.engine)).publish("stadt")

    assert office.publisher.publish("stadt").number == 2
    assert office.served() == {"pass": DEARER.body}


def test_an_embedder_that_fails_leaves_everything_as_it_was(office: Office) -> None:
    office.publish(PASS)
    failing = Office(office.data_dir, office.engine, FailingEmbedder())

    with pytest.raises(EmbedderFailed):
        failing.publish(DEARER)
    assert office.served() == {"pass": PASS.body}
    assert len(list(office.folders.segments.iterdir())) == 1


def test_a_corpus_that_is_being_changed_is_refused_and_left_alone(office: Office) -> None:
    office.publish(PASS)
    with office.lock.held("stadt"):
        for change in (
            lambda: office.publish(DEARER),
            lambda: office.publisher.publish("stadt"),
            lambda: office.publisher.remove("stadt", "pass"),
            lambda: office.publisher.rollback("stadt", 1),
            lambda: office.publisher.erase("stadt", "pass"),
        ):
            with pytest.raises(CorpusBusy, match="stadt is being changed"):
                change()

    assert office.store.changes("stadt") == Changes()
    assert office.served() == {"pass": PASS.body}


def test_progress_is_told_stage_by_stage_up_to_all(office: Office) -> None:
    told: list[tuple[str, int, int]] = []
    office.publisher.import_documents("stadt", [PASS, KITA], publish=True, progress=lambda *a: told.append(a))

    assert list(dict.fromkeys(stage for stage, _, _ in told)) == ["embed", "index"]
    for stage in ("embed", "index"):
        every = {of for name, _, of in told if name == stage}
        assert every == {sum(done for name, done, _ in told if name == stage)}


def no_model() -> Space:
    raise EmbedderFailed("The model is not there.")


def test_a_draft_needs_no_model(office: Office) -> None:
    office.publish(PASS, KITA)
    drafting = Publisher(office.store, VectorCache(office.engine), office.lock, office.folders, no_model)

    assert drafting.import_documents("stadt", [DEARER]) == (Changes(changed=("pass",)), None)
    drafting.remove("stadt", "kita")
    assert office.store.changes("stadt") == Changes(changed=("pass",), removed=("kita",))
    assert drafting.sweep() == 0
    for publish in (drafting.publish, drafting.renew):
        with pytest.raises(EmbedderFailed, match="not there"):
            publish("stadt")
    assert office.served() == {"pass": PASS.body, "kita": KITA.body}


def test_the_command_line_drafts_without_its_model(data_dir: Path) -> None:
    wiring = Wiring(Settings(data_dir=data_dir, embedder="/not/there"))
    wiring.publisher.import_documents("stadt", [PASS, KITA])
    wiring.publisher.remove("stadt", "kita")

    assert wiring.corpora.changes("stadt") == Changes(added=("pass",))
    wiring.engine.dispose()
