"""One's own account: shift, wishes, sessions and password."""

import httpx
from playwright.sync_api import Page, expect

from tests.functional.console.site import PASSWORD, Console, settled

#: One reviewer looks at it: the classifier is not sure.
_UNSURE = {"kind": "post", "text": "there they go once more", "score.harassment": 0.8}
_BETTER = "another horse, another battery"
expect.set_options(timeout=30_000)


def test_who_stops_gives_back_what_they_hold(console: Console) -> None:
    """Told on the page at once; others get it, and whoever is back gets cases again."""
    console.person("mo", "moderator")
    console.post(_UNSURE)
    (case,) = console.ask("POST", "/v1/cases:claim", {"reviewer": "mo"})["cases"]
    with console.signed_in("mo", "/me") as page:
        expect(page.get_by_text("At work")).to_be_visible()
        page.get_by_role("button", name="Stop for now").click()
        expect(page.get_by_text("You stopped. 1 case went back to others.")).to_be_visible()
        expect(page.get_by_role("button", name="I am back")).to_be_visible()
        assert _why(console) == "paused"
        (other,) = console.ask("POST", "/v1/cases:claim", {"reviewer": "sam"})["cases"]
        assert other["id"] == case["id"]
        console.ask("POST", "/v1/cases:release", {"reviewer": "sam"})
        page.reload()
        settled(page)
        page.get_by_role("button", name="I am back").click()
        expect(page.get_by_text("At work")).to_be_visible()
        assert _why(console) is None
        _opt_out(page)


def _opt_out(page: Page) -> None:
    """It is told at once, and stays."""
    page.get_by_role("combobox", name="Policies to opt out of").click()
    page.get_by_role("option", name="hate", exact=True).click()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Opt out").click()
    expect(page.get_by_text("No cases come of: hate")).to_be_visible()
    page.get_by_role("radio", name="Shown").click()
    expect(page.get_by_text("They come shown now")).to_be_visible()
    page.reload()
    settled(page)
    expect(page.get_by_text("No cases come of: hate")).to_be_visible()
    expect(page.get_by_text("They come shown now")).to_be_visible()


def test_with_another_password_this_browser_stays_and_others_go(console: Console) -> None:
    """A wrong one changes nothing; a session that is ended opens nothing any more."""
    console.person("kim", "moderator")
    others = [_enter(console, PASSWORD), _enter(console, PASSWORD)]
    with console.signed_in("kim", "/me") as page:
        page.get_by_role("button", name="End", exact=True).first.click()
        # One more came with the invitation.
        expect(page.get_by_role("button", name="End", exact=True)).to_have_count(2)
        left = [token for token in others if _opens(console, token)]
        page.get_by_role("button", name="Change password").click()
        page.wait_for_url("**/sign-in/password")
        _fill(page, "something else", _BETTER, _BETTER)
        assert "is not your password" in page.inner_text("[role=alert]")
        _fill(page, PASSWORD, _BETTER, _BETTER + "!")
        assert "not the same" in page.inner_text("[role=alert]")
        assert left
        assert all(_opens(console, token) for token in left)
        _fill(page, PASSWORD, _BETTER, _BETTER)
        page.wait_for_url(f"{console.address}/me")
        settled(page)
        expect(page.get_by_text("· this browser")).to_be_visible()
        assert not any(_opens(console, token) for token in left)
        assert _opens(console, _enter(console, _BETTER))
    with console.browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{console.address}/sign-in/password")
        assert page.url.startswith(f"{console.address}/sign-in?next=")


def _fill(page: Page, old: str, new: str, again: str) -> None:
    for name, value in {"old": old, "new": new, "again": again}.items():
        page.fill(f"input[name={name}]", value)
    page.click("button")
    page.wait_for_load_state()


def _why(console: Console) -> str | None:
    """Why Mo is handed nothing."""
    answer = console.ask("POST", "/v1/cases:claim", {"reviewer": "mo"})
    return answer["why"] and str(answer["why"]["reason"])


def _enter(console: Console, password: str) -> str:
    given = {"name": "kim", "password": password}
    answer = httpx.post(f"{console.url}/v1/sessions", json=given, timeout=60)
    assert answer.is_success, answer.text
    return str(answer.json()["token"])


def _opens(console: Console, token: str) -> bool:
    headers = {"authorization": f"Bearer {token}"}
    answer = httpx.get(f"{console.url}/v1/me", headers=headers, timeout=60)
    return answer.is_success
