"""Releases are tried beside the one in force, and taken back where they do harm."""

from collections.abc import Iterator
from threading import Thread
from typing import Final

import pytest
from psycopg.errors import CheckViolation
from sqlalchemy import JSON, bindparam, text

from queues.ids import new_id
from queues.policies import releases
from queues.presence import Presence
from queues.releasing import Metric, Stage, Standing
from queues.reports import Report
from queues.store import activations, trials
from queues.store.session import Store
from queues.store.trials import TrialKind, Unit
from queues.storefront import Storefront
from tests.integration.apis import services_for
from tests.integration.intakes import rows
from tests.integration.policies import BY, activated, published
from tests.integration.releasing import (
    BEN,
    VERDICTS,
    canary,
    send,
    with_settings,
)
from tests.waiting import until

_WAITING: Final = """
SELECT FROM pg_locks WHERE NOT granted AND locktype = 'advisory'
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
_FLOOD: Final = (
    """
    UPDATE activations SET at = at - CASE id WHEN 1 THEN interval '1 hour'
        ELSE interval '30 minutes' END
    """,
    "UPDATE cases SET queue = :queue",
    """
    UPDATE cases SET queue = :of, enqueued_at = now() - interval '45 minutes'
    WHERE id IN (SELECT id FROM cases ORDER BY id LIMIT :before)
    """,
)
_APPEALED: Final = """
INSERT INTO appeals (id, item_id, decision_id, by, number, state)
VALUES (:id, :item, :decision, 'author', 1, 'overturned')
"""
_SAMPLED: Final = """
WITH case_of AS (
    INSERT INTO cases (id, item_id, verdict_id, purpose, tier, queue, policy, reason, rule,
        priority, severity, state, due_at, decision_id)
    SELECT :id, :item, verdict_id, 'sample', 'single', 'general', 'hate', 'hate.attack', 'unkind',
        6, 'low', 'decided', now(), :id FROM decisions WHERE id = :decision
)
INSERT INTO decisions (id, item_id, verdict_id, case_id, made_by, tier, action,
    inclusion_probability)
