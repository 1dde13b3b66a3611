"""Programs of reviewers are killed, and the API under them: no case is lost, none decided twice."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import text

from queues.lifelines import tied
from tests.faults.load import Sender
from tests.faults.promises import settle
from tests.faults.site import Site
from tests.integration.intakes import rows
from tests.waiting import until

_ROOT: Final = Path(__file__).resolve().parents[2]
_SINGLE: Final = {"text": "hello there", "score": {"hate": 0.6}}
_PANEL: Final = {"text": "what a zorbling"}
_OPEN: Final = """
SELECT cases.id FROM cases JOIN items ON items.id = cases.item_id
WHERE sender_id = :name AND cases.state = 'open'
"""
_MADE: Final = "SELECT made_by, action FROM decisions WHERE case_id = :case"
_TOLD: Final = """
SELECT payload ->> 'action' AS action FROM events
WHERE kind = 'item.decided' AND payload ->> 'case_id' = :case
"""
_BLOCKED: Final = """
SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


class Program:
    """A reviewer's program, as a process of its own."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def ask(self, step: str) -> None:
        """Have it do a step, without waiting for it."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{step}\n")
        self._process.stdin.flush()

    def does(self, step: str) -> dict[str, Any]:
        """Have it do a step; what it was answered."""
        self.ask(step)
        assert self._process.stdout is not None
        told: dict[str, Any] = json.loads(self._process.stdout.readline())
        return told

    def kill(self) -> None:
        """As a laptop that dies."""
        self._process.kill()
        self._process.wait()


