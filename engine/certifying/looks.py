"""When labels that go on coming are tested, and at which share of δ.

Whoever tests again with each new label finds, sooner or later, a moment at which chance looks like
proof. So tests are made at numbers of labels that are fixed beforehand, each with a part of δ:
look j gets δ/(j (j + 1)), and all of them together δ, however many there will be. By the union
bound the chance that any look passes where the error is the limit or more is δ at most, although
each looks at all labels so far. Each look has twice the labels of the one before.
"""

from dataclasses import dataclass
from typing import Final

from engine.certifying.walk import Terms

_GROWTH: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A test that will be made."""

    number: int
    """j: 1 for the first of its rule, never given out twice."""
    labels: int
    """It is made on the first so many, not before, and on no more."""
    terms: Terms
    """What is promised, with the part of δ that this look may spend."""


def look(terms: Terms, *, spent: int = 0, before: int = 0) -> Look:
    """The next look.

    Args:
        terms: What is promised, with the whole δ.
        spent: Looks that were made, on these labels or on earlier ones of the same thing.
        before: Labels that the last look at these labels had; 0 for none.

    Raises:
        CannotCertify: No number of labels that could ever be had is enough.
    """
    number = spent + 1
    part = Terms(
        limit=terms.limit, doubt=terms.doubt / (number * (number + 1)), fewest=terms.fewest
    )
    labels = max(part.start, _GROWTH * before)
    return Look(number=number, labels=labels, terms=part)
