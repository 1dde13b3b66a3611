"""Clocks jump while people have cases in hand and decisions wait to count: nothing is lost."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import text

from engine.verdict import Tier
from queues.embedded import EmbeddedPostgres
from queues.errors import Conflict
from queues.people import Shift, Weekday
from queues.review import Ballot, ClaimLost
from queues.store.migrating import migrate
from queues.store.session import Store
from tests.faults.clocks import Jumping, can_be_wrong, let_jump
from tests.faults.load import Sender
from tests.faults.promises import check, settle
from tests.faults.site import Site
from tests.integration.desks import Desk
from tests.integration.intakes import rows
from tests.integration.staff import Staff

pytestmark = pytest.mark.skipif(not can_be_wrong(), reason="libfaketime does not work here")

_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)
_MACHINES: Final = ("single-0", "single-1", "api-0", "beat-0")
_GRACE: Final = timedelta(seconds=1)
_CASES: Final = 12
_EARLY: Final = """
SELECT votes.at, decisions.at AS counted FROM votes
JOIN cases ON cases.id = votes.case_id
JOIN decisions ON decisions.id = cases.decision_id WHERE votes.reviewer = :name
"""


def test_clocks_of_machines_jump(site_as_left: Site) -> None:
    """Leases, shifts and the time to think again go by Postgres: nobody notices."""
    site, answers = site_as_left, dict[str, Mapping[str, Any]]()
    clock = let_jump(site, _MACHINES)
    for jump in (_DAY, -_DAY):
        answers |= _work_over(site, clock, jump)
    settle(site)
    assert check(site, answers).lost == 0


def _work_over(site: Site, clock: Jumping, jump: timedelta) -> dict[str, Mapping[str, Any]]:
    """Have people hold cases and votes wait while clocks jump; what senders were told."""
    name, prefix = f"ana-{uuid4().hex[:6]}", uuid4().hex[:8]
    Staff(site.store).add(name, shifts=[_shift_around(_now(site.store))])
    raws = [
        {"id": f"{prefix}-{n}", "text": f"hello {prefix} {n}", "score": {"hate": 0.6}}
        for n in range(_CASES)
    ]
    sent = Sender(site, raws, batch=4).finish()
    settle(site)
    held = _claim(site, name, _CASES)
    assert held
    kept, left = held[: len(held) // 2], held[len(held) // 2 :]
    for case in kept:
        _decide(site, name, case)
    clock.jump(jump)
    assert not set(_claim(site, "ben", 50)) & set(held)
    assert _claim(site, name, 1) is not None
    for case in left:
        _decide(site, name, case)
    settle(site)
    counted = rows(site.store, _EARLY, name=name)
    assert len(counted) == len(held)
    assert all(row["at"] + _GRACE <= row["counted"] <= _now(site.store) for row in counted)
    _ask(site, "/v1/cases:release", {"reviewer": "ben"})
    return sent.answers


@pytest.fixture
def jumpy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Desk, Jumping]]:
    """An installation on a Postgres whose own clock can jump, and that clock."""
    clock = Jumping(file=tmp_path / "clock")
    clock.jump(timedelta(0))
    with monkeypatch.context() as environment:
        for name, value in clock.environment.items():
            environment.setenv(name, value)
        server = EmbeddedPostgres(tmp_path / "postgres", durable=False)
        server.start()
    try:
        migrate(server.url)
        store = Store(server.url)
        yield Desk(store, tmp_path), clock
        store.close()
    finally:
        server.stop()


def test_the_clock_of_postgres_goes_back(jumpy: tuple[Desk, Jumping]) -> None:
    """All waits for an hour longer at most: leases, and votes that are to count."""
    desk, clock = jumpy
    slow = desk.review_with(grace=60, lease=600)
    desk.send("odd", "odd", "odd")
    desk.work()
    voted, held, other = (slow.claim(name, Tier.SINGLE)[0] for name in ("ana", "ben", "cleo"))
    slow.vote(Ballot(case_id=voted.id, reviewer="ana", action="remove", reasons=("hate.slur",)))
    before = _now(desk.store)
    clock.jump(-_HOUR)
    assert before - _now(desk.store) > _HOUR / 2
    # Nothing is handed out twice, nothing counts early, and whoever is at work goes on.
    assert slow.claim("dan", Tier.SINGLE) == []
    assert (slow.expire_leases(), slow.commit_due()) == (0, [])
    assert slow.vote(Ballot(case_id=held.id, reviewer="ben", action="keep")).complete
    slow.release("cleo")
    assert slow.claim("dan", Tier.SINGLE)[0].id == other.id
    # A vote can be taken back as long as it does not count; what is kept now ends as usual.
    assert slow.undo("ana", voted.id).lease_until < before
    slow.vote(Ballot(case_id=voted.id, reviewer="ana", action="remove", reasons=("hate.slur",)))
    clock.jump(timedelta(0))
    assert len(slow.commit_due()) == 2
    assert slow.commit_due() == []
    assert slow.expire_leases() == 1
    with pytest.raises(ClaimLost):
        slow.vote(Ballot(case_id=other.id, reviewer="dan", action="keep"))
    _finish(desk, 3)


def test_the_clock_of_postgres_goes_forwards(jumpy: tuple[Desk, Jumping]) -> None:
    """Leases end and votes count at once; when it is back, what was decided stays so."""
    desk, clock = jumpy
    slow = desk.review_with(grace=60, lease=600)
    desk.send("odd", "odd")
    desk.work()
    voted, held = (slow.claim(name, Tier.SINGLE)[0] for name in ("ana", "ben"))
    slow.vote(Ballot(case_id=voted.id, reviewer="ana", action="remove", reasons=("hate.slur",)))
    clock.jump(_HOUR)
    with pytest.raises(Conflict, match="60 seconds"):
        slow.undo("ana", voted.id)
    assert len(slow.commit_due()) == 1
    assert slow.claim("cleo", Tier.SINGLE)[0].id == held.id
    with pytest.raises(ClaimLost):
        slow.vote(Ballot(case_id=held.id, reviewer="ben", action="keep"))
    clock.jump(timedelta(0))
    # What was claimed by the wrong clock is held by it, and can be given back.
    assert slow.claim("dan", Tier.SINGLE) == []
    assert slow.release("cleo") == [held.id]
    slow.claim("dan", Tier.SINGLE)
    slow.vote(Ballot(case_id=held.id, reviewer="dan", action="keep"))
    assert slow.commit_due() == []
    with desk.store.transaction() as connection:
        connection.execute(text("UPDATE cases SET commit_at = now() WHERE commit_at IS NOT NULL"))
    assert len(slow.commit_due()) == 1
    _finish(desk, 2)


def _finish(desk: Desk, count: int) -> None:
    """Everything is decided, each once."""
    for case in desk.review.claim("eve", Tier.SINGLE, limit=10):
        desk.review.vote(Ballot(case_id=case.id, reviewer="eve", action="keep"))
    desk.work()
    made = desk.rows("SELECT case_id FROM decisions WHERE made_by = 'person'")
    assert len({row["case_id"] for row in made}) == len(made) == count
    assert {row["state"] for row in desk.rows("SELECT state FROM items")} == {"decided"}


def _shift_around(moment: datetime) -> Shift:
    """Two hours in whose middle a moment lies."""
    start, end = (moment.astimezone(UTC) + hours for hours in (-_HOUR, _HOUR))
    day = list(Weekday)[start.weekday()]
    return Shift(day=day, start=f"{start:%H:%M}", end=f"{end:%H:%M}")


def _claim(site: Site, reviewer: str, limit: int) -> list[str]:
    wish = {"reviewer": reviewer, "tier": "single", "limit": limit}
    return [case["id"] for case in _ask(site, "/v1/cases:claim", wish)["cases"]]


def _decide(site: Site, reviewer: str, case: str) -> None:
    vote = {"reviewer": reviewer, "action": "keep"}
    assert _ask(site, f"/v1/cases/{case}/decision", vote)["complete"]


def _ask(site: Site, path: str, body: object) -> dict[str, Any]:
    headers = {"authorization": f"Bearer {site.key}"}
    answer = httpx.post(f"{site.urls[0]}{path}", json=body, headers=headers, timeout=30)
    assert answer.is_success, answer.text
    return dict(answer.json())


def _now(store: Store) -> datetime:
    """The moment, by the clock of Postgres."""
    at: datetime = rows(store, "SELECT clock_timestamp() AS at")[0]["at"]
    return at