SELECT :id, :item, verdict_id, :id, 'person', 'single', 'publish', 1
FROM decisions WHERE id = :decision
"""


@pytest.fixture
def here(store: Store, redis_url: str) -> Iterator[Storefront]:
    """The services of one process."""
    services = services_for(store.url, redis_url)
    yield services
    services.close()


def test_a_canary_decides_its_share(store: Store, here: Storefront) -> None:
    """The same items always, whoever asks; the others go by what is in force."""
    first = activated(store)
    name = published(store, threshold=0.8)
    canary(here, name)
    send(here, 400)
    found = rows(store, VERDICTS)
    tried = {row["sender_id"] for row in found if row["release"] == name}
    assert {row["release"] for row in found} == {first, name}
    assert 50 <= len(tried) <= 110
    for row in found:
        unkind = int(row["sender_id"][1:]) % 2
        acts = row["release"] == name and unkind
        assert (row["action"] == "remove") == bool(acts), row
    other = services_for(store.url, here.redis_url)
    send(other, 400)
    assert len(rows(store, VERDICTS)) == 400
    other.close()
    here.releasing.end(TrialKind.CANARY, by=BEN, why="enough")
    send(here, 50, "b")
    after = [row for row in rows(store, VERDICTS) if row["sender_id"].startswith("b")]
    assert {row["release"] for row in after} == {first}


def test_a_canary_by_author(store: Store, here: Storefront) -> None:
    """Nobody meets both; authors are what counts as one."""
    activated(store)
    name = published(store, threshold=0.8)
    canary(here, name, 0.5, Unit.AUTHOR)
    send(here, 300, authors=40)
    arms: dict[str, set[str]] = {}
    for row in rows(store, VERDICTS):
        arms.setdefault(row["author_id"], set()).add(row["release"])
    assert len(arms) == 40
    assert {len(each) for each in arms.values()} == {1}
    restricted = here.releasing.compare(name)[1]
    assert restricted.group.units + restricted.control.units == 40
    assert restricted.group.items + restricted.control.items == 300
    assert restricted.group.hits_squared > restricted.group.hits > 0


def test_an_item_stays_with_its_arm(store: Store, here: Storefront) -> None:
    """Reported, it is judged again by the release that judged it first."""
    activated(store)
    name = published(store, threshold=0.8)
    canary(here, name, 0.5)
    send(here, 40)
    here.reports.report([Report(item=f"a{n}", reporter="r") for n in range(40)], actor=BY)
    arms: dict[str, list[str]] = {}
    for row in rows(store, VERDICTS):
        arms.setdefault(row["sender_id"], []).append(row["release"])
    assert {len(each) for each in arms.values()} == {2}
    assert all(before == after for before, after in arms.values())
    assert len({before for before, _ in arms.values()}) == 2


def test_a_canary_that_does_harm_is_stopped(store: Store, redis_url: str) -> None:
    """The machine ends it, tells receivers why, and all goes by the release in force again."""
    services = with_settings(store, redis_url, canary_restricted=0.2)
    first = activated(store)
    name = published(store, threshold=0.8)
    canary(services, name, 0.5)
    send(services, 100)
    services.guard.watch()
    assert services.releasing.show(name).stage is Stage.CANARY
    for part in range(3):
        send(services, 400, f"p{part}-"[:1] + str(part))
    services.guard.watch()
    found = services.releasing.show(name)
    assert found.canary is not None
    assert found.canary.ended_by == "machine"
    assert "restricted" in (found.canary.why or "")
    standings = {each.metric: each.standing for each in services.releasing.compare(name)}
    assert standings[Metric.RESTRICTED] is Standing.STOP
    assert standings[Metric.PEOPLE] is Standing.GO
    (event,) = rows(store, "SELECT payload FROM events WHERE kind = 'release.stopped'")
    assert event["payload"]["name"] == name
    send(services, 20, "z")
    last = [row["release"] for row in rows(store, VERDICTS) if row["sender_id"].startswith("z")]
    assert set(last) == {first}
    services.close()


def test_a_release_that_alarms_is_taken_back(store: Store, redis_url: str) -> None:
    """It is compared with the one before it, for a while."""
    services = with_settings(store, redis_url, alarm_restricted=0.2)
    first = activated(store)
    send(services, 400)
    second = activated(store, threshold=0.95)
    send(services, 400, "b")
    services.guard.watch()
    assert releases.active_name(store) == second
    third = activated(store, threshold=0.8)
    send(services, 400, "c")
    never = with_settings(store, redis_url, alarm_restricted=0.2, watch=0)
    never.guard.watch()
    assert releases.active_name(store) == third
    with store.transaction() as connection:  # nobody can be told: then it is not taken back
        connection.exec_driver_sql("ALTER TABLE events ADD CONSTRAINT shut CHECK (false) NOT VALID")
    with pytest.raises(CheckViolation):
        services.guard.watch()
    assert releases.active_name(store) == third
    with store.transaction() as connection:
        connection.exec_driver_sql("ALTER TABLE events DROP CONSTRAINT shut")
    services.guard.watch()
    assert releases.active_name(store) == second
    services.guard.watch()
    assert releases.active_name(store) == second
    assert len(rows(store, "SELECT FROM events WHERE kind = 'release.stopped'")) == 1
    (row,) = rows(store, "SELECT note FROM activations WHERE undoes IS NOT NULL")
    assert "restricted: 50.0% of 400 items, 0.0% of 400 before" in row["note"]
    assert first != second
    never.close()
    services.close()


def test_a_canary_that_cannot_be_opened_has_no_share(store: Store, here: Storefront) -> None:
    """What is in force goes on alone, and the release says why; it is tried again."""
    first = activated(store)
    name = published(store, threshold=0.8)
    (good,) = rows(store, "SELECT compiled, sources FROM releases WHERE name = :name", name=name)
    keep = text("UPDATE releases SET compiled = :compiled, sources = :sources WHERE name = :name")
    keep = keep.bindparams(bindparam("sources", type_=JSON))
    canary(here, name, 0.9)
    with store.transaction() as connection:
        connection.execute(keep, {"compiled": b"x", "sources": {}, "name": name})
    send(here, 30)
    assert {row["release"] for row in rows(store, VERDICTS)} == {first}
    assert f"the canary `{name}` cannot be used" in (here.in_force.trouble or "")
    assert here.in_force.blocked is None
    process = Presence(
        store, "api", lambda: here.in_force.standing, trouble=lambda: here.in_force.trouble
    )
    process.beat()
    assert here.releasing.show(name).trouble == [here.in_force.trouble]
    here.in_force.watch()
    with store.transaction() as connection:
        connection.execute(keep, {**good, "name": name})
    until(lambda: here.in_force.trouble is None)
    send(here, 30, "b")
    assert name in {row["release"] for row in rows(store, VERDICTS)}
    process.beat()
    assert here.releasing.show(name).trouble == []


def test_what_somebody_ended_is_not_ended_again(store: Store, redis_url: str) -> None:
    """The machine works out what to do while others may act, and looks again before it acts."""
    services = with_settings(store, redis_url, canary_restricted=0.2)
    activated(store)
    name = published(store, threshold=0.8)
    canary(services, name, 0.5)
    send(services, 400)
    with store.transaction() as connection:
        activations.lock(connection)
        watching = Thread(target=services.guard.watch)
        watching.start()
        until(lambda: rows(store, _WAITING))
        trials.end(connection, by=BEN, why="by hand")
    watching.join()
    assert rows(store, "SELECT ended_by FROM trials") == [{"ended_by": BEN}]
    assert rows(store, "SELECT FROM events WHERE kind = 'release.stopped'") == []
    services.close()


def test_nobody_waits_for_a_canary_that_does_no_harm(store: Store, here: Storefront) -> None:
    """It is looked at without the lock that a rollback takes."""
    activated(store)
    canary(here, published(store, threshold=0.8), 0.5)
    send(here, 40)
    with store.transaction() as connection:
        activations.lock(connection)
        watching = Thread(target=here.guard.watch, daemon=True)
        watching.start()
        watching.join(20)
        assert not watching.is_alive()


def test_a_share_that_multiplies_alarms(store: Store, redis_url: str) -> None:
    """Far below the points that alarm by themselves."""
    services = with_settings(store, redis_url, alarm_restricted=1.0)
    first = activated(store, threshold=0.9)
    send(services, 150, "a", score=0.0)
    with store.transaction() as connection:
        connection.exec_driver_sql(
            "UPDATE verdicts SET action = 'remove'"
            " WHERE id IN (SELECT id FROM verdicts ORDER BY id LIMIT 8)"
        )
    second = activated(store, threshold=0.8)
    send(services, 150, "b")
    calm = with_settings(store, redis_url, alarm_restricted=1.0, alarm_restricted_times=8.0)
    calm.guard.watch()
    assert releases.active_name(store) == second
    services.guard.watch()
    assert releases.active_name(store) == first
    (row,) = rows(store, "SELECT note FROM activations WHERE undoes IS NOT NULL")
    assert row["note"].endswith("5.3% of 150 before; 2 times is allowed")
    calm.close()
    services.close()


@pytest.mark.parametrize(
    ("before", "of", "queue", "told"),
    [
        (0, "general", "general", ["load: 4.2 times", "load of queue `general`: 4.2 times"]),
        (100, "other", "general", ["load of queue `general`: 4.2 times"]),
        (100, "general", "general", []),
        (100, "general", "new", []),
    ],
)
def test_a_flood_alarms(
    store: Store, redis_url: str, before: int, of: str, queue: str, told: list[str]
) -> None:
    """After a quiet time too, and of one queue among busy ones; not of a queue that is new."""
    services = with_settings(store, redis_url, alarm_people=1.0)
    first, second = activated(store), activated(store, threshold=0.8)
    services.in_force.refresh()
    raws = [{"id": f"z{number}", "text": "zorblings"} for number in range(210 + before)]
    services.intake.accept(raws, actor=BY)
    with store.transaction() as connection:
        for change in _FLOOD:
            connection.execute(text(change), {"queue": queue, "of": of, "before": before})
    services.guard.watch()
    assert releases.active_name(store) == (first if told else second)
    notes = rows(store, "SELECT note FROM activations WHERE undoes IS NOT NULL")
    said = [each for row in notes for each in row["note"].split("; ") if "load" in each]
    assert [each.removesuffix(" the cases") for each in said] == told
    services.close()


def test_a_canary_that_people_overturn_is_stopped(store: Store, redis_url: str) -> None:
    """By appeals that were won, and quality samples that say otherwise."""
    services = with_settings(
        store, redis_url, canary_restricted=1.0, canary_people=1.0, canary_overturned=0.1
    )
    activated(store)
    name = published(store, threshold=0.8)
    canary(services, name, 0.5)
    send(services, 400)
    with store.transaction() as connection:
        made = text("SELECT item_id, id FROM decisions ORDER BY id")
        for number, row in enumerate(connection.execute(made).all()):
            given = {"id": new_id(), "item": row.item_id, "decision": row.id}
            connection.execute(text(_APPEALED if number % 2 else _SAMPLED), given)
    services.guard.watch()
    found = services.releasing.show(name).canary
    assert found is not None
    assert (found.why or "").startswith("overturned: ")
    figures = {each.metric: each for each in services.releasing.compare(name)}
    told = figures[Metric.OVERTURNED]
    assert told.group.hits == figures[Metric.RESTRICTED].group.hits > 50
    assert told.control.hits == 0
    services.close()
