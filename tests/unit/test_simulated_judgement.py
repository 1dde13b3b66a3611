"""Simulated people err as often, and as much together, as was asked."""

from math import sqrt
from pathlib import Path
from statistics import fmean, median
from typing import Any

import numpy as np
import pytest
from scipy import stats

from queues.errors import InvalidSettings, Refused
from queues.simulation import Member, Right, Truths, crew_of, read_crew
from queues.simulation.judgement import Judgement, Question, errs, judge
from queues.simulation.truths import truths_in
from tests.architecture.sources import ROOT

ITEMS = [f"i{number}" for number in range(8_000)]
RIGHT = Right(action="remove", reasons=("hate.attack",))


def people(count: int, accuracy: float) -> list[Member]:
    """Alike, but for their names."""
    return [Member(name=f"sim-{number}", accuracy=accuracy) for number in range(count)]


def mistakes(members: list[Member], correlation: float, seed: int = 5) -> "np.ndarray":
    """Person by item: who errs."""
    return np.array(
        [
            [errs(seed, correlation, who, Question(item=item, policy="p")) for item in ITEMS]
            for who in members
        ]
    )


@pytest.mark.parametrize("correlation", [0.0, 0.3, 0.6, 1.0])
@pytest.mark.parametrize(("first", "second"), [(0.92, 0.92), (0.8, 0.95)])
def test_accuracy_and_correlation_are_those_asked_for(
    correlation: float, first: float, second: float
) -> None:
    """Each errs at their own rate, both at the rate of a bivariate normal; within 4 deviations."""
    members = [Member(name="sim-a", accuracy=first), Member(name="sim-b", accuracy=second)]
    found = mistakes(members, correlation)
    for row, accuracy in zip(found, (first, second), strict=True):
        close(row.mean(), 1 - accuracy)
    limits = stats.norm.ppf([1 - first, 1 - second])
    if correlation == 1:
        both = min(1 - first, 1 - second)
    else:
        both = float(
            stats.multivariate_normal(cov=[[1, correlation], [correlation, 1]]).cdf(limits)
        )
    close((found[0] & found[1]).mean(), both)


@pytest.mark.parametrize(
    ("correlation", "three", "five"),
    [(0.0, 0.982, 0.995), (0.3, 0.963, 0.976), (0.6, 0.944, 0.952)],
)
def test_majorities_are_as_good_as_they_are_said_to_be(
    correlation: float, three: float, five: float
) -> None:
    """The figures of the folder's page: correlated errors are not voted away."""
    found = mistakes(people(5, 0.92), correlation)
    close((found[:3].sum(axis=0) <= 1).mean(), three)
    close((found.sum(axis=0) <= 2).mean(), five)


def test_order_and_company_mean_nothing() -> None:
    """The same person says the same about the same item; another seed, something else."""
    ada, ben = people(2, 0.8)

    def said(seed: int, items: list[str], who: Member) -> list[Judgement]:
        return [judge(seed, 0.3, who, Question(item=item, policy="p"), RIGHT) for item in items]

    first = said(1, ITEMS[:200], ada)
    said(1, ITEMS[:200], ben)
    assert said(1, ITEMS[:200][::-1], ada) == first[::-1]
    assert said(2, ITEMS[:200], ada) != first
    assert said(1, ITEMS[:200], ben) != first


def test_a_second_look_is_another() -> None:
    """In a second round somebody who erred may be right; without a part of their own, never."""
    (ada,) = people(1, 0.8)
    wrong = [item for item in ITEMS[:2_000] if errs(1, 0.5, ada, Question(item=item, policy="p"))]
    again = [errs(1, 0.5, ada, Question(item=item, policy="p", round=2)) for item in wrong]
    assert 0.3 < fmean(again) < 0.7
    alike = [item for item in ITEMS[:2_000] if errs(1, 1.0, ada, Question(item=item, policy="p"))]
    assert all(errs(1, 1.0, ada, Question(item=item, policy="p", round=2)) for item in alike)


def test_who_is_right_says_so_and_who_errs_does_not() -> None:
    """With the reasons of the truth; mistakes are mostly the same one."""
    (ada,) = people(1, 0.7)
    for right in (RIGHT, Right(action="publish"), Right(action="warn")):
        said = [
            judge(1, 0.3, ada, Question(item=item, policy="p"), right) for item in ITEMS[:3_000]
        ]
        wrong = [each.action for each in said if each.errs]
        assert {each.action for each in said if not each.errs} == {right.action}
        assert {each.reasons for each in said if not each.errs} == {right.reasons}
        assert right.action not in wrong
        assert len(set(wrong)) == 2
        most = max(wrong.count(each) for each in wrong) / len(wrong)
        assert most == pytest.approx(0.8, abs=0.05)


