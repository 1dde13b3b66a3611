"""Spans of a text: which lie inside others, and which are shown."""

from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate

Span = tuple[int, int]


class Cover:
    """The spans of exceptions: false friends, inside which a match does not count."""

    __slots__ = ("_reach", "_starts")

    def __init__(self, spans: Iterable[Span]) -> None:
        ordered = sorted(spans)
        self._starts = [start for start, _ in ordered]
        self._reach = list(accumulate((end for _, end in ordered), max))

    def holds(self, span: Span) -> bool:
        """Whether a span lies inside one of these."""
        number = bisect_right(self._starts, span[0]) - 1
        return number >= 0 and span[1] <= self._reach[number]


def leftmost_longest(spans: Iterable[Span], limit: int) -> list[Span]:
    """The first spans that do not overlap, the longest where several start."""
    chosen: list[Span] = []
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if not chosen or start >= chosen[-1][1]:
            chosen.append((start, end))
            if len(chosen) == limit:
                break
    return chosen
