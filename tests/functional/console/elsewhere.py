"""A server that is not ours, and must not be asked for anything."""

from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread


@contextmanager
def elsewhere() -> Iterator[tuple[str, list[bytes]]]:
    """An address there, and what was asked, in whatever way."""
    asked: list[bytes] = []

    class Recorder(StreamRequestHandler):
        def handle(self) -> None:
            asked.append(self.rfile.readline())
            self.wfile.write(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")

    with ThreadingTCPServer(("127.0.0.1", 0), Recorder) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/owned", asked
        server.shutdown()
        thread.join()
