"""Any sentence-transformers model as an embedder, on the GPU where there is one."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from retrieval.centring import unit
from retrieval.embedding import Vectors
from retrieval.errors import EmbedderFailed
from retrieval.hugging_face import LONG, quiet, reason, whole

# In this order, since the library gives every model a "document" prompt, an empty one where it has none.
_PASSAGE_PROMPTS = ("passage", "document", "corpus")
# Two texts that every vocabulary has apart, and how much alike only a model without a vocabulary finds them.
_PROBE = ("a", "b")
_ALIKE = 0.99999
# Of what a model's folder may hold, what its vectors come from.
_KINDS = {".bin", ".json", ".model", ".safetensors", ".txt"}


class SentenceTransformerEmbedder:
    """Fulfils `Embedder` with a model of a directory or, by its id, of the local cache of Hugging Face.

    `prompts` go before the model's own "query" and "passage" prompts. Texts beyond the model's length are cut.
    Nothing is downloaded unless `download` says so. Several threads may call it. Raises EmbedderFailed.
    """

    def __init__(
        self,
        model: str | Path,
        *,
        prompts: Mapping[str, str] | None = None,
        batch: int = 32,
        device: str | None = None,
        name: str | None = None,
        download: bool = False,
    ) -> None:
        quiet()
        try:
            from sentence_transformers import SentenceTransformer

            self._model: Any = SentenceTransformer(str(model), device=device, local_files_only=not download)
            self.name = name or _name(model, prompts or {})
        except Exception as error:
            # What these libraries raise has no common base.
            why = reason(error, None if download else model)
            raise EmbedderFailed(f"The embedder {model} cannot be loaded: {why}") from error
        self._batch = batch
        self._query_prompt = _first(("query",), prompts or {}, self._model.prompts)
        self._passage_prompt = _first(_PASSAGE_PROMPTS, prompts or {}, self._model.prompts)
        # The first call also fixes how the tokenizer pads and cuts, which it must not do while threads use it.
        probe = self._rows(self._model.encode_query, _PROBE, self._query_prompt)
        if probe[0] @ probe[1] > _ALIKE:
            raise EmbedderFailed(f"The embedder {model} does not tell texts apart; is its tokenizer there?")
        self._refuse_short_ones()
        self.dimensions: int = probe.shape[1]

    def queries(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of questions, shape (len(texts), dimensions)."""
        return self._vectors(self._model.encode_query, texts, self._query_prompt)

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of what is to be found, shape (len(texts), dimensions)."""
        return self._vectors(self._model.encode_document, texts, self._passage_prompt)

    def _vectors(self, encode: Callable[..., Any], texts: Sequence[str], prompt: str) -> Vectors:
        if not texts:
            return np.empty((0, self.dimensions), dtype=np.float32)
        return self._rows(encode, texts, prompt)

    def _rows(self, encode: Callable[..., Any], texts: Sequence[str], prompt: str) -> Vectors:
        given = [whole(text) for text in texts]
        try:
            rows = encode(given, prompt=prompt, batch_size=self._batch, show_progress_bar=False)
        except (RuntimeError, IndexError, ValueError) as error:
            raise EmbedderFailed(f"The embedder {self.name} gave no vectors: {error}") from error
        if not np.isfinite(rows).all():
            raise EmbedderFailed(f"The embedder {self.name} gave a vector that is not finite.")
        # In float32: what a model normalises in half precision is not of length one.
        return unit(np.asarray(rows, dtype=np.float32))

    def _refuse_short_ones(self) -> None:
        """A model may have fewer positions than its tokenizer leaves of a text."""
        try:
            self._rows(self._model.encode_document, [LONG], self._passage_prompt)
        except EmbedderFailed as error:
            told = str(error).rstrip(".")
            raise EmbedderFailed(f"{told}; does its tokenizer_config.json say model_max_length?") from error


def _first(kinds: Sequence[str], *prompts: Mapping[str, str]) -> str:
    return next((known[kind] for known in prompts for kind in kinds if kind in known), "")


def _name(model: str | Path, prompts: Mapping[str, str]) -> str:
    """An id without its slash, or a folder's name and content; other prompts are another vector space too."""
    folder = Path(model)
    own = f"{folder.absolute().name}-{_content(folder)}" if folder.is_dir() else str(model).replace("/", "--")
    if not prompts:
        return own
    return f"{own}+{hashlib.sha256(repr(sorted(prompts.items())).encode()).hexdigest()[:8]}"


def _content(folder: Path) -> str:
    """A checksum of settings, vocabulary and weights: a model that is trained further differs in nothing else."""
    total = hashlib.sha256()
    for path in sorted((*folder.glob("*.*"), *folder.glob("*/*.*"))):
        if path.suffix in _KINDS:
            total.update(path.relative_to(folder).as_posix().encode())
            with path.open("rb") as file:
                total.update(hashlib.file_digest(file, "sha256").digest())
    return total.hexdigest()[:8]
