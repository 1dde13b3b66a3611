"""A trained text classifier as data: its terms, their weights, and where it comes from."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

#: How much a word, a pair of words and a letter group weigh before training.
WORD_SCALE = 2.0
PAIR_SCALE = 2.0
NGRAM_SCALE = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What the classifier knows, the most frequent first, and how rare each was in training.

    Rarity is `ln((1 + texts) / (1 + texts with the term)) + 1`.
    """

    words: tuple[str, ...]
    pairs: tuple[str, ...]
    """Two neighbouring tokens with a space between them."""
    ngrams: tuple[str, ...]
    rarity: NDArray[np.float64]
    """Of words, pairs and letter groups, in this order."""
    unseen_rarity: float
    """Of a word that training did not keep: as if no text had it."""

    @property
    def lengths(self) -> NDArray[np.float64]:
        """What one occurrence of each term adds to the square of a text's length."""
        scales = np.repeat(
            (WORD_SCALE, PAIR_SCALE, NGRAM_SCALE),
            (len(self.words), len(self.pairs), len(self.ngrams)),
        )
        lengths: NDArray[np.float64] = (self.rarity * scales) ** 2
        return lengths


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A figure over the folds of a cross-validation: mean and standard deviation."""

    mean: float
    deviation: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """How well one signal did on texts it was not trained on."""

    rows: int
    positives: int
    accuracy: Estimate
    macro_f1: Estimate
    auroc: Estimate
    calibration_error: Estimate
    """Expected calibration error over 15 bins of equal mass."""

    @property
    def base_rate(self) -> float:
        """The share of positive rows."""
        return self.positives / self.rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibrator:
    """Turns a score into a chance (beta calibration).

    The log odds rise by `lower_slope` far below zero and by `upper_slope` far above it:
    `upper_slope * ln(1 + exp(score)) - lower_slope * ln(1 + exp(-score)) + offset`.
    Equal slopes make Platt's sigmoid.
    """

    lower_slope: float
    upper_slope: float
    offset: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What turns terms into one signal: logistic regression, then calibration."""

    signal: str
    label: str
    """The path it was trained on, such as `labels.toxic`."""
    bias: float
    calibrator: Calibrator
    quality: Quality


@dataclass(frozen=True, slots=True, kw_only=True)
class Novelty:
    """The field that says how unlike the training texts a text is, and what it was on those."""

    signal: str
    median: float
    """Of training texts, held out."""
    percentile_95: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What a model was made from: the same origin makes the same model."""

    name: str
    dataset: str
    """Hash of the rows: ids, texts and labels."""
    rows: int
    folds: int
    seed: int
    scikit_learn: str
    created: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A trained text classifier."""

    origin: Origin
    terms: Terms
    heads: tuple[Head, ...]
    novelty: Novelty
    weights: NDArray[np.float64] = field(repr=False)
    """One row a term, one column a head; rarity and scale are multiplied in."""
    sums: NDArray[np.float64] = field(repr=False)
    """What each word brings together with its letter groups: a weight for each head, and length."""
