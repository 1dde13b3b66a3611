"""Machines do not agree on the time: leases, due times and upkeep go by the clock of Postgres."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import uuid4

import httpx
import orjson
import pytest
from sqlalchemy import text

from tests.faults.clocks import can_be_wrong, set_clocks
from tests.faults.load import People, Sender, items
from tests.faults.promises import check, settle
from tests.faults.site import Site
from tests.integration.intakes import rows
from tests.waiting import until

pytestmark = pytest.mark.skipif(not can_be_wrong(), reason="libfaketime does not work here")

_ITEMS: Final = 160
#: Cases that people decide, and items that are read one by one.
_VOTES: Final = 20
_READ: Final = 20
_MINUTES: Final = timedelta(minutes=10)
_HALF_A_DAY: Final = timedelta(hours=12)
#: One of each kind; their siblings are slow or right. There is one beat alone, and it is slow.
_FAST: Final = ("relay-1", "courier-1", "auto-1", "single-1", "senior-1", "api-1")
_SLOW: Final = ("beat-0", "api-0")
_LEASE: Final = timedelta(seconds=600)
#: What is written down of the items of a test, and when that was.
_MOMENTS: Final = (
    "SELECT 'received' AS what, received_at AS at FROM items WHERE sender_id LIKE :mine",
    "SELECT 'decided', decided_at FROM items WHERE sender_id LIKE :mine",
    *(
        f"SELECT '{what}', told.{column} FROM {table} AS told"  # noqa: S608 - of constants
        " JOIN items ON items.id = told.item_id WHERE sender_id LIKE :mine"
        for what, table, column in (
            ("judged", "verdicts", "at"),
            ("enqueued", "cases", "enqueued_at"),
            ("decision", "decisions", "at"),
            ("event", "events", "at"),
            ("audit", "audit_events", "at"),
        )
    ),
)
_DUE: Final = """
SELECT cases.tier, due_at - received_at AS sla FROM cases JOIN items ON items.id = cases.item_id
WHERE sender_id LIKE :mine
"""
_SLA: Final = {"single": timedelta(hours=24), "senior": timedelta(hours=8)}


#: Minutes apart, and two as far as ids of rows may be, by which days of tables are chosen.
_SKEWS: Final = {
    **dict.fromkeys(_FAST, _MINUTES),
    **dict.fromkeys(_SLOW, -_MINUTES),
    "auto-1": -_HALF_A_DAY,
    "api-1": _HALF_A_DAY,
}


@pytest.fixture
def skewed(site_as_left: Site) -> Site:
    """The site, on machines whose clocks are wrong."""
    set_clocks(site_as_left, _SKEWS)
    return site_as_left


def test_clocks_that_differ_change_nothing(skewed: Site) -> None:
    """Nothing is lost or done twice; every moment, due time and lease is Postgres' own."""
    site, prefix = skewed, uuid4().hex[:8]
    began = _now(site)
    sent = Sender(site, items(prefix, _ITEMS), batch=8).finish()
    settle(site)
    _check_leases(site)
    _check_upkeep(site)
    _vote(site)
    settle(site)
    _check_moments(site, prefix, began)
    _check_records(site, sent.answers)
    assert check(site, sent.answers).lost == 0


def _check_moments(site: Site, prefix: str, began: datetime) -> None:
    """All that happened to the items of a test happened between two looks at Postgres' clock."""
    ended, mine = _now(site), f"{prefix}-%"
    found = rows(site.store, " UNION ALL ".join(_MOMENTS), mine=mine)
    assert found
    wrong = [row for row in found if row["at"] and not began <= row["at"] <= ended]
    assert not wrong, f"{len(wrong)} of {len(found)}, such as {wrong[0]}"
    for case in rows(site.store, _DUE, mine=mine):
        assert abs(case["sla"] - _SLA[case["tier"]]) < ended - began, case


