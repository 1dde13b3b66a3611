"""How the service stands to its targets: what each figure counts, and what is not told."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from engine.quality.measures import State
from engine.quality.targets import TARGETS, Standing
from engine.verdict import Tier
from queues.measurement import Goal, Of, compared
from queues.quality.blinding import Blinding
from queues.review import Ballot
from queues.sections import Rates, Wellness
from queues.store.session import Store
from tests.integration.desks import Desk

RATES = Rates(moderator=18.0, senior=36.0)


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> Desk:
    """An installation in which votes count at once."""
    return Desk(store, tmp_path)


def goals(desk: Desk, since: datetime | None = None) -> dict[str, Goal]:
    """As they stand, by name."""
    told = compared(desk.store, since=since, rates=RATES, wellness=Wellness())
    return {goal.name: goal for goal in told.goals}


def work_all(desk: Desk, action: str, seconds: float = 10.0) -> int:
    """Two people say the same of all that waits for one; how many cases there were."""
    done = 0
    while cases := desk.review.claim(f"ana-{done}", Tier.SINGLE):
        reasons = () if action == "keep" else ("hate.slur",)
        for case in cases:
            ballot = Ballot(
                case_id=case.id,
                reviewer=f"ana-{done}",
                action=action,
                reasons=reasons,
                active_seconds=seconds,
            )
            desk.review.vote(ballot)
            done += 1
        desk.work()
    return done


def test_nothing_yet(desk: Desk) -> None:
    """All targets are there, and none is said to be met or missed."""
    told = goals(desk)
    assert list(told) == [target.name for target in TARGETS]
    for goal in told.values():
        assert goal.standing is Standing.INSUFFICIENT_DATA, goal.name
        assert goal.measure.value is None
        assert goal.measure.n < goal.measure.needs


def test_automation_time_and_cost(desk: Desk) -> None:
    """What the machine decided alone, what people's time cost over all decisions, and its pace."""
    desk.send(*["vile"] * 20, *["odd"] * 20)
    desk.work()
    assert work_all(desk, "remove") == 20
    told = goals(desk)
    automation = told["automation_rate"]
    assert (automation.measure.value, automation.measure.n) == (0.5, 40)
    assert (automation.above, automation.below) == (0.85, 0.95)
    assert automation.standing is Standing.MISSED
    cost = told["cost_per_decision"].measure
    assert cost.value == pytest.approx(20 * 10 * 18 / 3_600 / 40)
    assert cost.low is not None
    assert cost.low < 20 * 10 * 18 / 3_600 / 40
    assert told["cost_per_decision"].standing is Standing.MET
    assert told["cases_per_hour"].measure.value == pytest.approx(360.0)
    # Of 20 decisions of people, and with the idle time that comes with an occupancy of a half.
    busy = RATES.model_copy(update={"occupancy": 0.5})
    beside = compared(desk.store, since=None, rates=busy, wellness=Wellness()).figures
    costs = {(each.name, each.which): each.measure for each in beside if each.of is Of.TIME}
    assert costs["cost_per_decision", "active"] == cost
    assert costs["cost_per_human_decision", "active"].value == pytest.approx(0.05)
    assert costs["cost_per_human_decision", "with_idle"].value == pytest.approx(0.1)
    idle = costs["cost_per_decision", "with_idle"]
    assert idle.value == pytest.approx(20 * 10 * 18 / 3_600 / 40 * 2)
    assert idle.low == pytest.approx(cost.low * 2)
    assert told["cases_per_hour"].standing is Standing.MET
    assert told["review_latency"].measure.state is State.KNOWN
    assert goals(desk, datetime.now(UTC) + timedelta(days=1))["automation_rate"].measure.n == 0


def test_samples_are_weighted_by_their_chance(desk: Desk) -> None:
    """One in ten is looked at where the machine let stand, all where it acted: both count.

    Of 30 samples that the machine published, people would have removed none; of 10 that it acted
    on, they let all stand. Looked at as they come it is right in 75 %, weighted in 97 %.
    """
    desk.send(*["sampled fine"] * 40)
    desk.work()
    with desk.store.transaction() as connection:
        samples = connection.execute(
            text("SELECT verdict_id FROM cases WHERE purpose = 'sample' ORDER BY id")
        ).scalars()
        for number, verdict in enumerate(samples.all()):
            acted = number % 4 == 0
            connection.execute(
                text(
                    "UPDATE verdicts SET action = :action, inclusion_probability = :chance"
                    " WHERE id = :id"
                ),
                {"id": verdict, "action": "remove" if acted else "publish"}
                | {"chance": 1.0 if acted else 0.1},
            )
    assert work_all(desk, "keep") == 40
    told = goals(desk)
    assert told["accuracy"].measure.n == 40
    assert told["accuracy"].measure.value == pytest.approx(300 / 310)
    assert told["human_ai_agreement"].measure.value == pytest.approx(300 / 310)
    assert told["false_positives"].measure.n == 10
    assert told["false_positives"].standing is Standing.INSUFFICIENT_DATA
    assert told["expert_validation"].standing is Standing.INSUFFICIENT_DATA


def test_what_a_sample_finds_wrong_counts_once(desk: Desk) -> None:
    """It is looked at once more, to be decided: that look is no other item.

    Of 40 that the machine let stand alone, a person finds 10 wrong, and all of these are decided
    again, half of them with the suggestion before one's eyes.
    """
    desk.send(*["sampled fine"] * 40)
    desk.work()
    for number in range(40):
        action, reasons = ("hide", ["hate.slur"]) if number < 10 else ("publish", [])
        desk.says(f"ana-{number}", action, *reasons)
    desk.work()
    again = desk.rows("SELECT id FROM cases WHERE purpose = 'review' AND state = 'open'")
    assert len(again) == 10
    desk.blinding = Blinding(share=0.5)
    for number in range(10):
        desk.says(f"bo-{number}", "hide", "hate.slur")
    measure = goals(desk)["human_ai_agreement"].measure
    assert (measure.n, measure.value, measure.naive) == (40, 0.75, 0.75)


def test_looks_that_are_seldom_blind_stand_for_more(desk: Desk) -> None:
    """All that a rule sends are looked at, some of them blind; samples are always blind.

    Of 60 reviews a third is blind: each stands for three. The machine was wrong about all that were
    reviewed and right about the samples, so it is right in 40 of 100.
    """
    desk.send(*["odd"] * 60, *["sampled fine"] * 40)
    desk.work()
    for number in range(100):
        case = desk.next(f"ana-{number}")
        action = "hide" if case.queue == "general" else "publish"
        reasons = ("hate.slur",) if action == "hide" else ()
        desk.review.vote(
            Ballot(case_id=case.id, reviewer=f"ana-{number}", action=action, reasons=reasons)
        )
    with desk.store.transaction() as connection:
        connection.execute(
            text(
                "UPDATE votes SET blind = cases.purpose = 'sample' OR cases.id IN ("
                " SELECT id FROM cases WHERE purpose = 'review' ORDER BY id LIMIT 20)"
                " FROM cases WHERE cases.id = votes.case_id"
            )
        )
    measure = goals(desk)["human_ai_agreement"].measure
    assert measure.n == 60
    assert measure.value == pytest.approx(0.4)
    assert measure.naive == pytest.approx(40 / 60)
