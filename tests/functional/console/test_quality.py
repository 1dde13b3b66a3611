"""A manager goes from a figure to what is behind it, and can hand the way on."""

import csv
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.functional.console.site import Console, console, settled
from tests.integration.policies import sources
from tests.waiting import until

_ITEMS = 3
#: Of each item, what the first one chose, and what the second one chose without knowing.
_CHOICES = (("remove", "publish"), ("remove", "remove"), ("publish", "remove"))

#: How far the page is scrolled, and what has the focus.
_PLACE = """() => [
    document.querySelector('[data-testid="stMain"]').scrollTop,
    document.activeElement.tagName + document.activeElement.getAttribute("aria-label"),
]"""


@pytest.fixture(scope="module")
def looked_at(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    """A site in which two people have looked at everything, and differed."""
    folder = tmp_path_factory.mktemp("quality")
    rules = folder / "rules"
    for name, text in sources().items():
        path = rules / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    settings = {"TIERWISE_REVIEW__GRACE": "0", "TIERWISE_REVIEW__OVERLAP": "1"}
    with console(folder, browser, rules=rules, **settings) as running:
        running.person("max", "manager")
        running.post(*({"text": f"zorblings {number}"} for number in range(_ITEMS)))
        for person, which in (("ana", 0), ("bea", 1)):
            for choices in _CHOICES:
                _vote(running, person, choices[which])
        yield running


def _vote(running: Console, person: str, action: str) -> None:
    """On the next case, as soon as there is one: a second look is opened after the first."""
    found: list[str] = []
    until(partial(_claimed, running, person, found), within=60)
    sent: dict[str, object] = {"reviewer": person, "action": "keep"}
    if action != "publish":
        sent |= {"action": action, "reasons": ["hate.attack"]}
    running.ask("POST", f"/v1/cases/{found[0]}/decision", sent)


def _claimed(running: Console, person: str, found: list[str]) -> bool:
    answer = running.ask("POST", "/v1/cases:claim", {"reviewer": person})
    found += [case["id"] for case in answer["cases"]]
    return bool(found)


def test_from_a_cell_to_its_cases(looked_at: Console, tmp_path: Path) -> None:
    """The address has all that was chosen: it opens the same list elsewhere, and after a reload."""
    with looked_at.signed_in("max", "/agreement") as page:
        _choose(page, "publish", "remove")
        page.get_by_role("button", name="Open all of them").click()
        page.wait_for_url("**/cases?*")
        settled(page)
        address = page.url
        assert {"said=publish", "also=remove"} <= set(address.partition("?")[2].split("&"))
        # Two items, and of each the first and the second look.
        expect(page.get_by_text("4 cases on this page.")).to_be_visible(timeout=30_000)
        rows = _downloaded(page, tmp_path)
        assert [row["State"] for row in rows] == ["decided"] * 4
        assert sorted(row["Purpose"] for row in rows) == ["overlap"] * 2 + ["review"] * 2
        page.reload()
        settled(page)
        assert page.url == address
        expect(page.get_by_text("4 cases on this page.")).to_be_visible(timeout=30_000)
        page.get_by_label("Somebody chose").fill("remove")
        page.get_by_label("Somebody chose").press("Enter")
        expect(page.get_by_text("2 cases on this page.")).to_be_visible(timeout=30_000)
        assert "said=remove" in page.url
        page.goto(f"{looked_at.address}/case?case={rows[0]['Case']}")
        settled(page)
        expect(page.get_by_text("zorblings", exact=True)).to_be_visible()
        page.get_by_text("Show the item and its history").click()
        expect(page.get_by_text(re.compile(r"^zorblings \d$")).first).to_be_visible()
    path = address.removeprefix(looked_at.address)
    with looked_at.signed_in("max", quote(path, safe="/")) as page:
        assert page.url == address
        expect(page.get_by_text("4 cases on this page.")).to_be_visible(timeout=30_000)


def _choose(page: Page, one: str, other: str) -> None:
    """Click on a cell of the field of what people differ on; it is drawn as SVG."""
    cell = page.locator(f'[aria-label^="another chose: {other}; one chose: {one};"]').first
    cell.scroll_into_view_if_needed()
    cell.click(force=True)


def _downloaded(page: Page, folder: Path) -> list[dict[str, str]]:
    """The table of a page, as its file says."""
    with page.expect_download() as download:
        # The table's own is beside it, with what is shown instead of what is meant.
        page.get_by_test_id("stDownloadButton").get_by_role("button").click()
    assert download.value.suggested_filename.startswith("tierwise-cases-")
    path = folder / "table.csv"
    download.value.save_as(path)
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_live_queue_renews_itself(looked_at: Console) -> None:
    """What comes in is counted without a click; focus and place stay. A bar opens what waits."""
    with looked_at.signed_in("max", "/live") as page:
        waiting = page.get_by_test_id("stMetric").filter(has_text="Waiting")
        expect(waiting).to_contain_text("0", timeout=60_000)
        page.get_by_role("combobox", name="Tier").focus()
        page.get_by_test_id("stMain").evaluate("main => main.scrollTo(0, 60)")
        before = page.evaluate(_PLACE)
        looked_at.post({"text": "zorblings once more"})
        # What is seen of queues is remembered for ten seconds, and the page asks every five.
        expect(waiting).to_contain_text("1", timeout=60_000)
        assert page.evaluate(_PLACE) == before
        page.locator('path[aria-label*="came in"][aria-roledescription="bar"]').first.click()
        page.get_by_role("button", name="Open what waits in").click()
        page.wait_for_url("**/cases?*")
        settled(page)
        assert {"state=open", "tier=single"} <= set(page.url.partition("?")[2].split("&"))
        expect(page.get_by_text("1 case on this page.")).to_be_visible(timeout=30_000)
