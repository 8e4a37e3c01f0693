from pathlib import Path

import pytest

from retrieval.hugging_face import reason


def test_a_library_that_is_missing_is_named_with_what_brings_it() -> None:
    error = ModuleNotFoundError("No module named 'torch'", name="torch")

    assert reason(error) == "torch is not installed; pip install 'amtslotse[models]' brings it."


def test_a_model_that_is_not_there_is_not_looked_for_on_the_internet() -> None:
    error = OSError("We couldn't connect to the hub.\nCheck your internet connection.")

    assert reason(error, "no/such") == "it is no folder, and not among the models that were downloaded before."
    assert reason(error) == "We couldn't connect to the hub."


def test_a_folder_that_is_damaged_is_not_said_to_be_missing(tmp_path: Path) -> None:
    assert reason(OSError("No weights here."), tmp_path) == "No weights here."


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (ValueError("a\nb"), "a."),
        (KeyError(), "KeyError."),
        (OSError(""), "OSError."),
        (
            ImportError("\nAutoModel requires the PyTorch library. \nInstall it."),
            "AutoModel requires the PyTorch library.",
        ),
        (OSError(" \n"), "OSError."),
    ],
)
def test_it_is_always_one_line(error: Exception, line: str) -> None:
    assert reason(error) == line
