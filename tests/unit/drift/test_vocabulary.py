"""Whether texts are written in the words they were written in."""

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from engine.classify.evaluation import fold_numbers
from engine.drift import Insufficient, Telling, Undefined, VocabularyDrift, vocabulary_drift
from engine.drift.apart import auc_of

WORDS = ("alder", "birch", "cedar", "elm", "fir", "hazel", "larch", "maple", "oak", "pine")


def texts(seed: int, words: tuple[str, ...] = WORDS, count: int = 300) -> list[str]:
    """Texts of eight words each."""
    return [" ".join(row) for row in np.random.default_rng(seed).choice(words, (count, 8))]


def test_new_words_are_told() -> None:
    """Other words are unknown and tell the windows apart; the same words do not."""
    strange = vocabulary_drift(texts(1), texts(2, (*WORDS[:5], "kelp", "moss")), telling=Telling())
    same = vocabulary_drift(texts(1), texts(2), telling=Telling())
    assert isinstance(strange, VocabularyDrift)
    assert isinstance(same, VocabularyDrift)
    assert strange.out_of_vocabulary == pytest.approx(2 / 7, abs=0.03)
    assert strange.interval.low > 0.9
    assert same.out_of_vocabulary == 0
    assert same.interval.low < 0.5 < same.interval.high


def test_identical_texts_cannot_be_told() -> None:
    """In any order, and however often they are posted, the area is a half."""
    once = texts(1)
    found = vocabulary_drift(once, once[::-1] * 3, telling=Telling(seed=3))
    assert isinstance(found, VocabularyDrift)
    assert found.auc == pytest.approx(0.5)
    assert found.interval.high == pytest.approx(0.5462, abs=1e-4)
    assert found.out_of_vocabulary == 0
    moved = texts(2)
    assert vocabulary_drift(once, moved, telling=Telling()) == vocabulary_drift(
        once[::-1], moved[::-1], telling=Telling()
    )


def test_few_texts_or_no_words_tell_nothing() -> None:
    """Texts that are the same are one."""
    found = vocabulary_drift(texts(1), ["elm"] * 500, telling=Telling())
    assert found == Insufficient(of="current", n=1, needs=100)
    blank = [" " * length for length in range(200)]
    assert vocabulary_drift(texts(1), blank, telling=Telling()) is Undefined.NO_WORDS


def test_the_area_is_that_of_texts_weighed_fold_by_fold() -> None:
    """Words of texts that are held out weigh nothing, whatever is counted but once."""
    both = texts(1, count=60) + texts(2, (*WORDS[:6], "kelp", "moss"), count=60)
    both[::3] = [f"{text} own{row} rare{row}" for row, text in enumerate(both[::3])]
    words = [text.split() for text in both]
    is_now = np.arange(120) >= 60
    _, groups = np.unique(np.array(both, dtype=object), return_inverse=True)
    fold_of = fold_numbers(groups, is_now.tolist(), 4, 5)
    areas = []
    for fold in range(4):
        learnt, held = np.flatnonzero(fold_of != fold), np.flatnonzero(fold_of == fold)
        weighing = TfidfVectorizer(analyzer=list, sublinear_tf=True)
        seen = weighing.fit_transform([words[row] for row in learnt])
        classifier = LogisticRegression(
            solver="liblinear", class_weight="balanced", random_state=5
        ).fit(seen, is_now[learnt])
        told = classifier.decision_function(weighing.transform([words[row] for row in held]))
        areas.append((roc_auc_score(is_now[held], told), len(held)))
    slowly = np.average([area for area, _ in areas], weights=[size for _, size in areas])
    assert 0.6 < slowly < 1
    assert auc_of(both, words, 60, folds=4, seed=5) == pytest.approx(slowly, abs=1e-9)


def test_one_text_with_words_tells_nobody_else_apart() -> None:
    """Where it is held out, nothing is learnt."""
    blank = [" " * length for length in range(1, 101)]
    found = vocabulary_drift(["elm", *blank], [*blank, "fir"], telling=Telling())
    assert isinstance(found, VocabularyDrift)
    assert found.auc == pytest.approx(0.5, abs=0.02)
    assert auc_of(["elm", " ", "  ", "   "], [["elm"], [], [], []], 2, folds=2, seed=0) == 0.5
