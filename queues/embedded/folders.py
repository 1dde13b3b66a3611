"""The folder of one server: whom it belongs to, who holds it, and the small files beside the data.

lock        held while a server runs; the process that holds it is written inside
password    made once, readable by the owner alone
port        the last one, taken again where it is free, so that addresses stay valid
server.log  what the server says
"""

import contextlib
import fcntl
import os
import secrets
import shutil
from pathlib import Path
from typing import BinaryIO, Final

from queues.embedded.errors import FolderInUse, FolderUnusable

_LOG_LIMIT: Final = 16 * 1024 * 1024
"""In bytes: a longer log is put aside at the next start."""


class DataFolder:
    """A folder that one process at a time runs a server on. Everything inside has one owner."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self._lock: int | None = None

    @property
    def log(self) -> Path:
        """Where the output of the server goes."""
        return self.path / "server.log"

    @property
    def owner(self) -> tuple[int, int]:
        """User and group that everything here belongs to."""
        status = self.path.stat()
        return status.st_uid, status.st_gid

    def acquire(self) -> None:
        """Make the folder if need be, and hold it.

        Raises:
            FolderUnusable: it cannot be made, or belongs to somebody else.
            FolderInUse: another process holds it.
        """
        try:
            self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
            if os.geteuid() not in {0, self.owner[0]}:
                raise FolderUnusable(
                    str(self.path), "it belongs to another user; start as that user"
                )
            self._refuse_links()
            self.path.chmod(0o700)
            handle = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
            self._hand_over(handle)
        except OSError as error:
            raise FolderUnusable(str(self.path), error.strerror or str(error)) from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            holder = os.read(handle, 32).decode("ascii", "replace").strip()
            os.close(handle)
            raise FolderInUse(
                str(self.path), int(holder) if holder.isdecimal() else None
            ) from error
        os.ftruncate(handle, 0)
        os.write(handle, f"{os.getpid()}\n".encode("ascii"))
        self._lock = handle

    def release(self) -> None:
        """Let others have it; the system does the same when this process ends."""
        if self._lock is not None:
            os.ftruncate(self._lock, 0)
            os.close(self._lock)
            self._lock = None

    def give_to(self, user: int, group: int) -> None:
        """Make everything in it belong to this user."""
        for place, folders, names in os.walk(self.path):
            for name in (*folders, *names):
                os.chown(Path(place, name), user, group, follow_symlinks=False)
        os.chown(self.path, user, group)

    def password(self) -> str:
        """The password of the server: made at the first call, then the same."""
        place = self.path / "password"
        if not place.exists():
            self.write("password", secrets.token_urlsafe(32) + "\n")
        return place.read_text(encoding="ascii").strip()

    def last_port(self) -> int | None:
        """The port of the last start."""
        try:
            return int((self.path / "port").read_text(encoding="ascii"))
        except (FileNotFoundError, ValueError):
            return None

    def write(self, name: str, text: str) -> None:
        """Put a file here, whole or not at all, for the owner's eyes alone."""
        place = self.path / name
        draft = place.with_name(f"{place.name}.new")
        draft.unlink(missing_ok=True)
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
            self._hand_over(file.fileno())
        draft.replace(place)

    def open_log(self) -> BinaryIO:
        """The log, to be written at its end."""
        with contextlib.suppress(FileNotFoundError):
            if self.log.stat().st_size > _LOG_LIMIT:
                self.log.replace(self.log.with_name("server.log.1"))
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW
        handle = os.open(self.log, flags, 0o600)
        self._hand_over(handle)
        return os.fdopen(handle, "wb", buffering=0)

    def last_lines(self, count: int = 12) -> str:
        """The end of the log."""
        text = self.log.read_bytes()[-8192:].decode("utf-8", "replace")
        return "\n".join(text.splitlines()[-count:])

    def make(self, name: str) -> Path:
        """A folder inside, made if need be."""
        inside = self.path / name
        inside.mkdir(mode=0o700, exist_ok=True)
        if os.geteuid() == 0:
            os.chown(inside, *self.owner)
        return inside

    def remove(self, name: str) -> None:
        """Remove a folder inside, with all it holds."""
        shutil.rmtree(self.path / name, ignore_errors=True)

    def _refuse_links(self) -> None:
        """Root does not follow what somebody else may have pointed at the files of root."""
        if os.geteuid() == 0 and self.owner[0] != 0:
            links = [entry.name for entry in os.scandir(self.path) if entry.is_symlink()]
            if links:
                raise FolderUnusable(
                    str(self.path), f"`{links[0]}` is a symbolic link of another user's making"
                )

    def _hand_over(self, handle: int) -> None:
        """What the administrator writes into a folder of somebody else is to be theirs."""
        if os.geteuid() == 0:
            os.fchown(handle, *self.owner)
