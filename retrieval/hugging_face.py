"""How the libraries of Hugging Face behave in our processes."""

import os


def quiet() -> None:
    """No telemetry and no progress bars; to be called before the first import, when the libraries read this."""
    for switch in ("HF_HUB_DISABLE_TELEMETRY", "HF_HUB_DISABLE_PROGRESS_BARS"):
        os.environ.setdefault(switch, "1")
