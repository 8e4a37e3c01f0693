"""How many tokens a text has: counted with the model's own tokenizer, or estimated where there is none."""

import string
from pathlib import Path
from typing import Any, Protocol

from serving.errors import NotInstalled, TokenizerMissing

# Vocabularies fall back on bytes, so that a text has no more tokens than those. Letters that are seldom alone in a
# token count half of one less: those of ASCII and of two-byte alphabets, Greek, Cyrillic, Hebrew and Arabic, which
# are known by their first byte. Digits, signs and spaces keep their byte: many models read them one by one.
# Compared with SmolLM2 (English only), Mistral 7B, Mistral's Tekken and XLM-R on the sample pages and questions, in
# pieces of 100 characters and more: never below the largest of the four, in the mean 1.6 times as many in German,
# 2.2 in English, 1.8 in French, 1.5 in Turkish and Arabic, 1.7 in Ukrainian; of Tekken alone two to four times.
_LETTERS = string.ascii_letters.encode() + bytes([*range(0xCE, 0xD4), *range(0xD7, 0xDC)])


class Counter(Protocol):
    """What counts tokens; `ModelTokens` and `estimated` do."""

    def __call__(self, text: str, /) -> int:
        """How many tokens the text has by itself, without what a chat template adds."""


class ModelTokens:
    """Counts with the tokenizer of a folder or, by its name, of the local cache of Hugging Face; threads may share it.

    Nothing is downloaded unless `download` says so. Building it takes seconds: at the start, not on the event loop.
    Raises NotInstalled and TokenizerMissing.
    """

    def __init__(self, folder_or_name: str | Path, download: bool = False) -> None:
        self._tokenizer = _loaded(str(folder_or_name), download)

    def __call__(self, text: str, /) -> int:
        """How many tokens the text has by itself, without what a chat template adds."""
        return len(_tokens(self._tokenizer, text))


def estimated(text: str) -> int:
    """At least as many tokens as models make of the text, whatever its script; only of gibberish they make more."""
    encoded = text.encode("utf-8", "surrogatepass")
    letters = len(encoded) - len(encoded.translate(None, _LETTERS))
    # One more, since SentencePiece puts a space before the first word.
    return bool(encoded) + len(encoded) - letters // 2


def _loaded(name: str, download: bool) -> Any:
    try:
        from transformers import AutoTokenizer
        from transformers.utils.hub import snapshot_download
    except ImportError as error:
        raise NotInstalled(f"{error.name} is not installed; pip install 'amtslotse[vllm]' brings it.") from error
    try:
        # For a name the library asks the network about itself, even where it may download nothing.
        place = name if download or Path(name).is_dir() else snapshot_download(name, local_files_only=True)
    except Exception as error:
        why = "it is no folder, and not among the models that were downloaded before"
        raise TokenizerMissing(f"There is no tokenizer at {name}: {why}.") from error
    try:
        tokenizer = AutoTokenizer.from_pretrained(place, local_files_only=not download, trust_remote_code=False)
        # The first call also fixes that nothing is cut or padded, which must not be done while threads use it.
        known = _tokens(tokenizer, "a") != _tokens(tokenizer, "b")
    except ImportError as error:
        needed = str(error).strip().partition(". ")[0]
        raise NotInstalled(f"The tokenizer at {name} cannot be read: {needed}.") from error
    except Exception as error:
        # What these libraries raise has no common base.
        raise TokenizerMissing(f"The tokenizer at {name} cannot be read ({type(error).__name__}).") from error
    if not known:
        # The library makes a tokenizer without words from a configuration alone.
        raise TokenizerMissing(f"The tokenizer at {name} has no vocabulary.")
    return tokenizer


def _tokens(tokenizer: Any, text: str) -> list[int]:
    # Halves of surrogate pairs, as broken pages have them, are more than a tokenizer takes.
    whole = text.encode("utf-8", "replace").decode()
    tokens: list[int] = tokenizer.encode(whole, add_special_tokens=False, verbose=False)
    return tokens
