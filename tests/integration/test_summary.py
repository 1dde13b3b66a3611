"""How the work goes, tier by tier: what is counted, what is left out, and what is not told."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from engine.verdict import Tier
from queues.access import Role
from queues.measurement import State, Summary, TierSummary, summarise
from queues.quality.blinding import Blinding
from queues.review import Ballot
from queues.sections import Rates, Wellness
from queues.store.session import Store
from tests.integration.desks import Desk
from tests.integration.staff import Staff

RATES = Rates(moderator=18.0, senior=36.0)
TIERS = (Tier.AUTO, Tier.SINGLE, Tier.SENIOR)


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> Desk:
    """An installation in which votes count at once."""
    return Desk(store, tmp_path)


def summary(desk: Desk, since: datetime | None = None) -> Summary:
    """As it stands."""
    return summarise(desk.store, since=since, rates=RATES, wellness=Wellness())


def tiers(desk: Desk) -> tuple[TierSummary, TierSummary, TierSummary]:
    """Machine, one reviewer, panel."""
    auto, single, senior = summary(desk).tiers
    assert (auto.tier, single.tier, senior.tier) == TIERS
    return auto, single, senior


def votes(desk: Desk, tier: Tier, reviewer: str, action: str, seconds: float | None) -> None:
    """Somebody takes the next case and says this, after so many active seconds."""
    case = desk.next(reviewer, tier)
    ballot = Ballot(
        case_id=case.id,
        reviewer=reviewer,
        action=action,
        reasons=("hate.slur",) if action == "remove" else (),
        active_seconds=seconds,
    )
    desk.review.vote(ballot)
    desk.work()


def test_nothing_yet(desk: Desk) -> None:
    """Zeros are counts; figures say that there is nothing to tell them from."""
    for tier in tiers(desk):
        assert (tier.items, tier.decided, tier.open) == (0, 0, 0)
        assert tier.seconds.state is State.INSUFFICIENT_DATA
        assert (tier.cost.amount, tier.cost.per_decision, tier.cost.votes) == (0.0, None, 0)
    auto, single, senior = tiers(desk)
    assert auto.agreement is auto.alpha is None
    for each in (single.agreement, senior.agreement, senior.alpha):
        assert each is not None
        assert (each.state, each.value, each.n) == (State.INSUFFICIENT_DATA, None, 0)
        assert each.needs == 20


def test_each_tier_counts_what_it_decided(desk: Desk) -> None:
    """An appeal that people decide is theirs, and the item no longer the machine's alone."""
    desk.send("vile", "rude", "fine", "odd", "odd", "grave")
    desk.work()
    auto, single, senior = tiers(desk)
    assert (auto.items, auto.decided, auto.open) == (3, 3, 0)
    assert (single.items, single.decided, single.open) == (2, 0, 2)
    assert (senior.items, senior.decided, senior.open) == (1, 0, 1)
    votes(desk, Tier.SINGLE, "ana", "remove", None)
    desk.appeal("i0")
    votes(desk, Tier.SINGLE, "ana", "keep", None)
    votes(desk, Tier.SINGLE, "ana", "keep", None)
    auto, single, senior = tiers(desk)
    assert (auto.items, auto.decided, auto.open) == (3, 2, 0)
    assert (single.items, single.decided, single.open) == (3, 3, 0)
    found = summary(desk).appeals
    assert (found.filed, found.open, found.upheld, found.overturned) == (1, 0, 0, 1)


def test_time_costs_what_who_voted_costs(desk: Desk) -> None:
    """Own rate, that of the role, or that of the tier; a vote without time costs nothing."""
    staff = Staff(desk.store)
    staff.add("ana", Role.MODERATOR, hourly_rate=72.0)
    staff.add("bo", Role.MODERATOR)
    desk.send("odd", "odd", "odd", "odd", "grave")
    desk.work()
    votes(desk, Tier.SINGLE, "ana", "keep", 50.0)
    votes(desk, Tier.SINGLE, "bo", "keep", 100.0)
    votes(desk, Tier.SINGLE, "of-a-platform", "keep", 200.0)
    votes(desk, Tier.SINGLE, "bo", "keep", None)
    votes(desk, Tier.SENIOR, "of-a-platform", "keep", 10.0)
    _, single, senior = tiers(desk)
    assert single.cost.amount == pytest.approx(1.0 + 0.5 + 1.0)
    assert single.cost.per_decision == pytest.approx(2.5 / 4)
    assert (single.cost.seconds, single.cost.votes, single.cost.timed) == (350.0, 4, 3)
    assert senior.cost.amount == pytest.approx(0.1)
    assert senior.cost.per_decision is None


