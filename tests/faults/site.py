"""A site of real processes: the service as somebody runs it who has outgrown one machine."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final, Self

import httpx

from queues import keys
from queues.access import Scope
from queues.embedded import EmbeddedPostgres, EmbeddedValkey
from queues.lifelines import tied
from queues.policies import releases
from queues.store.migrating import migrate
from queues.store.session import Store
from tests.receivers import Receiver
from tests.waiting import until

#: How many of each there are.
PARTS: Final[Mapping[str, tuple[int, Sequence[str]]]] = {
    "api": (2, ("api",)),
    "relay": (2, ("relay",)),
    "courier": (2, ("courier",)),
    "beat": (1, ("beat",)),
    "auto": (2, ("worker", "--queues", "auto")),
    "single": (2, ("worker", "--queues", "single")),
    "senior": (2, ("worker", "--queues", "senior")),
}
#: Short, so that what was lost is sent again while a test waits. Nothing is drawn: which case is
#: blind or looked at twice hangs on its id, and a test must end the same way each time.
_SETTINGS: Final = {
    "TIERWISE_API__HOST": "127.0.0.1",
    "TIERWISE_API__RATE": "100000000",
    "TIERWISE_LOGGING__LEVEL": "warning",
    "TIERWISE_OUTBOX__CONFIRM_WITHIN": "5",
    "TIERWISE_REVIEW__BLIND_SHARE": "0",
    "TIERWISE_REVIEW__GRACE": "1",
    "TIERWISE_REVIEW__OVERLAP": "0",
    "TIERWISE_WEBHOOKS__ALLOWED_NETWORKS": '["127.0.0.0/8"]',
    "TIERWISE_WEBHOOKS__FIRST_RETRY": "0.2",
    "TIERWISE_WEBHOOKS__TIMEOUT": "2",
}


@dataclass(slots=True)
class Process:
    """One process of the site."""

    name: str
    arguments: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    """What it is given beside what all have."""
    port: int = 0
    """Of an API process: the same after every start."""
    running: subprocess.Popen[bytes] | None = None
    starts: int = 0


@dataclass(slots=True)
class Site:
    """All processes, their servers and their receiver."""

    folder: Path
    policy: Path
    parts: Mapping[str, tuple[int, Sequence[str]]] = field(default_factory=lambda: PARTS)
    settings: Mapping[str, str] = field(default_factory=dict)
    """Of all processes, beside those that every site has."""
    processes: dict[str, Process] = field(default_factory=dict)
    kills: int = 0
    key: str = ""
    secret: str = ""
    store: Store = field(init=False)
    postgres: EmbeddedPostgres = field(init=False)
    valkey: EmbeddedValkey = field(init=False)
    receiver: Receiver = field(init=False)
    _open: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)

    @property
    def urls(self) -> list[str]:
        """Where the API answers."""
        return [
            f"http://127.0.0.1:{process.port}"
            for process in self.processes.values()
            if process.port
        ]

    def __enter__(self) -> Self:
        """Start everything, and wait until it is ready."""
        with contextlib.ExitStack() as stack:
            self.postgres = stack.enter_context(EmbeddedPostgres(self.folder / "postgres"))
            self.valkey = stack.enter_context(EmbeddedValkey(self.folder / "valkey"))
            self.receiver = stack.enter_context(Receiver())
            migrate(self.postgres.url)
            self.store = Store(self.postgres.url)
            stack.callback(self.store.close)
            published = releases.publish_folder(
                self.store, self.policy, by="test", message="the first"
            )
            releases.activate(self.store, published.name, by="test")
            _, self.key = keys.create(self.store, name="test", scopes=[Scope.ADMIN], by="test")
            stack.callback(self._stop)
            for kind, (count, arguments) in self.parts.items():
                for number in range(count):
                    self._start(Process(f"{kind}-{number}", arguments))
            self.await_ready()
            self._register()
            self._open = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop everything."""
        self._open.close()

    def await_ready(self) -> None:
        """Until every API process says that nothing is missing, and all others run."""
        until(lambda: all(_answers(f"{url}/ready") for url in self.urls), within=90)
        for process in self.processes.values():
            running = process.running
            assert running is not None, process.name
            assert running.poll() is None, f"{process.name} ended: {self.log(process.name)}"

    def kill(self, name: str) -> None:
        """Kill -9 of one process and everything it started."""
        running = self._of(name)
        for child in children_of(running.pid):
            _kill(child)
        _kill(running.pid)
        running.wait()
        self.kills += 1

    def kill_child(self, name: str) -> bool:
        """Kill -9 of a process that another started: the one in which a worker does its work."""
        children = list(children_of(self._of(name).pid))
        if not children:
            return False
        _kill(children[-1])
        self.kills += 1
        return True

    def start(self, name: str) -> None:
        """Start a process that was killed."""
        self._start(self.processes[name])

    def revive(self) -> None:
        """Start whatever has ended, as a supervisor does."""
        for process in self.processes.values():
            if process.running is not None and process.running.poll() is not None:
                self._start(process)

    def log(self, name: str) -> str:
        """The last lines that a process wrote."""
        text = (self.folder / f"{name}.log").read_text(encoding="utf-8", errors="replace")
        return "\n".join(text.splitlines()[-20:])

    def _of(self, name: str) -> subprocess.Popen[bytes]:
        running = self.processes[name].running
        assert running is not None, name
        return running

    def _start(self, process: Process) -> None:
        self.processes[process.name] = process
        arguments = list(process.arguments)
        if arguments[0] == "api":
            arguments += ["--port", str(process.port)]
        path = self.folder / f"{process.name}.log"
        with path.open("ab") as log:
            start = log.tell()
            process.running = self._popen(arguments, process.environment, log)
        process.starts += 1
        if arguments[0] == "api":
            until(lambda: _port_in(path, start), within=60)
            process.port = _port_in(path, start)

    def _popen(
        self, arguments: Sequence[str], environment: Mapping[str, str], log: BinaryIO
    ) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            # Ends with the tests, however these end.
            tied([sys.executable, "-m", "queues.cli", *arguments], signal.SIGKILL),
            env={
                **os.environ,
                **_SETTINGS,
                **self.settings,
                **self._addresses(),
                **environment,
            },
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=self.folder,
            start_new_session=True,
        )

    def _addresses(self) -> dict[str, str]:
        return {
            "TIERWISE_DATABASE__URL": self.postgres.url,
            "TIERWISE_REDIS__URL": self.valkey.url,
        }

    def _register(self) -> None:
        answer = httpx.post(
            f"{self.urls[0]}/v1/webhooks",
            json={"url": self.receiver.url},
            headers={"authorization": f"Bearer {self.key}"},
            timeout=30,
        )
        assert answer.is_success, answer.text
        self.secret = answer.json()["secret"]

    def _stop(self) -> None:
        running = [each.running for each in self.processes.values() if each.running is not None]
        for process in running:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        for process in running:
            process.wait()


def children_of(pid: int) -> Iterator[int]:
    """The processes that a process started, and those these started."""
    for path in Path("/proc", str(pid), "task").glob("*/children"):
        with contextlib.suppress(OSError):
            for child in path.read_text(encoding="ascii").split():
                yield int(child)
                yield from children_of(int(child))


def _kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=5).status_code == httpx.codes.OK
    except httpx.TransportError:
        return False


def _port_in(path: Path, start: int) -> int:
    """The port that an API process says it listens on; 0: it has not said so yet."""
    with path.open("rb") as log:
        log.seek(start)
        for line in log.read().decode(errors="replace").splitlines(keepends=True):
            if line.startswith("listening on ") and line.endswith("\n"):
                return int(line.rstrip().rpartition(":")[2])
    return 0
