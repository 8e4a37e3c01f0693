"""How much the evidence of meaning and the evidence of words count together."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_DATA = Path(__file__).parent / "data" / "fusion.json"


@dataclass(frozen=True, slots=True)
class Weights:
    """What a full lexical match is worth in cosine, by how the languages meet, and a step between layers.

    `concept` is what the official names of the services are worth that a question names in its own way.
    """

    same_language: float
    other_language: float
    layer: float
    concept: float = 0.0

    def lexical(self, question: str, passage: str) -> float:
        """A list of words is trusted only as far as question and passage share a language."""
        return self.same_language if question == passage else self.other_language


@cache
def load() -> Weights:
    """The weights that come with the package."""
    return Weights(**json.loads(_DATA.read_text(encoding="utf-8")))
