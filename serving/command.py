"""The command that starts vLLM with a model of the catalogue."""

from collections.abc import Sequence

from serving.planning import UTILISATION, Plan

# Not `vllm serve`: builds for the CPU are a distribution of another name, whose command does not start.
SERVER = ("-m", "vllm.entrypoints.openai.api_server")
PORT = 8000
_QUIET = "/health,/metrics"
# Nothing is reported to anybody, and nothing is fetched while citizens wait.
ENVIRONMENT = {"VLLM_NO_USAGE_STATS": "1", "DO_NOT_TRACK": "1"}
# Gigabytes for keys and values; on a GPU it is what the weights leave.
CPU_ENVIRONMENT = {**ENVIRONMENT, "HF_HUB_OFFLINE": "1", "VLLM_CPU_KVCACHE_SPACE": "2"}


def argv(plan: Plan, python: str = "python", port: int = PORT, weights: str | None = None) -> list[str]:
    """The command line for a plan that fits; `weights` is a directory to read them from instead of the hub."""
    model = plan.model
    return [
        python, *SERVER,
        "--model", weights or model.id,
        "--served-model-name", model.name,
        "--host", "127.0.0.1",
        "--port", str(port),
        *model.flags,
        *(model.fp8_flags if plan.precision == "fp8" else ("--dtype", "bfloat16")),
        *(("--tensor-parallel-size", str(plan.gpus)) if plan.gpus > 1 else ()),
        "--gpu-memory-utilization", f"{UTILISATION:.2f}",
        "--max-model-len", str(plan.context),
        "--max-num-seqs", str(sequences(plan.chats)),
        "--max-num-batched-tokens", "8192",
        "--max-num-queued-reqs", "512",
        "--structured-outputs-config", '{"backend":"xgrammar","disable_any_whitespace":true}',
        *EVERYWHERE,
    ]  # fmt: skip


# What holds on any hardware: priorities, usage in every stream, request ids, and time to finish running answers.
EVERYWHERE: Sequence[str] = (
    "--scheduling-policy", "priority",
    "--enable-prompt-tokens-details",
    "--enable-force-include-usage",
    "--sse-keep-alive-interval", "15",
    "--enable-request-id-headers",
    "--disable-fastapi-docs",
    "--disable-access-log-for-endpoints", _QUIET,
    "--shutdown-timeout", "60",
)  # fmt: skip


def on_cpu(name: str, weights: str, python: str = "python", port: int = PORT) -> list[str]:
    """The command line for weights in a directory on a machine without a GPU: for trying things, not for citizens."""
    return [
        python, *SERVER,
        "--model", weights,
        "--served-model-name", name,
        "--host", "127.0.0.1",
        "--port", str(port),
        "--dtype", "bfloat16",
        "--max-model-len", "4096",
        "--enforce-eager",
        *EVERYWHERE,
    ]  # fmt: skip


def sequences(chats: int) -> int:
    """How many answers vLLM may write at once for so many chats."""
    return max(1, min(256, chats))
