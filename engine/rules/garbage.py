"""The collector of garbage, told to leave millions of lasting values alone."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

#: New objects between two rounds of the collector, where rules are in use.
_SELDOM: Final = 100_000


@contextmanager
def no_garbage_collection() -> Iterator[None]:
    """Reading and loading make no circles; collecting all the while would double their time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def spare_what_lasts(*, replaced: bool) -> None:
    """Let the collector pass over all there is now, such as rules and classifiers, from now on.

    It would walk over millions of objects that stay, again and again while batches come and go,
    which need none of its help: that takes a third of the time of judging them.

    Args:
        replaced: Whether something that was spared before has been replaced, and is looked for.
    """
    if replaced:
        gc.unfreeze()
    gc.collect()
    gc.freeze()
    gc.set_threshold(_SELDOM)
