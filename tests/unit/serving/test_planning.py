from dataclasses import replace

import pytest

from serving.catalogue import Gpu, Model, gpu, gpus, model, models
from serving.planning import CHAT_TOKENS, MOST_TOKENS, plan

SMALL = Model("small", "amt/small", "Apache-2.0", (), 32_768, 10, 4, 100, {"bf16": 20.0, "fp8": 10.0})
CARD = Gpu("card", 40.0, True)


def test_the_room_is_what_weights_and_work_leave_of_what_may_be_taken() -> None:
    found = plan(SMALL, CARD)

    assert found.fits
    assert (found.precision, found.weights) == ("fp8", 10.0)
    assert found.usable == pytest.approx(36.0)
    assert found.room == pytest.approx(36.0 - 10.0 - 3.0)
    # 10 layers of 4 heads of 100 numbers of two bytes, twice, are 16,000 bytes a token.
    assert found.tokens == pytest.approx(23e9 / 16_000, abs=1)
    assert found.chats == found.tokens // CHAT_TOKENS


def test_a_gpu_without_fp8_gets_the_weights_in_sixteen_bits() -> None:
    found = plan(SMALL, replace(CARD, fp8=False))

    assert (found.precision, found.weights, found.fits) == ("bf16", 20.0, True)


def test_a_model_that_comes_in_fp8_only_does_not_fit_a_gpu_without_it() -> None:
    found = plan(replace(SMALL, weights={"fp8": 10.0}), replace(CARD, fp8=False))

    assert (found.fits, found.chats) == (False, 0)
    assert found.reason == "small comes in fp8 only, and card does not calculate in fp8."


def test_weights_that_are_too_large_are_told_with_their_sizes() -> None:
    found = plan(SMALL, replace(CARD, memory=14.0))

    assert not found.fits
    assert found.reason == "Its weights take 10.0 GB in fp8, 3 GB are needed to work, and vLLM may take 12.6 GB."


def test_room_for_less_than_one_conversation_does_not_do() -> None:
    found = plan(SMALL, replace(CARD, memory=14.5))

    assert 0 < found.tokens < MOST_TOKENS
    assert found.reason == f"There is room for {found.tokens:,} tokens, and one conversation may need 16,384."


def test_several_gpus_share_weights_and_room() -> None:
    one, two = plan(SMALL, CARD), plan(SMALL, CARD, 2)

    assert two.room == pytest.approx(2 * 36.0 - 10.0 - 6.0)
    assert two.chats > 2 * one.chats


def test_heads_that_cannot_be_shared_evenly_are_told() -> None:
    assert plan(SMALL, CARD, 3).reason == "small has 4 key-value heads, which 3 GPUs cannot share evenly."


def test_no_more_context_is_planned_than_the_model_has() -> None:
    assert plan(replace(SMALL, context=4_096), CARD).context == 4_096
    assert plan(SMALL, CARD).context == MOST_TOKENS


@pytest.mark.parametrize("name", models())
def test_every_model_of_the_catalogue_fits_on_two_of_some_gpu(name: str) -> None:
    assert any(plan(model(name), one, 2).fits for one in gpus().values())


@pytest.mark.parametrize(
    ("name", "card", "fits"),
    [
        ("eurollm-22b", "h100", True),
        ("eurollm-22b", "l4", False),
        ("ministral-8b", "l4", True),
        ("apertus-70b", "h100", False),
        ("apertus-70b", "h200", True),
    ],
)
def test_what_is_known_to_fit_fits(name: str, card: str, fits: bool) -> None:
    assert plan(model(name), gpu(card)).fits is fits
