"""The demonstration corpora that come with the repository: a town of our invention, its state, the federation."""

from pathlib import Path

from corpora.documents import Document
from corpora.readers.registry import read

FOLDER = Path(__file__).parent
LAYERS = ("neckarfurt", "baden-wuerttemberg", "bund")
MUNICIPALITY = FOLDER / "neckarfurt.toml"
VECTORS = FOLDER / "vectors.npz"


def documents(layer: str) -> list[Document]:
    """All pages of a layer, the German originals first."""
    found = read(FOLDER / layer).documents
    return sorted(found, key=lambda document: (document.translation_of is not None, document.id))
