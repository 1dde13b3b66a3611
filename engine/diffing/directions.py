"""Whether a change makes a rule match more or fewer items."""

from collections.abc import Iterable
from enum import StrEnum


class Direction(StrEnum):
    """What a change does to the items that match; more and fewer are never promised strictly."""

    #: The same items match.
    NONE = "none"
    #: Whatever matched still does; more may.
    WIDENS = "widens"
    #: Nothing matches that did not; some may no longer.
    NARROWS = "narrows"
    #: Some may match that did not, and the other way round.
    EITHER = "either"
    #: It cannot be told.
    CHANGES = "changes"

    @property
    def turned(self) -> "Direction":
        """The same under a negation."""
        return _TURNED.get(self, self)

    @property
    def grows(self) -> bool:
        """Whether something may match that did not."""
        return self in (Direction.WIDENS, Direction.EITHER, Direction.CHANGES)


_TURNED = {Direction.WIDENS: Direction.NARROWS, Direction.NARROWS: Direction.WIDENS}


def told(*, wider: bool, narrower: bool) -> Direction:
    """The direction of what is proven: that the new covers the old, and the old the new."""
    if wider and narrower:
        return Direction.NONE
    if wider:
        return Direction.WIDENS
    return Direction.NARROWS if narrower else Direction.CHANGES


def together(directions: Iterable[Direction]) -> Direction:
    """What several changes do, all of which have to hold."""
    found = set(directions) - {Direction.NONE}
    if not found:
        return Direction.NONE
    if len(found) == 1:
        return found.pop()
    return Direction.CHANGES if Direction.CHANGES in found else Direction.EITHER
