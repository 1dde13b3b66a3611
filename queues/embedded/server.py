"""What the embedded servers have in common: from a folder to a running process, and back."""

import signal
import subprocess
from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Final, Self

from queues.embedded.errors import ServerFailed
from queues.embedded.folders import DataFolder
from queues.embedded.leftovers import end_leftovers, running_in, send
from queues.embedded.patience import wait_until
from queues.embedded.ports import free_port, is_free
from queues.embedded.privileges import Privileges, privileges_for

_TRIES: Final = 5
"""How often a port may be lost to another process."""
_READY: Final = 120.0
"""In seconds: after a crash a server first reads its log again."""
_STOPPED: Final = 30.0
"""In seconds, before a stop becomes a kill."""


class EmbeddedServer(ABC):
    """A server on a data folder of ours, reachable from this machine alone, with a password.

    Start it from a thread that lives as long as the server should: where the system can, the
    server is stopped when that thread ends, so that nothing is left when this process is killed.
    """

    server: ClassVar[str]
    """As people call it."""
    politely: ClassVar[signal.Signals]
    """Asks it to end cleanly and at once."""

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        self.folder = DataFolder(folder)
        self.durable = durable
        self._process: subprocess.Popen[bytes] | None = None
        self._port = 0

    @property
    @abstractmethod
    def url(self) -> str:
        """Its address, password included."""

    @property
    def port(self) -> int:
        """Where it listens; kept from start to start unless somebody else took it."""
        return self._port

    @property
    def pid(self) -> int:
        """Its first process; 0 when it was not started."""
        return self._process.pid if self._process else 0

    @property
    def running(self) -> bool:
        """Whether its first process is there."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start it and wait until it answers.

        Raises:
            FolderInUse: another process runs a server on the folder.
            FolderUnusable: the folder cannot be used.
            ServerNotFound: the program is not installed.
            ServerTooOld: the program is of the wrong version.
            ServerFailed: it ended, or did not get ready.
        """
        if self._process is not None:
            self._let_go()
        program = self._program()
        self.folder.acquire()
        try:
            privileges = privileges_for(self.folder, program)
            self._end_leftovers(program)
            self._prepare(privileges)
            self._launch(program, privileges)
            self._settle()
        except BaseException:
            self.kill()
            raise

    def stop(self) -> None:
        """Stop it cleanly and let others have the folder. Stopping twice is no mistake."""
        if self._process is not None:
            send(self._process.pid, self.politely)
            try:
                self._process.wait(_STOPPED)
            except subprocess.TimeoutExpired:
                self._kill_all()
        self._let_go()

    def restart(self) -> None:
        """Stop and start; the address stays the same unless another process takes the port."""
        self.stop()
        self.start()

    def kill(self) -> None:
        """End all its processes at once, as a power failure would."""
        if self._process is not None:
            self._kill_all()
        self._let_go()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @abstractmethod
    def _program(self) -> Path:
        """The program of the server."""

    @abstractmethod
    def _stands_in(self) -> Path:
        """The folder that the running server makes the current one."""

    @abstractmethod
    def _pid_file(self) -> Path:
        """Where the server writes its first process, on the first line."""

    @abstractmethod
    def _prepare(self, privileges: Privileges) -> None:
        """Bring the data folder into the state a start needs."""

    @abstractmethod
    def _configure(self, port: int) -> Sequence[str]:
        """Write the settings; the arguments of the program."""

    @abstractmethod
    def _answers(self) -> bool:
        """Whether it is ready."""

    @abstractmethod
    def _settle(self) -> None:
        """Do what remains once it answers."""

    def _end_leftovers(self, program: Path) -> None:
        try:
            first = int(self._pid_file().read_text("ascii").split("\n", 1)[0])
        except (OSError, ValueError):
            first = None
        end_leftovers(self._stands_in(), program.name, first, self.politely)

    def _launch(self, program: Path, privileges: Privileges) -> None:
        last = self.folder.last_port()
        for attempt in range(_TRIES):
            self._port = last if last and attempt == 0 and is_free(last) else free_port()
            arguments = self._configure(self._port)
            with self.folder.open_log() as log:
                self._process = privileges.spawn(
                    [str(program), *arguments],
                    folder=self.folder.path,
                    log=log,
                    ends_with=self.politely,
                )
            if self._became_ready(self._process):
                self.folder.write("port", f"{self._port}\n")
                return
            if is_free(self._port):
                break  # It was not the port.
        raise self._failed(what="ended while it started")

    def _became_ready(self, process: subprocess.Popen[bytes]) -> bool:
        """Wait until it answers; False when it ended instead."""
        if not wait_until(lambda: process.poll() is not None or self._answers(), _READY):
            raise self._failed(what=f"was not ready after {_READY:.0f} s")
        return process.poll() is None

    def _failed(self, what: str) -> ServerFailed:
        return ServerFailed(self.server, what, str(self.folder.log), self.folder.last_lines())

    def _kill_all(self) -> None:
        process = self._process
        if process is None or process.poll() is not None:
            return
        # Stopped first, so that it starts no other while its children are counted.
        send(process.pid, signal.SIGSTOP)
        program = self._program().name
        for pid in (process.pid, *running_in(self._stands_in(), program)):
            send(pid, signal.SIGKILL)
        process.wait()
        wait_until(lambda: not running_in(self._stands_in(), program), _STOPPED)

    def _let_go(self) -> None:
        self._process = None
        self.folder.release()
