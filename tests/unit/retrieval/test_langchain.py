import asyncio
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from langchain_classic.retrievers import EnsembleRetriever
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import RunnablePassthrough
from pydantic import ValidationError

from retrieval.embedding import Vectors
from retrieval.errors import EmbedderFailed, SnapshotCorrupt, Unpublished
from retrieval.langchain import MultilingualEmbeddings, PassageRetriever
from retrieval.snapshot import Snapshot
from tests.fakes import TODAY, FakeEmbedder, Office, opened, page, retriever

PASS = page("pass", "## Gebühr\nDer Reisepass kostet 70 Euro.", "Reisepass", url="https://example.org/pass")
KITA = page("kita", "Die Kita ist gebührenfrei.", "Kita")
PASS_UK = page("pass-uk", "Він коштує 70 євро.", "Паспорт", "uk", translation_of="pass")
OLD = page("alt", "Der Reisepass kostet 60 Euro.", "Reisepass", valid_until=date(2025, 12, 31))
QUESTION = "Was kostet der Reisepass?"


@pytest.fixture(autouse=True)
def _untraced(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the developer's environment says, a test sends nothing anywhere."""
    monkeypatch.setenv("LANGSMITH_TRACING_V2", "false")


@pytest.fixture
def layer(tmp_path: Path) -> Snapshot:
    return opened(tmp_path, [PASS, KITA])


def over(*layers: Snapshot, **fields: Any) -> PassageRetriever:
    return PassageRetriever(retriever=retriever(), layers=layers, **fields)


def ids(found: Sequence[Document]) -> list[str]:
    return [one.metadata["document_id"] for one in found]


def test_embeddings_are_those_of_the_embedder() -> None:
    embeddings = MultilingualEmbeddings(FakeEmbedder())
    texts = ["Reisepass", "Kita"]

    assert isinstance(embeddings, Embeddings)
    assert embeddings.embed_documents(texts) == FakeEmbedder().passages(texts).tolist()
    assert embeddings.embed_query("Reisepass") == FakeEmbedder().queries(["Reisepass"])[0].tolist()
    assert embeddings.embed_documents([]) == []


def test_embeddings_are_had_asynchronously_too() -> None:
    embeddings = MultilingualEmbeddings(FakeEmbedder())

    assert asyncio.run(embeddings.aembed_query("Kita")) == embeddings.embed_query("Kita")
    assert asyncio.run(embeddings.aembed_documents(["Kita"])) == embeddings.embed_documents(["Kita"])


def test_embeddings_are_multilingual_where_no_embedder_is_given() -> None:
    embeddings = MultilingualEmbeddings()
    passport, nursery = np.array(embeddings.embed_documents(["Reisepass beantragen", "Kindergarten anmelden"]))
    question = np.array(embeddings.embed_query("apply for a passport"))

    assert passport @ question > nursery @ question


def test_it_is_a_retriever_that_finds_the_passage_that_answers(layer: Snapshot) -> None:
    searcher = over(layer)

    assert isinstance(searcher, BaseRetriever)
    assert ids(searcher.invoke(QUESTION)) == ["pass", "kita"]


def test_every_way_of_calling_gives_the_same(layer: Snapshot) -> None:
    searcher = over(layer)
    found = searcher.invoke(QUESTION)

    assert asyncio.run(searcher.ainvoke(QUESTION)) == found
    assert searcher.batch([QUESTION, QUESTION]) == [found, found]
    assert asyncio.run(searcher.abatch([QUESTION])) == [found]
    assert list(searcher.stream(QUESTION)) == [found]


def test_a_document_holds_the_passage_in_context_and_where_it_stands(layer: Snapshot) -> None:
    best = over(layer).invoke(QUESTION)[0]

    assert best.page_content == "Reisepass › Gebühr\nDer Reisepass kostet 70 Euro."
    assert best.id == "stadt/pass#0"
    score = best.metadata.pop("score")
    assert isinstance(score, float)
    assert best.metadata == {
        "document_id": "pass",
        "passage_id": "pass#0",
        "title": "Reisepass",
        "heading": "Gebühr",
        "url": "https://example.org/pass",
        "language": "de",
        "corpus": "stadt",
        "revision": 1,
    }


def test_documents_are_ordered_by_score_and_as_many_as_wished(layer: Snapshot) -> None:
    scores = [one.metadata["score"] for one in over(layer).invoke(QUESTION)]

    assert scores == sorted(scores, reverse=True)
    assert len(over(layer, top=1).invoke(QUESTION)) == 1
    with pytest.raises(ValidationError):
        over(layer, top=0)


def test_it_is_a_part_of_a_chain(layer: Snapshot) -> None:
    titles = over(layer) | (lambda found: [one.metadata["title"] for one in found])
    chain = RunnablePassthrough.assign(titles=(lambda given: given["question"]) | titles)

    assert chain.invoke({"question": QUESTION}) == {"question": QUESTION, "titles": ["Reisepass", "Kita"]}
    assert asyncio.run(chain.ainvoke({"question": QUESTION})) == chain.invoke({"question": QUESTION})


def test_only_what_is_valid_on_the_day_is_found(tmp_path: Path) -> None:
    layer = opened(tmp_path, [PASS, OLD])
    before = over(layer, day=date(2025, 6, 1)).invoke(QUESTION)

    assert ids(over(layer).invoke(QUESTION)) == ["pass"]
    assert ids(over(layer, day=TODAY).invoke(QUESTION)) == ["pass"]
    assert set(ids(before)) == {"pass", "alt"}
    assert [one.metadata.get("valid_until") for one in before if one.id == "stadt/alt#0"] == ["2025-12-31"]


def test_a_page_in_the_language_of_the_question_is_preferred(tmp_path: Path) -> None:
    layer = opened(tmp_path, [PASS, PASS_UK])

    assert ids(over(layer).invoke("Скільки коштує закордонний паспорт?")) == ["pass-uk"]
    assert ids(over(layer).invoke(QUESTION)) == ["pass"]
    assert ids(over(layer, language="uk").invoke(QUESTION)) == ["pass-uk"]


@pytest.mark.parametrize("question", ["70", "§ 5", "?"])
def test_a_question_that_no_language_can_be_told_of_is_searched_with(layer: Snapshot, question: str) -> None:
    assert set(ids(over(layer).invoke(question))) <= {"pass", "kita"}


def test_layers_are_searched_together_and_asked_for_each_time(tmp_path: Path) -> None:
    layers = [opened(tmp_path, [PASS]), opened(tmp_path, [KITA], corpus="bund")]
    handed = iter([layers[:1], layers])
    searcher = PassageRetriever(retriever=retriever(), layers=lambda: next(handed))

    assert [{one.metadata["corpus"] for one in searcher.invoke(QUESTION)} for _ in range(2)] == [
        {"stadt"},
        {"stadt", "bund"},
    ]


def test_without_a_layer_nothing_is_published() -> None:
    with pytest.raises(Unpublished):
        over().invoke(QUESTION)
    with pytest.raises(Unpublished):
        asyncio.run(over().ainvoke(QUESTION))


class BrokenEmbedder(FakeEmbedder):
    def queries(self, texts: Sequence[str]) -> Vectors:
        raise EmbedderFailed("no vector")


def test_an_error_of_ours_stays_ours(layer: Snapshot) -> None:
    searcher = PassageRetriever(retriever=retriever(BrokenEmbedder()), layers=[layer])

    with pytest.raises(EmbedderFailed, match="no vector"):
        searcher.invoke(QUESTION)
    with pytest.raises(EmbedderFailed, match="no vector"):
        asyncio.run(searcher.ainvoke(QUESTION))


def test_what_was_published_is_opened_by_its_manifests(office: Office) -> None:
    office.publish(PASS)
    office.publish(KITA, corpus="bund")
    paths = sorted(office.folders.snapshots.glob("*/*.json"), reverse=True)
    searcher = PassageRetriever.from_manifests(paths, embedder=office.embedder, top=5, language="de")

    assert {(one.metadata["corpus"], one.metadata["revision"]) for one in searcher.invoke(QUESTION)} == {
        ("stadt", 1),
        ("bund", 1),
    }
    assert (searcher.top, searcher.language) == (5, "de")


def test_a_shelf_as_layers_follows_what_is_published(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.publishing.shelf._FRESH_SECONDS", 0.0)
    searcher = PassageRetriever(retriever=retriever(), layers=lambda: office.shelf.layers(("stadt",)))
    revisions = []
    for document in (PASS, KITA):
        office.publish(document)
        revisions.append(searcher.invoke(QUESTION)[0].metadata["revision"])

    assert revisions == [1, 2]


def test_a_missing_manifest_is_corrupt(tmp_path: Path, embedder: FakeEmbedder) -> None:
    with pytest.raises(SnapshotCorrupt):
        PassageRetriever.from_manifests([tmp_path / "snapshots" / "stadt" / "1-0.json"], embedder=embedder)


def test_it_takes_part_in_an_ensemble(layer: Snapshot) -> None:
    ensemble = EnsembleRetriever(retrievers=[over(layer), over(layer, top=1)], weights=[0.5, 0.5])

    assert ids(ensemble.invoke(QUESTION)) == ["pass", "kita"]
