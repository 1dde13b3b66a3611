"""Receivers get every event in spite of trouble, and nobody holds up another."""

from contextlib import ExitStack
from datetime import timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler
from uuid import UUID

from sqlalchemy import func, insert, select, update

from queues.ids import new_id
from queues.store.session import Store
from queues.store.tables.audit import audit_events
from queues.store.tables.effects import deliveries, webhooks
from queues.webhooks.deliveries import log, redeliver_dead
from queues.webhooks.receivers import disable, find, rotate
from tests.integration.couriers import couriers, event, happen, registered, states
from tests.receivers import Receiver, answering, breaking_off
from tests.waiting import until

TROUBLES = (
    answering(500),
    answering(404),
    breaking_off(b""),
    breaking_off(b"HTTP/1.1 200 OK\r\nContent-"),
    breaking_off(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"),
    breaking_off(b"who is there?\r\n\r\n"),
)


def test_trouble_is_overcome_by_trying_again(store: Store) -> None:
    """The same event, with the next number of attempt, until each receiver has it."""
    told = event()
    with ExitStack() as stack:
        receivers = [stack.enter_context(Receiver(trouble)) for trouble in TROUBLES]
        registered_ids = [registered(store, receiver)[0] for receiver in receivers]
        happen(store, told)
        with couriers(store):
            for receiver, webhook_id in zip(receivers, registered_ids, strict=True):
                until(partial(_tried, receiver, 2))
                assert states(store, webhook_id) == ["pending"]
                receiver.respond = answering(202)
            for webhook_id in registered_ids:
                until(partial(_arrived, store, webhook_id))
    for receiver in receivers:
        assert {message.event_id for message in receiver.received} == {str(told.id)}
        assert len({message.body for message in receiver.received}) == 1
        numbers = [int(message.headers["tierwise-attempt"]) for message in receiver.received]
        assert numbers == list(range(1, len(numbers) + 1))


def test_retry_after_is_honoured(store: Store) -> None:
    """Who says when to come again is left alone until then."""
    with Receiver(answering(429, Retry_After="1")) as receiver, couriers(store):
        webhook_id, _ = registered(store, receiver)
        happen(store, event())
        until(lambda: receiver.received)
        receiver.respond = answering(204)
        until(lambda: log(store, webhook_id)[0].state == "delivered")
    first, second = (message.at for message in receiver.received)
    assert second - first >= 1.0


def test_a_receiver_that_hangs_holds_up_nobody(store: Store) -> None:
    """While one takes all its time, another gets everything."""
    with Receiver() as good, Receiver() as bad, couriers(store, timeout=60.0):
        bad.respond = bad.hang
        bad_id, _ = registered(store, bad)
        happen(store, *(event() for _ in range(30)))
        until(lambda: bad.received)
        good_id, _ = registered(store, good)
        happen(store, *(event() for _ in range(30)))
        until(lambda: states(store, good_id) == ["delivered"] * 30)
        assert states(store, bad_id) == ["pending"] * 60
        assert len(bad.received) == 1, "one attempt is under way all the while"
        bad.release()


def test_a_time_that_is_over_is_a_failure(store: Store) -> None:
    """A receiver that never answers is asked again, and why is on record."""
    with Receiver() as receiver, couriers(store, timeout=0.2):
        receiver.respond = receiver.hang
        webhook_id, _ = registered(store, receiver)
        happen(store, event())
        until(lambda: len(receiver.received) == 2)
        until(lambda: log(store, webhook_id)[0].last_error == "gave no answer within 0.2 s")


def test_redirects_are_not_followed(store: Store) -> None:
    """Nobody leads a delivery to an address of their choice."""
    with Receiver() as private:
        with Receiver(answering(307, Location=private.url)) as receiver, couriers(store):
            webhook_id, _ = registered(store, receiver)
            happen(store, event())
            until(lambda: log(store, webhook_id)[0].last_status == 307)
        assert private.received == []
    assert log(store, webhook_id)[0].last_error == "answered 307; redirects are not followed"


def test_private_addresses_are_refused_at_every_delivery(store: Store) -> None:
    """Whatever was registered, and whatever its name leads to by now: nothing is connected."""
    hosts = ("127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "127.1")
    with Receiver() as receiver:
        with store.transaction() as connection:
            ids = connection.execute(
                insert(webhooks).returning(webhooks.c.id),
                [
                    {
                        "id": new_id(),
                        "url": f"{scheme}://{host}:{receiver.port}/",
                        "created_by": "test",
                    }
                    for scheme in ("http", "https")
                    for host in hosts
                ],
            ).scalars()
            webhook_ids = list(ids)
        for webhook_id in webhook_ids:
            rotate(store, webhook_id, by="test")
        happen(store, event())
        with couriers(store, allowed_networks=()):
            for webhook_id in webhook_ids:
                until(partial(_refused, store, webhook_id))
    assert receiver.received == []


def test_an_answer_without_end_is_not_read(store: Store) -> None:
    """What counts is the status; an answer may be as long as it likes."""
    endless = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n" + b"x" * 100_000

    def respond(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(endless)
        receiver.hang(handler)

    with Receiver(respond) as receiver, couriers(store):
        webhook_id, _ = registered(store, receiver)
        happen(store, event())
        until(lambda: states(store, webhook_id) == ["delivered"])


def test_dead_letters_come_back(store: Store) -> None:
    """After the time for retries a delivery is dead; sent again, it has all its time anew."""
    with Receiver(answering(503)) as receiver, couriers(store, give_up_after=3_600.0):
        webhook_id, _ = registered(store, receiver)
        told = event()
        happen(store, told)
        until(partial(_tried, receiver, 2))
        with store.transaction() as connection:
            long_ago = func.now() - timedelta(hours=2)
            connection.execute(update(deliveries).values(created_at=long_ago))
        until(lambda: states(store, webhook_id) == ["dead"])
        (dead,) = log(store, webhook_id)
        assert (dead.last_status, dead.last_error) == (503, "answered 503")
        tried = len(receiver.received)
        assert redeliver_dead(store, webhook_id, by="test") == 1
        until(partial(_tried, receiver, tried + 2))
        receiver.respond = answering(204)
        until(partial(_arrived, store, webhook_id))
    assert {message.event_id for message in receiver.received} == {str(told.id)}


def test_who_is_gone_is_told_nothing_more(store: Store) -> None:
    """410 disables the webhook, and the audit says so, once."""
    with Receiver(answering(410)) as receiver, couriers(store):
        webhook_id, _ = registered(store, receiver)
        happen(store, event(), event(), event())
        until(lambda: not find(store, webhook_id).active)
        until(lambda: "dead" in states(store, webhook_id))
        assert sorted(states(store, webhook_id)) == ["dead", "pending", "pending"]
    with store.read() as connection:
        kinds = connection.execute(select(audit_events.c.kind, audit_events.c.subject)).all()
    assert kinds.count(("webhook.disabled", str(webhook_id))) == 1


def test_a_disabled_webhook_is_told_nothing(store: Store) -> None:
    """Also not of what happened before it was disabled."""
    with Receiver() as off, Receiver() as on:
        off_id, _ = registered(store, off)
        on_id, _ = registered(store, on)
        happen(store, event())
        disable(store, off_id, by="test")
        with couriers(store):
            until(lambda: states(store, on_id) == ["delivered"])
        assert off.received == []


def test_couriers_share_the_work(store: Store) -> None:
    """With two of them, and no trouble, every event arrives exactly once."""
    with Receiver() as receiver:
        webhook_id, _ = registered(store, receiver)
        events = [event() for _ in range(200)]
        happen(store, *events)
        with couriers(store, number=2, timeout=60.0):
            until(lambda: states(store, webhook_id) == ["delivered"] * 200)
    arrived = sorted(message.event_id for message in receiver.received)
    assert arrived == sorted(str(one.id) for one in events)


def test_a_courier_that_stops_gives_back_what_it_holds(store: Store) -> None:
    """What was under way is due at once, for the next courier."""
    with Receiver() as receiver:
        receiver.respond = receiver.hang
        webhook_id, _ = registered(store, receiver)
        happen(store, event())
        with couriers(store, timeout=60.0, grace=0.1):
            until(lambda: receiver.received)
        (entry,) = log(store, webhook_id)
        assert (entry.state, entry.last_error) == ("pending", None)
        receiver.respond = answering(204)
        with couriers(store):
            until(lambda: states(store, webhook_id) == ["delivered"])


def test_a_late_failure_changes_nothing(store: Store) -> None:
    """Whose lease is over may still report a success, but no failure."""
    with Receiver() as receiver:
        receiver.respond = receiver.hang
        webhook_id, _ = registered(store, receiver)
        happen(store, event())
        with couriers(store, timeout=60.0, grace=0.1):
            until(lambda: receiver.received)
            with store.transaction() as connection:
                taken_over = {"attempts": 2, "next_at": func.now() + timedelta(hours=1)}
                connection.execute(update(deliveries).values(taken_over))
        (entry,) = log(store, webhook_id)
        assert entry.attempts == 2
        assert entry.next_at - entry.created_at > timedelta(minutes=59)


def _tried(receiver: Receiver, times: int) -> bool:
    return len(receiver.received) >= times


def _arrived(store: Store, webhook_id: UUID) -> bool:
    return states(store, webhook_id) == ["delivered"]


def _refused(store: Store, webhook_id: UUID) -> bool:
    (entry,) = log(store, webhook_id)
    return (entry.last_error or "").endswith("may not go")
