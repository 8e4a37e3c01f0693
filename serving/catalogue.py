"""The European open models and the GPUs that are known by name."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from serving.errors import UnknownName

_DATA = Path(__file__).parent / "data"
_EVERY = "*"
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Model:
    """An open model: where its weights are found, what it may be used for, and what vLLM needs to know of it.

    `weights` are gigabytes (10⁹ bytes) by precision, "bf16" or "fp8". `languages` is empty where it speaks all.
    """

    name: str
    id: str
    licence: str
    languages: tuple[str, ...]
    context: int
    layers: int
    kv_heads: int
    head_dimensions: int
    weights: Mapping[str, float]
    flags: tuple[str, ...] = ()
    fp8_flags: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    note: str = ""

    @property
    def token_bytes(self) -> int:
        """The bytes of one token's keys and values in 16 bits, over all layers."""
        return 2 * 2 * self.layers * self.kv_heads * self.head_dimensions

    def speaks(self, language: str) -> bool:
        """Whether its makers name the language among those it was made for."""
        return not self.languages or language in self.languages


@dataclass(frozen=True, slots=True)
class Gpu:
    """A kind of GPU with its memory in gigabytes (10⁹ bytes), and whether it calculates in fp8."""

    name: str
    memory: float
    fp8: bool


@cache
def models() -> Mapping[str, Model]:
    """All models by their short names."""
    return {name: _model(name, row) for name, row in _table("models").items()}


@cache
def gpus() -> Mapping[str, Gpu]:
    """All GPUs by their names."""
    return {name: Gpu(name, float(row["memory"]), row["fp8"]) for name, row in _table("gpus").items()}


def model(name: str) -> Model:
    """The model of that short name or id; raises UnknownName with the nearest names."""
    by_id = {one.id.casefold(): one for one in models().values()}
    return by_id.get(name.casefold()) or _named("model", name, models())


def gpu(name: str) -> Gpu:
    """The GPU of that name; raises UnknownName with the nearest names."""
    return _named("GPU", name, gpus())


def _named(kind: str, name: str, known: Mapping[str, _T]) -> _T:
    wished = name.casefold().strip().replace(" ", "-").replace("_", "-")
    if wished in known:
        return known[wished]
    near = get_close_matches(wished, known, n=3, cutoff=0.4) or sorted(known)
    raise UnknownName(f"There is no {kind} named {name} in the catalogue. Did you mean {', '.join(near)}?")


def _model(name: str, row: Mapping[str, Any]) -> Model:
    lists = {key: tuple(row[key]) for key in ("flags", "fp8_flags", "problems") if key in row}
    languages = () if row["languages"] == _EVERY else tuple(row["languages"].split())
    return Model(**{**row, **lists, "name": name, "languages": languages})


def _table(name: str) -> dict[str, dict[str, Any]]:
    return tomllib.loads((_DATA / f"{name}.toml").read_text(encoding="utf-8"))
