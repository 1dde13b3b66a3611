"""Figures of rules are those that one counts by hand, row by row, or hold them in their limits."""

from collections.abc import Mapping
from typing import Any, Final

import pytest
from sqlalchemy import text

from engine.quality.measures import State
from engine.quality.proportions import Share
from queues.measurement.rollups import Rollups
from queues.measurement.rules import RuleFigures, RuleList
from queues.sections import Wellness
from queues.store.adding import add
from queues.store.session import Store
from tests.integration import drifting, ruled
from tests.integration.histories import History
from tests.integration.ruled import ALWAYS, RATES, reports
from tests.oracle import rules as oracle
from tests.oracle.rollups import Tables

#: Rules of made-up histories.
NAMES: Final = ("insults", "links", "trusted")


def test_figures_are_those_of_a_naive_count(store: Store) -> None:
    """Hits, what nothing else caught, overlaps, precision, overturns and cost, rule by rule.

    Whether they are told from sums by hour or from rows.
    """
    history = History(store, 11, hours=60)
    fill(history)
    release = ruled.release_of(ruled.HISTORY)
    tables = history.tables()
    told = reports(store, release).listed(ALWAYS)
    by_name = {rule.name: rule for rule in told.rules}
    assert list(by_name) == sorted(release.policy.rules)
    hits_are_those_counted(tables, told)
    answers_are_those_counted(tables, by_name)
    rates = {"single": RATES.moderator, "senior": RATES.senior}
    cases, minutes, money, untimed = oracle.spent(tables, rates)["r"]
    asking = by_name["r"]
    assert (asking.cases.value, asking.untimed) == (cases, untimed)
    assert asking.minutes == pytest.approx(minutes, abs=0.01)
    assert asking.cost == pytest.approx(money, abs=0.001)
    assert told.reading.simulated
    assert told.silent_rules == ("r",)
    assert [rule.name for rule in told.rules if rule.ends_soon] == ["over"]
    Rollups(store=store, rates=RATES, wellness=Wellness()).fold()
    again = reports(store, release).listed(ALWAYS)
    assert [_rounded(rule) for rule in again.rules] == [_rounded(rule) for rule in told.rules]


def fill(history: History) -> None:
    """Many looks and appeals beside what else happens."""
    history.go_on(40)
    with history.store.transaction() as connection:
        for _ in range(80):
            history.sampled(connection)
            history.comes_before_people(connection)
        for _ in range(190):
            history.people_decide(connection)
        for _ in range(25):
            history.appealed(connection)
            history.answered(connection)
        # Else too few would be worth enough.
        connection.execute(
            text(
                "UPDATE verdicts SET inclusion_probability = 0.5 WHERE id IN"
                " (SELECT id FROM verdicts WHERE inclusion_probability < 0.2)"
            )
        )


def hits_are_those_counted(tables: Tables, told: RuleList) -> None:
    """Of each item once, by its verdict in force."""
    found = oracle.in_force(tables)
    assert told.reading.whole
    assert told.reading.items.value == len(found) > 50
    hits, alone, statuses = oracle.hits(found), oracle.alone(found), oracle.statuses(found)
    by_name = {rule.name: rule for rule in told.rules}
    for name in NAMES:
        rule = by_name[name]
        assert rule.hits.value == rule.hits.low == rule.hits.high == hits[name] > 9
        assert rule.statuses == dict(sorted(statuses[name].items()))
        assert rule.alone.value == pytest.approx(alone[name] / hits[name])
    assert {(each.rule, each.other): each.both for each in told.overlaps} == {
        (one, other): both
        for (one, other), both in oracle.together(found).items()
        if (hits[one], one) < (hits[other], other)
    }


def answers_are_those_counted(tables: Tables, by_name: Mapping[str, RuleFigures]) -> None:
    """What people said, each answer by its chance."""
    answers = oracle.answered(tables, {name: name != "trusted" for name in NAMES})
    lost = oracle.appealed(tables)
    assert lost
    for name in NAMES:
        rule, said = by_name[name], answers[name]
        for measure, wanted in (
            (rule.precision, said.precision),
            (rule.overturned_by_samples, said.overturned),
        ):
            assert (measure.state, measure.n) == (wanted.state, wanted.n)
            assert measure.value == (wanted.value and pytest.approx(wanted.value))
        overturned, answered = lost.get(name, (0, 0))
        assert rule.overturned_on_appeal.n == answered
        assert isinstance(rule.overturned_on_appeal, Share)
        assert rule.overturned_on_appeal.hits == overturned
    assert State.KNOWN in {by_name[name].precision.state for name in NAMES}


def test_many_items_are_told_from_a_sample(store: Store) -> None:
    """The same one each time, with limits; of a seldom rule nothing seen is not none."""
    past = drifting.Past(store)
    moments = past._moments((20.0, 0.1), 3_000)
    rows = [past._verdict(drifting.Traffic(hits=0.3), at, chance=0.5) for at in moments]
    items = [
        (row[1], f"p{place}", b"", "post", "decided", "auto", row[7], row[0])
        for place, row in enumerate(rows)
    ]
    with store.transaction() as connection:
        add(connection, {drifting._ITEMS: items, drifting._VERDICTS: rows})
    release = ruled.release_of(ruled.POLICY)
    true = sum("look" in str(row[10]) for row in rows)
    told = reports(store, release, items=500).listed(ALWAYS)
    assert not told.reading.whole
    assert 200 < told.reading.items.seen < 1_000
    assert told.reading.items.value == pytest.approx(3_000, rel=0.3)
    by_name = {rule.name: rule for rule in told.rules}
    look = by_name["look"].hits
    assert look.seen < true
    assert look.value == pytest.approx(true, rel=0.5)
    assert look.low < look.value < look.high
    assert by_name["panel"].hits.high > 10
    assert "panel" in told.silent_rules
    again = reports(store, release, items=500).listed(ALWAYS)
    assert [each.hits.seen for each in again.rules] == [each.hits.seen for each in told.rules]
    one = reports(store, release, searched=4_000, hits=200).shown("look", ALWAYS)
    assert one.rule.hits.seen < 400
    assert one.rule.hits.value == pytest.approx(true, rel=0.6)


def _rounded(rule: Any) -> Any:  # noqa: ANN401 - to be compared
    """What is told, but for the last digits."""
    measures = (rule.precision, rule.overturned_by_samples)
    numbers = [None if each.value is None else round(each.value, 9) for each in measures]
    return rule.name, rule.hits, rule.cases, round(rule.minutes, 1), numbers
