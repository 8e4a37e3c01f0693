import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest

from retrieval.entailment import CrossEncoderEntailment
from retrieval.errors import EntailmentFailed, RetrievalError
from retrieval.hugging_face import LONG
from tests.unit.retrieval import models

THREE = {0: "entailment", 1: "neutral", 2: "contradiction"}
PAIRS = [("Der Pass kostet 70 Euro.", "Er kostet 70 Euro."), ("Der Pass kostet 70 Euro.", "Er kostet nichts.")]


class Library:
    """Stands in for the cross-encoders of sentence-transformers, and remembers what it was asked."""

    def __init__(self, names: dict[int, str], ids: dict[str, Any] | None = None, **settings: Any) -> None:
        told = {"architectures": ["BertForSequenceClassification"], "num_labels": len(names)} | settings
        self.config = SimpleNamespace(id2label=names, label2id=ids, **told)
        self.loaded: list[tuple[str, dict[str, Any]]] = []
        self.read: list[tuple[str, str]] = []
        self.told: dict[str, Any] = {}
        self.fail: Callable[[list[tuple[str, str]]], object] = len

    def load(self, model: str, **settings: Any) -> "Library":
        self.loaded.append((model, settings))
        return self

    def predict(self, pairs: list[tuple[str, str]], **settings: Any) -> Any:
        """Of each pair the logits 0, 1, 2 ... and of pairs without "70" these backwards."""
        self.read, self.told = pairs, settings
        self.fail(pairs)
        logits = np.arange(self.config.num_labels, dtype=np.float16)
        return settings["activation_fn"](np.stack([logits if "70" in claim else logits[::-1] for _, claim in pairs]))


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Library]:
    """Puts a stand-in where the library would be imported from."""

    def put(*labels: Any, **settings: Any) -> Library:
        library, module = Library(*labels, **settings), ModuleType("sentence_transformers")
        module.CrossEncoder = library.load  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "sentence_transformers", module)
        return library

    return put


Installed = Callable[..., Library]


def softmax(*logits: float) -> list[float]:
    return [float(np.exp(one) / np.exp(logits).sum()) for one in logits]


@pytest.mark.parametrize(
    ("names", "place"),
    [
        (THREE, 0),
        ({0: "contradiction", 1: "neutral", 2: "ENTAILMENT"}, 2),
        ({0: "not_entailment", 1: "Entailment"}, 1),
        ({0: "entailment", 1: "not_entailment"}, 0),
    ],
)
def test_the_label_is_found_by_its_name(installed: Installed, names: dict[int, str], place: int) -> None:
    installed(names)

    found = CrossEncoderEntailment("some/model").probabilities(PAIRS)

    each = softmax(*range(len(names)))
    assert found.tolist() == pytest.approx([each[place], each[::-1][place]])
    assert found.dtype == np.float32


@pytest.mark.parametrize(
    ("names", "ids"),
    [
        ({0: "LABEL_0", 1: "LABEL_1"}, {"not_entailment": 0, "entailment": 1}),
        ({0: "not_entailment", 1: "entailment"}, {"not_entailment": 0, "entailment": 1}),
        ({0: "not_entailment", 1: "entailment"}, {"LABEL_0": 0, "LABEL_1": 1}),
    ],
)
def test_either_list_of_labels_may_name_it(installed: Installed, names: dict[int, str], ids: dict[str, int]) -> None:
    installed(names, ids)

    found = CrossEncoderEntailment("some/model").probabilities(PAIRS)

    assert found.tolist() == pytest.approx(softmax(0, 1)[::-1])


@pytest.mark.parametrize(
    ("names", "ids", "settings", "sentence"),
    [
        ({0: "LABEL_0", 1: "LABEL_1"}, {"LABEL_0": 0, "LABEL_1": 1}, {}, 'called "entailment": LABEL_0, LABEL_1.'),
        ({0: "not_entailment", 1: "neutral"}, None, {}, 'called "entailment": not_entailment, neutral.'),
        (THREE, {"entailment": 2, "neutral": 1, "contradiction": 0}, {}, "does not say which label"),
        (THREE, {"entailment": "0"}, {}, "does not say which label"),
        ({0: "entailment", 1: "entailment"}, None, {}, "does not say which label"),
        ({1: "neutral", 2: "entailment"}, None, {}, "does not say which label"),
        ({0: "entailment"}, None, {}, "has one label, not at least two"),
        (THREE, None, {"architectures": ["BertModel"]}, "no trained head"),
        (THREE, None, {"architectures": None}, "no trained head"),
        (THREE, None, {"architectures": ["Qwen3ForCausalLM"]}, "no trained head"),
    ],
)
def test_a_model_that_is_not_of_this_kind_is_refused_when_it_is_loaded(
    installed: Installed, names: dict[int, str], ids: dict[str, Any], settings: dict[str, Any], sentence: str
) -> None:
    library = installed(names, ids, **settings)

    with pytest.raises(EntailmentFailed, match=sentence):
        CrossEncoderEntailment("some/model")
    assert library.read == []


