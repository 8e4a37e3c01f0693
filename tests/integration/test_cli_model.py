"""`amtslotse model …` as a person and a program call it."""

import shlex

import pytest


def test_the_models_are_listed(cli):
    ran = cli("model", "list")

    assert ran.code == 0
    assert "eurollm-22b" in ran.out
    assert "Apache-2.0" in ran.out


def test_a_program_reads_the_whole_catalogue(cli):
    found = {one["name"]: one for one in cli("model", "list", "--json").json}

    assert found["eurollm-22b"]["id"] == "utter-project/EuroLLM-22B-Instruct-2512"
    assert "uk" in found["eurollm-22b"]["languages"]


def test_a_plan_that_fits_ends_in_the_command(cli):
    ran = cli("model", "plan", "eurollm-22b", "--gpu", "h100")

    assert ran.code == 0
    assert ran.out.startswith("eurollm-22b fits on h100.\nutter-project/EuroLLM-22B-Instruct-2512, Apache-2.0. ")
    assert "\nWeights: 23.0 GB in fp8" in ran.out
    assert shlex.split(ran.out.splitlines()[-1])[1:4] == ["python", "-m", "vllm.entrypoints.openai.api_server"]


def test_a_plan_that_does_not_fit_says_why_and_fails(cli):
    ran = cli("model", "plan", "apertus-70b", "--gpu", "l4")

    assert ran.code == 1
    assert ran.out.startswith("apertus-70b does not fit on l4. Its weights take 72.0 GB in fp8")


def test_two_gpus_may_do_what_one_cannot(cli):
    plan = cli("model", "plan", "apertus-70b", "--gpu", "h100", "--gpus", "2", "--json").json

    assert (plan["fits"], plan["gpus"]) == (True, 2)
    assert "--tensor-parallel-size" in plan["command"]


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [(["eurollm-9c", "--gpu", "l4"], "eurollm-9b"), (["eurollm-9b", "--gpu", "h1000"], "h100")],
)
def test_an_unknown_name_is_refused_with_the_nearest(cli, wrong, meant):
    ran = cli("model", "plan", *wrong)

    assert ran.code == 1
    assert ran.out == ""
    assert "Did you mean" in ran.err
    assert meant in ran.err
