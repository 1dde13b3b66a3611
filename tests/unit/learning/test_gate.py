"""A challenger replaces the champion only where nothing that was promised gets worse."""

from dataclasses import replace
from types import SimpleNamespace
from typing import cast

import pytest

from engine.certifying import Certificate, Outcome
from engine.errors import InvalidFigure
from engine.learning import (
    Certification,
    Challenged,
    Criterion,
    Earned,
    FunctionResult,
    Gate,
    HeldOut,
    Resampling,
    Results,
    certification_of,
    judge,
)
from tests.generators.decided import judged

GATE = Gate(resampling=Resampling(resamples=400))
OFF = Certification(earned=Earned.OFF)


def _results(**wrong: tuple[int, int]) -> Results:
    """Of functions: how many cases there are, and how many of the first are wrong."""
    return Results(
        suite="ours",
        label="unkind",
        digest=str({name: cases for name, (cases, _) in wrong.items()}),
        functions=tuple(
            FunctionResult(
                function=name, cases=cases, failed=tuple(f"{name}-{each}" for each in range(few))
            )
            for name, (cases, few) in sorted(wrong.items())
        ),
    )


def _against(champion: Results, challenger: Results) -> Challenged:
    return Challenged(champion=champion, challenger=challenger)


def _passing() -> HeldOut:
    return judged(1_000, champion=0.8)


def test_a_better_challenger_is_promoted() -> None:
    """And everything that was shown is told, with figures."""
    suite = _results(slur=(40, 4), threat=(20, 0))
    found = judge([_passing()], [_against(suite, suite)], OFF, GATE)
    assert found.promoted
    loss, error, functions = found.reasons
    assert loss.startswith("`unkind`: log loss on the hold-out is 0.")
    assert "of the champion 0." in loss
    assert loss.endswith("this shows that it is not worse by more than 0.01")
    assert error.startswith("`unkind`: its calibration error on the hold-out is 0.0")
    assert error.endswith(", below 0.1")
    assert functions == "`ours`: none of 2 functions falls by more than 5.0%"
    assert found.remarks == ("certificates are not asked for",)


def test_all_that_fails_is_told() -> None:
    """Hold-out, calibration, two functions and certificates, each with its figures."""
    held = judged(1_000, champion=1.0, challenger=0.6, bent=-9.0)
    before = _results(slur=(40, 0), threat=(20, 0), fine=(30, 2))
    after = _results(slur=(40, 4), threat=(20, 2), fine=(30, 0))
    certification = Certification(earned=Earned.NOT_EARNED, why="hate/en: 3 of 59 wrong")
    found = judge([held], [_against(before, after)], certification, GATE)
    assert not found.promoted
    loss, error, slur, threat, certificates = found.reasons
    assert "worse by " in loss
    assert loss.endswith("this does not show that it is not worse by more than 0.01")
    assert error.endswith(", above 0.1")
    assert slur == (
        "`ours`: function `slur` falls from 40 to 36 of 40 cases, by 10.0%, more than 5.0% "
        "(lost: `slur-0`, `slur-1`, `slur-2`, …)"
    )
    assert threat.startswith("`ours`: function `threat` falls from 20 to 18 of 20 cases, by 10.0%")
    assert certificates == "certificates are not earned again: hate/en: 3 of 59 wrong"


def test_as_good_is_good_enough_within_the_margin() -> None:
    """The same model passes; one that is a little worse passes by the margin alone."""
    same = judged(600)
    assert judge([same], [], OFF, replace(GATE, margin=0.0)).promoted
    worse = judged(3_000, champion=1.0, challenger=0.9)
    found = judge([worse], [], OFF, replace(GATE, margin=0.0))
    assert not found.promoted
    assert found.comparisons[0].high < 0
    assert judge([worse], [], OFF, replace(GATE, margin=0.1)).promoted


def test_too_few_rows_do_not_show_anything() -> None:
    """A challenger that seems better and may not be is not promoted."""
    held = judged(100, seed=1, champion=0.8, challenger=0.8)
    found = judge([held], [], OFF, replace(GATE, calibration=1.0))
    assert found.comparisons[0].low < -0.01 < 0 < found.comparisons[0].gain
    assert len(found.reasons) == 1
    assert found.reasons[0].endswith("this does not show that it is not worse by more than 0.01")


def test_too_few_rows_do_not_show_a_first_model() -> None:
    """It seems better than the base rate, and is not shown to be."""
    held = judged(100, champion=None, challenger=0.3)
    found = judge([held], [], OFF, replace(GATE, calibration=1.0))
    assert found.comparisons[0].low < 0 < found.comparisons[0].gain
    assert len(found.reasons) == 1
    assert found.reasons[0].endswith("this does not show that it is better")


