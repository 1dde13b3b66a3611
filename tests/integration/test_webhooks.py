"""Receivers are registered, changed and given other secrets, and every change is on record."""

from datetime import datetime, timedelta
from ipaddress import ip_network
from uuid import UUID

import pytest
from sqlalchemy import func, select, update

from queues.errors import Conflict, NotFound, Refused
from queues.ids import new_id
from queues.store.events import DeliveryState, NewEvent, emit
from queues.store.session import Store
from queues.store.tables.audit import audit_events
from queues.store.tables.effects import deliveries, webhook_secrets
from queues.webhooks.deliveries import Delivery, log, redeliver, redeliver_dead
from queues.webhooks.receivers import (
    MOST_SECRETS,
    Changes,
    Webhook,
    change,
    disable,
    find,
    listed,
    register,
    rotate,
)

BY = "key:operations"
ALLOWED = (ip_network("127.0.0.0/8"),)
URL = "https://8.8.8.8/hook?token=abc"


def test_a_receiver_comes_changes_and_goes(store: Store) -> None:
    """Each step is on record, with who did it; of the address only the host."""
    webhook, secret = register(store, url=URL, by=BY, allowed=(), kinds=["case.opened"])
    assert secret.startswith("whsec_")
    assert find(store, webhook.id) == webhook
    assert listed(store) == [webhook]
    changes = Changes(kinds=["item.decided"], about="mobile")
    changed = change(store, webhook.id, changes, by=BY, allowed=())
    assert (changed.kinds, changed.about, changed.url) == (("item.decided",), "mobile", webhook.url)
    assert change(store, webhook.id, changes, by=BY, allowed=()) == changed, "nothing to change"
    assert not disable(store, webhook.id, by=BY).active
    assert change(store, webhook.id, Changes(active=True), by=BY, allowed=()).active
    assert _audit(store) == [
        ("webhook.registered", BY, str(webhook.id), {"kinds": ["case.opened"], "host": "8.8.8.8"}),
        ("webhook.changed", BY, str(webhook.id), {"kinds": ["item.decided"], "about": "mobile"}),
        ("webhook.disabled", BY, str(webhook.id), {"active": False}),
        ("webhook.enabled", BY, str(webhook.id), {"active": True}),
    ]


@pytest.mark.parametrize(
    "url",
    [
        "https://10.0.0.1/",
        "https://localhost/",
        "https://0x7f000001/",
        "https://[::ffff:127.0.0.1]/",
        "http://8.8.8.8/",
        "http://no-such-host.invalid/",
        "ftp://8.8.8.8/",
    ],
)
def test_addresses_that_deliveries_may_not_go_to(store: Store, url: str) -> None:
    """They are refused at once, at registration and at change, and nothing is left of it."""
    with pytest.raises(Refused):
        register(store, url=url, by=BY, allowed=())
    webhook, _ = register(store, url=URL, by=BY, allowed=())
    with pytest.raises(Refused):
        change(store, webhook.id, Changes(url=url), by=BY, allowed=())
    assert listed(store) == [webhook]


def test_networks_that_are_allowed(store: Store) -> None:
    """There, http is enough."""
    webhook, _ = register(store, url="http://127.0.0.1:8000", by=BY, allowed=ALLOWED)
    assert webhook.url == "http://127.0.0.1:8000"


def test_unknown_kinds_are_refused(store: Store) -> None:
    """Nobody waits for what never comes."""
    with pytest.raises(Refused, match=r"`item\.deleted`"):
        register(store, url=URL, by=BY, allowed=(), kinds=["item.deleted"])


