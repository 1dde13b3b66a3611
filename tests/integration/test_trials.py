"""Releases are tried beside the one in force, and taken back where they do harm."""

from collections.abc import Iterator

import pytest

from queues.policies import releases
from queues.releasing import Metric, Stage, Standing, differences
from queues.reports import Report
from queues.store.session import Store
from queues.store.trials import TrialKind, Unit
from queues.storefront import Storefront
from tests.integration.apis import services_for
from tests.integration.intakes import rows
from tests.integration.policies import BY, activated, published
from tests.integration.releasing import (
    ANA,
    BEN,
    VERDICTS,
    canary,
    changed_files,
    published_by,
    send,
    with_settings,
)


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
    services.guard.watch()
    assert releases.active_name(store) == second
    services.guard.watch()
    assert releases.active_name(store) == second
    (row,) = rows(store, "SELECT note FROM activations WHERE undoes IS NOT NULL")
    assert "restricted: 50.0% of 400 items, 0.0% of 400 before" in row["note"]
    assert first != second
    never.close()
    services.close()


def test_a_shadow_looks_at_everything_and_does_nothing(store: Store, here: Storefront) -> None:
    """Only what it would have done otherwise is kept, and each verdict is looked at once."""
    activated(store)
    name = published(store, threshold=0.8)
    trial = here.releasing.begin(name, TrialKind.SHADOW, by=ANA)
    send(here, 60)
    with store.transaction() as connection:
        connection.exec_driver_sql("UPDATE verdicts SET at = at - interval '1 minute'")
        connection.exec_driver_sql("UPDATE trials SET started_at = now() - interval '1 hour'")
    assert [here.shadowing.follow(), here.shadowing.follow()] == [60, 0]
    found = here.releasing.show(name).shadow
    assert found is not None
    assert (found.judged, found.unreadable) == (60, 0)
    with store.read() as connection:
        (cell,) = differences(connection, trial)
    assert (cell.tier_before, cell.action_before) == ("none", "publish")
    assert (cell.tier, cell.action, cell.items) == ("auto", "remove", 30)
    unkind = {row["id"] for row in rows(store, "SELECT id FROM items WHERE action <> 'publish'")}
    assert unkind == set()


def test_a_shadow_with_other_words(store: Store, here: Storefront) -> None:
    """What its vocabulary cannot read is counted, and stops nothing."""
    activated(store)
    name = published_by(store, ANA, changed_files("choices: [post, comment]", "choices: [comment]"))
    here.releasing.begin(name, TrialKind.SHADOW, by=ANA)
    here.in_force.refresh()
    here.intake.accept(
        [{"id": f"k{n}", "kind": kind, "text": ""} for n, kind in enumerate(["post", "comment"])],
        actor=BY,
    )
    with store.transaction() as connection:
        connection.exec_driver_sql("UPDATE verdicts SET at = at - interval '1 minute'")
        connection.exec_driver_sql("UPDATE trials SET started_at = now() - interval '1 hour'")
    here.shadowing.follow()
    found = here.releasing.show(name).shadow
    assert found is not None
    assert (found.judged, found.unreadable) == (2, 1)


def test_a_canary_that_cannot_be_opened_has_no_share(store: Store, here: Storefront) -> None:
    """What is in force goes on alone."""
    first = activated(store)
    name = published(store, threshold=0.8)
    canary(here, name, 0.9)
    with store.transaction() as connection:
        connection.exec_driver_sql(
            f"UPDATE releases SET compiled = 'x', sources = '{{}}' WHERE name = '{name}'"  # noqa: S608 - of ours
        )
    send(here, 30)
    assert {row["release"] for row in rows(store, VERDICTS)} == {first}
