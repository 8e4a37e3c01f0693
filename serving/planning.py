"""Whether a model fits on GPUs, and how many chats at once."""

from dataclasses import dataclass

from serving.catalogue import Gpu, Model

# The share of a GPU's memory that vLLM may take; its own default.
UTILISATION = 0.9
# What activations and CUDA graphs take on each GPU beside weights and cache, in gigabytes: a cautious estimate.
_WORKING = 3.0
# The longest a conversation of ours gets, sources included; more context would only take room from other chats.
MOST_TOKENS = 16_384
# Of one chat on the way: fixed prompt, sources, history and the answer so far, a generous mean.
CHAT_TOKENS = 4_096
_GIGA = 1e9


@dataclass(frozen=True, slots=True)
class Plan:
    """How a model runs on a number of GPUs; `reason` says why it does not fit, and is empty where it does.

    Sizes are gigabytes (10⁹ bytes): of all GPUs together, of what vLLM may take of it, of the weights and of the
    room that is left for context. `tokens` is that room in tokens, `chats` in chats at once.
    """

    model: Model
    gpu: Gpu
    gpus: int
    precision: str
    memory: float
    usable: float
    weights: float
    room: float
    tokens: int
    context: int
    chats: int
    reason: str

    @property
    def fits(self) -> bool:
        """Whether at least one whole conversation has room."""
        return not self.reason


def plan(model: Model, gpu: Gpu, count: int = 1) -> Plan:
    """The plan for a model on so many GPUs of a kind: fp8 where both can, else bf16."""
    precision = "fp8" if "fp8" in model.weights and (gpu.fp8 or "bf16" not in model.weights) else "bf16"
    memory = gpu.memory * count
    usable = UTILISATION * memory
    weights = model.weights[precision]
    room = usable - weights - _WORKING * count
    tokens = max(0, int(room * _GIGA / model.token_bytes))
    context = min(MOST_TOKENS, model.context)
    chats = tokens // CHAT_TOKENS
    reason = _reason(model, gpu, count, precision, weights, usable, room, tokens, context)
    return Plan(
        model, gpu, count, precision, memory, usable, weights, max(0.0, room), tokens, context,
        0 if reason else chats, reason,
    )  # fmt: skip


def _reason(
    model: Model, gpu: Gpu, count: int, precision: str, weights: float, usable: float, room: float, tokens: int,
    context: int,
) -> str:  # fmt: skip
    if model.kv_heads % count:
        return f"{model.name} has {model.kv_heads} key-value heads, which {count} GPUs cannot share evenly."
    if precision == "fp8" and not gpu.fp8:
        return f"{model.name} comes in fp8 only, and {gpu.name} does not calculate in fp8."
    if room <= 0:
        return (
            f"Its weights take {weights:.1f} GB in {precision}, {_WORKING * count:.0f} GB are needed to work, and vLLM"
            f" may take {usable:.1f} GB."
        )
    if tokens < context:
        return f"There is room for {tokens:,} tokens, and one conversation may need {context:,}."
    return ""
