"""Makes the vectors that come with the repository: `python -m assistant.evaluation.vectors`.

They are those of the sample pages and of the routes' examples, by content hash: a page that is edited is simply
embedded at its next import, and this command brings the file up to date.
"""

import sys
import tempfile
from pathlib import Path

from assistant.answering import route
from assistant.settings import Settings
from assistant.wiring import Wiring
from corpora.chunking import entry
from corpora.samples import layers
from corpora.vectors import checksum, write_shipped


def main() -> None:
    """Embeds what is new and writes the file."""
    passages: set[str] = set()
    for layer in layers.LAYERS:
        for one in map(entry, layers.documents(layer)):
            passages |= {one.document.title, *(passage.embedded for passage in one.passages)}
    examples = {text for r in route.load() for texts in r.examples.values() for text in texts}
    with tempfile.TemporaryDirectory() as folder:
        wiring = Wiring(Settings(data_dir=Path(folder)))
        texts = {
            wiring.embedder.name: sorted(passages),
            f"{wiring.embedder.name}/questions": sorted(examples),
        }
        found = {
            wiring.embedder.name: wiring.vectors.get(wiring.embedder.name, sorted(passages), wiring.embedder.passages),
            f"{wiring.embedder.name}/questions": wiring.example_vectors(sorted(examples)),
        }
    by_sum = {name: dict(zip(map(checksum, texts[name]), rows, strict=True)) for name, rows in found.items()}
    write_shipped(layers.VECTORS, by_sum)
    counts = ", ".join(f"{len(rows)} of {name}" for name, rows in by_sum.items())
    sys.stdout.write(f"{layers.VECTORS}: {counts}, {layers.VECTORS.stat().st_size // 1024} KiB\n")


if __name__ == "__main__":
    main()
