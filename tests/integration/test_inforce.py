"""Processes take into use what comes into force, whole and at once, and keep what works."""

import threading
from collections.abc import Iterator

import pytest
from sqlalchemy import text

from engine.item import Item
from engine.rules import storing
from engine.rules.release import Release
from queues.embedded.patience import wait_until
from queues.errors import Unavailable
from queues.listening import Listener
from queues.policies import models, releases, rollbacks
from queues.policies.inforce import InForce
from queues.presence import Presence, present, stragglers
from queues.store.session import Store
from tests.generators.labelled import small_file
from tests.integration.policies import BY, activated, published

PATIENCE = 20.0


@pytest.fixture
def in_force(store: Store) -> Iterator[InForce]:
    """Follows by notice alone: polling would come too late for the tests."""
    listener = Listener(store)
    in_force = InForce(store, listener=listener, poll=600)
    in_force.watch()
    listener.start()
    yield in_force
    listener.close()
    in_force.close()


def test_without_a_release_nothing_is_judged(store: Store) -> None:
    """The answer is that it is unavailable, until the first release comes."""
    in_force = InForce(store)
    with pytest.raises(Unavailable):
        _ = in_force.active
    name = activated(store)
    assert in_force.active.name == name
    assert in_force.active.classifiers is None


def test_a_change_comes_by_notice(store: Store, in_force: InForce) -> None:
    """Release and models are in use soon after they are activated, and a rollback too."""
    first = activated(store)
    assert wait_until(lambda: in_force.standing == (first, ()), PATIENCE)
    second = activated(store, threshold=0.8)
    assert wait_until(lambda: in_force.standing == (second, ()), PATIENCE)
    version = models.publish_model(store, small_file(), by=BY).version
    models.activate_models(store, [version], by=BY)
    assert wait_until(lambda: in_force.standing == (second, (version,)), PATIENCE)
    classifiers = in_force.active.classifiers
    assert classifiers is not None
    assert "score.unkind" in classifiers.signals
    rollbacks.roll_back(store, by=BY)
    assert wait_until(lambda: in_force.standing == (first, (version,)), PATIENCE)


def test_a_change_comes_by_polling(store: Store) -> None:
    """A lost notice is no lost release."""
    first = activated(store)
    in_force = InForce(store, poll=0.01)
    in_force.watch()
    assert wait_until(lambda: in_force.standing[0] == first, PATIENCE)
    second = activated(store, threshold=0.8)
    assert wait_until(lambda: in_force.standing[0] == second, PATIENCE)
    in_force.close()


def test_readers_never_see_none_or_a_mixture(store: Store, in_force: InForce) -> None:
    """While releases change, each look finds one release whole: its name and what it decides."""
    names = {published(store, threshold=value / 10): value / 10 for value in (6, 7, 8, 9)}
    releases.activate(store, next(iter(names)), by=BY)
    seen: set[str] = set()
    wrong: list[str] = []
    done = threading.Event()

    def look() -> None:
        while not done.is_set():
            active = in_force.active
            seen.add(active.name)
            for score in (0.65, 0.75, 0.85, 0.95):
                verdict = active.release.evaluate(
                    Item("i", {"item.kind": "post", "score.unkind": score}), now=0.0
                )
                removed = verdict.action == "remove"
                if active.release.name != active.name or removed != (score >= names[active.name]):
                    wrong.append(active.name)

    readers = [threading.Thread(target=look) for _ in range(2)]
    in_force.refresh()
    for reader in readers:
        reader.start()
    for name in [*names, *list(names)[:2]]:
        releases.activate(store, name, by=BY)
        assert wait_until(lambda wanted=name: wanted in in_force.standing, PATIENCE)  # type: ignore[misc]
    done.set()
    for reader in readers:
        reader.join()
    assert wrong == []
    assert seen == set(names)


