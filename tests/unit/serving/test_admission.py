"""A bounded number of answers at once, and a refusal without waiting."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serving.admission import Admission
from serving.errors import NoPlace


def test_who_finds_no_place_is_told_at_once() -> None:
    admission = Admission(1)

    with (
        admission.place(),
        pytest.raises(NoPlace, match=r"^All 1 answers that may be written at once are being written\.$"),
        admission.place(),
    ):
        pass
    with admission.place():
        assert admission.taken == 1


@given(places=st.integers(0, 5), ticks=st.lists(st.integers(1, 6), max_size=30), stopped=st.sets(st.integers(0, 29)))
def test_never_more_than_there_are_places_and_all_are_given_back(
    places: int, ticks: list[int], stopped: set[int]
) -> None:
    admission = Admission(places)
    most = 0

    async def write(length: int) -> bool:
        nonlocal most
        try:
            with admission.place():
                most = max(most, admission.taken)
                for _ in range(length):
                    await asyncio.sleep(0)
                if length == 6:
                    raise ValueError
        except NoPlace:
            return False
        return True

    async def all_at_once() -> list[bool | BaseException]:
        tasks = [asyncio.create_task(write(length)) for length in ticks]
        await asyncio.sleep(0)
        for number in stopped & set(range(len(tasks))):
            tasks[number].cancel()
        return await asyncio.gather(*tasks, return_exceptions=True)

    ends = asyncio.run(all_at_once())
    assert most == min(places, len(ticks))
    assert admission.taken == 0
    assert places or True not in ends
