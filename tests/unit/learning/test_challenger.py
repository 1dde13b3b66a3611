"""Challengers are trained from rows, and can be made again."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.classify.artefact import decode
from engine.classify.dataset import Dataset
from engine.classify.model import Model
from engine.classify.recipe import Recipe
from engine.classify.scorer import TextClassifier
from engine.classify.training import train
from engine.errors import CannotTrain, InvalidManifest
from engine.learning import (
    Feedback,
    Weighing,
    held_out_of,
    sample_weights,
    train_again,
    train_challenger,
    training_weights,
)
from engine.learning.manifest import read, write
from tests.generators.decided import LABEL, SIGNAL, decided, plan, row, small_challenger
from tests.generators.labelled import labelled, recipe


def test_a_challenger_is_a_model_that_can_be_published() -> None:
    """Its file is read back, and it tells the classes apart."""
    challenger, _ = small_challenger()
    assert decode(challenger.file, "here").origin == challenger.model.origin
    assert len(challenger.version) == 64
    assert challenger.version in challenger.file.decode("ascii", "replace")
    scores = challenger.classifier.score(["they are all zorblings", "my kitten"])[SIGNAL]
    assert scores[0] > 0.6
    assert scores[1] < 0.4
    assert challenger.notes == ()


def test_the_same_manifest_makes_the_same_model() -> None:
    """To the byte, after it was written and read; another seed or weighing makes another one."""
    challenger, parts = small_challenger()
    manifest = read(write(challenger.manifest))
    assert manifest == challenger.manifest
    assert manifest.digest == challenger.manifest.digest
    rows = decided(400).rows
    assert train_again(manifest, rows[::-1]).file == challenger.file
    assert held_out_of(manifest, rows) == parts.held_out
    for other in (
        replace(manifest, recipe=replace(manifest.recipe, seed=1)),
        replace(manifest, weighing=Weighing(uncertain=0.0)),
        replace(manifest, calibration=manifest.calibration[1:]),
    ):
        assert train_again(other, rows).version != challenger.version
        assert other.digest != manifest.digest


def test_a_manifest_says_what_served_for_what() -> None:
    """Training, its random sample for calibration, and hold-out; nothing is in two of them."""
    challenger, parts = small_challenger()
    manifest = challenger.manifest
    assert manifest.training == tuple(each.id for each in parts.training)
    assert manifest.held_out == tuple(each.id for each in parts.held_out)
    drawn = [each.id for each in parts.training if each.inclusion is not None]
    assert list(manifest.calibration) == drawn
    assert challenger.model.heads[0].quality.rows == len(drawn) < len(parts.training)


def test_the_calibrator_takes_one_over_pi() -> None:
    """Where what is harmless had a tenth of the chance to be seen, chances are lower."""
    rows = decided(400)
    offsets = []
    for chance in (1.0, 0.1):
        drawn = [
            replace(each, inclusion=1.0 if each.answers[LABEL] else chance) for each in rows.rows
        ]
        found, _ = train_challenger(replace(rows, rows=tuple(drawn)), plan())
        offsets.append(found.model.heads[0].calibrator.offset)
    assert offsets[1] < offsets[0] - 1


def test_rows_that_do_not_match_are_refused() -> None:
    """Rows that are gone are named; of those that changed it is said that they did."""
    challenger, _ = small_challenger()
    manifest, rows = challenger.manifest, decided(400).rows
    gone = [each for each in rows if each.id not in manifest.training[:7]]
    with pytest.raises(InvalidManifest, match=r"as after an erasure \(7: `item-0000`, .*, …\)"):
        train_again(manifest, gone)
    changes: tuple[dict[str, object], ...] = (
        {"answers": {LABEL: not rows[3].answers[LABEL]}},
        {"text": "another"},
        {"inclusion": 0.9},
        {"uncertainty": 0.77},
        {"feedback": Feedback.LABELLED},
        {"group": "g"},
        {"at": 181.0},
    )
    for change in changes:
        changed = [
            replace(each, **change) if each.id == "item-0003" else each  # type: ignore[arg-type]
            for each in rows
        ]
        with pytest.raises(InvalidManifest, match="some were changed"):
            train_again(manifest, changed)


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("", "it cannot be read"),
        ("[]", "it cannot be read"),
        ("null", "it cannot be read"),
        ('{"format": "tierwise-manifest 2"}', "it is of another version"),
        ('{"format": "tierwise-manifest 1", "labels": []}', "it cannot be read"),
    ],
)
def test_a_manifest_that_is_none_says_so(written: str, reason: str) -> None:
    """Whatever is there instead."""
    with pytest.raises(InvalidManifest, match=reason):
        read(written)


def test_too_few_at_random_is_noted() -> None:
    """The calibrator then rests on all rows as they are, and the challenger says so."""
    found, _ = train_challenger(decided(400), replace(plan(), sample=300))
    assert found.manifest.calibration == ()
    assert "too few rows were drawn at random" in found.notes[0]
    assert train_again(found.manifest, decided(400).rows).file == found.file


def test_each_label_has_a_signal() -> None:
    """A recipe for other labels is refused."""
    recipe = Recipe(signals=("score.a", "score.b"), name="small", folds=2)
    with pytest.raises(CannotTrain, match="2 signals for 1 labels"):
        train_challenger(decided(400), replace(plan(), recipe=recipe))


def test_training_weights_are_capped() -> None:
    """By feedback and uncertainty; what is not known adds nothing."""
    rows = [
        row("a", 1.0, feedback=Feedback.CONFIRMED, uncertainty=0.5),
        row("b", 1.0, feedback=Feedback.CORRECTED, uncertainty=1.0),
        row("c", 1.0, feedback=Feedback.LABELLED),
    ]
    assert training_weights(rows, Weighing()) == (1.5, 3.0, 1.5)
    assert training_weights(rows, Weighing(feedback={}, uncertain=0.5)) == (1.25, 1.5, 1.0)
    for wrong in (
        {"cap": 0.9},
        {"uncertain": -1.0},
        {"feedback": {Feedback.CONFIRMED: 0.0}},
        {"cap": float("nan")},
    ):
        with pytest.raises(CannotTrain):
            Weighing(**wrong)


def test_sample_weights_are_one_over_pi() -> None:
    """0 outside the sample; None where it has too few of an answer."""
    rows = [
        row("a", 1.0, inclusion=0.25),
        row("b", 2.0, yes=False, inclusion=1.0),
        row("c", 3.0, inclusion=None),
    ]
    assert sample_weights(rows, (LABEL,), least=1) == (4.0, 1.0, 0.0)
    assert sample_weights(rows, (LABEL,), least=2) is None


def _trained(data: Dataset) -> tuple[float, ...]:
    head = train(data, recipe(), lambda _: None).heads[0]
    calibrator = head.calibrator
    return head.bias, calibrator.lower_slope, calibrator.upper_slope, calibrator.offset


def test_weights_serve_training_alone() -> None:
    """Rows that count more bend the scores; weights that are all alike change nothing."""
    data = labelled(400)
    plain = _trained(data)
    assert np.allclose(_trained(replace(data, weights=(7.0,) * 400)), plain, atol=1e-9)
    assert np.allclose(_trained(replace(data, sample=(7.0,) * 400)), plain, atol=1e-9)
    heavy = tuple(3.0 if answers[0] else 1.0 for answers in data.answers)
    assert _trained(replace(data, weights=heavy))[0] > plain[0] + 0.1


def test_calibration_is_about_all_items() -> None:
    """Where positives were seen ten times as often, chances are those of the traffic."""
    data = labelled(2_000)
    sample = tuple(1.0 if answers[0] else 10.0 for answers in data.answers)
    model = train(replace(data, sample=sample), recipe(), lambda _: None)
    plain = train(data, recipe(), lambda _: None)
    assert np.array_equal(model.weights, plain.weights)
    weights, truth = np.array(sample), np.array([answers[0] for answers in data.answers])
    shares = _chances(model, data.texts)
    assert abs(weights @ shares - weights @ truth) / weights.sum() < 0.01
    assert _chances(plain, data.texts).mean() > shares.mean() + 0.1
    assert model.heads[0].quality.positives == truth.sum()
    assert model.heads[0].quality.calibration_error.mean < 0.05


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"weights": (1.0,)}, "there are 1 weights for 100 rows"),
        ({"weights": (0.0,) * 100}, "a weight is no number, or too small"),
        ({"sample": (-1.0,) * 100}, "a weight is no number, or too small"),
        ({"sample": (float("nan"),) * 100}, "a weight is no number, or too small"),
        ({"sample": (0.0,) * 100}, "`labels.unkind` has too few sampled rows of one kind"),
    ],
)
def test_weights_that_are_none_are_refused(wrong: dict[str, object], reason: str) -> None:
    """With the reason."""
    data = replace(labelled(100), **wrong)  # type: ignore[arg-type]  # fields of the dataset
    with pytest.raises(CannotTrain, match=reason):
        train(data, recipe(), lambda _: None)


def _chances(model: Model, texts: Sequence[str]) -> NDArray[np.float64]:
    return np.asarray(TextClassifier(model, "v").score(texts)["score.unkind"])
