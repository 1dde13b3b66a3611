"""A whole site with the console: servers, processes, people with passwords, and a browser.

`python -m tests.functional.console.site` says where the browser is, and ends with 1 where none is.
"""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import httpx
from playwright.sync_api import Browser, Page, sync_playwright

from queues.access import Role, read_roles
from queues.lifelines import tied
from queues.settings import load_settings, roles_file
from tests.faults.site import Site
from tests.waiting import until

ROOT: Final = Path(__file__).resolve().parents[3]
#: What everybody signs in with.
PASSWORD: Final = "open the console, please"  # noqa: S105 - of a site that is gone with the test
_PARTS: Final[Mapping[str, tuple[int, Sequence[str]]]] = {
    "api": (1, ("api",)),
    "relay": (1, ("relay",)),
    "beat": (1, ("beat",)),
    "worker": (1, ("worker", "--queues", "auto,single,senior")),
}
#: Undoing takes a person in a browser some seconds, however busy the machine.
_SETTINGS: Final = {"TIERWISE_REVIEW__GRACE": "60"}
_SAYS: Final = "URL: "
_PATIENCE: Final = 90.0
#: Milliseconds that a browser waits for what is to appear.
_SOON: Final = 30_000
#: A page whose script has ended, and of which nothing is to come.
DONE: Final = '[data-testid="stApp"][data-test-script-state="notRunning"]'
NOTHING_TO_COME: Final = "!document.querySelector('[data-testid=\"stSkeleton\"]')"


def chromium() -> str | None:
    """The Chromium of this machine, or that of Playwright."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    found = next(filter(None, map(shutil.which, names)), None)
    if found is not None:
        return found
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if Path(own).exists() else None


@dataclass(slots=True)
class Service:
    """The service without a console: whom it knows, and what comes in."""

    site: Site
    people: set[str] = field(default_factory=set)

    @property
    def url(self) -> str:
        """Where the API answers."""
        return self.site.urls[0]

    @property
    def key(self) -> str:
        """For everything."""
        return self.site.key

    def person(self, name: str, *roles: str, **profile: object) -> None:
        """Somebody with an account and the password of all.

        Args:
            name: What they sign in with.
            roles: Such as `moderator`.
            profile: What else is to be known of them, as `POST /v1/people` takes it.
        """
        if name in self.people:
            return
        self.ask(
            "POST",
            "/v1/people",
            {"name": name, "display_name": name.title(), "roles": list(roles), **profile},
        )
        link = self.ask("POST", f"/v1/people/{name}:invite", {})["link"]
        sent = {"token": str(link).partition("#")[2], "password": PASSWORD}
        self.ask("POST", "/v1/people/invitations:accept", sent)
        self.people.add(name)

    def operations(self, *roles: str) -> list[str]:
        """What somebody of these roles may do."""
        table = read_roles(roles_file(load_settings()))
        return [str(each) for each in table.permissions([Role(role) for role in roles])]

    def ask(self, method: str, path: str, sent: object = None) -> Mapping[str, Any]:
        """What the API answers to whoever may do everything."""
        answer = httpx.request(
            method,
            f"{self.url}{path}",
            json=sent,
            headers={"authorization": f"Bearer {self.key}"},
            timeout=60,
        )
        assert answer.is_success, answer.text
        return dict(answer.json())

    def post(self, *items: Mapping[str, object]) -> list[str]:
        """Items come in, and what people have to decide of them waits for them; their ids."""
        named = [{"id": uuid4().hex, **item} for item in items]
        results = self.ask("POST", "/v1/items", {"items": named})["results"]
        wanted = [one["case"]["id"] for one in results if one.get("case")]
        for case in wanted:
            until(partial(self._opened, str(case)), within=_PATIENCE)
        return [str(item["id"]) for item in named]

    def _opened(self, case: str) -> bool:
        return self.ask("GET", f"/v1/cases/{case}")["case"]["opened_at"] is not None


@dataclass(slots=True, kw_only=True)
class Console(Service):
    """A site with its console, as tests use it."""

    address: str
    """Of the console."""
    browser: Browser

    @contextmanager
    def signed_in(self, name: str, path: str = "/", **options: Any) -> Iterator[Page]:  # noqa: ANN401 - of a browser
        """A browser of somebody, on a page."""
        with self.browser.new_context(
            viewport={"width": 1440, "height": 900}, **options
        ) as context:
            page = context.new_page()
            page.set_default_timeout(_SOON)
            page.goto(f"{self.address}/sign-in?next={path}")
            page.fill("input[name=name]", name)
            page.fill("input[name=password]", PASSWORD)
            page.click("button")
            settled(page)
            yield page


def settled(page: Page) -> None:
    """Wait until a page is there and nothing of it is under way."""
    page.wait_for_selector("h1")
    page.wait_for_selector(DONE)
    page.wait_for_function(NOTHING_TO_COME)


def dwelt(page: Page, seconds: float) -> None:
    """Wait in the page until what is shown has been for so long that a key counts."""
    page.evaluate("(ms) => new Promise((done) => setTimeout(done, ms))", seconds * 1_500)


@contextmanager
def service(folder: Path, *, rules: Path = ROOT / "rules", **settings: str) -> Iterator[Service]:
    """The service, and nobody in it yet.

    Args:
        folder: Where it writes.
        rules: Its first release.
        settings: Beside those that every site has, as `TIERWISE_…`.
    """
    with Site(folder, rules, parts=_PARTS, settings=settings) as site:
        yield Service(site)


@contextmanager
def console(
    folder: Path, browser: Browser, *, rules: Path = ROOT / "rules", **settings: str
) -> Iterator[Console]:
    """The service with its console, otherwise as `service`.

    Args:
        folder: Where it writes.
        browser: What looks at it.
        rules: Its first release.
        settings: Beside those that every site has, as `TIERWISE_…`.
    """
    given = {**_SETTINGS, **settings}
    with (
        service(folder, rules=rules, **given) as started,
        _pages(started.site, given) as address,
    ):
        yield Console(started.site, address=address, browser=browser)


@contextmanager
def _pages(site: Site, settings: Mapping[str, str]) -> Iterator[str]:
    log = site.folder / "dashboard.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            tied([sys.executable, "-P", "-m", "dashboard"], signal.SIGKILL),
            env={
                **os.environ,
                **settings,
                "PYTHONPATH": str(ROOT),
                "TIERWISE_DASHBOARD__API": site.urls[0],
                "TIERWISE_DASHBOARD__PORT": "0",
            },
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=site.folder,
            start_new_session=True,
        )
    try:
        until(lambda: _place(log) or process.poll() is not None, within=_PATIENCE)
        assert process.poll() is None, log.read_text(encoding="utf-8")
        url = _place(log)
        until(lambda: _answers(f"{url}/_stcore/health"), within=_PATIENCE)
        yield url
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _place(log: Path) -> str:
    """Where the console says that it is; nothing: it has not said so yet."""
    for line in log.read_text(encoding="utf-8").splitlines(keepends=True):
        before, found, after = line.partition(_SAYS)
        if found and after.endswith("\n") and not before.strip():
            return after.strip().rstrip("/")
    return ""


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=5).is_success
    except httpx.TransportError:
        return False


if __name__ == "__main__":
    place = chromium()
    sys.stdout.write(f"{place or 'there is no Chromium on this machine'}\n")
    sys.exit(0 if place else 1)
