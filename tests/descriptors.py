"""A process that may open no more files than a test allows it."""

import gc
import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager


def lowest_free() -> int:
    """The descriptor that the next file will get."""
    # What earlier tests left open is not to be closed meanwhile.
    gc.collect()
    number = os.dup(0)
    os.close(number)
    return number


@contextmanager
def allowed(more: int) -> Iterator[None]:
    """While the block runs, at most so many more files can be open at a time."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (lowest_free() + more, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
