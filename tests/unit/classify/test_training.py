"""Classifiers are trained from labelled rows."""

from dataclasses import replace

import numpy as np
import pytest
import sklearn
from sklearn.linear_model import LogisticRegression

from engine.classify.artefact import encode
from engine.classify.dataset import Columns, dataset, parse_label
from engine.classify.scorer import TextClassifier
from engine.classify.training import PENALTY, train
from engine.errors import CannotTrain
from tests.generators.labelled import labelled, recipe, rows, small_file, small_model
from tests.oracle import classifier as oracle


def silent(_: str) -> None:
    """Progress that nobody looks at."""


def test_a_model_tells_the_classes_apart() -> None:
    """It is about as good as the labels allow, and says so."""
    head = small_model().heads[0]
    assert head.quality.auroc.mean > 0.85
    assert head.quality.rows == 400
    score = TextClassifier(small_model(), "v").score_one
    assert score("they are all zorblings")["score.unkind"] > 0.7
    assert score("they see my kitten")["score.unkind"] < 0.3
    assert score("they are zorblingish")["score.unkind"] > 0.6


def test_weights_are_those_of_scikit_learn() -> None:
    """A logistic regression on the same features, fitted by scikit-learn alone, agrees."""
    data = labelled(400, "labels.unkind", "labels.class=good")
    truth = np.array([answers[0] for answers in data.answers])
    matrix = oracle.features(small_model()).transform(data.texts).tocsr()
    shares = [
        (np.asarray((matrix[side] > 0).sum(axis=0)).ravel() + 1) / (side.sum() + 2)
        for side in (truth, ~truth)
    ]
    uneven = np.sqrt(np.abs(np.log(shares[0] / shares[1])))
    fitted = LogisticRegression(C=PENALTY, max_iter=5_000).fit(matrix.multiply(uneven), truth)
    expected = oracle.pipeline(small_model(), 0)["classifier"].coef_[0]
    assert np.allclose(fitted.coef_[0] * uneven, expected, atol=2e-3)
    assert np.abs(expected).max() > 0.1


def test_the_same_rows_and_seed_make_the_same_bytes() -> None:
    """A model can be made again; another seed makes another one."""
    data = labelled(400, "labels.unkind", "labels.class=good")
    names = ("score.unkind", "score.good")
    assert encode(train(data, recipe(*names), silent)) == small_file()
    assert encode(train(data, recipe(*names, seed=1), silent)) != small_file()


def test_rows_without_one_label_serve_the_other() -> None:
    """A row counts for the labels that it has."""
    found = [
        (number, {**row, "half": number % 4 > 1 if number % 2 else None})
        for number, row in rows(200)
    ]
    labels = (parse_label("labels.unkind"), parse_label("half"))
    data = dataset(found, Columns(labels=labels))
    model = train(data, recipe("score.a", "score.b"), silent)
    assert [head.quality.rows for head in model.heads] == [200, 100]


def test_the_model_knows_where_it_comes_from() -> None:
    """Rows, seed, library and a date if one was given."""
    data = labelled(100)
    origin = train(data, replace(recipe(seed=3), created="2026-01-31"), silent).origin
    assert (origin.dataset, origin.rows, origin.seed) == (data.digest, 100, 3)
    assert (origin.created, origin.folds) == ("2026-01-31", 2)
    assert origin.scikit_learn == sklearn.__version__


def test_progress_is_told() -> None:
    """Whoever waits sees what happens."""
    steps: list[str] = []
    train(labelled(100), recipe(folds=3), steps.append)
    assert steps[0] == "reading the words of 100 texts"
    assert steps[1:4] == [f"fold {number} of 3" for number in (1, 2, 3)]


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ([], "no row has both a text and a label"),
        ([{"text": f"a b {n}", "y": True} for n in range(50)], "`y` is yes in all 50 rows"),
        (
            [{"text": f"a b {n}", "y": n == 0} for n in range(50)],
            "`y` has 1 distinct texts that say yes and 49 that say no",
        ),
        (
            [{"text": f"a b {n % 2}", "y": n % 2 == 0} for n in range(50)],
            "`y` has 1 distinct texts that say yes and 1 that say no",
        ),
        (
            [{"text": chr(0x4E00 + n), "y": n % 2 == 0} for n in range(50)],
            "no word is in more than one text",
        ),
    ],
)
def test_too_little_is_refused(raw: list[dict[str, object]], reason: str) -> None:
    """Rows that cannot make a classifier are refused with the reason."""
    data = dataset(enumerate(raw), Columns(labels=(parse_label("y"),)))
    with pytest.raises(CannotTrain) as caught:
        train(data, recipe(), silent)
    assert caught.value.reason == reason
