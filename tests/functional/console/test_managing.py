"""A manager looks what to change: people, rules, models, boundaries, what fails on appeal."""

import csv
from pathlib import Path

import httpx
import orjson
import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import text

from engine.samples import write_sample
from tests.functional.console.site import Console, settled
from tests.waiting import until

_ITEMS = 80
_SEED = 11


@pytest.fixture(scope="module")
def stated(console: Console, tmp_path_factory: pytest.TempPathFactory) -> int:
    """Items came, and the machine stated its reasons; how many statements there are."""
    path = tmp_path_factory.mktemp("items") / "items.jsonl"
    write_sample(path, _ITEMS, _SEED)
    console.post(*map(orjson.loads, path.read_bytes().splitlines()))
    console.person("max", "manager")
    console.person("pat", "policy_author")

    def seen() -> int:
        found: int = console.ask("GET", "/v1/statements/counts")["all"]["seen"]
        return found

    until(lambda: seen() > 0, within=60)
    until(lambda: not _waits(console), within=60)
    return seen()


def test_a_manager_finds_what_to_change(console: Console, stated: int, tmp_path: Path) -> None:
    """Filters come from the address, more people change the outlook, files hold all there is."""
    (case, *_) = console.ask("GET", "/v1/cases?tier=single&state=open")["cases"]
    queue = case["queue"]
    with console.signed_in("max", f"/queues-and-staffing?tier=single&queue={queue}") as page:
        _outlook(page)
        expect(page.get_by_role("button", name="Open the cases that wait")).to_be_visible()
        _goto(console, page, "rule-health")
        expect(page.get_by_text("Rules in force")).to_be_visible()
        _goto(console, page, "cost?by=queue&parts=rules")
        expect(page.get_by_text("Over time: money spent")).to_be_visible()
        _goto(console, page, "transparency?by=tier")
        with page.expect_download() as waited:
            page.get_by_role("link", name="All statements as CSV").click()
        waited.value.save_as(tmp_path / "statements.csv")
    with (tmp_path / "statements.csv").open(encoding="utf-8", newline="") as file:
        assert len(list(csv.DictReader(file))) == stated


def test_whoever_may_not_read_statements_gets_none(console: Console, stated: int) -> None:
    """Neither on the page nor by the address of the file; nobody gets it without a session."""
    assert stated
    address = f"{console.address}/files/statements?since=2020-01-01T00:00:00Z"
    assert httpx.get(address).status_code == 401
    with console.signed_in("pat", "/transparency") as page:
        expect(page.get_by_text("How many appeal?")).to_be_visible()
        assert page.get_by_text("What was stated").count() == 0
        cookies = {each["name"]: each["value"] for each in page.context.cookies()}
    refused = httpx.get(address, cookies=cookies)
    assert (refused.status_code, "decision_ground" in refused.text) == (403, False)
    assert httpx.get(f"{address}&format=xml", cookies=cookies).status_code == 422


def _waits(console: Console) -> bool:
    """Whether workers have anything left to do."""
    with console.site.store.read() as connection:
        return connection.execute(text("SELECT EXISTS (SELECT FROM outbox)")).scalar_one() is True


def _outlook(page: Page) -> None:
    """With a flood of cases nobody keeps up; told how many are needed, somebody could."""
    arrivals = page.get_by_role("spinbutton", name="Cases an hour")
    arrivals.fill("10000")
    arrivals.press("Enter")
    expect(page.get_by_text("without end").first).to_be_visible()
    expect(page.get_by_text("more than this, or route some elsewhere")).to_be_visible()
    arrivals.fill("1")
    arrivals.press("Enter")
    expect(page.get_by_text("more than this, or route some elsewhere")).to_have_count(0)


def _goto(console: Console, page: Page, path: str) -> None:
    page.goto(f"{console.address}/{path}")
    settled(page)
