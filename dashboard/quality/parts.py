"""A part of all that is told over time: one policy, queue or language, as the address names it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from dashboard.filters import asked, one
from dashboard.gateway import Answer

_ALL: Final = "everything"
_GROUPS: Final = (_ALL, "policy", "queue", "language")


def group() -> str | None:
    """By what points have to be told apart for `part`; None: they are of everything."""
    chosen = one("Of", _GROUPS, key="of")
    return None if chosen == _ALL else chosen


def part(run: Answer, by: str | None) -> tuple[Sequence[Answer], Mapping[str, str]]:
    """Points of the part that was chosen, and the filter of its cases.

    Args:
        run: A series that is told by this group.
        by: As of `group`.
    """
    if by is None:
        return run["points"], {}
    items: Counter[str] = Counter()
    for point in run["points"]:
        items[point["name"]] += point["items"]
    del items[""]
    names = [name for name, _ in items.most_common()]
    names += sorted(asked(by) - {*names})
    if not names:
        return [], {}
    name = one(by.title(), names, key=by)
    return [point for point in run["points"] if point["name"] == name], {by: name}
