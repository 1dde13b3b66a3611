"""Every place where a program matches, with a limit to how often the same characters are read."""

from bisect import bisect_left
from itertools import compress, count

from engine.text.linear import Program
from engine.text.spans import Span

#: How often a character may lie in overlapping matches, on average, before this way of listing
#: them is given up: in `aaaa…`, matches from every start would take quadratic time.
_MOST_OVERLAP = 16
_SHORT = 4096
#: For each byte of UTF-8: whether a character begins with it.
_FIRST_BYTES = bytes([1] * 128 + [0] * 64 + [1] * 64)


def occurrences(
    program: Program, subject: bytes, *, borders: bool, overlapping: bool
) -> list[Span] | None:
    """The spans of the program's first group, in characters; None where they overlap too much.

    With `overlapping`, one from each place where a match starts; else each after the one before.
    With `borders`, the program reads the character before its group, which may belong to the
    match before.
    """
    found: list[Span] = []
    budget = _MOST_OVERLAP * len(subject) + _SHORT
    match = program.search(subject)
    while match is not None:
        start, end = match.span(1)
        budget -= end - start
        if budget < 0:
            return None
        found.append((start, end))
        again = start if overlapping else _start_of_last(subject, end)
        if not borders:
            again = _end_of_first(subject, start) if overlapping else end
        match = program.search(subject, again)
    return _in_characters(subject, found)


def _end_of_first(subject: bytes, start: int) -> int:
    """Where the character that starts here ends."""
    end = start + 1
    while not _FIRST_BYTES[subject[end]]:
        end += 1
    return end


def _start_of_last(subject: bytes, end: int) -> int:
    """Where the character that ends here starts."""
    start = end - 1
    while not _FIRST_BYTES[subject[start]]:
        start -= 1
    return start


def _in_characters(subject: bytes, spans: list[Span]) -> list[Span]:
    if not spans or subject.isascii():
        return spans
    starts = list(compress(count(), subject.translate(_FIRST_BYTES)))
    return [(bisect_left(starts, start), bisect_left(starts, end)) for start, end in spans]
