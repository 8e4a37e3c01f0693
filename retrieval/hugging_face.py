"""How the libraries of Hugging Face behave in our processes."""

import os
from pathlib import Path

# Longer than most models take, and than any passage of ours: who fails on a long text is known when it is loaded.
LONG = " ".join(["a"] * 600)


def quiet() -> None:
    """No telemetry and no progress bars; to be called before the first import, when the libraries read this."""
    for switch in ("HF_HUB_DISABLE_TELEMETRY", "HF_HUB_DISABLE_PROGRESS_BARS"):
        os.environ.setdefault(switch, "1")


def reason(error: Exception, model: str | Path | None = None) -> str:
    """Why a model cannot be loaded, as one line; `model` is named where nothing may be downloaded."""
    if isinstance(error, ModuleNotFoundError):
        return f"{error.name} is not installed; pip install 'amtslotse[models]' brings it."
    if isinstance(error, OSError) and model is not None and not Path(model).exists():
        # The libraries would speak of the internet, which nobody asked.
        return "it is no folder, and not among the models that were downloaded before."
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(" .") + "."


def whole(text: str) -> str:
    """The text without halves of surrogate pairs, as broken pages have them: more than a tokenizer takes."""
    return text.encode("utf-8", "ignore").decode()
