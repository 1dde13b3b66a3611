"""Parts of what was certified, such as languages, in which the error is surely above the limit.

A certificate speaks of the average, and a part can hide in it. For each part the one-sided lower
limit of Clopper and Pearson is told at δ shared among all parts (Bonferroni), so that in δ of all
samples at most any part is called bad that is not. Parts of few labels are seldom called anything.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from engine.certifying.binomial import lower_limit
from engine.certifying.walk import Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Labels of one part."""

    name: str
    labels: int
    errors: int
    low: float
    """The error is above this, with the confidence that is left to each part."""
    above: bool
    """Whether that is above the limit."""


def parts(labels: Iterable[tuple[str, bool]], terms: Terms) -> tuple[Part, ...]:
    """The parts of some labels, by name.

    Args:
        labels: Of each the part it belongs to, and whether the machine was wrong.
        terms: The error limit, and the doubt of all parts together.
    """
    labelled: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    for name, is_wrong in labels:
        labelled[name] += 1
        wrong[name] += is_wrong
    found = []
    for name in sorted(labelled):
        low = lower_limit(labelled[name], wrong[name], terms.doubt / len(labelled))
        found.append(
            Part(
                name=name,
                labels=labelled[name],
                errors=wrong[name],
                low=low,
                above=low > terms.limit,
            )
        )
    return tuple(found)
