"""What a classifier is to be trained for, and how."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Which terms are kept: those in so many texts, and the most frequent of them."""

    word_texts: int = 2
    pair_texts: int = 3
    ngram_texts: int = 5
    words: int = 40_000
    pairs: int = 50_000
    ngrams: int = 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What to train: the fields to fill, one a label, and how."""

    signals: tuple[str, ...]
    name: str
    novelty: str = "score.novelty"
    folds: int = 5
    seed: int = 0
    created: str | None = None
    """Noted in the model as it is."""
    limits: Limits = field(default_factory=Limits)