def test_panels_agree_on_first_ballots(desk: Desk) -> None:
    """Twenty panels: in five one dissents. Of two and one, the first two count."""
    desk.send(*["grave"] * 20)
    desk.work()
    for number in range(20):
        last = "remove" if number < 5 else "keep"
        desk.panel_says({"ana": "keep", "bo": "keep", "cleo": last}, "hate.attack")
    _, _, senior = tiers(desk)
    assert senior.agreement is not None
    assert senior.agreement.state is State.KNOWN
    assert senior.agreement.value == pytest.approx((15 + 5 / 3) / 20)
    assert senior.agreement.n == 20
    low, high = senior.agreement.low, senior.agreement.high
    assert low is not None
    assert high is not None
    assert 0.6 < low < (15 + 5 / 3) / 20 < high <= 1
    assert senior.alpha is not None
    # By hand: of 60 ratings 5 are for removing, one in each of five panels.
    assert senior.alpha.value == pytest.approx(1 - (10 / 3 / 20) / (2 * 5 * 55 / (60 * 59)))
    desk.send("lonely")
    desk.work()
    desk.panel_says({"ana": "keep", "bo": "remove"}, "self_harm.risk")
    desk.panel_says({"cleo": "keep"}, "self_harm.risk")
    _, _, senior = tiers(desk)
    assert senior.agreement is not None
    assert senior.agreement.value == pytest.approx((15 + 5 / 3 + 0) / 21)


def test_all_votes_alike_are_a_state(desk: Desk) -> None:
    """Everybody agrees, and beyond chance nobody can say."""
    desk.send(*["grave"] * 20)
    desk.work()
    for _ in range(20):
        desk.panel_says({"ana": "keep", "bo": "keep", "cleo": "keep"})
    _, _, senior = tiers(desk)
    assert senior.agreement is not None
    assert senior.agreement.value == 1
    assert senior.alpha is not None
    assert (senior.alpha.state, senior.alpha.value) == (State.ONE_CATEGORY, None)


def test_one_reviewer_agrees_with_the_second_look(desk: Desk) -> None:
    """Only items with a second look count, whatever else was decided alone."""
    desk.blinding = Blinding(overlap_by_queue={"general": 1.0})
    desk.send(*(f"odd {number}" for number in range(21)), "wares")
    desk.work()
    for number in range(22):
        votes(desk, Tier.SINGLE, "ana", "remove" if number % 2 else "keep", None)
    for _ in range(21):
        votes(desk, Tier.SINGLE, "bo", "keep", None)
    _, single, _ = tiers(desk)
    assert single.agreement is not None
    assert single.agreement.state is State.KNOWN
    assert single.agreement.n == 21
    assert single.agreement.value == pytest.approx(10 / 21)  # the goods came first
    assert (single.items, single.decided) == (22, 22)


def test_what_is_open_counts_as_long_as_it_waits(desk: Desk) -> None:
    """Nine were quick, eleven wait for a day: half of all takes longer than a day, if it ends."""
    desk.send(*["odd"] * 20)
    desk.work()
    for _ in range(9):
        votes(desk, Tier.SINGLE, "ana", "keep", None)
    with desk.store.transaction() as connection:
        connection.execute(text("UPDATE cases SET enqueued_at = now() - interval '1 day'"))
        closed = "UPDATE cases SET closed_at = enqueued_at + interval '30 seconds'"
        connection.execute(text(f"{closed} WHERE state = 'decided'"))
    _, single, _ = tiers(desk)
    assert (single.seconds.state, single.seconds.value) == (State.NOT_REACHED, None)
    assert single.seconds.n == 20
    for _ in range(2):
        votes(desk, Tier.SINGLE, "ana", "keep", None)
    _, single, _ = tiers(desk)
    assert single.seconds.value == pytest.approx(86_400, abs=120)
    with desk.store.transaction() as connection:
        connection.execute(text(f"{closed} WHERE state = 'decided'"))
    _, single, _ = tiers(desk)
    assert single.seconds.value == pytest.approx(30, rel=0.01)


def test_simulated_votes_are_told_apart_and_old_work_is_left_out(desk: Desk) -> None:
    """By their names; and what came before the time that was asked for is another's."""
    desk.send("odd", "odd")
    desk.work()
    votes(desk, Tier.SINGLE, "sim-ada", "keep", 1.0)
    votes(desk, Tier.SINGLE, "ana", "keep", 1.0)
    assert summary(desk).simulated_votes == 1
    later = summary(desk, since=datetime.now(UTC) + timedelta(hours=1))
    assert [tier.items for tier in later.tiers] == [0, 0, 0]
    assert later.simulated_votes == 0
    assert summary(desk, since=datetime(1, 1, 1, tzinfo=UTC)).tiers[1].items == 2
