"""Writes docs/thirty-questions.md: `python -m assistant.evaluation.thirty`.

The questions and our verdicts are data; the answers are given by the service when the command runs.
"""

import asyncio
import json
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from assistant.domain.draft import Question, Turn
from assistant.settings import Settings
from assistant.wiring import Wiring

DATA = Path(__file__).parent / "data"
TARGET = Path(__file__).parents[2] / "docs" / "thirty-questions.md"
_HEAD = """# Thirty questions to Neckarfurt

What citizens would ask, with typing errors and everyday words, and what the service answered, word for word,
quoting the sample pages. Made by `python -m assistant.evaluation.thirty`; the verdicts were written by hand into
`assistant/evaluation/data/verdicts.json` after reading the answers.

"""


async def _asked(wiring: Wiring) -> list[str]:
    place = wiring.municipalities.get("neckarfurt")
    verdicts: dict[str, str] = json.loads((DATA / "verdicts.json").read_text(encoding="utf-8"))
    parts = []
    for line in (DATA / "thirty.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        history = tuple(Turn(turn["role"], turn["text"]) for turn in row.get("history", ()))
        started = time.perf_counter()
        answer = await wiring.pipeline.answer(Question(row["question"], place, datetime.now(UTC), None, history))
        seconds = time.perf_counter() - started
        before = "".join(f"> *(before: {turn.text})*\n>\n" for turn in history if turn.role == "user")
        said = "\n".join(f"- {s.text} {''.join(f'[{n}]' for n in s.sources)}" for s in answer.sentences)
        notices = " ".join(n.text for n in answer.notices if n.kind not in ("ai", "demonstration"))
        sources = "; ".join(f"[{s.n}] {s.document_id} › {s.heading}" for s in answer.sources)
        parts.append(
            f"## {row['id']}. {row['question']}\n\n{before}"
            f"`{answer.outcome}`, {seconds * 1000:.0f} ms. {notices}\n\n{said}\n\n"
            + (f"Sources: {sources}\n\n" if sources else "")
            + f"Expected: {row['expects']}\n\n**Verdict:** {verdicts.get(str(row['id']), 'not judged yet')}\n"
        )
    return parts


def main() -> None:
    """Asks and writes."""
    with tempfile.TemporaryDirectory() as folder:
        wiring = Wiring(Settings(data_dir=Path(folder)))
        wiring.demonstration.ready()
        wiring.router.by_example(wiring.embedder.queries(["Guten Tag"])[0], "de")
        parts = asyncio.run(_asked(wiring))
    TARGET.write_text(_HEAD + "\n".join(parts), encoding="utf-8")
    sys.stdout.write(f"{TARGET}\n")


if __name__ == "__main__":
    main()
