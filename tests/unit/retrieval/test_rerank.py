import json
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from retrieval.errors import RerankerFailed
from retrieval.rerank import CrossEncoderReranker
from tests.unit.retrieval import models

pytestmark = [pytest.mark.models, pytest.mark.usefixtures("model_libraries")]

TEXTS = ["amt antrag frist", "hund steuer euro", "kita schule kosten", "steuer hund amt", "rente heirat auto"]


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return models.cross_encoder(tmp_path_factory.mktemp("reranker") / "overlap")


@pytest.fixture(scope="module")
def reranker(trained: Path) -> CrossEncoderReranker:
    return CrossEncoderReranker(trained, device="cpu", batch=2)


@pytest.mark.parametrize(("question", "right"), [("hund", [1, 3]), ("kita", [2]), ("amt", [0, 3]), ("wohnung", [])])
def test_a_text_that_has_the_word_of_the_question_is_likely(
    reranker: CrossEncoderReranker, question: str, right: list[int]
) -> None:
    scores = reranker.scores(question, TEXTS)

    assert np.flatnonzero(scores > 0.5).tolist() == right


def test_there_is_a_probability_for_every_text(reranker: CrossEncoderReranker) -> None:
    scores = reranker.scores("hund", TEXTS)

    assert scores.shape == (5,)
    assert scores.dtype == np.float32
    assert ((scores > 0) & (scores < 1)).all()


def test_no_text_has_no_scores(reranker: CrossEncoderReranker) -> None:
    assert reranker.scores("hund", []).shape == (0,)


def test_the_order_is_the_one_of_the_library(reranker: CrossEncoderReranker, trained: Path) -> None:
    from sentence_transformers import CrossEncoder

    library = CrossEncoder(str(trained), device="cpu")
    for question in ("hund", "kita", "rente"):
        ranked = [row["corpus_id"] for row in library.rank(question, TEXTS, show_progress_bar=False)]
        assert np.argsort(-reranker.scores(question, TEXTS), kind="stable").tolist() == ranked


def test_scores_are_probabilities_whatever_the_model_would_give(trained: Path, tmp_path: Path) -> None:
    raw = changed(
        trained, tmp_path / "raw", sentence_transformers={"activation_fn": "torch.nn.modules.linear.Identity"}
    )

    assert np.allclose(
        CrossEncoderReranker(raw, device="cpu").scores("hund", TEXTS),
        CrossEncoderReranker(trained, device="cpu").scores("hund", TEXTS),
        atol=1e-6,
    )


def test_pairs_are_cut_to_the_length_that_is_given(trained: Path) -> None:
    short = CrossEncoderReranker(trained, device="cpu", max_length=6)

    one, other = short.scores("hund", ["amt frist", "amt frist hund"])

    assert one == pytest.approx(other, abs=1e-6)


def test_half_a_surrogate_pair_is_left_out(reranker: CrossEncoderReranker) -> None:
    assert np.allclose(reranker.scores("hund \ud83d", ["hund \udc00"]), reranker.scores("hund", ["hund"]))


def test_many_threads_get_what_one_gets(reranker: CrossEncoderReranker) -> None:
    words = models.WORDS[:10] * 2

    with ThreadPoolExecutor(4) as threads:
        together = list(threads.map(lambda word: reranker.scores(word, TEXTS), words))

    assert np.allclose(together, [reranker.scores(word, TEXTS) for word in words], atol=1e-5)


def test_a_directory_is_loaded_without_a_look_at_the_network(trained: Path, no_network: list[str]) -> None:
    CrossEncoderReranker(trained).scores("hund", TEXTS)

    assert no_network == []


@pytest.mark.parametrize("model", ["not/there", "/not/there/at/all", "nothing-of-this-name", __file__])
def test_a_model_that_is_not_there_is_named(model: str, no_network: list[str]) -> None:
    with pytest.raises(RerankerFailed, match=f"{model} cannot be loaded"):
        CrossEncoderReranker(model)
    assert no_network == []


def changed(trained: Path, folder: Path, **settings: object) -> Path:
    """The same model with other settings."""
    folder.mkdir()
    for path in trained.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    told = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**told, **settings}))
    return folder


def test_a_damaged_model_is_named(trained: Path, tmp_path: Path) -> None:
    damaged = changed(trained, tmp_path / "damaged")
    (damaged / "model.safetensors").write_bytes(b"nothing")

    with pytest.raises(RerankerFailed, match="damaged cannot be loaded"):
        CrossEncoderReranker(damaged)


def test_a_device_that_is_not_there_is_refused(trained: Path) -> None:
    with pytest.raises(RerankerFailed, match="overlap cannot be loaded"):
        CrossEncoderReranker(trained, device="abacus")


def test_an_embedder_is_no_reranker(tmp_path: Path) -> None:
    directory = models.encoder(tmp_path / "embedder")

    with pytest.raises(RerankerFailed, match="no trained head"):
        CrossEncoderReranker(directory, device="cpu")


def test_a_model_with_several_scores_is_refused(tmp_path: Path) -> None:
    directory = models.cross_encoder(tmp_path / "entailment", labels=3, steps=0)

    with pytest.raises(RerankerFailed, match="gives 3 scores"):
        CrossEncoderReranker(directory, device="cpu")


def not_finite(parameter: object) -> None:
    parameter.data.fill_(float("nan"))  # type: ignore[attr-defined]


def other_type(parameter: object) -> None:
    parameter.data = parameter.data.double()  # type: ignore[attr-defined]


@pytest.mark.parametrize(("spoil", "sentence"), [(not_finite, "not finite"), (other_type, "gave no scores")])
def test_what_goes_wrong_while_scoring_is_translated(
    trained: Path, spoil: Callable[[object], None], sentence: str
) -> None:
    spoilt = CrossEncoderReranker(trained, device="cpu")
    spoil(next(spoilt._model.parameters()))

    with pytest.raises(RerankerFailed, match=sentence):
        spoilt.scores("hund", TEXTS)


@pytest.mark.parametrize("error", [RuntimeError, IndexError, ValueError])
def test_whatever_a_model_raises_is_translated(
    trained: Path, error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    spoilt = CrossEncoderReranker(trained, device="cpu")

    def fail(*_: object, **__: object) -> None:
        raise error("out of range")

    monkeypatch.setattr(spoilt._model, "predict", fail)

    with pytest.raises(RerankerFailed, match="overlap gave no scores: out of range"):
        spoilt.scores("hund", TEXTS)


def test_a_model_with_fewer_positions_than_it_says_is_refused_when_it_is_loaded(tmp_path: Path) -> None:
    from transformers import RobertaConfig, RobertaForSequenceClassification

    # Its positions begin after that of the padding, and its tokenizer leaves as many tokens as there are positions.
    model = RobertaForSequenceClassification(RobertaConfig(**models.config().to_dict()))
    said, unsaid = (models.save(model, tmp_path / name, n) for name, n in (("said", 31), ("no", 10**6)))

    assert len(CrossEncoderReranker(said, device="cpu").scores("hund", ["hund " * 100])) == 1
    with pytest.raises(RerankerFailed, match=r"no gave no scores: index out of range .* model_max_length\?$"):
        CrossEncoderReranker(unsaid, device="cpu")


def test_a_library_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)

    with pytest.raises(RerankerFailed, match="sentence_transformers"):
        CrossEncoderReranker("any/model")
