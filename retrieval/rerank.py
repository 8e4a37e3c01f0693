"""How well each passage answers the question, read together: the port, and any cross-encoder."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import RerankerFailed
from retrieval.hugging_face import LONG, quiet, reason, whole

Scores = NDArray[np.float32]


class Reranker(Protocol):
    """Reads question and text together; slower and more exact than the nearness of two vectors."""

    def scores(self, question: str, texts: Sequence[str]) -> Scores:
        """A probability between 0 and 1 for each text, shape (len(texts),)."""


class CrossEncoderReranker:
    """Fulfils `Reranker` with a model of a directory or, by its id, of the local cache of Hugging Face.

    Pairs beyond `max_length` tokens, or what the model takes, are cut. Nothing is downloaded unless `download`
    says so. Several threads may call it. Raises RerankerFailed.
    """

    def __init__(
        self,
        model: str | Path,
        *,
        batch: int = 32,
        device: str | None = None,
        max_length: int | None = None,
        download: bool = False,
    ) -> None:
        quiet()
        try:
            from sentence_transformers import CrossEncoder
            from torch.nn import Sigmoid

            self._model: Any = CrossEncoder(
                str(model), device=device, max_length=max_length, local_files_only=not download
            )
        except Exception as error:
            # What these libraries raise has no common base.
            why = reason(error, None if download else model)
            raise RerankerFailed(f"The reranker {model} cannot be loaded: {why}") from error
        self._name = Path(model).name
        self._batch = batch
        self._sigmoid = Sigmoid()
        self._refuse_other_kinds()
        # The first call also fixes how the tokenizer pads and cuts, which it must not do while threads use it.
        self.scores("", [""])
        self._refuse_short_ones()

    def scores(self, question: str, texts: Sequence[str]) -> Scores:
        """A probability between 0 and 1 for each text, in their order, shape (len(texts),)."""
        if not texts:
            return np.empty(0, dtype=np.float32)
        pairs = [(whole(question), whole(text)) for text in texts]
        try:
            found = self._model.predict(
                pairs, batch_size=self._batch, activation_fn=self._sigmoid, show_progress_bar=False
            )
        except (RuntimeError, IndexError, ValueError) as error:
            raise RerankerFailed(f"The reranker {self._name} gave no scores: {error}") from error
        scores = np.asarray(found, dtype=np.float32)
        if not np.isfinite(scores).all():
            raise RerankerFailed(f"The reranker {self._name} gave a score that is not finite.")
        return scores

    def _refuse_other_kinds(self) -> None:
        """An embedder gets a head of random weights from the library, with no more than a warning."""
        kinds = self._model.config.architectures or []
        if not any(kind.endswith(("ForSequenceClassification", "ForCausalLM")) for kind in kinds):
            raise RerankerFailed(f"The model {self._name} is no cross-encoder: it has no trained head.")
        if self._model.config.num_labels != 1 and kinds[0].endswith("ForSequenceClassification"):
            raise RerankerFailed(f"The reranker {self._name} gives {self._model.config.num_labels} scores, not one.")

    def _refuse_short_ones(self) -> None:
        """A model may have fewer positions than its tokenizer leaves of a text."""
        try:
            self.scores("", [LONG])
        except RerankerFailed as error:
            told = str(error).rstrip(".")
            raise RerankerFailed(f"{told}; does its tokenizer_config.json say model_max_length?") from error
