"""Starts the sample town and asks it all golden questions over HTTP: `python tests/benchmarks/service.py`.

Prints one JSON line: seconds from the command to the first answer, milliseconds from question to whole answer
(median and 95th percentile), resident memory after the last, and the number of questions.
"""

import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx

from assistant.evaluation.golden import questions


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _resident_mb(process: int) -> float:
    lines = Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) / 1024


def main() -> None:
    """Runs the service on an empty data directory and asks."""
    port = _free_port()
    address = f"http://127.0.0.1:{port}"
    asked = list(questions())
    with tempfile.TemporaryDirectory() as folder:
        command = [str(Path(sys.executable).parent / "amtslotse"), "demo", "--port", str(port)]
        started = time.perf_counter()
        service = subprocess.Popen(command, env={**os.environ, "AMTSLOTSE_DATA_DIR": folder}, stderr=subprocess.DEVNULL)
        try:
            with httpx.Client(base_url=address, timeout=60) as client:
                while True:
                    try:
                        client.get("/healthz")
                        break
                    except httpx.ConnectError:
                        time.sleep(0.02)
                seconds = [_ask(client, golden.question) for golden in asked[:1]]
                first = time.perf_counter() - started
                seconds += [_ask(client, golden.question) for golden in asked[1:]]
            memory = _resident_mb(service.pid)
        finally:
            service.terminate()
            service.wait()
    seconds.sort()
    result = {
        "questions": len(seconds),
        "first_answer_s": round(first, 2),
        "p50_ms": round(statistics.median(seconds) * 1000, 1),
        "p95_ms": round(seconds[int(len(seconds) * 0.95)] * 1000, 1),
        "resident_mb": round(memory),
    }
    sys.stdout.write(json.dumps(result) + "\n")


def _ask(client: httpx.Client, question: str) -> float:
    started = time.perf_counter()
    client.post("/v1/answers", json={"municipality": "neckarfurt", "question": question}).raise_for_status()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