@contextmanager
def program(site: Site, name: str, tier: str = "single", *, api: int = 0) -> Iterator[Program]:
    """A reviewer at work."""
    command = [sys.executable, "-m", "tests.faults.reviewer", site.urls[api], site.key, name, tier]
    with subprocess.Popen(
        tied(command, signal.SIGKILL),
        env={**os.environ, "PYTHONPATH": str(_ROOT)},
        cwd=_ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield Program(process)
        finally:
            process.kill()


@pytest.fixture
def quiet(site: Site) -> Site:
    """The site with nothing to do: whatever is open was decided by the machine's own hand."""
    settle(site)
    _change(site, "DELETE FROM holds")
    _change(site, "UPDATE cases SET state = 'withdrawn' WHERE state IN ('waiting', 'open')")
    _change(
        site, "UPDATE items SET state = 'decided', decided_at = now() WHERE state = 'in_review'"
    )
    return site


def test_a_reviewer_killed_after_the_claim(quiet: Site) -> None:
    """The case is theirs until the lease ends, and then the next one's, who decides it alone."""
    case = _opened(quiet, _SINGLE)
    with program(quiet, "ana") as ana, program(quiet, "ben", api=1) as ben:
        assert ana.does("claim")["cases"][0]["id"] == case
        ana.kill()
        assert ben.does("claim")["cases"] == []
        _end_leases(quiet)
        assert ben.does("claim")["cases"][0]["id"] == case
        assert ben.does("keep")["status"] == httpx.codes.CREATED
    _check_decided_once(quiet, case, "publish")


def test_a_reviewer_killed_in_the_middle_of_a_vote(quiet: Site) -> None:
    """What was sent is taken or not; whoever comes next is told which."""
    case = _opened(quiet, _SINGLE)
    with program(quiet, "ana") as ana:
        ana.does("claim")
        with _locked(quiet, case):
            ana.ask("remove")
            until(lambda: rows(quiet.store, _BLOCKED))
            ana.kill()
    with program(quiet, "ana", api=1) as again:
        # The server has it, and goes on without the one who sent it.
        _check_decided_once(quiet, case, "remove")
        assert again.does("claim")["cases"] == []


def test_a_reviewer_killed_before_the_commit(quiet: Site) -> None:
    """What was decided is committed all the same, once, and nobody else is asked."""
    case = _opened(quiet, _SINGLE)
    with program(quiet, "ana") as ana, program(quiet, "ben", api=1) as ben:
        ana.does("claim")
        told = ana.does("remove")
        ana.kill()
        assert told["body"]["decision_id"] is None
        assert told["body"]["commits_at"] is not None
        assert ben.does("claim")["cases"] == []
        _check_decided_once(quiet, case, "remove")


def test_a_panellist_killed_with_a_seat(quiet: Site) -> None:
    """The seat goes to another; the votes that are there count once."""
    case = _opened(quiet, _PANEL)
    with program(quiet, "a", "senior") as gone:
        gone.does("claim")
        gone.kill()
    for name in "bc":
        with program(quiet, name, "senior") as panellist:
            panellist.does("claim")
            panellist.does("remove")
    with program(quiet, "d", "senior", api=1) as last:
        assert last.does("claim")["cases"] == []
        _end_leases(quiet)
        assert last.does("claim")["cases"][0]["id"] == case
        assert last.does("remove")["body"]["complete"]
    _check_decided_once(quiet, case, "remove")


@pytest.mark.parametrize("kind", [_SINGLE, _PANEL], ids=["single", "panel"])
def test_the_api_is_killed_before_a_vote_is_written(quiet: Site, kind: dict[str, Any]) -> None:
    """There is no vote then, the seat is kept, and the same vote is taken when it comes again."""
    case, tier = _opened(quiet, kind), "single" if kind is _SINGLE else "senior"
    _claim(quiet, "ana", tier)
    with _locked(quiet, case), _sent(quiet, case, "ana", tier) as waiting:
        until(lambda: rows(quiet.store, _BLOCKED))
        quiet.kill("api-0")
        assert waiting.recv(1) == b""
    assert _vote(quiet, case, "ana", tier, api=1).status_code == httpx.codes.CREATED
    quiet.start("api-0")
    assert _votes(quiet, case) == 1


@pytest.mark.parametrize("kind", [_SINGLE, _PANEL], ids=["single", "panel"])
def test_the_api_is_killed_when_a_vote_is_written(quiet: Site, kind: dict[str, Any]) -> None:
    """Nobody was answered; whoever votes again is told that the vote is there, now and later."""
    case, tier = _opened(quiet, kind), "single" if kind is _SINGLE else "senior"
    for name in "ana", "ben", "cleo":
        _claim(quiet, name, tier)
    with _sent(quiet, case, "ana", tier):
        until(lambda: _votes(quiet, case) == 1)
        quiet.kill("api-0")
    again = _vote(quiet, case, "ana", tier, api=1)
    assert again.status_code == httpx.codes.CONFLICT
    assert "you have voted in this round" in again.text or "with your vote" in again.text
    quiet.start("api-0")
    for name in ("ben", "cleo") if tier == "senior" else ():
        assert _vote(quiet, case, name, tier).status_code == httpx.codes.CREATED
    _check_decided_once(quiet, case, "remove")
    late = _vote(quiet, case, "ana", tier)
    assert late.status_code == httpx.codes.CONFLICT
    assert "it is decided, with your vote" in late.text


def _opened(site: Site, kind: dict[str, Any]) -> str:
    """An item whose case can be claimed; the case."""
    name = f"{uuid4().hex[:8]}-0"
    # None is a duplicate of another, which is decided with it.
    raw = {"id": name, "author": {"id": "u"}, **kind, "text": f"{kind['text']} {name}"}
    Sender(site, [raw], batch=1).finish()
    until(lambda: rows(site.store, _OPEN, name=name), within=120)
    return str(rows(site.store, _OPEN, name=name)[0]["id"])


@contextmanager
def _locked(site: Site, case: str) -> Iterator[None]:
    """Nobody can vote on a case, and whoever wants to waits, as long as the block lasts."""
    with site.store.transaction() as connection:
        lock = text("SELECT FROM cases WHERE id = :case FOR UPDATE")
        connection.execute(lock, {"case": case})
        yield


def _change(site: Site, statement: str) -> None:
    with site.store.transaction() as connection:
        connection.execute(text(statement))


def _end_leases(site: Site) -> None:
    """As if time had passed."""
    _change(site, "UPDATE holds SET lease_until = now() - interval '1 second'")


def _headers(site: Site) -> dict[str, str]:
    return {"authorization": f"Bearer {site.key}"}


def _claim(site: Site, name: str, tier: str) -> None:
    wish = {"reviewer": name, "tier": tier}
    url = f"{site.urls[0]}/v1/cases:claim"
    answer = httpx.post(url, json=wish, headers=_headers(site), timeout=30)
    assert answer.is_success, answer.text


def _path(case: str, tier: str) -> str:
    return f"/v1/cases/{case}/{'decision' if tier == 'single' else 'vote'}"


def _vote(site: Site, case: str, name: str, tier: str, *, api: int = 0) -> httpx.Response:
    vote = {"reviewer": name, "action": "remove"}
    url = f"{site.urls[api]}{_path(case, tier)}"
    return httpx.post(url, json=vote, headers=_headers(site), timeout=30)


@contextmanager
def _sent(site: Site, case: str, name: str, tier: str) -> Iterator[socket.socket]:
    """A vote was sent, and nobody has read an answer yet."""
    address = urlsplit(site.urls[0])
    body = json.dumps({"reviewer": name, "action": "remove"})
    lines = (
        f"POST {_path(case, tier)} HTTP/1.1",
        f"host: {address.netloc}",
        f"authorization: Bearer {site.key}",
        "content-type: application/json",
        f"content-length: {len(body)}",
        "",
        body,
    )
    with socket.create_connection((address.hostname, address.port), timeout=30) as client:
        client.sendall("\r\n".join(lines).encode())
        yield client


def _votes(site: Site, case: str) -> int:
    return len(rows(site.store, "SELECT FROM votes WHERE case_id = :case", case=case))


def _check_decided_once(site: Site, case: str, action: str) -> None:
    """There is one decision in the end, and receivers were told of one."""
    until(lambda: rows(site.store, _MADE, case=case), within=120)
    settle(site)
    (made,) = rows(site.store, _MADE, case=case)
    assert made["action"] == action
    assert rows(site.store, _TOLD, case=case) == [{"action": action}]
