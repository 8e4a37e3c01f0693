import json
from itertools import pairwise

import pytest

from serving.catalogue import gpu, model, models
from serving.command import ENVIRONMENT, argv, sequences
from serving.planning import plan


def options(command: list[str]) -> dict[str, str]:
    """The values of options that have one."""
    return {one: other for one, other in pairwise(command) if one.startswith("--") and not other.startswith("--")}


def test_the_command_starts_the_model_under_its_short_name() -> None:
    command = argv(plan(model("eurollm-22b"), gpu("h100")), python="/opt/vllm/bin/python", port=9000)

    assert command[:3] == ["/opt/vllm/bin/python", "-m", "vllm.entrypoints.openai.api_server"]
    assert options(command) | {
        "--model": "utter-project/EuroLLM-22B-Instruct-2512",
        "--served-model-name": "eurollm-22b",
        "--host": "127.0.0.1",
        "--port": "9000",
        "--quantization": "fp8",
        "--max-model-len": "16384",
        "--gpu-memory-utilization": "0.90",
        "--shutdown-timeout": "60",
        "--scheduling-policy": "priority",
    } == options(command)


def test_weights_can_be_read_from_a_directory() -> None:
    assert options(argv(plan(model("eurollm-9b"), gpu("l4")), weights="/srv/models/e9"))["--model"] == "/srv/models/e9"


def test_in_sixteen_bits_nothing_is_quantised() -> None:
    command = argv(plan(model("eurollm-9b"), gpu("a100")))

    assert options(command)["--dtype"] == "bfloat16"
    assert "--quantization" not in command


def test_several_gpus_share_the_model() -> None:
    assert options(argv(plan(model("apertus-70b"), gpu("h100"), 2)))["--tensor-parallel-size"] == "2"
    assert "--tensor-parallel-size" not in argv(plan(model("apertus-70b"), gpu("h200")))


def test_a_model_brings_its_own_flags() -> None:
    command = argv(plan(model("ministral-8b"), gpu("l4")))

    assert options(command) | {"--tokenizer-mode": "mistral", "--load-format": "mistral"} == options(command)
    assert "--language-model-only" in command


@pytest.mark.parametrize("name", models())
def test_no_command_opens_what_must_stay_shut(name: str) -> None:
    command = argv(plan(model(name), gpu("h200"), 2))

    assert not {"--kv-cache-dtype", "--enable-log-requests", "--trust-remote-code"} & set(command)
    assert json.loads(options(command)["--structured-outputs-config"])["backend"] == "xgrammar"
    assert "VLLM_SERVER_DEV_MODE" not in ENVIRONMENT


@pytest.mark.parametrize(("chats", "most"), [(0, 1), (53, 53), (1000, 256)])
def test_as_many_answers_are_written_at_once_as_chats_have_room(chats: int, most: int) -> None:
    assert sequences(chats) == most
