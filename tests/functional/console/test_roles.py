"""Who gets to see which page: by the navigation, by its address, and by the door of the service."""

import pytest

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
