"""Proves that one condition is at least as true as another, for every item there can be.

False, unknown and true are taken as less and more true. All, any and a number of parts keep this
order, none turns it round; a leaf that is read the same is unknown, and false for what cannot
apply, in both. So whatever is proven of conditions holds of matches, and of exceptions too.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import Final

from engine.diffing.directions import Direction, told
from engine.diffing.forms import Form, Node
from engine.diffing.truths import Among, Members, Numbers, Other, Texts, covers

#: Pairs of parts looked at for one pair of conditions; what takes more is not proven.
MOST_STEPS: Final = 5_000
_Truths = (Among, Members, Numbers, Other, Texts)


def direction_of(old: Node, new: Node) -> Direction:
    """What becomes of the items for which a condition is true."""
    found = told(wider=implied(new, old), narrower=implied(old, new))
    if found is Direction.CHANGES and _comparable(old, new):
        return Direction.EITHER
    return found


def implied(wide: Node, tight: Node) -> bool:
    """Whether the first is at least as true as the second; False: it is not, or not proven."""
    return _Proof().holds(wide, tight)


def _comparable(old: Node, new: Node) -> bool:
    """Whether two leaves ask the same kind of thing, so that neither covering is certain."""
    if old.form is not Form.LEAF or new.form is not Form.LEAF:
        return False
    one, other = old.key, new.key
    if not isinstance(one, tuple) or not isinstance(other, tuple):
        return False
    plain = len(one) == len(other) == 2  # noqa: PLR2004 - field and truth: read the same by both
    return plain and one[0] == other[0] and type(one[1]) is type(other[1])


@dataclass(slots=True)
class _Proof:
    steps: int = MOST_STEPS
    known: dict[tuple[int, int], bool] = field(default_factory=dict)

    def holds(self, wide: Node, tight: Node) -> bool:
        if wide.key == tight.key:
            return True
        self.steps -= 1
        if self.steps < 0:
            return False
        pair = (id(wide), id(tight))
        if pair not in self.known:
            self.known[pair] = self._holds(wide, tight)
        return self.known[pair]

    def _holds(self, wide: Node, tight: Node) -> bool:
        if wide.form is Form.ALL:
            return all(self.holds(part, tight) for part in _missing_first(wide, tight))
        if tight.form is Form.ANY:
            return all(self.holds(wide, part) for part in _missing_first(tight, wide))
        if tight.form is Form.ALL and self._below(wide, tight.parts):
            return True
        if wide.form is Form.ANY:
            return self._above(wide.parts, tight)
        return self._alike(wide, tight)

    def _below(self, wide: Node, parts: Sequence[Node]) -> bool:
        """Whether one of the parts is less true than the node."""
        if any(part.key == wide.key for part in parts):
            return True
        return any(self.holds(wide, part) for part in parts)

    def _above(self, parts: Sequence[Node], tight: Node) -> bool:
        """Whether one of the parts is more true than the node."""
        if any(part.key == tight.key for part in parts):
            return True
        return any(self.holds(part, tight) for part in parts)

    def _alike(self, wide: Node, tight: Node) -> bool:
        if wide.form is not tight.form:
            return False
        match wide.form:
            case Form.LEAF:
                return _leaf(wide.key, tight.key)
            case Form.NONE:
                return all(self._above(tight.parts, part) for part in wide.parts)
            case Form.SOME:
                return wide.count <= tight.count and self._each_has_one(wide.parts, tight.parts)
            case _:
                return False

    def _each_has_one(self, wide: Sequence[Node], tight: Sequence[Node]) -> bool:
        """Whether each of the tight parts has a wide one for itself alone."""
        left = list(wide)
        for part in sorted(tight, key=lambda each: all(each.key != one.key for one in wide)):
            equal = (place for place, one in enumerate(left) if one.key == part.key)
            wider = (place for place, one in enumerate(left) if self.holds(one, part))
            place = next(equal, None)
            place = next(wider, None) if place is None else place
            if place is None:
                return False
            del left[place]
        return True


def _missing_first(group: Node, other: Node) -> list[Node]:
    """The parts of a group that the other does not have as they are: the rest needs no proof."""
    same = {each.key for each in other.parts} if other.form is group.form else set()
    return [each for each in group.parts if each.key not in same]


def _leaf(wide: Hashable, tight: Hashable) -> bool:
    if not isinstance(wide, tuple) or not isinstance(tight, tuple):
        return False
    if len(wide) != len(tight) or wide[0] != tight[0] or wide[2:] != tight[2:]:
        return False
    return (
        isinstance(wide[1], _Truths) and isinstance(tight[1], _Truths) and covers(wide[1], tight[1])
    )