@pytest.mark.parametrize("download", [False, True])
def test_the_library_loads_as_it_is_told(installed: Installed, download: bool, tmp_path: Path) -> None:
    library = installed(THREE)

    CrossEncoderEntailment(tmp_path, device="cpu", download=download)

    assert library.loaded == [(str(tmp_path), {"device": "cpu", "local_files_only": not download})]


def test_no_pairs_have_no_probabilities(installed: Installed) -> None:
    library = installed(THREE)
    entailment = CrossEncoderEntailment("some/model")
    library.read = []

    assert entailment.probabilities([]).shape == (0,)
    assert library.read == []


def test_passages_come_first_and_only_they_are_cut(installed: Installed) -> None:
    library = installed(THREE)

    CrossEncoderEntailment("some/model").probabilities(PAIRS)

    assert library.read == PAIRS
    assert library.told["processing_kwargs"] == {"text": {"truncation": "only_first"}}


def test_half_a_surrogate_pair_is_left_out(installed: Installed) -> None:
    library = installed(THREE)

    CrossEncoderEntailment("some/model").probabilities([("Pass \ud83d", "\udc00 Pass")])

    assert library.read == [("Pass ", " Pass")]


def test_large_logits_are_probabilities_too(installed: Installed, monkeypatch: pytest.MonkeyPatch) -> None:
    library = installed(THREE)
    entailment = CrossEncoderEntailment("some/model")
    monkeypatch.setattr(library, "predict", lambda *_, **__: np.array([[1e4, 0, -1e4], [-1e4, 0, 1e4]]))

    assert entailment.probabilities(PAIRS).tolist() == [1, 0]


@pytest.mark.parametrize("error", [RuntimeError, IndexError, ValueError, Exception])
def test_whatever_a_model_raises_is_translated(installed: Installed, error: type[Exception]) -> None:
    library = installed(THREE)
    entailment = CrossEncoderEntailment("some/tiny")

    def fail(_: object) -> None:
        raise error("too short")

    library.fail = fail

    with pytest.raises(EntailmentFailed, match="tiny gave no probabilities: too short"):
        entailment.probabilities(PAIRS)


@pytest.mark.parametrize("number", [np.nan, np.inf, -np.inf])
def test_a_number_that_is_not_finite_is_no_probability(
    installed: Installed, number: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = installed(THREE)
    entailment = CrossEncoderEntailment("some/model")
    monkeypatch.setattr(library, "predict", lambda *_, **__: np.array([[0, 1, 2], [0, 1, number]]))

    with pytest.raises(EntailmentFailed, match="not finite"):
        entailment.probabilities(PAIRS)


def test_a_model_with_fewer_positions_than_it_says_is_refused_when_it_is_loaded(installed: Installed) -> None:
    def fail(pairs: Sequence[tuple[str, str]]) -> None:
        if (LONG, "") in pairs:
            raise IndexError("index out of range")

    library = installed(THREE)
    library.fail = fail

    with pytest.raises(EntailmentFailed, match=r"index out of range; .* model_max_length\?$"):
        CrossEncoderEntailment("some/model")


def test_a_library_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)

    with pytest.raises(RetrievalError, match=r"any/model cannot be loaded: .*sentence_transformers"):
        CrossEncoderEntailment("any/model")


@pytest.mark.models
@pytest.mark.usefixtures("model_libraries")
@pytest.mark.parametrize("model", ["not/there", "/not/there/at/all", __file__])
def test_a_model_that_is_not_there_is_named_without_a_look_at_the_network(model: str, no_network: list[str]) -> None:
    with pytest.raises(EntailmentFailed, match=f"{model} cannot be loaded"):
        CrossEncoderEntailment(model)
    assert no_network == []


@pytest.mark.models
@pytest.mark.usefixtures("model_libraries")
def test_an_embedder_is_no_judge_of_entailment(tmp_path: Path) -> None:
    with pytest.raises(EntailmentFailed, match="no trained head"):
        CrossEncoderEntailment(models.encoder(tmp_path / "embedder"), device="cpu")


@pytest.mark.models
@pytest.mark.usefixtures("model_libraries")
def test_a_reranker_is_no_judge_of_entailment(tmp_path: Path) -> None:
    with pytest.raises(EntailmentFailed, match="has one label"):
        CrossEncoderEntailment(models.cross_encoder(tmp_path / "reranker", steps=0), device="cpu")
