"""Promotion on real comments, where they lie beside: better on average is not enough."""

import gzip
from dataclasses import replace
from functools import cache
from typing import Any, Final

import orjson
import pytest

from engine.classify.recipe import Recipe
from engine.learning import (
    Certification,
    Challenged,
    Challenger,
    Earned,
    Feedback,
    Gate,
    Judgement,
    Plan,
    Split,
    Suite,
    TrainingRow,
    collect,
    held_out,
    judge,
    read_suite,
    run,
    train_challenger,
)
from tests.golden import DATA

SIGNAL: Final = "score.toxic"
#: Rows that the champion was made from, and all there are when it is challenged.
FIRST, ALL = 3_000, 5_000
OFF: Final = Certification(earned=Earned.OFF)
_COMMENTS, _SUITE = DATA / "hatexplain_train.jsonl.gz", DATA / "hatecheck.jsonl.gz"

pytestmark = pytest.mark.skipif(
    not (_COMMENTS.exists() and _SUITE.exists()), reason="no real comments beside the checkout"
)


@cache
def _suite() -> Suite:
    with gzip.open(_SUITE, "rt", encoding="utf-8") as lines:
        return read_suite(lines, name="hatecheck", label="toxic")


@cache
def _comments() -> tuple[dict[str, Any], ...]:
    with gzip.open(_COMMENTS) as lines:
        return tuple(orjson.loads(line) for line, _ in zip(lines, range(ALL), strict=False))


@cache
def _trained(first: int) -> tuple[Challenger, Split]:
    """A classifier of the first comments, less those that are held out."""
    records = [
        TrainingRow(
            id=each["id"],
            text=each["text"],
            answers={"toxic": each["labels"]["toxic"]},
            at=float(number),
            feedback=Feedback.LABELLED,
            inclusion=1.0,
        )
        for number, each in enumerate(_comments()[:first])
    ]
    plan = Plan(recipe=Recipe(signals=(SIGNAL,), name="toxic", folds=2))
    return train_challenger(collect(records, ("toxic",), now=float(ALL)), plan)


def _judged(suite: Suite) -> Judgement:
    """Whether the model of all comments replaces that of the first ones."""
    (champion, _), (challenger, parts) = _trained(FIRST), _trained(ALL)
    new, old = challenger.classifier, champion.classifier
    held = held_out(
        parts,
        {"toxic": SIGNAL},
        challenger=new,
        champion=old,
        seen=champion.manifest.training,
    )
    challenged = Challenged(challenger=run(suite, new, SIGNAL), champion=run(suite, old, SIGNAL))
    return judge(held, [challenged], OFF, Gate())


def _right(challenger: Challenger, function: str) -> int:
    """Cases of a function that it gets right, counted one by one."""
    classifier = challenger.classifier
    cases = [each for each in _suite().cases if each.function == function]
    return sum((classifier.score_one(each.text)[SIGNAL] >= 0.5) is each.expected for each in cases)


def test_better_on_average_and_worse_on_one_function_is_refused() -> None:
    """With more comments it is better on those to come, and on the suite as a whole.

    But it takes abuse of a group that is none to protect for hate more often, so it is refused.
    """
    found = _judged(_suite())
    assert found.comparisons[0].low > 0
    changes = found.changes["hatecheck"]
    assert sum(each.after for each in changes) > sum(each.before for each in changes)
    before, after = (_right(_trained(size)[0], "target_group_nh") for size in (FIRST, ALL))
    assert (before - after) / 65 > 0.05
    assert not found.promoted
    assert len(found.reasons) == 1
    assert found.reasons[0].startswith(
        f"`hatecheck`: function `target_group_nh` falls from {before} to {after} of 65 cases, "
        f"by {(before - after) / 65:.1%}, more than 5.0% (lost: `hatecheck:"
    )


def test_that_function_alone_is_why() -> None:
    """A suite without it lets the same model through."""
    others = tuple(each for each in _suite().cases if each.function != "target_group_nh")
    found = _judged(replace(_suite(), cases=others))
    assert found.promoted
    assert "better by 0.0" in found.reasons[0]
