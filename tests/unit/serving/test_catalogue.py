import pytest

from serving.catalogue import gpu, gpus, model, models
from serving.errors import UnknownName

LICENCES = {"Apache-2.0", "Apache-2.0 with a use policy"}


def test_every_model_may_be_used_by_a_public_service() -> None:
    assert {one.licence for one in models().values()} <= LICENCES


@pytest.mark.parametrize("name", models())
def test_every_model_says_what_a_plan_needs(name: str) -> None:
    one = model(name)

    assert one.id.count("/") == 1
    assert set(one.weights) <= {"bf16", "fp8"}
    assert min(one.context, one.layers, one.kv_heads, one.head_dimensions, *one.weights.values()) > 0
    assert all(flag for flag in (*one.flags, *one.fp8_flags))


def test_a_token_takes_the_keys_and_values_of_all_layers() -> None:
    # 56 layers of 8 heads of 128 numbers of two bytes, twice.
    assert model("eurollm-22b").token_bytes == 229_376


@pytest.mark.parametrize("name", ["ministral-8b", "Ministral 8B", "mistralai/Ministral-3-8B-Instruct-2512"])
def test_a_model_is_found_however_its_name_is_written(name: str) -> None:
    assert model(name).name == "ministral-8b"


@pytest.mark.parametrize(("typed", "meant"), [("eurolm-22b", "eurollm-22b"), ("apertus", "apertus-8b")])
def test_an_unknown_model_is_refused_with_the_nearest_names(typed: str, meant: str) -> None:
    with pytest.raises(UnknownName, match=rf"no model named {typed} in the catalogue\. Did you mean .*{meant}"):
        model(typed)


def test_an_unknown_gpu_is_refused_with_the_nearest_names() -> None:
    with pytest.raises(UnknownName, match=r"no GPU named h1000 in the catalogue\. Did you mean .*h100"):
        gpu("h1000")


def test_a_name_that_is_like_none_gets_them_all() -> None:
    with pytest.raises(UnknownName) as refused:
        gpu("§§§")

    assert all(name in str(refused.value) for name in gpus())


@pytest.mark.parametrize(
    ("name", "language", "spoken"),
    [("eurollm-22b", "uk", True), ("ministral-8b", "uk", False), ("apertus-8b", "sw", True)],
)
def test_a_model_says_which_languages_it_speaks(name: str, language: str, spoken: bool) -> None:
    assert model(name).speaks(language) is spoken
