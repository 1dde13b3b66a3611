"""What a classifier is to the rest of the engine: texts in, one column of scores per signal out."""

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

#: Scores by the field they fill, one a text in the order of the texts; NaN is a missing score.
Columns = Mapping[str, NDArray[np.float64]]


class Classifier(Protocol):
    """Scores texts. Pure: the same texts get the same scores, in whatever company."""

    @property
    def name(self) -> str:
        """What people call it."""

    @property
    def version(self) -> str:
        """A hash of everything its scores depend on."""

    @property
    def signals(self) -> tuple[str, ...]:
        """The fields it fills, such as `score.hate`."""

    def score(self, texts: Sequence[str]) -> Columns:
        """The scores of each text: a column for each signal."""
