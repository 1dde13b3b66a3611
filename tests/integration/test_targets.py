"""How the service stands to its targets: what each figure counts, and what is not told."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from engine.quality.measures import Measure, State
from engine.quality.targets import TARGETS, Standing
from engine.verdict import Tier
from queues.ids import id_at
from queues.measurement import Goal, Of, compared
from queues.measurement.workload import workload
from queues.quality.blinding import Blinding
from queues.review import Ballot
from queues.sections import Rates, Wellness
from queues.store.session import Store
from tests.integration.desks import Desk
from tests.integration.intakes import accepted, intake_over

RATES = Rates(moderator=18.0, senior=36.0)
_OLDER = text("""
INSERT INTO items (id, sender_id, digest, kind, state, tier, action, verdict_id)
VALUES (:id, 'older', '', 'post', 'waiting_for_signals', 'auto', 'publish', :id)
""")


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> Desk:
    """An installation in which votes count at once."""
    return Desk(store, tmp_path)


def goals(desk: Desk, since: datetime | None = None) -> dict[str, Goal]:
    """As they stand, by name."""
    told = compared(desk.store, since=since, rates=RATES, wellness=Wellness())
    return {goal.name: goal for goal in told.goals}


def figures(desk: Desk, rates: Rates) -> dict[tuple[str, str], Measure]:
    """What cost is, by name and with which time."""
    told = compared(desk.store, since=None, rates=rates, wellness=Wellness())
    return {(each.name, each.which): each.measure for each in told.figures if each.of is Of.TIME}


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
    assert "platform is left out" in (told["cost_per_decision"].note or "")
    assert costs["cost_per_human_decision", "active"].value == pytest.approx(0.05)
    assert costs["cost_per_human_decision", "with_idle"].value == pytest.approx(0.1)
    idle = costs["cost_per_decision", "with_idle"]
    assert idle.value == pytest.approx(20 * 10 * 18 / 3_600 / 40 * 2)
    assert idle.low == pytest.approx(cost.low * 2)
    assert told["cases_per_hour"].standing is Standing.MET
    assert told["review_latency"].measure.state is State.KNOWN
    assert goals(desk, datetime.now(UTC) + timedelta(days=1))["automation_rate"].measure.n == 0


def test_the_platform_is_part_of_what_a_decision_costs(desk: Desk) -> None:
    """So much a day since the first item came, over all decisions; it has no idle time.

    Of 40 decisions within two days at 10 a day, each has half of one beside people's time.
    """
    desk.send(*["vile"] * 20, *["odd"] * 20)
    desk.work()
    work_all(desk, "remove")
    without = figures(desk, RATES)
    # Nothing was decided about it: the figures are of the same 40.
    came = datetime.now(UTC) - timedelta(days=2)
    with desk.store.transaction() as connection:
        connection.execute(_OLDER, {"id": id_at(came)})
    busy = RATES.model_copy(update={"platform_per_day": 10.0, "occupancy": 0.5})
    beside = figures(desk, busy)
    people, share = without["cost_per_decision", "active"], 20 / 40
    assert people.value is not None
    for which, times in (("active", 1), ("with_idle", 2)):
        found = beside["cost_per_decision", which]
        for told, before in ((found.value, people.value), (found.low, people.low)):
            assert before is not None
            assert told == pytest.approx(before * times + share, rel=1e-3)
    human = "cost_per_human_decision", "active"
    assert beside[human] == without[human]
    # Before the first item there was nothing to pay for.
    for since in (None, datetime(2001, 1, 1, tzinfo=UTC)):
        goal = compared(desk.store, since=since, rates=busy, wellness=Wellness()).goals[3]
        assert goal.name == "cost_per_decision"
        assert goal.measure.value == pytest.approx(people.value + share, rel=1e-3)
        assert "10 a day" in (goal.note or "")


def test_a_wave_of_the_same_counts_once_an_hour(desk: Desk) -> None:
    """Fifty times the same that the machine removes are one decision, as are its people's twins."""
    same = [{"id": f"s{n}", "text": "vile wave", "author": {"id": "eve"}} for n in range(50)]
    accepted(intake_over(desk.store, desk.judge), *same)
    desk.send(*["vile"] * 19, *["odd"] * 20)
    desk.work()
    assert work_all(desk, "remove") == 20
    told = compared(desk.store, since=None, rates=RATES, wellness=Wellness())
    automation = told.goals[0]
    assert (automation.measure.value, automation.measure.n) == (0.5, 40)
    assert "count once" in (automation.note or "")
    (each,) = (figure.measure for figure in told.figures if figure.of is Of.DUPLICATES)
    assert each.n == 89
    assert each.value == pytest.approx(69 / 89)
    with desk.store.transaction() as connection:
        connection.execute(text("UPDATE items SET content = NULL WHERE sender_id = 's7'"))
    assert goals(desk)["automation_rate"].measure.n == 41


def test_clocks_out_of_order_are_told_and_take_no_time(desk: Desk) -> None:
    """What was decided before it came, or was due before: never a time below none."""
    desk.send(*["odd"] * 20)
    desk.work()
    work_all(desk, "keep")
    assert goals(desk)["review_latency"].note is None
    with desk.store.transaction() as connection:
        connection.execute(
            text(
                "UPDATE cases SET closed_at = enqueued_at - interval '1 hour', due_at = enqueued_at"
            )
        )
    told = goals(desk)["review_latency"]
    assert (told.measure.state, told.measure.value) == (State.KNOWN, 0.0)
    assert (told.note or "").startswith("20 ended before they came")
    with desk.store.transaction() as connection:
        connection.execute(text("UPDATE cases SET due_at = enqueued_at - interval '1 day'"))
    load = {each.queue: each for each in workload(desk.store, hours=48).queues}["general"]
    assert (load.allowed, load.on_time.value, load.overdue) == (0.0, 0.0, 0)
    desk.send("odd")
    desk.work()
    with desk.store.transaction() as connection:
        connection.execute(
            text("UPDATE cases SET enqueued_at = now() + interval '1 day' WHERE state = 'open'")
        )
    latency = goals(desk)["review_latency"].measure
    assert latency.value == 0.0
    assert workload(desk.store, hours=48).queues[0].ages[0] == 1


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
