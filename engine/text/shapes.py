"""The shape of a tolerant entry: its letters in order, and what may stand for each."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from engine.text.letters import NO_GAP, canonical_stand_ins
from engine.text.scripts import is_word

_GAP = rf"[^{NO_GAP}]{{0,3}}"
_LONGEST_GAP = 3
_NEVER = 1 << 62


@dataclass(frozen=True, slots=True)
class Letter:
    """A character of an entry."""

    stand_ins: frozenset[str]
    """The canonical letters that may stand for it."""
    repeats: bool
    """Whether more of them may follow: it is the last of a run of equal letters."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The characters of an entry, and whether gaps may open between them."""

    letters: tuple[Letter, ...]
    gaps: bool = False


def shape_of(word: str, *, gaps: bool) -> Shape:
    """The shape of an accent-less word or phrase."""
    following = [*word[1:], ""]
    return Shape(
        tuple(
            Letter(canonical_stand_ins(char), repeats=char.isalpha() and char != after)
            for char, after in zip(word, following, strict=True)
        ),
        gaps=gaps,
    )


def source_of(shape: Shape) -> str:
    """The shape as a regular expression over canonical letters, longest matches first."""
    gap = _GAP if shape.gaps else ""
    return gap.join(_letter_source(letter, gap) for letter in shape.letters)


def _letter_source(letter: Letter, gap: str) -> str:
    one = "[" + "".join(rf"\x{{{ord(char):x}}}" for char in sorted(letter.stand_ins)) + "]"
    if not letter.repeats:
        return one
    return f"{one}(?:{gap}{one})*" if gap else f"{one}+"


def earliest_starts(
    shape: Shape,
    text: str,
    opens: Callable[[int], bool],
    closes: Callable[[int], bool],
) -> Iterator[tuple[int, int]]:
    """For every place where a match ends: the longest match that ends there.

    In one pass, in time proportional to text and shape, however much the matches overlap. A match
    may start where `opens` and end where `closes`.
    """
    never = [_NEVER] * len(shape.letters)
    numbers = _numbers_by_stand_in(shape)
    # For each letter, the earliest start of a match that got there, now or some gap ago.
    reached = [never]
    for place, char in enumerate(text):
        now = never
        if char in numbers:
            before = list(map(min, zip(*reached, strict=True))) if shape.gaps else reached[0]
            now = never.copy()
            for number in numbers[char]:
                start = before[number - 1] if number else place if opens(place) else _NEVER
                again = before[number] if shape.letters[number].repeats else _NEVER
                now[number] = min(start, again)
            if now[-1] < _NEVER and closes(place + 1):
                yield now[-1], place + 1
        reached = [now, *reached[:_LONGEST_GAP]] if shape.gaps and _is_gap(char) else [now]


def _numbers_by_stand_in(shape: Shape) -> dict[str, list[int]]:
    """For each canonical letter, the numbers of the letters it may stand for."""
    numbers: dict[str, list[int]] = {}
    for number, letter in enumerate(shape.letters):
        for char in letter.stand_ins:
            numbers.setdefault(char, []).append(number)
    return numbers


def _is_gap(letter: str) -> bool:
    if letter.isascii():
        return not is_word(letter) and letter not in "@$!|+"
    return letter >= "\U00080000" and letter not in "\U000800a2\U000820ac"
