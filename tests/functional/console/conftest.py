"""One browser and one site a file: what people did in one file is not met in another."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.functional.console.site import Console, chromium, console


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless Chromium, gone with the file: others would find its loop in their way."""
    path = chromium()
    if path is None:
        pytest.skip("there is no Chromium on this machine")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture(scope="module", name="console")
def _console(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    """A whole site with its console, and the policy that is shipped."""
    with console(tmp_path_factory.mktemp("console"), browser) as running:
        yield running