def _check_records(site: Site, answers: Mapping[str, Mapping[str, Any]]) -> None:
    """Whoever reads an item, or exports statements, through either process finds everything."""
    counted = "SELECT item_id, count(*) AS n FROM decisions GROUP BY 1"
    decisions = {str(row["item_id"]): row["n"] for row in rows(site.store, counted)}
    for number, (name, answer) in enumerate(list(answers.items())[:_READ]):
        dossier = _get(site, number % 2, f"/v1/items/{name}").json()
        assert len(dossier["verdicts"]) == 1, name
        assert len(dossier["decisions"]) == decisions.get(answer["item_id"], 0), name
    ids = {str(row["id"]) for row in rows(site.store, "SELECT id FROM statements")}
    since = f"{_now(site) - timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}"
    for number in range(2):
        lines = _get(site, number, f"/v1/statements?since={since}").text.splitlines()
        assert {orjson.loads(line)["puid"] for line in lines} == ids


def _check_leases(site: Site) -> None:
    """What one process hands out stays handed out for the other, and until the lease is over."""
    for first, other in ((0, 1), (1, 0)):
        before = _now(site)
        kept, left = _claim(site, first, "ana", 2)
        for case in (kept, left):
            ends = datetime.fromisoformat(case["lease_until"])
            assert before + _LEASE <= ends <= _now(site) + _LEASE
        taken = {case["id"] for case in _claim(site, other, "ben", 50)}
        assert not taken & {kept["id"], left["id"]}
        vote = {"reviewer": "ana", "action": "keep"}
        _post(site, other, f"/v1/cases/{kept['id']}/decision", vote)
        _let_time_pass(site, left["id"])
        _post(site, other, "/v1/cases:release", {"reviewer": "ben"})
        until(lambda: left["id"] in {case["id"] for case in _claim(site, other, "ben", 50)})  # noqa: B023 - waited for here
        _post(site, first, "/v1/cases:release", {"reviewer": "ben"})


def _check_upkeep(site: Site) -> None:
    """What beat asks for, by whatever clock, is done: a lease that is over is taken back."""
    (case,) = _claim(site, 0, "ana", 1)
    _let_time_pass(site, case["id"])
    holder = "SELECT reviewer FROM holds WHERE case_id = :id"
    until(lambda: not rows(site.store, holder, id=case["id"]), within=60)


def _let_time_pass(site: Site, case: str) -> None:
    """As if the lease of a case had just ended."""
    ended = text("UPDATE holds SET lease_until = now() - interval '1 second' WHERE case_id = :id")
    with site.store.transaction() as connection:
        connection.execute(ended, {"id": case})


def _vote(site: Site) -> None:
    """People decide some of what waits, through both processes."""
    people = People(site)
    try:
        until(lambda: people.votes >= _VOTES, within=60)
    finally:
        people.finish()


def _claim(site: Site, number: int, reviewer: str, limit: int) -> list[dict[str, Any]]:
    """Cases for a reviewer, from one of the API processes."""
    wish = {"reviewer": reviewer, "tier": "single", "limit": limit}
    return list(_post(site, number, "/v1/cases:claim", wish).json()["cases"])


def _post(site: Site, number: int, path: str, body: Mapping[str, object]) -> httpx.Response:
    return _ask(site, "POST", f"{site.urls[number]}{path}", body)


def _get(site: Site, number: int, path: str) -> httpx.Response:
    return _ask(site, "GET", f"{site.urls[number]}{path}", None)


def _ask(site: Site, method: str, url: str, body: object) -> httpx.Response:
    headers = {"authorization": f"Bearer {site.key}"}
    answer = httpx.request(method, url, json=body, headers=headers, timeout=30)
    assert answer.is_success, answer.text
    return answer


def _now(site: Site) -> datetime:
    """The moment, by the one clock that counts."""
    at: datetime = rows(site.store, "SELECT clock_timestamp() AS at")[0]["at"]
    return at
