"""Whatever breaks: nothing is lost, nothing acts twice, and the audit chain verifies."""

from random import Random
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
from tests.receivers import Respond, answering, breaking_off
from tests.waiting import until

_ITEMS = 240


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(chaos.kill_one("auto"), id="kill-worker"),
        pytest.param(chaos.kill_child, id="kill-child-of-worker"),
        pytest.param(chaos.kill_one("api"), id="kill-api"),
        pytest.param(chaos.kill_one("relay"), id="kill-relay"),
        pytest.param(chaos.kill_one("courier"), id="kill-courier"),
        pytest.param(chaos.flush_redis, id="flush-redis"),
        pytest.param(chaos.kill_redis, id="kill-redis"),
        pytest.param(chaos.restart_postgres, id="restart-postgres"),
        pytest.param(chaos.kill_postgres, id="kill-postgres"),
    ],
)
def test_nothing_is_lost_and_nothing_acts_twice(site: Site, fault: Fault) -> None:
    """While senders post and people decide, a part of the site breaks and comes back."""
    sender = Sender(site, items(uuid4().hex[:8], _ITEMS), batch=8)
    people = People(site)
    try:
        until(lambda: len(sender.sent.answers) >= _ITEMS // 4, within=60)
        fault(site, Random(1))
        sent = sender.finish()
    finally:
        people.finish()
    assert len(sent.answers) == _ITEMS
    site.await_ready()
    settle(site)
    account = check(site, sent.answers)
    assert account.lost == 0


@pytest.mark.parametrize(
    "trouble",
    [
        pytest.param(answering(500), id="errors"),
        pytest.param(breaking_off(b"HTTP/1.1 20"), id="closes-half-way"),
        pytest.param(None, id="hangs"),
    ],
)
def test_a_receiver_in_trouble_gets_everything_later(site: Site, trouble: Respond | None) -> None:
    """What it did not take is sent again until it does, under the same ids."""
    well = site.receiver.respond
    site.receiver.respond = trouble or site.receiver.hang
    try:
        sent = Sender(site, items(uuid4().hex[:8], 40), batch=8).finish()
        tried = "SELECT count(*) AS n FROM deliveries WHERE state = 'pending' AND attempts > 0"
        until(lambda: rows(site.store, tried)[0]["n"] > 0, within=60)
    finally:
        site.receiver.respond = well
        site.receiver.release()
    settle(site)
    check(site, sent.answers)


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
