from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from corpora.documents import Document, Fee, ServiceFacts
from retrieval import segment
from retrieval.centring import Centres, load, unit
from retrieval.segment import Segment, SegmentCounts
from tests.fakes import TODAY, FakeEmbedder, entries, page

PASS = page("pass", "Er kostet 70 Euro.\n\n## Frist\nSechs Wochen.", "Reisepass", keywords=("Auslandsreise",))
PASS_EN = page("pass-en", "It costs 70 euros.", "Passport", "en", translation_of="pass")
KITA = page("kita", "Ein Platz.", "Kita", facts=ServiceFacts(fees=(Fee("100 Euro", 100.0),)))
ALL = (PASS, PASS_EN, KITA)


def write(folder: Path, documents: Sequence[Document], centres: Centres | None = None) -> SegmentCounts:
    embedder = FakeEmbedder()
    cut = entries(*documents)
    vectors = embedder.passages([passage.embedded for one in cut for passage in one.passages])
    return segment.write(folder, cut, vectors, centres or load(embedder))


def owners(part: Segment, day: date) -> list[int]:
    """The documents of the passages that may be found on a day."""
    alive = part.alive(day)
    return [int(owner) for owner in (part.owners if alive is None else part.owners[alive])]


@pytest.fixture
def written(tmp_path: Path) -> Path:
    write(tmp_path, ALL)
    return tmp_path


def test_documents_come_back_whole(written: Path) -> None:
    assert tuple(Segment(written).documents()) == ALL


def test_passages_come_back_whole_with_the_title_of_their_page(written: Path) -> None:
    part = Segment(written)

    passages = [passage for one in entries(*ALL) for passage in one.passages]
    assert [part.passage(number) for number in range(len(passages))] == passages


def test_a_document_is_found_by_its_id(written: Path) -> None:
    part = Segment(written)

    assert [part.named(id_) for id_ in ("pass", "pass-en", "kita", "hund")] == [0, 1, 2, None]


def test_the_versions_of_a_page_are_found_by_their_original(written: Path) -> None:
    part = Segment(written)

    assert part.versions("pass") == [0, 1]
    assert part.versions("kita") == [2]
    assert part.versions("pass-en") == []


def test_the_passages_of_a_document_are_those_of_its_page(written: Path) -> None:
    part = Segment(written)

    for number, document in enumerate(ALL):
        assert {part.passage(int(n)).document_id for n in part.passages_of(number)} == {document.id}
    assert sum(len(part.passages_of(number)) for number in range(3)) == len(part.owners)


def test_a_removed_document_is_neither_alive_nor_named(written: Path) -> None:
    part = Segment(written, ["pass"])

    assert owners(part, TODAY) == [1, 2, 2]
    assert part.named("pass") is None
    assert part.versions("pass") == [1]
    assert [document.id for document in part.documents()] == ["pass-en", "kita"]


def test_removing_what_is_not_there_changes_nothing(written: Path) -> None:
    part = Segment(written, ["hund"])

    assert owners(part, TODAY) == list(part.owners)
    assert part.alive(TODAY) is None


@pytest.mark.parametrize(
    ("day", "ids"),
    [
        (date(2026, 1, 31), {"immer", "bis"}),
        (date(2026, 2, 1), {"immer", "bis", "ab"}),
        (date(2026, 3, 31), {"immer", "bis", "ab"}),
        (date(2026, 4, 1), {"immer", "ab"}),
    ],
)
def test_a_page_is_alive_from_its_first_day_to_its_last(tmp_path: Path, day: date, ids: set[str]) -> None:
    documents = [
        page("immer", "Text"),
        page("ab", "Text", valid_from=date(2026, 2, 1)),
        page("bis", "Text", valid_until=date(2026, 3, 31)),
    ]
    write(tmp_path, documents)
    part = Segment(tmp_path)

    assert {documents[owner].id for owner in owners(part, day)} == ids
    assert {documents[owner].id for owner in owners(part, date(2025, 1, 1))} == {"immer", "bis"}


def test_the_counts_are_of_documents_passages_and_languages(tmp_path: Path) -> None:
    counts = write(tmp_path, ALL)

    assert (counts.documents, counts.passages, counts.fields.keys()) == (3, 5, {"de", "en"})
    assert sum(field.passages for field in counts.fields.values()) == 5


def test_a_passage_is_indexed_with_title_headings_and_keywords(written: Path) -> None:
    lexicon = Segment(written).lexical

    for term in ("reisepass", "frist", "auslandsreis", "woch"):
        assert 1 in lexicon.postings("de", term).numbers, term


def test_keywords_are_no_part_of_what_is_cited(written: Path) -> None:
    assert "Auslandsreise" not in Segment(written).passage(1).text


def test_vectors_are_centred_by_the_language_of_their_passage(tmp_path: Path) -> None:
    german, english = np.full(32, 0.1, dtype=np.float32), np.linspace(0, 0.2, 32, dtype=np.float32)
    write(tmp_path, ALL, Centres({"de": german}, {"de": german, "en": english}))
    part = Segment(tmp_path)
    plain = FakeEmbedder().passages([p.embedded for one in entries(*ALL) for p in one.passages])
    means = np.stack([german, german, english, german, german])

    assert np.allclose(part.dense.vectors(np.arange(5)), unit(plain - means), atol=1e-6)
    assert np.allclose(part.dense.vectors(np.arange(5)) * part.norms[:, None] + means, plain, atol=1e-6)
    assert [part.language_names[n] for n in part.languages] == ["de", "de", "en", "de", "de"]
