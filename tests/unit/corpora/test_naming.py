import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpora.errors import CorporaError
from corpora.naming import named


@pytest.mark.parametrize("name", ["stadt", "a", "Köln_2", "baden-wuerttemberg", "v1.2", "місто", "a" * 100])
def test_a_name_of_letters_digits_and_joints_is_taken(name: str) -> None:
    assert named(name) == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        "a..b",
        "-a",
        "a-",
        ".env",
        "a/b",
        "a\\b",
        "a b",
        "a\n",
        "a\0",
        "a?b",
        "../stadt",
        "a" * 101,
    ],
)
def test_a_name_that_cannot_stand_in_an_address_is_refused(name: str) -> None:
    with pytest.raises(CorporaError, match="may hold letters, digits"):
        named(name)


@given(st.text(max_size=120))
def test_a_name_that_is_taken_is_one_step_of_a_path(name: str) -> None:
    try:
        taken = named(name)
    except CorporaError:
        return
    assert not {"/", "\\", "\0"} & set(taken)
    assert taken not in ("", ".", "..")
