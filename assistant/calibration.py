"""What belongs to an embedder as data, and which command makes it where it is missing."""

from retrieval import centring, likelihood

_DATA = (
    (
        centring,
        "no means of the languages: it finds pages in other languages less well",
        "python -m assistant.evaluation.centres",
    ),
    (
        likelihood,
        "no calibration: whatever is found counts as an answer",
        "python -m assistant.evaluation.likelihood --help",
    ),
)


def missing(embedder: str) -> list[str]:
    """A sentence for each kind of data that the embedder of that name lacks."""
    return [
        f"The embedder {embedder} has {lack}. What makes it: {command}"
        for module, lack, command in _DATA
        if not (module.DATA / f"{embedder}.npz").exists()
    ]