def test_a_release_that_cannot_be_opened_leaves_the_last_in_use(store: Store) -> None:
    """Neither a damaged release nor models that are gone take the place of what works."""
    good = activated(store)
    in_force = InForce(store)
    in_force.refresh()
    bad = published(store, threshold=0.5)
    damage(store, "compiled = 'x', sources = '{\"hate.yaml\": \"rule: 1\"}'", bad)
    releases.activate(store, bad, by=BY)
    in_force.refresh()
    assert in_force.active.name == good
    assert in_force.trouble is not None
    assert bad in in_force.trouble
    rollbacks.roll_back(store, by=BY)
    in_force.refresh()
    assert in_force.active.name == good
    assert not in_force.trouble
    version = models.publish_model(store, small_file(), by=BY).version
    models.activate_models(store, [version], by=BY)
    damage(store, "artefact = 'x'", version, table="models", key="version")
    in_force.refresh()
    assert in_force.standing == (good, ())
    assert in_force.trouble is not None


def test_sources_of_another_release_are_not_taken(store: Store) -> None:
    """A release is what its name says, also if it has to be compiled anew."""
    name = activated(store)
    damage(store, "compiled = 'x', sources = '{\"a.yaml\": \"field: text\\ntype: text\"}'", name)
    with pytest.raises(Unavailable, match=name):
        _ = InForce(store).active


def test_what_another_version_compiled_is_compiled_anew(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After an upgrade of the program the sources stand in for the compiled form."""
    with monkeypatch.context() as older:
        older.setattr(storing, "_FORMAT", "tierwise-release 0")
        name = activated(store)
    active = InForce(store).active
    assert active.name == name
    assert active.release.policy.rules.keys() == {"unkind", "zorblings"}
    assert isinstance(active.release, Release)


def test_processes_tell_what_they_run(store: Store) -> None:
    """Who judges with another release is behind; who says nothing for long is forgotten."""
    first = activated(store)
    current, late = InForce(store), InForce(store)
    late.refresh()
    api = Presence(store, "api", lambda: current.standing)
    stuck = Presence(store, "api", lambda: (None, ()))
    worker = Presence(store, "worker", lambda: late.standing)
    relay = Presence(store, "relay", lambda: (None, ()))
    second = activated(store, threshold=0.8)
    current.refresh()
    for process in (api, stuck, worker, relay):
        process.beat()
    assert [(each.kind, each.release, each.behind) for each in present(store)] == [
        ("api", second, False),
        ("api", None, True),
        ("relay", None, False),
        ("worker", first, True),
    ]
    assert [each.id for each in stragglers(store)] == [stuck.id, worker.id]
    with store.transaction() as connection:
        connection.execute(text("UPDATE processes SET seen_at = seen_at - interval '61 seconds'"))
    assert present(store) == []
    api.beat()
    assert [each.kind for each in present(store)] == ["api"]
    api.close()
    with store.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM processes")).scalar() == 0


def test_signs_of_life_go_on(store: Store) -> None:
    """A started process gives signs of life by itself, until it says goodbye."""
    activated(store)
    relay = Presence(store, "relay", lambda: (None, ()), beat=0.01)
    relay.start()
    assert wait_until(lambda: len(present(store)) == 1, PATIENCE)
    first = present(store)[0]
    assert wait_until(lambda: present(store)[0].seen_at > first.seen_at, PATIENCE)
    relay.close()
    assert present(store) == []


def test_a_change_is_shown_at_once(store: Store, in_force: InForce) -> None:
    """A process says what it judges with as soon as that changes, and not at the next beat."""
    first = activated(store)
    assert wait_until(lambda: in_force.standing == (first, ()), PATIENCE)
    presence = Presence(store, "api", lambda: in_force.standing, beat=600)
    in_force.tell(presence.wake)
    presence.start()
    assert wait_until(lambda: len(present(store)) == 1, PATIENCE)
    second = activated(store, threshold=0.8)
    assert wait_until(lambda: present(store)[0].release == second, PATIENCE)
    presence.close()


def damage(
    store: Store, change: str, name: str, *, table: str = "releases", key: str = "name"
) -> None:
    """Change a stored artefact, as no program of ours does."""
    with store.transaction() as connection:
        statement = f"UPDATE {table} SET {change} WHERE {key} = '{name}'"  # noqa: S608
        connection.exec_driver_sql(statement)
