"""Of many verdicts the same sample is drawn, by an index, and told as one."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

import pytest
from sqlalchemy import Connection, text

from engine.rules.model import Policy
from queues.measurement.drift import windows
from queues.measurement.drift.drawing import Span
from queues.measurement.drift.looking import Watching
from queues.measurement.drift.windows import Seen
from queues.sections import Drift
from queues.store.session import Store
from tests.integration.drifting import RULES, Past, Traffic, policy_in, scores_of
from tests.integration.plans import Plan, Statements, plans_of, read_whole

MANY: Final = 8_000
DRAWN: Final = 100


@pytest.fixture(scope="module")
def policy(tmp_path_factory: pytest.TempPathFactory) -> Policy:
    """The words of rules."""
    return policy_in(tmp_path_factory.mktemp("policy"))


@pytest.fixture
def past(store: Store) -> Past:
    """A reference with many verdicts."""
    made = Past(store)
    made.write(Traffic(), days=(15.0, 1.0), count=MANY)
    with store.transaction() as connection:
        connection.execute(text("ANALYZE verdicts"))
    return made


def reference(connection: Connection) -> Span:
    """The two weeks before the last day."""
    now = connection.execute(text("SELECT now()")).scalar_one()
    return Span(since=now - timedelta(days=15), until=now - timedelta(days=1))


def test_of_many_the_same_few_are_drawn(past: Past, policy: Policy) -> None:
    """They are like all the others, and of these it is told how many there are, about."""

    def seen(most: int) -> Seen:
        with past.store.read() as connection:
            span = reference(connection)
            return windows.seen(connection, span, policy.vocabulary, scores_of, most)

    few = seen(DRAWN)
    assert (len(few.matched), len(few.texts), few.whole) == (DRAWN, DRAWN, False)
    assert few.verdicts % 8 == 0, "one in eight, or fewer, was counted"
    assert few.verdicts == pytest.approx(MANY, rel=0.3)
    again = seen(DRAWN)
    assert (again.texts, again.scores, again.verdicts) == (few.texts, few.scores, few.verdicts)
    every = seen(MANY)
    assert (len(every.matched), every.verdicts, every.whole) == (MANY, MANY, True)
    assert sum("remove" in each.passed for each in few.matched) / DRAWN == pytest.approx(
        sum("remove" in each.passed for each in every.matched) / MANY, abs=0.15
    )


def test_a_flood_of_a_moment_has_no_more_than_its_share(store: Store, policy: Policy) -> None:
    """Its verdicts are drawn one by one, not all of them or none."""
    past = Past(store)
    past.write(Traffic(), days=(15.0, 1.0), count=4_000)
    past.write(Traffic(words=("flood",)), days=(7.0, 6.9999), count=4_000)
    with store.read() as connection:
        span = reference(connection)
        seen = windows.seen(connection, span, policy.vocabulary, scores_of, DRAWN)
    assert not seen.whole
    flood = sum("flood" in each for each in seen.texts)
    assert flood == pytest.approx(DRAWN / 2, abs=25)


def test_it_is_told_that_a_sample_was_counted(past: Past, policy: Policy) -> None:
    """And a sample is found by its index: verdicts are not read whole, whatever plan is kept."""
    here = Watching(
        store=past.store,
        vocabulary=lambda: policy.vocabulary,
        rules_of=lambda _: RULES,
        scores_of=scores_of,
        settings=Drift(least=10, verdicts=DRAWN, history=1.0),
    )
    said = Statements()
    with said.heard(past.store):
        found = here.look()
    assert (found.reference.whole, found.reference.read) == (False, DRAWN)
    assert found.reference.verdicts == pytest.approx(MANY, rel=0.3)
    assert (found.current.whole, found.current.verdicts, found.current.read) == (True, 0, 0)
    drawn = {each: given for each, given in said.said.items() if "(uuid_hash(id) & 7) = 0" in each}
    assert len(drawn) == 2, "rules, and what items say"
    for statement, values in drawn.items():
        for plan in plans_of(past.store, statement, values):
            assert "verdicts_rest" not in set(read_whole(plan))
            assert not [each for each in filters(plan) if "& 7" in each], "the index knows it"


def filters(plan: Plan | Mapping[str, Any]) -> list[str]:
    """What rows of old verdicts are asked after they were found."""
    inner = [each for node in plan.get("Plans", ()) for each in filters(node)]
    mine = plan.get("Relation Name") == "verdicts_rest" and "Filter" in plan
    return [*([str(plan["Filter"])] if mine else []), *inner]