def test_secrets_take_turns(store: Store) -> None:
    """Old ones stay valid up to the moment given and no longer, and not too many at once."""
    webhook, first = register(store, url=URL, by=BY, allowed=())
    later = _now(store) + timedelta(hours=1)
    second = rotate(store, webhook.id, by=BY, until=later)
    assert _secrets(store, webhook.id) == {first: later, second: None}
    third = rotate(store, webhook.id, by=BY)
    assert _secrets(store, webhook.id) == {third: None}, "gone at once"
    with pytest.raises(Refused, match="passed"):
        rotate(store, webhook.id, by=BY, until=later - timedelta(hours=2))
    for _ in range(MOST_SECRETS - 1):
        rotate(store, webhook.id, by=BY, until=later)
    with pytest.raises(Conflict):
        rotate(store, webhook.id, by=BY, until=later)
    assert len(_secrets(store, webhook.id)) == MOST_SECRETS


def test_what_is_not_there(store: Store) -> None:
    """Ids that nothing bears are not found."""
    for action in (
        lambda: find(store, new_id()),
        lambda: disable(store, new_id(), by=BY),
        lambda: rotate(store, new_id(), by=BY),
        lambda: log(store, new_id()),
        lambda: redeliver(store, new_id(), by=BY),
        lambda: redeliver_dead(store, new_id(), by=BY),
    ):
        with pytest.raises(NotFound):
            action()


def test_the_log_of_deliveries(store: Store) -> None:
    """The youngest first, page by page, all or those in one state."""
    webhook, others = _three_dead(store)
    assert [entry.state for entry in others] == ["dead"] * 3
    assert [entry.kind for entry in others] == ["item.decided"] * 3
    assert log(store, webhook.id, limit=2) == others[:2]
    assert log(store, webhook.id, before=others[1].id) == others[2:]
    assert log(store, webhook.id, state=DeliveryState.DEAD) == others
    assert log(store, webhook.id, state=DeliveryState.PENDING) == []


def test_dead_letters_are_sent_again(store: Store) -> None:
    """One or all; not twice, and not to a webhook that is disabled."""
    webhook, dead = _three_dead(store)
    redeliver(store, dead[0].id, by=BY)
    with pytest.raises(Conflict, match="on its way"):
        redeliver(store, dead[0].id, by=BY)
    disable(store, webhook.id, by=BY)
    with pytest.raises(Conflict, match="disabled"):
        redeliver_dead(store, webhook.id, by=BY)
    change(store, webhook.id, Changes(active=True), by=BY, allowed=())
    assert redeliver_dead(store, webhook.id, by=BY) == 2
    assert redeliver_dead(store, webhook.id, by=BY) == 0
    again = log(store, webhook.id, state=DeliveryState.PENDING)
    assert [(entry.event_id, entry.attempts) for entry in again] == [
        (entry.event_id, 0) for entry in dead
    ]
    details = [row[3] for row in _audit(store) if row[0] == "webhook.redelivered"]
    assert details == [{"delivery": str(dead[0].id)}, {"deliveries": 2}]


def _three_dead(store: Store) -> tuple[Webhook, list[Delivery]]:
    webhook, _ = register(store, url=URL, by=BY, allowed=())
    with store.transaction() as connection:
        emit(
            connection,
            [NewEvent(kind="item.decided", item_id=None, payload={"n": n}) for n in range(3)],
        )
        connection.execute(update(deliveries).values(state=DeliveryState.DEAD.value, attempts=9))
    return webhook, log(store, webhook.id)


def _audit(store: Store) -> list[tuple[str, str, str, object]]:
    table = audit_events.c
    with store.read() as connection:
        return [
            (row.kind, row.actor, row.subject, row.details)
            for row in connection.execute(select(audit_events).order_by(table.id))
        ]


def _secrets(store: Store, webhook_id: UUID) -> dict[str, datetime | None]:
    table = webhook_secrets.c
    with store.read() as connection:
        rows = connection.execute(
            select(table.secret, table.expires_at).where(table.webhook_id == webhook_id)
        )
        return {row.secret: row.expires_at for row in rows}


def _now(store: Store) -> datetime:
    with store.read() as connection:
        now: datetime = connection.execute(select(func.now())).scalar_one()
    return now
