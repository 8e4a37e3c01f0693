"""How likely a claim follows from a passage: the port, and any cross-encoder of natural language inference."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import EntailmentFailed
from retrieval.hugging_face import LONG, quiet, reason, whole

Probabilities = NDArray[np.float32]

_LABEL = "entailment"
# What does not fit is cut from the passage: half a claim may follow where the whole one does not.
_CUT = {"text": {"truncation": "only_first"}}


class Entailment(Protocol):
    """Reads a passage and a claim together, and knows nothing but the passage."""

    def probabilities(self, pairs: Sequence[tuple[str, str]]) -> Probabilities:
        """How likely the passage of each (passage, claim) entails the claim, from 0 to 1, shape (len(pairs),)."""


class CrossEncoderEntailment:
    """Fulfils `Entailment` with a model of a directory or, by its id, of the local cache of Hugging Face.

    One of the model's labels must be called "entailment". Passages beyond what the model takes are cut, claims never.
    Nothing is downloaded unless `download` says so. Several threads may call it. Raises EntailmentFailed.
    """

    def __init__(self, model: str | Path, *, device: str | None = None, download: bool = False) -> None:
        quiet()
        try:
            from sentence_transformers import CrossEncoder

            self._model: Any = CrossEncoder(str(model), device=device, local_files_only=not download)
        except Exception as error:
            # What these libraries raise has no common base.
            why = reason(error, None if download else model)
            raise EntailmentFailed(f"The entailment model {model} cannot be loaded: {why}") from error
        self._name = Path(model).name
        self._place = self._place_of_label()
        # The first call also fixes how the tokenizer pads and cuts, which it must not do while threads use it.
        self.probabilities([("", "")])
        self._refuse_short_ones()

    def probabilities(self, pairs: Sequence[tuple[str, str]]) -> Probabilities:
        """How likely each passage entails its claim, from 0 to 1, in their order, shape (len(pairs),).

        Raises EntailmentFailed, also where a claim alone is longer than the model takes.
        """
        if not pairs:
            return np.empty(0, dtype=np.float32)
        given = [(whole(passage), whole(claim)) for passage, claim in pairs]
        try:
            found = self._model.predict(
                given, activation_fn=_unchanged, processing_kwargs=_CUT, show_progress_bar=False
            )
        except Exception as error:
            # The tokenizer has no class of its own for a claim that leaves no room for the passage.
            raise EntailmentFailed(f"The entailment model {self._name} gave no probabilities: {error}") from error
        logits = np.asarray(found, dtype=np.float32)
        if not np.isfinite(logits).all():
            raise EntailmentFailed(f"The entailment model {self._name} gave a number that is not finite.")
        return _softmax(logits)[:, self._place]

    def _place_of_label(self) -> int:
        config = self._model.config
        # An embedder gets a head of random weights from the library, with no more than a warning.
        if not any(kind.endswith("ForSequenceClassification") for kind in config.architectures or []):
            raise EntailmentFailed(f"The model {self._name} is no cross-encoder: it has no trained head.")
        # Of a single label any text would be sure.
        if config.num_labels < 2:
            raise EntailmentFailed(f"The entailment model {self._name} has one label, not at least two.")
        ours = {place for place, name in (config.id2label or {}).items() if _is_ours(name)}
        ours |= {place for name, place in (config.label2id or {}).items() if _is_ours(name)}
        if not ours:
            names = ", ".join(map(str, config.id2label.values()))
            raise EntailmentFailed(f'None of the labels of the model {self._name} is called "{_LABEL}": {names}.')
        place = ours.pop()
        if ours or place not in range(config.num_labels):
            raise EntailmentFailed(f'The config.json of {self._name} does not say which label is "{_LABEL}".')
        return int(place)

    def _refuse_short_ones(self) -> None:
        """A model may have fewer positions than its tokenizer leaves of a text."""
        try:
            self.probabilities([(LONG, "")])
        except EntailmentFailed as error:
            told = str(error).rstrip(".")
            raise EntailmentFailed(f"{told}; does its tokenizer_config.json say model_max_length?") from error


def _is_ours(name: object) -> bool:
    return str(name).strip().casefold() == _LABEL


def _unchanged(logits: Any) -> Any:
    """In place of what the model's own settings would make of them."""
    return logits


def _softmax(logits: Probabilities) -> Probabilities:
    rows = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(rows / rows.sum(axis=1, keepdims=True), dtype=np.float32)
