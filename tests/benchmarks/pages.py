"""How long each page of the console takes to be there, in a real browser."""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter
from typing import Final

import numpy as np
from playwright.sync_api import Page as Tab
from playwright.sync_api import sync_playwright

from dashboard.navigation import PAGES
from dashboard.pages import Page
from engine.bench.figures import Figure
from queues.access import Role
from queues.store.session import Store
from tests.benchmarks.rollups import copied, filled, summed
from tests.functional.console.site import DONE, NOTHING_TO_COME, Console, chromium, console

Tell = Callable[[str], None]

#: Decisions that stand in rows, those of the last days; their sums stand for thirty days.
ROWS: Final = 1_000_000
_DAYS: Final = 3
_ROUNDS: Final = 7
_SECONDS: Final = 1.0
_WHO: Final = "eve"
#: Asked in each frame that is drawn: whoever waits for an element looks only each half second.
_THERE: Final = f"""title => document.querySelector('{DONE}') && ({NOTHING_TO_COME})
    && [...document.querySelectorAll('h1')].some(each => each.textContent.trim() === title)"""
#: Those that have a name to click.
SHOWN: Final = [page for page in PAGES if not page.hidden]
(_FULLEST,) = (page for page in SHOWN if page.path == "overview")

ABOUT: Final = (
    f"Headless Chromium, console, API and PostgreSQL on the same cores. {ROWS:,} items of "
    f"{_DAYS} days with their verdicts, decisions, cases and votes in rows, and the sums of ten "
    "times as many in thirty days. A page counts from the click on its name until its script has "
    f"ended and nothing of it is to come, {_ROUNDS} times after one to warm up, by somebody who "
    "has every role. Whoever comes by its address waits for the browser to begin the console, too."
)


def figures(tell: Tell, rows: int = ROWS) -> Iterator[Figure]:
    """Measure each page."""
    path = chromium()
    if path is None:
        tell("there is no Chromium on this machine: pages are left out")
        return
    with tempfile.TemporaryDirectory(prefix="tierwise-bench-") as folder, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=["--no-sandbox"])
        with console(Path(folder), browser) as running:
            tell(f"pages over {rows:,} decisions")
            _fill(running.site.store, rows)
            running.person(_WHO, *(str(role) for role in Role))
            yield from _pages(running, tell)
        browser.close()


def _fill(store: Store, rows: int) -> None:
    filled(store, rows, days=_DAYS)
    summed(store)
    copied(store, days=_DAYS)


def _pages(running: Console, tell: Tell) -> Iterator[Figure]:
    taken: dict[str, list[float]] = {page.title: [] for page in SHOWN}
    with running.signed_in(_WHO) as tab:
        for turn in range(_ROUNDS + 1):
            tell(f"  round {turn}")
            for page in SHOWN:
                seconds = _opened(tab, page)
                if turn:
                    taken[page.title].append(seconds)
        loaded = [_loaded(tab, running.address, _FULLEST) for _ in range(_ROUNDS + 1)][1:]
    everything = [seconds for each in taken.values() for seconds in each]
    yield Figure(name="any page is there, p95", value=_p95(everything), unit="s", at_most=_SECONDS)
    name = f"the console is loaded anew, with page `{_FULLEST.title}`, p95"
    yield Figure(name=name, value=_p95(loaded), unit="s")
    for title, each in taken.items():
        yield Figure(name=f"page `{title}`, p95", value=_p95(each), unit="s", at_most=_SECONDS)


def _opened(tab: Tab, page: Page) -> float:
    """Seconds from the click until it is there."""
    link = tab.locator(f'[data-testid="stSidebarNav"] a[href$="/{page.path}"]')
    link.wait_for()
    begun = perf_counter()
    link.click()
    tab.wait_for_function(_THERE, arg=page.title)
    return perf_counter() - begun


def _loaded(tab: Tab, address: str, page: Page) -> float:
    """Seconds from going to its address until it is there: the browser begins the console anew."""
    begun = perf_counter()
    tab.goto(f"{address}/{page.path}", wait_until="commit")
    tab.wait_for_function(_THERE, arg=page.title)
    return perf_counter() - begun


def _p95(values: list[float]) -> float:
    return float(np.quantile(values, 0.95))
