"""Where a server can listen."""

import socket

from queues.settings import Api


def free_place(api: Api) -> tuple[str, int]:
    """The address of this machine alone, and the port of the settings or else a free one."""
    for port in (api.port, 0):
        try:
            with socket.create_server(("127.0.0.1", port)) as free:
                return "127.0.0.1", int(free.getsockname()[1])
        except OSError:
            continue
    return "127.0.0.1", 0  # nothing is free: whoever listens there says so
