"""Slow signals are fetched from real servers or posted, and items are judged with what came."""

import json
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from queues.arms import Arms
from queues.embedded.ports import free_port
from queues.errors import NotFound, Refused
from queues.intake.rejudging import Rejudging
from queues.settings import Signal
from queues.signals.asking import Sources
from queues.signals.orders import Signals
from queues.store.outbox import Task
from queues.store.session import Store
from tests.integration.brokers import rows_of
from tests.integration.intakes import accepted, intake_over, judge_of, rows
from tests.receivers import Receiver, Respond, answering, breaking_off

_PICTURES = "score.image"
_TEXT = "score.hate"


@pytest.fixture
def server() -> Iterator[Receiver]:
    """A source, which answers as each test says."""
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
def http() -> Iterator[Sources]:
    """Connections to sources."""
    sources = Sources()
    yield sources
    sources.close()


def test_items_are_judged_with_what_a_source_says(
    store: Store, server: Receiver, http: Sources, tmp_path: Path
) -> None:
    """One request for many items, as they were sent; each gets its own verdict."""
    server.respond = scoring(server, lambda item: {_PICTURES: 0.9 if item["id"] == "bad" else 0.1})
    source = _source(server, token="secret")  # noqa: S106 - a test
    _accept(store, tmp_path, [source], "bad", "good")
    _fetch(store, http, [source])
    (request,) = server.received
    assert request.headers["authorization"] == "Bearer secret"
    assert json.loads(request.body) == {
        "items": [
            {"id": "bad", "kind": "image", "mime": "image/png"},
            {"id": "good", "kind": "image", "mime": "image/png"},
        ]
    }
    assert rows_of(store, Task.FETCH_SIGNALS) == []
    _judge(store, tmp_path)
    assert _standing(store) == {"bad": ("decided", "hide"), "good": ("decided", "publish")}


def test_an_item_waits_for_all_its_sources(
    store: Store, server: Receiver, http: Sources, tmp_path: Path
) -> None:
    """The last answer has it judged, whoever gives it; each source is asked for its own."""
    server.respond = scoring(server, lambda _: {_PICTURES: 0.1})
    posted = Signal(name="text", fields=(_TEXT,))
    sources = [_source(server), posted]
    (item,) = _accept(store, tmp_path, sources, "a")
    _fetch(store, http, sources)
    assert rows_of(store, Task.JUDGE) == []
    signals = _signals(store, http, sources)
    assert signals.arrived(item, "text", {_TEXT: 0.95}, actor="key:platform") is True
    assert signals.arrived(item, "text", {_TEXT: 0.0}, actor="key:platform") is False
    assert len(rows_of(store, Task.JUDGE)) == 1
    _judge(store, tmp_path)
    assert _standing(store) == {"a": ("decided", "remove")}
    (audited,) = rows(
        store, "SELECT actor, subject FROM audit_events WHERE kind = 'signals.arrived'"
    )
    assert audited == {"actor": "key:platform", "subject": "text"}


@pytest.mark.parametrize(
    "respond",
    [
        answering(500),
        answering(200),
        lambda handler: _write(handler, {"scores": ["none"]}),
        lambda handler: _write(handler, {"scores": {"another": {_PICTURES: 1}}}),
        breaking_off(b""),
    ],
    ids=["error", "nothing", "no-scores", "of-another", "broken-off"],
)
def test_a_source_that_fails_is_asked_again_until_the_deadline(
    store: Store, server: Receiver, http: Sources, tmp_path: Path, respond: Respond
) -> None:
    """And then the item is judged without it: people look, as the rule says."""
    server.respond = respond
    source = _source(server)
    _accept(store, tmp_path, [source], "a")
    signals = _fetch(store, http, [source])
    assert rows_of(store, Task.FETCH_SIGNALS) == []
    assert signals.chase() == 1
    assert signals.chase() == 0  # it is on its way already
    _fetch(store, http, [source])
    assert len(server.received) == 2
    assert signals.give_up() == 0
    _pass_deadline(store)
    assert signals.chase() == 0
    assert signals.give_up() == 1
    assert signals.give_up() == 0
    _judge(store, tmp_path)
    assert _standing(store) == {"a": ("in_review", "publish")}
    assert [row["failure"] for row in rows(store, "SELECT failure FROM signal_orders")] == [
        "deadline"
    ]


def test_a_source_that_is_away_or_slow_holds_up_no_other(
    store: Store, server: Receiver, http: Sources, tmp_path: Path
) -> None:
    """All are asked at the same time, and what came is kept."""
    server.respond = scoring(server, lambda _: {_PICTURES: 0.9})
    with Receiver() as slow:
        slow.respond = slow.hang
        sources = [
            _source(server),
            Signal(name="slow", fields=(_TEXT,), url=slow.url, timeout=0.2),
            Signal(name="away", fields=("score.away",), url=f"http://127.0.0.1:{free_port()}/"),
        ]
        _accept(store, tmp_path, sources, "a")
        _fetch(store, http, sources)
    found = rows(store, "SELECT name, found FROM signal_orders ORDER BY name")
    assert found == [
        {"name": "away", "found": None},
        {"name": "pictures", "found": {_PICTURES: 0.9}},
        {"name": "slow", "found": None},
    ]


