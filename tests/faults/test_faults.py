"""Whatever breaks: nothing is lost, nothing acts twice, and the audit chain verifies."""

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.faults import chaos
from tests.faults.chaos import Fault
from tests.faults.load import People, Sender, items
from tests.faults.policy import BAD_POLICY
from tests.faults.promises import check, settle
from tests.faults.site import Site
from tests.integration.intakes import rows
from tests.receivers import answering, breaking_off
from tests.waiting import until

_ITEMS = 320
_TRIED = "SELECT count(*) AS n FROM deliveries WHERE state = 'pending' AND attempts > 0"


@pytest.mark.parametrize(
    "faults",
    [
        pytest.param(
            [
                chaos.kill_child,
                chaos.kill_one("auto"),
                chaos.kill_one("single"),
                chaos.kill_one("senior"),
            ],
            id="workers",
        ),
        pytest.param(
            [chaos.kill_one("api"), chaos.kill_one("relay"), chaos.kill_one("courier")],
            id="api-relay-courier",
        ),
        pytest.param([chaos.flush_redis, chaos.restart_redis, chaos.kill_redis], id="redis"),
        pytest.param([chaos.restart_postgres, chaos.kill_postgres], id="postgres"),
    ],
)
def test_nothing_is_lost_and_nothing_acts_twice(site: Site, faults: Sequence[Fault]) -> None:
    """While senders post and people decide, parts of the site break and come back."""
    sender = Sender(site, items(uuid4().hex[:8], _ITEMS), batch=8)
    people = People(site)
    try:
        for number, fault in enumerate(faults, start=1):
            answered = _ITEMS * number // (len(faults) + 1)
            _await_answers(sender, answered)
            fault(site, Random(number))
        sent = sender.finish()
    finally:
        people.finish()
    assert len(sent.answers) == _ITEMS
    site.await_ready()
    settle(site)
    assert check(site, sent.answers).lost == 0


def test_a_receiver_in_trouble_gets_everything_later(site: Site) -> None:
    """It errs, closes half-way, hangs; what it did not take comes again, under the same ids."""
    answers: dict[str, Mapping[str, Any]] = {}
    for trouble in (answering(500), breaking_off(b"HTTP/1.1 20"), site.receiver.hang):
        site.receiver.respond = trouble
        answers |= Sender(site, items(uuid4().hex[:8], 16), batch=8).finish().answers
        until(lambda: rows(site.store, _TRIED)[0]["n"] > 0, within=60)
    site.receiver.respond = answering(204)
    site.receiver.release()
    settle(site)
    check(site, answers)


def test_two_senders_post_the_same_items_at_once(site: Site) -> None:
    """Each item is judged once, and both senders get the same answer."""
    raws = items(uuid4().hex[:8], _ITEMS)
    first, second = Sender(site, raws, batch=1, at_once=8), Sender(site, raws, batch=8)
    told, again = first.finish().answers, second.finish().answers
    assert {name: each["item_id"] for name, each in told.items()} == {
        name: each["item_id"] for name, each in again.items()
    }
    settle(site)
    check(site, told)
    verdicts = "SELECT count(*) AS n FROM verdicts JOIN items ON items.id = verdicts.item_id"
    (row,) = rows(
        site.store,
        f"{verdicts} WHERE items.sender_id LIKE :prefix",
        prefix=f"{str(raws[0]['id']).partition('-')[0]}-%",
    )
    assert row["n"] == _ITEMS


def test_a_bad_release_changes_nothing(site: Site) -> None:
    """It is refused with the place of its mistake, while items are judged by the last good one."""
    sender = Sender(site, items(uuid4().hex[:8], _ITEMS), batch=8)
    before = rows(site.store, "SELECT names FROM activations ORDER BY id DESC LIMIT 1")
    refused = httpx.post(
        f"{site.urls[0]}/v1/releases",
        json={"files": {"all.yaml": BAD_POLICY}, "message": "a mistake"},
        headers={"authorization": f"Bearer {site.key}"},
        timeout=30,
    )
    sent = sender.finish()
    assert refused.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    assert "score.hat" in refused.text
    assert rows(site.store, "SELECT names FROM activations ORDER BY id DESC LIMIT 1") == before
    settle(site)
    check(site, sent.answers)
    assert all(answer["release"] == before[0]["names"][0] for answer in sent.answers.values())


def _await_answers(sender: Sender, count: int) -> None:
    """Until so many items are answered, so that what breaks next breaks under load."""
    until(lambda: len(sender.sent.answers) >= count or not sender.is_alive(), within=90)
