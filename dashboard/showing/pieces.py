"""Cuts a text where marks begin and end, so that it can be shown as it was written."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A piece of a text that something found, in characters; the end is not in it."""

    start: int
    end: int
    layer: int
    """What found it: a number that is shown beside it, from 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A part of a text between two ends of marks."""

    text: str
    layers: tuple[int, ...]
    """What found it; nothing: it is only text."""


def cut(text: str, marks: Iterable[Mark]) -> list[Piece]:
    """Cut a text; the pieces together are the text.

    Args:
        text: As it was written.
        marks: May overlap; what lies outside of the text is left out.
    """
    within = [mark for mark in marks if 0 <= mark.start < mark.end <= len(text)]
    ends = sorted({0, len(text), *(m.start for m in within), *(m.end for m in within)})
    return [
        Piece(text=text[start:end], layers=_over(within, start, end))
        for start, end in pairwise(ends)
    ]


def _over(marks: Sequence[Mark], start: int, end: int) -> tuple[int, ...]:
    return tuple(sorted({m.layer for m in marks if m.start <= start and end <= m.end}))
