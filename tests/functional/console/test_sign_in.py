"""Coming and going, and what is shown to whom."""

import pytest
from playwright.sync_api import Page

from tests.functional.console.site import PASSWORD, Console, settled


def test_people_come_and_go(console: Console) -> None:
    """To the page they asked for; wrong passwords, and sessions that were ended, are told."""
    console.person("mo", "moderator")
    with console.browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{console.address}/me?from=mail")
        assert page.url.startswith(f"{console.address}/sign-in?next=")
        _fill(page, "mo", "something else")
        assert "do not fit" in page.inner_text("[role=alert]")
        _fill(page, "mo", PASSWORD)
        settled(page)
        assert page.url == f"{console.address}/me?from=mail"
        (cookie,) = [one for one in context.cookies() if one["name"] == "tierwise-session"]
        assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Lax")
        page.get_by_role("button", name="Sign out").click()
        page.wait_for_url("**/sign-in")
        # The session is over at the service too: its cookie opens nothing any more.
        context.add_cookies(
            [{"name": cookie["name"], "value": cookie["value"], "url": console.address}]
        )
        page.goto(f"{console.address}/me")
        page.wait_for_url("**/sign-in?next=%2Fme")


def test_nothing_is_loaded_from_elsewhere(console: Console) -> None:
    """Every request of a page goes to the console itself, and the policy of its content holds."""
    console.person("mo", "moderator")
    asked: list[str] = []
    said: list[str] = []
    with console.browser.new_context() as context:
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: said.append(message.text))
        page.goto(f"{console.address}/sign-in?next=/me")
        _fill(page, "mo", PASSWORD)
        settled(page)
    assert len(asked) > 10
    assert not [url for url in asked if not url.startswith((console.address, "data:", "blob:"))]
    assert not [text for text in said if "Content Security Policy" in text]


@pytest.mark.parametrize(
    "next_", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_signing_in_leads_nowhere_else(console: Console, next_: str) -> None:
    """Whatever a link asks for."""
    console.person("mo", "moderator")
    with console.browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{console.address}/sign-in?next={next_}")
        _fill(page, "mo", PASSWORD)
        settled(page)
        assert page.url.startswith(f"{console.address}/")


def _fill(page: Page, name: str, password: str) -> None:
    page.fill("input[name=name]", name)
    page.fill("input[name=password]", password)
    page.click("button")
    page.wait_for_load_state()