def test_too_few_rows_do_not_show_calibration() -> None:
    """An error below the limit is not enough: its upper limit has to be."""
    found = judge([judged(100, seed=1)], [], OFF, GATE)
    assert found.calibrations[0].error < 0.1 < found.calibrations[0].high
    assert len(found.reasons) == 1
    assert found.reasons[0].endswith("which does not show that it is below 0.1")


def test_the_first_model_has_to_beat_the_base_rate() -> None:
    """There is no margin, and suites tell without comparing."""
    suite = Challenged(challenger=_results(slur=(40, 4)), champion=None)
    found = judge([judged(500, champion=None)], [suite], OFF, GATE)
    assert found.promoted
    assert "that of the base rate" in found.reasons[0]
    assert found.reasons[0].endswith("this shows that it is better")
    assert found.remarks[0] == "`ours`: 90.0% right, with no champion"
    blind = judge([judged(500, champion=None, challenger=0.0)], [], OFF, GATE)
    assert not blind.promoted
    assert blind.reasons[0].endswith("this does not show that it is better")


def test_macro_f1_can_decide() -> None:
    """It is blind to how sure a model is, and log loss is not."""
    held = judged(1_000, champion=0.8, bent=-1.0)
    found = judge([held], [], OFF, replace(GATE, criterion=Criterion.MACRO_F1))
    assert found.reasons[0].startswith("`unkind`: macro-F1 on the hold-out is 0.")
    assert not found.promoted


@pytest.mark.parametrize(
    ("cases", "before", "after", "falls"),
    [
        (100, 0, 5, False),
        (100, 0, 6, True),
        (100, 40, 30, False),
        (10, 0, 1, False),
        (10, 0, 2, True),
        (2, 1, 2, True),
        (1, 0, 1, True),
        (1, 1, 1, False),
        (1, 1, 0, False),
    ],
)
def test_small_functions_are_counted(cases: int, before: int, after: int, falls: bool) -> None:  # noqa: FBT001
    """One case is no fall where it is more than x by itself, unless none is left."""
    one, other = _results(rare=(cases, before)), _results(rare=(cases, after))
    found = judge([_passing()], [_against(one, other)], OFF, GATE)
    assert found.promoted is not falls
    small = [each for each in found.remarks if "loses one case net of only" in each]
    assert bool(small) is (cases == 10 and not falls)


def test_suites_that_differ_do_not_pass() -> None:
    """What the champion did on other cases says nothing about these."""
    found = judge([_passing()], [_against(_results(a=(9, 0)), _results(a=(8, 0)))], OFF, GATE)
    assert not found.promoted
    assert found.reasons[0].endswith("run on different cases of it; run both on the same")


def test_what_is_not_known_is_remarked() -> None:
    """No suite, and rows that do not count."""
    found = judge([replace(_passing(), left_out=7)], [], OFF, GATE)
    assert found.remarks[0].startswith("`unkind`: 7 rows of the hold-out do not count")
    assert found.remarks[1].startswith("there is no challenge suite")


def test_every_label_has_to_hold() -> None:
    """One that is worse is enough."""
    bad = judged(1_000, champion=1.0, challenger=0.2)
    found = judge([_passing(), replace(bad, label="spam")], [], OFF, GATE)
    assert [each.label for each in found.comparisons] == ["unkind", "spam"]
    assert not found.promoted
    assert all(each.startswith("`spam`") for each in found.reasons)


def test_certificates_are_earned_for_every_zone_or_not_at_all() -> None:
    """Each that is not names why; nothing tested is nothing earned."""
    certificate = cast("Certificate", SimpleNamespace())
    good = Outcome(certificate=certificate, why="")
    bad = Outcome(certificate=None, why="too few labels")
    assert certification_of({"hate/en": good}).earned is Earned.EARNED
    found = certification_of({"hate/en": good, "hate/de": bad})
    assert (found.earned, found.why) == (Earned.NOT_EARNED, "hate/de: too few labels")
    assert certification_of({}).why == "nothing was tested"
    earned = judge([_passing()], [], certification_of({"hate/en": good}), GATE)
    assert earned.promoted
    assert earned.reasons[-1] == "certificates are earned again"


def test_a_gate_that_is_none_is_refused() -> None:
    """Limits out of range, and nothing to judge by."""
    for wrong in (
        {"margin": -0.1},
        {"margin": float("nan")},
        {"calibration": 0.0},
        {"fall": 1.0},
        {"resampling": Resampling(resamples=0)},
    ):
        with pytest.raises(InvalidFigure, match="is out of range"):
            Gate(**wrong)
    with pytest.raises(InvalidFigure, match="nothing can be judged"):
        judge([], [], OFF, GATE)