def test_policies_have_accuracies_of_their_own() -> None:
    """Somebody may be sure about spam and not about hate."""
    ada = Member(name="sim-ada", accuracy=0.99, accuracy_by_policy={"hate": 0.6, "spam": 1.0})
    rates = {
        policy: fmean(errs(3, 0.3, ada, Question(item=item, policy=policy)) for item in ITEMS)
        for policy in ("hate", "spam", "other")
    }
    close(rates["hate"], 0.4)
    close(rates["other"], 0.01)
    assert rates["spam"] == 0


def test_seconds_are_log_normal() -> None:
    """Half of all cases take less than the median that was asked for."""
    ada = Member(name="sim-ada", seconds=28.8, spread=0.6)
    seconds = [
        judge(1, 0.3, ada, Question(item=item, policy="p"), RIGHT).active_seconds
        for item in ITEMS[:5_000]
    ]
    assert median(seconds) == pytest.approx(28.8, rel=0.04)
    assert np.log(seconds).std() == pytest.approx(0.6, rel=0.04)


def test_truth_is_known_or_made_up() -> None:
    """A file is believed; else the machine suspects rightly as often as was said."""
    truths = Truths(known={"i1": Right(action="warn")}, suspicion=0.7)
    assert truths.of(1, "i1", "remove").action == "warn"
    made_up = [truths.of(1, item, "hide").action for item in ITEMS[2:]]
    assert set(made_up) == {"hide", "publish"}
    assert made_up.count("hide") / len(made_up) == pytest.approx(0.7, abs=0.02)


def test_truths_are_read_from_plain_rows_and_from_samples() -> None:
    """What has no action is left out; what is no truth is named with its line."""
    rows: list[dict[str, Any]] = [
        {"id": "a", "action": "remove", "reasons": ["hate.slur"]},
        {"id": "b", "text": "…", "truth": {"action": "publish", "policy": "none"}},
        {"id": "c", "text": "nothing is known"},
    ]
    assert truths_in(enumerate(rows, 1)) == {
        "a": Right(action="remove", reasons=("hate.slur",)),
        "b": Right(action="publish", policy="none"),
    }
    for wrong in (
        {"action": "remove"},
        {"id": "a", "action": 1},
        {"id": "a", "action": "x", "reasons": "y"},
    ):
        with pytest.raises(Refused, match=r"truth, line 4.*expected something like"):
            truths_in([(4, wrong)])


def test_a_crew_is_read_and_made(tmp_path: Path) -> None:
    """The example is one; mistakes are named with file and place; a made-up crew has seniors."""
    crew = read_crew(ROOT / "config" / "crew.toml")
    assert sum(member.senior for member in crew.people) == 3
    made = crew_of(30, seed=1)
    assert made == crew_of(30, seed=1)
    assert len({member.name for member in made.people}) == 30
    assert sum(member.senior for member in made.people) == 15
    assert fmean(member.accuracy for member in made.people) == pytest.approx(0.93, abs=0.02)
    path = tmp_path / "crew.toml"
    for written, said in {
        "people = []": "people: tuple should have at least 1 item",
        '[[people]]\nname = "ana"': r"people\.0\.name: a simulated person is called `sim-…`",
        '[[people]]\nname = "sim-a"\naccurracy = 1': "there is no such setting of a crew",
        '[[people]]\nname = "sim-a"\naccuracy = 2': "less than or equal to 1",
        '[[people]]\nname = "sim-a"\n[[people]]\nname = "sim-a"': "`sim-a` is there twice",
        "people = [": "Invalid value|Unclosed",
    }.items():
        path.write_text(written, encoding="utf-8")
        with pytest.raises(InvalidSettings, match=said) as refused:
            read_crew(path)
        assert str(path) in str(refused.value)
    with pytest.raises(InvalidSettings, match="No such file"):
        read_crew(tmp_path / "none.toml")


def close(measured: float, wanted: float) -> None:
    """Within four standard deviations of a share measured on all items, and half a digit."""
    deviation = sqrt(wanted * (1 - wanted) / len(ITEMS))
    assert measured == pytest.approx(wanted, abs=4 * deviation + 0.0005)
