"""Which segments of an index are put together, so that it stays in few pieces and little is written twice.

A tier holds segments of the same order of size. Where one is full, its segments and all that are smaller become one of
a higher tier, as in a log-structured merge tree (O'Neil et al., "The Log-Structured Merge-Tree", 1996): a passage is
written anew at most once for each tier, and there are less than `FAN` segments in each.
"""

from collections.abc import Sequence
from dataclasses import dataclass

FAN = 4


@dataclass(frozen=True, slots=True)
class Size:
    """The passages of a segment: those that can be found, and all that were written."""

    living: int
    total: int

    @property
    def hollow(self) -> bool:
        """Whether more than half of it was taken out."""
        return 2 * self.living < self.total


def due(sizes: Sequence[Size]) -> list[tuple[int, ...]]:
    """Which segments, by their places, are to be written anew; each group becomes one segment."""
    groups: list[tuple[int, ...]] = [(place,) for place in range(len(sizes))]
    while crowded := _crowded(groups, sizes):
        together = tuple(sorted(place for group in crowded for place in group))
        groups = [*(group for group in groups if group not in crowded), together]
    return [group for group in groups if len(group) > 1 or sizes[group[0]].hollow]


def _crowded(groups: Sequence[tuple[int, ...]], sizes: Sequence[Size]) -> list[tuple[int, ...]]:
    """The groups of the lowest full tier and of those below it; none where no tier is full."""
    tiers = {group: _tier(sum(sizes[place].living for place in group)) for group in groups}
    counts = list(tiers.values())
    full = min((tier for tier in counts if counts.count(tier) >= FAN), default=None)
    return [] if full is None else [group for group, tier in tiers.items() if tier <= full]


def _tier(passages: int) -> int:
    tier = 0
    while passages >= FAN ** (tier + 1):
        tier += 1
    return tier
