"""Ports of this machine for servers that only it may reach."""

import secrets
import socket
from typing import Final

LOOPBACK: Final = "127.0.0.1"

# Below what systems hand to outgoing connections: a server that is down does not lose its port to
# one, and a client that tries to reconnect to it cannot end up connected to itself.
_LOWEST: Final = 20_000
_HIGHEST: Final = 32_000


def free_port() -> int:
    """A port nobody listens on. Another process may take it first: be ready to ask again."""
    while True:
        port = _LOWEST + secrets.randbelow(_HIGHEST - _LOWEST)
        if is_free(port):
            return port


def is_free(port: int) -> bool:
    """Whether a server could listen on this port now."""
    with socket.socket() as probe:
        # As the servers do: connections that have just ended do not block the port.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True
