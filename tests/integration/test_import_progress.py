"""What an administrator sees of a long import, and what is left to do after one that was killed."""

import os
import re
import sqlite3
import subprocess
import time
from collections.abc import Sequence
from contextlib import closing, suppress
from pathlib import Path

import pytest

from retrieval.embedding import Embedder, Vectors
from tests.integration.conftest import PROGRAM

PAGES = 100


class Counting:
    """An embedder that counts the passages it is asked for."""

    def __init__(self, inner: Embedder) -> None:
        self.name = inner.name
        self.dimensions = inner.dimensions
        self.embedded: list[str] = []
        self._inner = inner

    def queries(self, texts: Sequence[str]) -> Vectors:
        return self._inner.queries(texts)

    def passages(self, texts: Sequence[str]) -> Vectors:
        self.embedded += texts
        return self._inner.passages(texts)


def kept(data_dir: Path) -> int:
    """How many vectors are in the store."""
    address = f"file:{data_dir / 'amtslotse.sqlite'}?mode=ro"
    with suppress(sqlite3.OperationalError), closing(sqlite3.connect(address, uri=True)) as database:
        return database.execute("SELECT count(*) FROM vectors").fetchone()[0]
    return 0


def test_after_a_kill_the_next_import_embeds_only_what_is_missing(cli, pages, file_of, wire, model):
    documents = pages(PAGES, "eins")
    process = cli.start("corpus", "import", file_of(documents), "--corpus", "amt", "--publish")
    while process.poll() is None and not kept(cli.data_dir):
        time.sleep(0.001)
    process.kill()
    process.communicate()
    done = kept(cli.data_dir)
    # Each page is one passage and one title.
    assert 0 < done < 2 * PAGES

    wiring = wire(cli.data_dir)
    counting = wiring.__dict__["embedder"] = Counting(model)
    told: list[tuple[str, int, int]] = []
    wiring.publisher.import_documents("amt", documents, publish=True, progress=lambda *one: told.append(one))

    assert len(counting.embedded) == len(set(counting.embedded)) == 2 * PAGES - done
    assert sum(count for stage, count, _ in told if stage == "embed") == 2 * PAGES
    assert kept(cli.data_dir) == 2 * PAGES


def on_a_terminal(data_dir: Path, *arguments: str | Path) -> tuple[str, str]:
    """What a command writes to stdout, and what a terminal shows of its stderr."""
    ours, theirs = os.openpty()
    given = {"AMTSLOTSE_DATA_DIR": str(data_dir), "COLUMNS": "150", "TERM": "xterm"}
    process = subprocess.Popen(
        [str(PROGRAM), *map(str, arguments)], env=os.environ | given, stderr=theirs, stdout=subprocess.PIPE, text=True
    )
    os.close(theirs)
    shown = b""
    # A terminal that is no longer written to is an error on Linux.
    with suppress(OSError):
        while part := os.read(ours, 65_536):
            shown += part
    os.close(ours)
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 0, shown
    return out, re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", shown.decode())


def test_a_terminal_shows_how_fast_an_import_is_and_how_long_it_will_take(cli, pages, file_of):
    out, shown = on_a_terminal(
        cli.data_dir, "corpus", "import", file_of(pages(PAGES, "eins")), "--corpus", "amt", "--publish"
    )

    assert out.startswith(f"{PAGES} documents read")
    assert re.search(rf"Embedding passages .* [1-9]\d*/{2 * PAGES} [1-9]\d* passages/s 0:00:\d\d", shown)


@pytest.mark.parametrize("command", ["import", "publish"])
def test_nothing_is_shown_to_a_program_even_on_a_terminal(command, cli, pages, file_of):
    file = file_of(pages(3, "eins"))
    arguments = {"import": (file, "--corpus", "amt", "--publish"), "publish": ("amt",)}
    cli("corpus", "import", file, "--corpus", "amt")
    out, shown = on_a_terminal(cli.data_dir, "corpus", command, *arguments[command], "--json")

    assert out.startswith("{")
    assert shown == ""


def test_nothing_is_shown_where_there_is_no_terminal(cli, pages, file_of):
    assert cli("corpus", "import", file_of(pages(3, "eins")), "--corpus", "amt", "--publish").err == ""
