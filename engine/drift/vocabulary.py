"""Whether texts are written in the words they were written in. Needs scikit-learn.

- Out of vocabulary: the share of words now that no text of the reference has.
- Then or now: how well a classifier tells texts of the two windows apart, on texts it was not
  trained on, as the area under its ROC curve; .5 is not at all (a classifier two-sample test:
  Lopez-Paz and Oquab, ICLR 2017). Its interval is that of Hanley and McNeil (*Radiology* 143
  (1982), 29-36).

A text counts once in a window: one that is posted a thousand times is seen by its rules. A text of
both windows is in one fold, so nobody is tested on what they have learnt.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final

import numpy as np

from engine.classify.tokens import tokenise
from engine.drift.states import Insufficient, Undefined, too_few
from engine.errors import InvalidWindow
from engine.quality import Interval

#: Standard deviations about the mean that hold 95 % of a normal distribution.
_WIDTH: Final = 1.959963984540054


@dataclass(frozen=True, slots=True, kw_only=True)
class VocabularyDrift:
    """How far words have moved."""

    n_reference: int
    """Texts that differ."""
    n_current: int
    out_of_vocabulary: float
    """Share of words now that the reference has not: 0 to 1."""
    auc: float
    """Of telling then from now: about .5 where nothing has moved, 1 at most."""
    interval: Interval
    """Of `auc`, 95 %."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """How then is told from now."""

    seed: int = 0
    folds: int = 5
    most: int = 2_000
    """Texts of a window that are looked at; of more, so many are drawn."""
    least: int = 100
    """Texts that each window needs."""

    def __post_init__(self) -> None:
        if not 2 <= self.folds <= self.least <= self.most:  # noqa: PLR2004 - to train and to test
            what = "telling then from now"
            raise InvalidWindow(what, "2 ≤ folds ≤ least ≤ most does not hold")


def vocabulary_drift(
    reference: Sequence[str], current: Sequence[str], *, telling: Telling
) -> VocabularyDrift | Insufficient | Undefined:
    """How far words have moved.

    Args:
        reference: Texts of the reference window, in any order.
        current: Texts of the window that is looked at.
        telling: The seed, and how many texts; the same gives the same figures.
    """
    dice = np.random.default_rng(telling.seed)
    before, now = _drawn(reference, dice, telling), _drawn(current, dice, telling)
    few = too_few(telling.least, reference=len(before), current=len(now))
    if few is not None:
        return few
    words_before, words_now = ([tokenise(text) for text in texts] for texts in (before, now))
    if not any(words_before) or not any(words_now):
        return Undefined.NO_WORDS
    from engine.drift.apart import auc_of  # noqa: PLC0415 - loads scikit-learn, a second

    auc = auc_of(
        before + now,
        words_before + words_now,
        len(before),
        folds=telling.folds,
        seed=telling.seed,
    )
    return VocabularyDrift(
        n_reference=len(before),
        n_current=len(now),
        out_of_vocabulary=_out_of_vocabulary(words_before, words_now),
        auc=auc,
        interval=_interval(auc, len(before), len(now)),
    )


def _drawn(texts: Sequence[str], dice: np.random.Generator, telling: Telling) -> list[str]:
    """Texts that differ, at most so many of them, whatever order they came in."""
    single = sorted(set(texts))
    kept = dice.permutation(len(single))[: telling.most]
    return [single[row] for row in sorted(kept)]


def _out_of_vocabulary(before: Sequence[Sequence[str]], now: Sequence[Sequence[str]]) -> float:
    known = {word for words in before for word in words}
    seen = [word in known for words in now for word in words]
    return 1 - sum(seen) / len(seen)


def _interval(auc: float, before: int, now: int) -> Interval:
    one, other = auc / (2 - auc), 2 * auc**2 / (1 + auc)
    variance = (auc * (1 - auc) + (now - 1) * (one - auc**2) + (before - 1) * (other - auc**2)) / (
        before * now
    )
    reach = _WIDTH * sqrt(max(0.0, variance))
    return Interval(low=max(0.0, auc - reach), high=min(1.0, auc + reach))
