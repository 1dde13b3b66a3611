"""Everything on one machine, with one command, as somebody does who has just installed it."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from queues.cli.founding import first_key, first_release
from queues.embedded import EmbeddedPostgres
from queues.embedded.leftovers import running_in
from queues.store.session import Store
from tests.functional.processes import PATIENCE, ROOT
from tests.functional.program import rules_in
from tests.waiting import until

ITEM = {"item.id": "1", "item.kind": "post", "text": "hello", "score.hate": 0.99}

_FREE = ("--port", 0, "--console-port", 0)


@contextmanager
def started(folder: Path, *arguments: object) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """The command in a folder, and the file that it writes to; killed if it is still there."""
    output = folder / f"{arguments[0]}.out"
    with output.open("w", encoding="utf-8") as stream:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "queues.cli", *map(str, arguments)],
            cwd=folder,
            env={"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"]},
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=subprocess.STDOUT,
            text=True,
        )
    try:
        yield process, output
    finally:
        process.kill()
        process.wait()


def said(process: subprocess.Popen[str], output: Path, pattern: str) -> str:
    """What it writes, as soon as the pattern is found in it; its first group."""

    def found() -> re.Match[str] | None:
        text = output.read_text("utf-8")
        assert process.poll() is None, text
        return re.search(pattern, text)

    until(found, within=PATIENCE)
    match = found()
    assert match is not None
    return match.group(1)


def end(process: subprocess.Popen[str]) -> int:
    """Press Ctrl-C; the exit code."""
    process.send_signal(signal.SIGINT)
    return process.wait(timeout=PATIENCE)


def test_one_command_runs_everything(tmp_path: Path) -> None:
    """From nothing to a verdict; a server that is killed comes back; nothing is left behind."""
    with started(tmp_path, "up", "--rules", rules_in(tmp_path), *_FREE) as (process, output):
        url = said(process, output, r"Tierwise is up(?:.|\n)*?(http://127\.0\.0\.1:\d+)/docs")
        key = said(process, output, r"\n  (tw_\S+)\n")
        link = said(process, output, r"\n  (http://\S+#twi_\S+)\n")
        assert post(url, key)["tier"] == "auto"
        assert accept(url, link)["person"]["name"] == "admin"
        folder = tmp_path / "var" / "postgres" / "data"
        os.kill(int((folder / "postmaster.pid").read_text("ascii").split()[0]), signal.SIGKILL)
        said(process, output, "(PostgreSQL had ended and was started again)")
        until(lambda: answers(url), within=PATIENCE)
        assert post(url, key)["tier"] == "auto"
        assert end(process) == 0
    text = output.read_text("utf-8")
    assert "Traceback" not in text
    assert text.count(key) == text.count("#twi_") == 1
    assert link.startswith(f"{url}/invitation#")
    assert not running_in(folder, "postgres")
    with EmbeddedPostgres(tmp_path / "var" / "postgres", durable=False) as server:
        store = Store(server.url)
        assert first_key(store) is None
        assert first_release(store, tmp_path / "no such folder") in text
        with psycopg.connect(server.url.replace("+psycopg", "")) as connection:
            rows = connection.execute("SELECT sender_id, state FROM items").fetchall()
        assert rows == [("1", "decided")]
        store.close()


def test_a_port_that_is_taken_is_said_at_once(tmp_path: Path) -> None:
    """Before anything is started or made."""
    with (
        socket.create_server(("127.0.0.1", 0)) as other,
        started(
            tmp_path, "up", "--rules", rules_in(tmp_path), "--port", other.getsockname()[1]
        ) as (
            process,
            output,
        ),
    ):
        assert process.wait(timeout=PATIENCE) == 1
        assert output.read_text("utf-8").startswith("tierwise: api: cannot listen on 127.0.0.1:")
    assert not (tmp_path / "var").exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_developers_get_the_servers_alone(tmp_path: Path, number: signal.Signals) -> None:
    """Their addresses are printed as a shell takes them; they end with the command."""
    with started(tmp_path, "services") as (process, output):
        url = said(process, output, "export TIERWISE_DATABASE__URL='postgresql\\+psycopg(.*)'\n")
        said(process, output, "export TIERWISE_REDIS__URL='(redis://.*)'\n")
        with psycopg.connect(f"postgresql{url}") as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        process.send_signal(number)
        process.wait(timeout=PATIENCE)
    assert "Traceback" not in output.read_text("utf-8")
    assert not running_in(tmp_path / "var" / "postgres" / "data", "postgres")


def post(url: str, key: str) -> dict[str, Any]:
    """Post the item; the answer."""
    return ask(f"{url}/v1/items", ITEM, {"Authorization": f"Bearer {key}"})


def accept(url: str, link: str) -> dict[str, Any]:
    """Follow the link of the first person; the answer."""
    sent = {"token": link.partition("#")[2], "password": "correct horse battery"}
    return ask(f"{url}/v1/people/invitations:accept", sent, {})


def ask(url: str, sent: dict[str, Any], headers: dict[str, str]) -> dict[str, Any]:
    """Send something; the answer."""
    answer = httpx.post(url, json=sent, headers=headers, trust_env=False, timeout=PATIENCE)
    assert answer.is_success, answer.text
    found: dict[str, Any] = answer.json()
    return found


def answers(url: str) -> bool:
    """Whether the API has everything it needs."""
    with suppress(httpx.TransportError):
        return httpx.get(f"{url}/ready", trust_env=False, timeout=PATIENCE).is_success
    return False
