"""How the command line speaks: results on stdout, progress and errors on stderr."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, is_dataclass
from typing import Any

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

_STAGES = {"embed": "Embedding passages", "index": "Writing the index"}

said = Console(stderr=True, highlight=False)


def plain(value: Any) -> Any:
    """A value of ours as JSON knows it."""
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def dumps(value: Any) -> str:
    """One line of JSON, readable in every script."""
    return json.dumps(value, ensure_ascii=False, default=plain)


def show(value: Any, sentence: str, as_json: bool) -> None:
    """Prints the value for a program or the sentence for a person."""
    sys.stdout.write((dumps(value) if as_json else sentence) + "\n")


class _Rate(ProgressColumn):
    """How many passages are done in a second, as far as that can be told."""

    def render(self, task: Task) -> Text:
        """The column's text."""
        return Text(f"{task.speed:,.0f} passages/s" if task.speed else "", style="progress.data.speed")


@contextmanager
def progress(*, silent: bool = False) -> Iterator[Callable[[str, int, int], None]]:
    """A progress bar on a terminal and silence elsewhere; told a stage, what was done since, and the whole."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), _Rate(), TimeRemainingColumn())
    with Progress(*columns, console=said, transient=True, disable=silent or not said.is_terminal) as bars:
        tasks: dict[str, Any] = {}

        def told(stage: str, done: int, every: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(_STAGES.get(stage, stage), total=every)
            bars.update(tasks[stage], total=every, advance=done)

        yield told
