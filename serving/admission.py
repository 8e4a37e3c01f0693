"""A bounded number of answers written at once; nobody waits for a place."""

from collections.abc import Iterator
from contextlib import contextmanager

from serving.errors import NoPlace


class Admission:
    """So many places; for one event loop."""

    def __init__(self, places: int) -> None:
        self.places = places
        self.taken = 0

    @contextmanager
    def place(self) -> Iterator[None]:
        """Holds a place for the block; raises NoPlace at once where there is none."""
        if self.taken >= self.places:
            raise NoPlace(f"All {self.places} answers that may be written at once are being written.")
        self.taken += 1
        try:
            yield
        finally:
            self.taken -= 1
