"""What the service says itself, in every language it has a file for."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parents[1] / "replies"
# Likely in any town before a word is read, beside its own; all that have a file would be as good as none.
LIKELY = ("de", "ar", "en", "fr", "tr", "uk")
# Who writes in a language that has no file is answered in this one, around quotes in the page's own.
_INSTEAD = "en"


@dataclass(frozen=True, slots=True)
class Replies:
    """The texts and cues of one language; `language` is the one they are written in."""

    language: str
    tables: Mapping[str, Any]

    def text(self, table: str, key: str, **values: str) -> str:
        """A text with its {words} filled in."""
        return str(self.tables[table][key]).format(**values)

    def cues(self, kind: str) -> tuple[str, ...]:
        """Beginnings of words and phrases that point to a kind of question."""
        return tuple(self.tables["cues"][kind])

    def language_name(self, language: str) -> str:
        """How this language calls another one."""
        names: Mapping[str, str] = self.tables["languages"]
        return names.get(language, names["other"])


@cache
def languages() -> tuple[str, ...]:
    """The languages that have a file, the reference first."""
    return tuple(sorted((path.stem for path in _FOLDER.glob("*.toml")), key=lambda name: (name != "de", name)))


@cache
def replies(language: str) -> Replies:
    """The replies in a language, or in English where it has no file."""
    chosen = language if language in languages() else _INSTEAD
    return Replies(chosen, tomllib.loads((_FOLDER / f"{chosen}.toml").read_text(encoding="utf-8")))
