"""Why a figure of drift cannot be told. A state is never a number, and never nan."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias


class Undefined(StrEnum):
    """Why a figure cannot be told from data of which there is enough."""

    #: The reference falls into a single bin: whatever comes falls into it, too.
    ONE_BIN = "one bin"
    #: Both windows hold one and the same category: chi-square has no degree of freedom.
    ONE_CATEGORY = "one category"
    #: Fewer than five are expected in a cell: chi-square's distribution is not that of the table.
    RARE_CATEGORY = "rare category"
    #: No text has a word.
    NO_WORDS = "no words"


Figure: TypeAlias = float | Undefined


@dataclass(frozen=True, slots=True, kw_only=True)
class Insufficient:
    """Too little data to tell anything."""

    of: str
    """What there is too little of, such as `current`."""
    n: int
    """So many there are."""
    needs: int
    """So many it takes."""

    def __str__(self) -> str:
        return f"insufficient data: {self.n} of {self.needs} ({self.of})"


def too_few(least: int, **sizes: int) -> Insufficient | None:
    """The first of these that is smaller than `least`; None: none is."""
    return next(
        (Insufficient(of=of, n=n, needs=least) for of, n in sizes.items() if n < least), None
    )
