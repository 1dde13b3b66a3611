"""Pictures are fetched for whoever has the case, and nothing else is, from nowhere else."""

import base64
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from ipaddress import ip_network
from typing import Any, Final

import pytest

from queues.access import Role
from queues.errors import Conflict
from queues.pictures import Gallery
from queues.sections import Pictures
from tests.integration import policies
from tests.integration.apis import Platform, platform, services_for
from tests.receivers import Receiver, answering
from tests.services import Servers

HERE: Final = (ip_network("127.0.0.0/8"),)
PNG: Final = b"\x89PNG\r\n\x1a\n" + bytes(40)


def serving(data: bytes, kind: str = "image/png") -> Callable[[BaseHTTPRequestHandler], None]:
    """Answer with these bytes, whatever they are."""

    def respond(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", kind)
        handler.send_header("Content-Length", str(len(data)))
        handler.end_headers()
        handler.wfile.write(data)

    return respond


def gallery(**settings: Any) -> Gallery:  # noqa: ANN401 - as the settings
    """Fetches from this machine, too."""
    return Gallery(settings=Pictures(**{"allowed_networks": HERE, "timeout": 5, **settings}))


def test_a_picture_is_told_by_its_bytes() -> None:
    """What a server says of it counts for nothing, and what is no picture is refused."""
    with Receiver(serving(PNG, "text/html")) as server:
        found = gallery().fetch(server.url, "picture `0`")
        assert (found.media_type, found.data) == ("image/png", PNG)
        for wrong in (b"<svg onload=alert(1)>", b"<html>", b"", b"GIF88a"):
            server.respond = serving(wrong)
            with pytest.raises(Conflict, match="is no PNG"):
                gallery().fetch(server.url, "picture `0`")
        server.respond = serving(PNG + bytes(1_000))
        with pytest.raises(Conflict, match="larger than 500 bytes"):
            gallery(largest=500).fetch(server.url, "picture `0`")
        server.respond = answering(404)
        with pytest.raises(Conflict, match="the answer is 404"):
            gallery().fetch(server.url, "picture `0`")


def test_what_is_not_public_is_not_asked() -> None:
    """Neither at once nor by a redirect, nor without TLS."""
    with Receiver(serving(PNG)) as server:
        closed = Gallery(settings=Pictures())
        for url in (server.url, "https://127.0.0.1/x", "https://169.254.169.254/x", "ftp://x/y"):
            with pytest.raises(Conflict):
                closed.fetch(url, "picture `0`")
        assert server.received == []
        with Receiver(answering(302, Location="http://10.0.0.1/x")) as first:
            with pytest.raises(Conflict, match=r"10\.0\.0\.1"):
                gallery().fetch(first.url, "picture `0`")
            first.respond = answering(302, Location=server.url)
            assert gallery().fetch(first.url, "picture `0`").data == PNG
            first.respond = answering(302, Location=first.url)
            with pytest.raises(Conflict, match="more than 3 redirects"):
                gallery().fetch(first.url, "picture `0`")


@pytest.fixture
def here(servers: Servers, template: str) -> Iterator[Platform]:
    """An API with nothing in it but a release."""
    with servers.database(template=template) as url:
        services = services_for(url, servers.valkey.url)
        policies.activated(services.store)
        with platform(services) as running:
            yield running


def test_whoever_has_the_case_looks(here: Platform) -> None:
    """At pictures that came with the item; nobody else, and reading is in the audit."""
    region = {"x": 0.1, "y": 0.1, "width": 0.5, "height": 0.5, "confidence": 0.9, "label": "x"}
    picture = {"data": base64.b64encode(PNG).decode(), "regions": [region, {"x": 2}, "no"]}
    item = {"id": "p", "text": "zorblings", "images": [picture, {"data": "*"}, "http://10.0.0.1/"]}
    here.http.post("/v1/items", json=item).raise_for_status()
    here.open_cases()
    with here.signed_in("ana", Role.MODERATOR) as ana, here.signed_in("bo", Role.MODERATOR) as bo:
        (case,) = ana.post("/v1/cases:claim", json={}).json()["cases"]
        address = f"/v1/cases/{case['id']}/pictures"
        told = ana.get(f"/v1/cases/{case['id']}/desk").json()["pictures"]
        assert [(each["number"], each["regions"]) for each in told] == [
            (0, [region]),
            (1, []),
            (2, []),
        ]
        shot = ana.get(f"{address}/0").json()
        assert (shot["media_type"], base64.b64decode(shot["data"])) == ("image/png", PNG)
        assert [ana.get(f"{address}/{n}").status_code for n in (1, 2, 3)] == [404, 409, 404]
        assert bo.get(f"{address}/0").status_code == 409
