import math
import random
from itertools import pairwise

import pytest

from retrieval.merging import FAN, Size, due

PAGES = 1000
BASE = 100_000


def full(*passages: int) -> list[Size]:
    return [Size(count, count) for count in passages]


class Index:
    """Segments as a publisher has them, of which only the sizes are known."""

    def __init__(self, *sizes: Size) -> None:
        self.sizes = list(sizes)
        self.rewritten: list[Size] = []
        self.most = 0

    def publish(self, passages: int) -> None:
        self.sizes.append(Size(passages, passages))
        groups = due(self.sizes)
        old = {place for group in groups for place in group}
        self.rewritten += [self.sizes[place] for place in old]
        living = [sum(self.sizes[place].living for place in group) for group in groups]
        self.sizes = [size for place, size in enumerate(self.sizes) if place not in old] + full(*living)
        self.most = max(self.most, len(self.sizes))

    def remove(self, dice: random.Random, passages: int) -> None:
        """Takes passages out of one segment, the larger the likelier."""
        place = dice.choices(range(len(self.sizes)), [size.living for size in self.sizes])[0]
        size = self.sizes[place]
        self.sizes[place] = Size(max(1, size.living - passages), size.total)


def test_few_segments_are_left_alone() -> None:
    assert due([]) == due(full(5)) == due(full(5, 6, 7)) == due(full(1, 10, 100, 1000, 10_000)) == []


def test_segments_of_the_same_order_are_put_together() -> None:
    assert due(full(5, 6, 7, 8)) == [(0, 1, 2, 3)]


def test_a_large_segment_is_not_touched_by_small_ones() -> None:
    assert due(full(BASE, 5, 6, 7, 8)) == [(1, 2, 3, 4)]


def test_what_is_smaller_still_is_taken_along() -> None:
    assert due(full(BASE, 20, 20, 20, 1, 20)) == [(1, 2, 3, 4, 5)]


def test_what_fills_the_next_tier_is_put_together_at_once() -> None:
    assert due(full(BASE, 20, 20, 20, 5, 5, 5, 5)) == [(1, 2, 3, 4, 5, 6, 7)]


def test_a_segment_of_which_more_than_half_is_gone_is_written_anew() -> None:
    assert due([Size(49, 100), Size(50, 100)]) == [(0,)]


def test_a_hollow_segment_is_put_together_with_others_of_what_is_left_of_it() -> None:
    assert due([Size(5, 1000), *full(BASE, 5, 6, 7)]) == [(0, 2, 3, 4)]


def test_a_hollow_one_and_small_ones_are_written_anew_apart() -> None:
    assert due([Size(400, 1000), *full(5, 6, 7, 8)]) == [(0,), (1, 2, 3, 4)]


@pytest.mark.parametrize("passages", [1, 6, 40])
def test_single_pages_over_a_large_base_cost_little_and_never_touch_it(passages: int) -> None:
    index = Index(Size(BASE, BASE))
    for _ in range(PAGES):
        index.publish(passages)

    assert index.sizes[0] == Size(BASE, BASE)
    assert all(size.total < BASE for size in index.rewritten)
    written = sum(size.living for size in index.rewritten)
    assert written / (PAGES * passages) <= math.log(PAGES, FAN) + 1
    assert index.most <= 1 + (FAN - 1) * (math.ceil(math.log(PAGES * passages, FAN)) + 1)
    assert sum(size.living for size in index.sizes) == BASE + PAGES * passages


@pytest.mark.parametrize("seed", range(5))
def test_pages_of_any_size_that_take_the_place_of_others_cost_little(seed: int) -> None:
    dice = random.Random(seed)
    index = Index(Size(BASE, BASE))
    published = 0
    for _ in range(PAGES):
        passages = dice.randint(1, 40)
        published += passages
        index.remove(dice, passages)
        index.publish(passages)

    assert index.sizes[0].total == BASE
    written = sum(size.living for size in index.rewritten)
    assert written / published <= math.log(PAGES, FAN) + 1
    assert index.most <= 30


def test_a_base_that_wears_away_is_written_anew_when_half_of_it_is_gone() -> None:
    index = Index(Size(10_000, 10_000))
    while index.sizes[0].total == 10_000:
        index.sizes[0] = Size(index.sizes[0].living - 10, 10_000)
        index.publish(10)

    assert [size.total for size in index.rewritten if size.total == 10_000] == [10_000]
    assert sum(size.living for size in index.sizes) == 10_000


def test_an_index_that_grows_page_by_page_stays_in_few_pieces() -> None:
    index = Index()
    counts = []
    for _ in range(4 * PAGES):
        index.publish(6)
        counts.append(len(index.sizes))

    assert max(counts) <= (FAN - 1) * math.ceil(math.log(6 * 4 * PAGES, FAN))
    assert all(after <= before + 1 for before, after in pairwise(counts))
    assert sum(size.living for size in index.rewritten) / (6 * 4 * PAGES) <= math.log(6 * 4 * PAGES, FAN)


def test_after_putting_together_nothing_more_is_due() -> None:
    dice = random.Random(3)
    for _ in range(300):
        totals = [dice.randint(1, 5000) for _ in range(dice.randint(0, 40))]
        index = Index(*(Size(dice.randint(1, total), total) for total in totals))
        index.publish(1)
        assert due(index.sizes) == []
