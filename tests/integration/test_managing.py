"""What managers are told: what queues carry, what is appealed, stated, and learnt, and how fast."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text

from queues.casework.waits import Waits
from queues.ids import new_id
from queues.measurement.contested import contested
from queues.measurement.feedback import latencies
from queues.measurement.series import By, Group, over_time
from queues.measurement.stated import stated
from queues.measurement.workload import BANDS, QueueLoad, Workload, workload
from queues.review import Ballot
from queues.sections import Rates, Wellness
from queues.store.session import Store
from tests.integration.desks import Desk

_AGED = text("""
UPDATE cases SET enqueued_at = now() - interval '5 hours', due_at = now() - interval '1 hour'
WHERE id = (SELECT id FROM cases WHERE state = 'open' AND queue = 'general' ORDER BY id LIMIT 1)
""")
_PROMOTED = text("""
INSERT INTO training_runs (id, name, scores, state, trigger, asked_by, until, ended_at)
VALUES (:id, :name, '{}', :state, 'hand', 'cli:test', now() + CAST(:until AS interval),
    now() + CAST(:ended AS interval))
""")
_LEARNT = text("""
INSERT INTO learnt_labels (name, decision_id, training_id)
SELECT :name, decision_id, :id FROM cases WHERE id = ANY(:cases)
""")


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> Desk:
    """An installation in which votes count at once."""
    return Desk(store, tmp_path)


def votes(desk: Desk, reviewer: str, action: str, seconds: float, *reasons: str) -> UUID:
    """Somebody takes the next case and decides it."""
    case = desk.next(reviewer)
    desk.review.vote(
        Ballot(
            case_id=case.id,
            reviewer=reviewer,
            action=action,
            reasons=reasons,
            active_seconds=seconds,
        )
    )
    return case.id


def named(told: Workload) -> dict[str, QueueLoad]:
    """By queue."""
    return {each.queue: each for each in told.queues}


def test_what_queues_carry(desk: Desk) -> None:
    """Ages, what came and was decided, time a vote takes, and who worked on it, by the hour."""
    desk.send(*["odd"] * 4, *["wares"] * 3, "grave", "vile")
    desk.work()
    for name, seconds in (("ana", 20.0), ("ana", 40.0), ("bo", 30.0)):
        votes(desk, name, "publish", seconds)
    with desk.store.transaction() as connection:
        connection.execute(_AGED)
    told = workload(desk.store, hours=2)
    assert told.bands == BANDS
    assert not told.simulated
    queues = named(told)
    assert set(queues) == {"general", "goods", "senior"}
    both = [queues["general"], queues["goods"]]
    assert sum(each.arrived for each in both) == 7
    assert sum(each.decided for each in both) == sum(each.votes for each in both) == 3
    assert sum(each.waiting for each in both) == 4
    assert sum((each.handling or 0) * each.timed for each in both) == pytest.approx(90)
    assert (queues["senior"].votes, queues["senior"].handling) == (0, None)
    assert queues["senior"].allowed == pytest.approx(8 * 3_600, abs=60)
    # Five hours old: between four and eight.
    general = queues["general"]
    assert (general.ages[5], general.overdue) == (1, 1)
    assert sum(general.ages) == general.waiting
    assert (general.on_time.n, general.on_time.needs) == (1, 20)
    tier = [each for each in told.hours if each.tier == "single" and each.queue is None]
    apart = [each for each in told.hours if each.tier == "single" and each.queue is not None]
    for what in ("arrived", "decided", "votes"):
        assert sum(getattr(each, what) for each in tier) == sum(
            getattr(each, what) for each in apart
        )
    # Whoever works on two queues in an hour is one person of the tier.
    assert max(each.people for each in tier) == 2
    # Two people voted, each in one quarter of an hour, or in two if it just struck.
    assert 0.5 <= sum(each.present for each in tier) <= 1.0
    assert {each.at.minute for each in told.hours} == {0}


def test_the_time_of_votes_has_a_deviation_and_simulated_people_are_told(desk: Desk) -> None:
    """20, 40 and 60 s differ by 20 s; one vote differs from nothing."""
    desk.send(*["odd"] * 3)
    desk.work()
    votes(desk, "sim-a", "publish", 20.0)
    assert named(workload(desk.store, hours=1))["general"].deviation is None
    votes(desk, "sim-a", "publish", 40.0)
    votes(desk, "sim-b", "publish", 60.0)
    told = workload(desk.store, hours=1)
    assert told.simulated
    general = named(told)["general"]
    assert general.deviation == pytest.approx(20.0)
    assert general.handling == pytest.approx(40.0)


@pytest.mark.parametrize(("reviewer", "simulated"), [("sim-a", True), ("simone", False)])
def test_figures_say_whether_people_are_simulated(
    desk: Desk, reviewer: str, *, simulated: bool
) -> None:
    """Over time, of models, and of queues as they stand."""
    desk.send("odd")
    desk.work()
    votes(desk, reviewer, "publish", 20.0)
    series = over_time(
        desk.store,
        begin=None,
        end=None,
        by=By.DAY,
        group=None,
        rates=Rates(),
        wellness=Wellness(),
    )
    assert series.simulated is simulated
    assert latencies(desk.store, since=None).simulated is simulated
    assert Waits(desk.store, ageing=14_400.0).current().simulated is simulated


def test_what_appeals_overturn(desk: Desk) -> None:
    """By what the decision was about; the most overturned first, and too few give no share."""
    nothing = contested(desk.store, since=None)
    assert (nothing.all.filed, nothing.by[Group.POLICY]) == (0, ())
    desk.send(*["vile"] * 3, "odd")
    desk.work()
    for number, action in enumerate(("publish", "remove")):
        desk.appeal(f"i{number}")
        case = desk.rows("SELECT id FROM cases WHERE appeal_id IS NOT NULL AND state = 'open'")
        assert desk.review.claim_one("bo", case[0]["id"]).cases
        reasons = ("hate.attack",) if action == "remove" else ()
        desk.review.vote(
            Ballot(case_id=case[0]["id"], reviewer="bo", action=action, reasons=reasons)
        )
        desk.work()
    told = contested(desk.store, since=datetime.now(UTC) - timedelta(days=1))
    assert (told.all.filed, told.all.upheld, told.all.overturned) == (2, 1, 1)
    assert (told.all.overturn_rate.n, told.all.overturn_rate.value) == (2, None)
    first = told.by[Group.POLICY][0]
    assert (first.name, first.filed, first.overturned) == ("hate", 2, 1)
    assert told.by[Group.TIER][0].name == "auto"
    assert sum(each.filed for each in told.by[Group.LANGUAGE]) == 2
    assert contested(desk.store, since=datetime.now(UTC) + timedelta(days=1)).all.filed == 0


def test_statements_are_counted(desk: Desk) -> None:
    """By policy, action and who decided; of more than may be read, the counts have intervals."""
    assert stated(desk.store, since=None).all.seen == 0
    desk.send(*["vile"] * 30, *["brawl"] * 4, "odd")
    desk.work()
    votes(desk, "ana", "remove", 10.0, "hate.slur")
    desk.work()
    told = stated(desk.store, since=None)
    assert (told.whole, told.all.value, told.automated.n) == (True, 35, 35)
    assert told.automated.value == pytest.approx(34 / 35)
    counts = {(each.policy, each.action, each.automation[19:]): each.count for each in told.groups}
    assert counts["hate", "remove", "FULLY"].value == 30
    assert counts["hate", "lock_thread", "FULLY"].value == 4
    assert sum(each.value for each in counts.values()) == 35
    assert told.groups[0].count.value == 30
    sampled = stated(desk.store, since=None, most=1)
    assert not sampled.whole
    assert sampled.all.seen < 35
    later = datetime.now(UTC) + timedelta(days=2)
    assert stated(desk.store, since=later).all.seen == 0


def test_how_fast_models_learn(desk: Desk) -> None:
    """From a decision to the first promoted model that was trained on it; others still wait."""
    desk.send(*["odd"] * 24)
    desk.work()
    cases = [votes(desk, f"r{number}", "publish", 10.0) for number in range(24)]
    with desk.store.transaction() as connection:
        early = "UPDATE cases SET closed_at = now() - interval '10 days' WHERE id = ANY(:ids)"
        late = "UPDATE cases SET closed_at = now() - interval '1 day' WHERE id = ANY(:ids)"
        connection.execute(text(early), {"ids": cases[:20]})
        connection.execute(text(late), {"ids": cases[20:]})
        for name, state, until, ended, learnt in (
            ("hate", "promoted", "-9 days", "-8 days", cases[:16]),
            ("hate", "promoted", "-7 days", "-6 days", cases[16:19]),
            ("hate", "refused", "-1 hour", "-1 hour", []),
            ("spam", "failed", "-1 hour", "-1 hour", []),
        ):
            run = {"id": new_id(), "name": name}
            connection.execute(_PROMOTED, {**run, "state": state, "until": until, "ended": ended})
            connection.execute(_LEARNT, {**run, "cases": learnt})
    hate, spam = latencies(desk.store, since=None).models
    assert (hate.name, hate.labels, hate.live) == ("hate", 24, 19)
    assert hate.p50.value == pytest.approx(2 * 86_400, abs=600)
    # Four wait for a day, less than the others took: they say nothing against it. Of the others
    # four were held out by the first model, and one by the second as well.
    assert hate.p90.value == pytest.approx(4 * 86_400, abs=600)
    assert (spam.name, spam.live, spam.p50.state.value) == ("spam", 0, "not_reached")
    recent = latencies(desk.store, since=datetime.now(UTC) - timedelta(days=3)).models[0]
    assert (recent.labels, recent.live, recent.p50.state.value) == (4, 0, "insufficient_data")
