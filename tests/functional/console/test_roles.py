"""Who gets to see which page: by the navigation, by its address, and by the door of the service."""

import re

import pytest
from playwright.sync_api import WebSocketRoute
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.util import calc_hash

from dashboard.navigation import PAGES
from queues.access import Role
from tests.functional.console.site import Console, settled

#: What a browser shows of a page that there is not.
_MISSING = "Page not found"


@pytest.mark.parametrize("role", [str(role) for role in Role])
def test_each_role_sees_its_pages(console: Console, role: str) -> None:
    """And no others; the address of another's page shows nothing of it."""
    name = f"one-{role.replace('_', '-')}"
    console.person(name, role)
    may = set(console.operations(role))
    mine = [page for page in PAGES if set(page.needs) <= may]
    others = [page for page in PAGES if page not in mine]
    with console.signed_in(name, f"/{mine[-1].path}") as tab:
        links = tab.locator('[data-testid="stSidebarNav"] a')
        shown = [links.nth(place).get_attribute("href") or "" for place in range(links.count())]
        if len(mine) > 1:  # Streamlit shows no navigation with a single choice
            assert sorted(each.rpartition("/")[2] for each in shown) == sorted(
                page.path for page in mine if not page.hidden
            )
        for page in others[:: max(1, len(others) // 3)]:
            tab.goto(f"{console.address}/{page.path}")
            settled(tab)
            assert tab.inner_text("h1") != page.title
            assert tab.get_by_text(page.question, exact=True).count() == 0


def test_a_message_opens_no_page_of_others(console: Console) -> None:
    """Whatever a browser says over its WebSocket that it is on: there are their own pages alone."""
    console.person("forger", "moderator")
    may = set(console.operations("moderator"))
    own, *others = (
        next(page for page in PAGES if page.path == "me"),
        *(page for page in PAGES if not set(page.needs) <= may),
    )
    assert others
    with console.signed_in("forger", "/desk") as first:
        tab = first.context.new_page()
        forged = [own.path]
        tab.route_web_socket(re.compile("/_stcore/stream"), lambda route: _forge(route, forged))
        tab.goto(f"{console.address}/desk")
        tab.get_by_text(own.question, exact=True).wait_for()
        for page in others[:: max(1, len(others) // 4)]:
            forged[:] = [page.path]
            tab.reload()
            settled(tab)
            assert tab.inner_text("h1") != page.title
            assert tab.get_by_text(page.question, exact=True).count() == 0


def _forge(route: WebSocketRoute, path: list[str]) -> None:
    """Every message that asks for a page asks for this one."""
    server = route.connect_to_server()

    def pass_on(message: str | bytes) -> None:
        assert isinstance(message, bytes)
        sent = BackMsg.FromString(message)
        if sent.WhichOneof("type") == "rerun_script":
            asked = ClientState(page_script_hash=calc_hash(path[0]), page_name=path[0])
            sent.rerun_script.MergeFrom(asked)
        server.send(sent.SerializeToString())

    route.on_message(pass_on)
    server.on_message(route.send)
