"""`tierwise api` serves, ends without breaking anything off, and leaves nothing behind."""

import os
import re
import signal
import subprocess
import sys
import threading
from pathlib import Path

import httpx
import pytest

from queues import keys
from queues.access import Scope
from queues.store.session import Store
from tests.functional.processes import PATIENCE, ROOT, Running, pids, running
from tests.integration import policies
from tests.waiting import until

_ADDRESS = re.compile(r"^listening on (http://127\.0\.0\.1:\d+)$", re.MULTILINE)


def test_requests_that_wait_are_answered_before_the_end(
    store: Store, redis_url: str, tmp_path: Path
) -> None:
    """Told to end, it lets go of them at once; whoever waited knows how things stand."""
    policies.activated(store)
    answers: list[int] = []
    with (
        running(tmp_path, store, redis_url, "api", "--port", "0") as api,
        _client(api, store) as http,
    ):
        assert http.post("/v1/items", json={"id": "a", "text": "zorblings"}).status_code == 201
        wait = "/v1/items/a/decision?wait=60"
        waiting = threading.Thread(target=lambda: answers.append(http.get(wait).status_code))
        waiting.start()
        until(lambda: "tierwise_waiting_requests 1.0" in http.get("/metrics").text)
        api.process.terminate()
        assert api.process.wait(30) == 0
        waiting.join()
    assert answers == [202]
    assert pids(store, "api") == []


def test_processes_share_a_port_and_their_counts(
    store: Store, redis_url: str, tmp_path: Path
) -> None:
    """One that is killed is replaced, its counts stay; all end with who started them."""
    policies.activated(store)
    with running(tmp_path, store, redis_url, "api", "--port", "0", "--processes", "2") as api:
        with _client(api, store) as http:
            until(lambda: len(pids(store, "api")) == 2, within=PATIENCE)
            for number in range(20):
                assert http.post("/v1/items", json={"id": str(number), "text": "x"}).is_success
            first = pids(store, "api")
            os.kill(first[0], signal.SIGKILL)
            until(lambda: len(set(pids(store, "api")) - set(first)) == 1, within=PATIENCE)
            until(lambda: _served(http) == 20, within=PATIENCE)
        children = [pid for pid in pids(store, "api") if pid != first[0]]
        api.kill()
        until(lambda: not any(map(_runs, children)), within=PATIENCE)


def test_keys_are_made_listed_and_revoked(store: Store, redis_url: str) -> None:
    """The key is printed once, alone on its line; a list never shows it."""
    secret = _tierwise(store, redis_url, "key", "create", "forum", "--scope", "items:write").strip()
    assert re.fullmatch(r"tw_[\w-]{43}", secret)
    listed = _tierwise(store, redis_url, "key", "list")
    assert "forum  items:write  valid" in listed
    assert secret not in listed
    assert "is revoked" in _tierwise(store, redis_url, "key", "revoke", secret[:9])
    assert "revoked 2" in _tierwise(store, redis_url, "key", "list")


def test_a_key_for_nothing_is_not_made(store: Store, redis_url: str) -> None:
    """A scope that does not exist is refused, and the ones there are named."""
    with pytest.raises(subprocess.CalledProcessError) as refused:
        _tierwise(store, redis_url, "key", "create", "forum", "--scope", "items:all")
    assert "items:write" in refused.value.stderr
    assert keys.listed(store) == []


def _client(api: Running, store: Store) -> httpx.Client:
    until(lambda: _ADDRESS.search(api.said), within=PATIENCE)
    found = _ADDRESS.search(api.said)
    assert found is not None
    _, secret = keys.create(store, name="tester", scopes=[Scope.ADMIN], by="cli:test")
    return httpx.Client(
        base_url=found.group(1), headers={"X-API-Key": secret}, trust_env=False, timeout=70
    )


def _served(http: httpx.Client) -> int:
    """Items that were posted, as all processes together count them."""
    name = 'tierwise_request_seconds_count{route="/v1/items"}'
    lines = [line for line in http.get("/metrics").text.splitlines() if line.startswith(name)]
    return int(float(lines[0].rpartition(" ")[2])) if lines else 0


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _tierwise(store: Store, redis_url: str, *arguments: str) -> str:
    return subprocess.run(
        [sys.executable, "-P", "-m", "queues.cli", *arguments],
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "TIERWISE_DATABASE__URL": store.url,
            "TIERWISE_REDIS__URL": redis_url,
            "COLUMNS": "200",
        },
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE,
    ).stdout
