"""A release in the shadow of the one in force sees all that is judged, and does nothing."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

import pytest
from sqlalchemy import text

from queues.ids import id_at, moment_of
from queues.releasing import differences
from queues.store.session import Store
from queues.store.trials import TrialKind
from queues.storefront import Storefront
from tests.integration.apis import services_for
from tests.integration.backtested import decided
from tests.integration.intakes import rows
from tests.integration.policies import BY, activated, published
from tests.integration.releasing import ANA, changed_files, published_by, send

HOUR: Final = timedelta(hours=1)


@pytest.fixture
def here(store: Store, redis_url: str) -> Iterator[Storefront]:
    """The services of one process."""
    services = services_for(store.url, redis_url)
    yield services
    services.close()


def test_a_shadow_looks_at_everything_and_does_nothing(store: Store, here: Storefront) -> None:
    """Only what it would have done otherwise is kept, and each verdict is looked at once."""
    activated(store)
    name = published(store, threshold=0.8)
    trial = here.releasing.begin(name, TrialKind.SHADOW, by=ANA)
    send(here, 60)
    seen_later(store)
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
    seen_later(store)
    here.shadowing.follow()
    found = here.releasing.show(name).shadow
    assert found is not None
    assert (found.judged, found.unreadable) == (2, 1)


def test_a_shadow_is_borne_out_or_not(store: Store, here: Storefront) -> None:
    """By what people decided of the items that it would have treated otherwise."""
    activated(store)
    acts = "tier: auto, action: remove, reason: hate.attack }\ntests: "
    shown = "[{ given: { text: zorblings }, expect: match }]"
    more = changed_files("tier: single, reason: hate.attack }", acts + shown)
    name = published_by(store, ANA, more)
    trial = here.releasing.begin(name, TrialKind.SHADOW, by=ANA)
    here.in_force.refresh()
    here.intake.accept([{"id": f"z{n}", "text": "zorblings"} for n in range(6)], actor=BY)
    seen_later(store)
    here.shadowing.follow()
    decided(store, most=3)
    decided(store, action="publish", most=1)
    with store.read() as connection:
        (cell,) = differences(connection, trial)
    assert (cell.tier_before, cell.tier, cell.items) == ("single", "auto", 6)
    assert (cell.upheld, cell.overturned) == (3, 1)
    assert (cell.precision.n, cell.precision.hits) == (4, 3)


def seen_later(store: Store) -> None:
    """A minute has gone since what came."""
    with store.transaction() as connection:
        connection.exec_driver_sql("UPDATE verdicts SET at = at - interval '1 minute'")
        connection.exec_driver_sql("UPDATE trials SET started_at = now() - interval '1 hour'")


def test_a_shadow_sees_what_late_clocks_wrote(store: Store, here: Storefront) -> None:
    """Ids are of clocks that differ by hours: each verdict is looked at all the same, and once."""
    activated(store)
    name = published(store, threshold=0.8)
    here.releasing.begin(name, TrialKind.SHADOW, by=ANA)
    send(here, 40)
    late = "UPDATE verdicts SET id = :new WHERE id = :old"
    with store.transaction() as connection:
        ids = connection.execute(text("SELECT id FROM verdicts ORDER BY id")).scalars().all()
        for old in ids[:20]:
            connection.execute(text(late), {"old": old, "new": id_at(moment_of(old) - 2 * HOUR)})
        connection.exec_driver_sql("UPDATE trials SET started_at = now() - interval '1 hour'")
        connection.exec_driver_sql("UPDATE verdicts SET at = at - interval '1 minute'")
        # Those of the late clock come after the others.
        again = text("UPDATE verdicts SET at = at + interval '30 seconds' WHERE id < :first")
        connection.execute(again, {"first": ids[0]})
        connection.exec_driver_sql("CREATE TABLE held AS SELECT * FROM verdicts")
        connection.execute(text("DELETE FROM verdicts WHERE id < :first"), {"first": ids[0]})
    assert here.shadowing.follow() == 20
    with store.transaction() as connection:
        connection.execute(
            text("INSERT INTO verdicts SELECT * FROM held WHERE id < :first"), {"first": ids[0]}
        )
        connection.exec_driver_sql("DROP TABLE held")
    assert [here.shadowing.follow(), here.shadowing.follow()] == [20, 0]
    found = here.releasing.show(name).shadow
    assert found is not None
    assert found.judged == 40
