"""Where a server can listen."""

import socket
from typing import Final

from queues.errors import InvalidSettings

_LOOPBACK: Final = "127.0.0.1"


def free_place(wanted: int) -> tuple[str, int]:
    """The address of this machine alone, and a wanted port or else a free one."""
    for port in (wanted, 0):
        try:
            with socket.create_server((_LOOPBACK, port)) as free:
                return _LOOPBACK, int(free.getsockname()[1])
        except OSError:
            continue
    return _LOOPBACK, 0  # nothing is free: whoever listens there says so


def place_of(section: str, host: str, port: int) -> tuple[str, int]:
    """Where a server will listen, as others on this machine reach it.

    Args:
        section: Of the settings, for what is told.
        host: Where it listens.
        port: 0 takes a free one.

    Raises:
        InvalidSettings: somebody else listens there.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.create_server((host, port), family=family) as free:
            taken = int(free.getsockname()[1])
    except OSError as error:
        raise InvalidSettings([f"{section}: cannot listen on {host}:{port}: {error}"]) from error
    reached = {"0.0.0.0": _LOOPBACK, "::": "::1"}.get(host, host)  # noqa: S104 - not listened on
    return (f"[{reached}]" if ":" in reached else reached), taken