@pytest.mark.parametrize(
    "scores",
    [{_PICTURES: 1.5}, {_PICTURES: "high"}, {"score.hate": 0.5}, 7],
    ids=["too-high", "no-number", "of-another", "no-object"],
)
def test_scores_that_are_none_count_as_a_failure(
    store: Store, server: Receiver, http: Sources, tmp_path: Path, scores: object
) -> None:
    """Asking again would bring the same: the item is judged at once, without."""
    server.respond = scoring(server, lambda _: scores)
    source = _source(server)
    _accept(store, tmp_path, [source], "a")
    _fetch(store, http, [source])
    (order,) = rows(store, "SELECT found, failure FROM signal_orders")
    assert order["found"] is None
    assert order["failure"]
    assert len(rows_of(store, Task.JUDGE)) == 1


def test_what_comes_after_the_deadline_still_counts(
    store: Store, server: Receiver, http: Sources, tmp_path: Path
) -> None:
    """The item is judged once more."""
    source = _source(server)
    (item,) = _accept(store, tmp_path, [source], "a")
    _pass_deadline(store)
    signals = _signals(store, http, [source])
    signals.give_up()
    _judge(store, tmp_path)
    assert signals.arrived(item, "pictures", {_PICTURES: 0.9}, actor="key:platform") is True
    _judge(store, tmp_path)
    assert rows(store, "SELECT found, failure FROM signal_orders") == [
        {"found": {_PICTURES: 0.9}, "failure": None}
    ]
    assert [row["cause"] for row in rows(store, "SELECT cause FROM verdicts")].count("signals") == 2


def test_a_message_that_comes_twice_changes_nothing(
    store: Store, server: Receiver, http: Sources, tmp_path: Path
) -> None:
    """The first answer stays, and the item is judged once."""
    answers = iter([0.9, 0.1])
    server.respond = scoring(server, lambda _: {_PICTURES: next(answers)})
    source = _source(server)
    _accept(store, tmp_path, [source], "a")
    messages = rows_of(store, Task.FETCH_SIGNALS)
    signals = _signals(store, http, [source])
    signals.fetch(messages)
    signals.fetch(messages)
    assert len(server.received) == 1
    assert len(rows_of(store, Task.JUDGE)) == 1


def test_posted_values_are_checked(
    store: Store, server: Receiver, http: Sources, tmp_path: Path
) -> None:
    """Unknown sources, foreign fields and numbers that are no scores are refused."""
    source = _source(server)
    (item,) = _accept(store, tmp_path, [source], "a")
    signals = _signals(store, http, [source, Signal(name="other", fields=(_TEXT,))])
    with pytest.raises(NotFound, match="nobody"):
        signals.arrived(item, "nobody", {}, actor="key:p")
    with pytest.raises(NotFound, match="other"):
        signals.arrived(item, "other", {_TEXT: 0.5}, actor="key:p")
    with pytest.raises(Refused, match=r"score\.hate.*no field"):
        signals.arrived(item, "pictures", {_TEXT: 0.5}, actor="key:p")
    with pytest.raises(Refused, match="from 0 to 1"):
        signals.arrived(item, "pictures", {_PICTURES: True}, actor="key:p")


def scoring(server: Receiver, score: Callable[[dict[str, Any]], object]) -> Respond:
    """Answer with scores for the items of the last request."""

    def respond(handler: BaseHTTPRequestHandler) -> None:
        items = json.loads(server.received[-1].body)["items"]
        _write(handler, {"scores": {item["id"]: score(item) for item in items}})

    return respond


def _write(handler: BaseHTTPRequestHandler, answer: object) -> None:
    body = json.dumps(answer).encode()
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def _source(server: Receiver, **more: Any) -> Signal:  # noqa: ANN401 - whatever a source has
    return Signal(name="pictures", fields=(_PICTURES,), url=server.url, **more)


def _signals(store: Store, http: Sources, sources: list[Signal]) -> Signals:
    return Signals(store=store, sources=sources, http=http)


def _accept(store: Store, folder: Path, sources: list[Signal], *names: str) -> list[UUID]:
    raws = [{"id": name, "kind": "image", "mime": "image/png"} for name in names]
    outcomes = accepted(intake_over(store, judge_of(folder), sources), *raws)
    return [outcome.item_id for outcome in outcomes]


def _fetch(store: Store, http: Sources, sources: list[Signal]) -> Signals:
    signals = _signals(store, http, sources)
    signals.fetch(rows_of(store, Task.FETCH_SIGNALS))
    return signals


def _judge(store: Store, folder: Path) -> None:
    judge = judge_of(folder)
    rejudging = Rejudging(store=store, judging=lambda: Arms(control=judge))
    rejudging.arrived(rows_of(store, Task.JUDGE))


def _standing(store: Store) -> dict[str, tuple[str, str]]:
    found = rows(store, "SELECT sender_id, state, action FROM items")
    return {row["sender_id"]: (row["state"], row["action"]) for row in found}


def _pass_deadline(store: Store) -> None:
    with store.transaction() as connection:
        connection.execute(text("UPDATE signal_orders SET deadline_at = now() - interval '1 s'"))
