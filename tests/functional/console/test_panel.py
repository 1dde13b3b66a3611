"""Panels in the browser, and decisions that somebody thinks better of."""

from collections.abc import Mapping
from typing import Any

from playwright.sync_api import Page, expect
from sqlalchemy import text

from dashboard.showing.menus import DWELL
from tests.functional.console.site import Console, dwelt, settled
from tests.waiting import until

#: A panel of three looks at it.
_GRAVE: Mapping[str, Any] = {
    "kind": "post",
    "text": "burn down the hall where the Quents meet",
    # One grey dot.
    "images": [{"data": "R0lGODdhAQABAIAAAICAgAAAACwAAAAAAQABAAACAkQBADs="}],
}
#: One reviewer looks at it: the classifier is not sure.
_DOUBTED = "there they go once more"
_ARGUMENT = "A hall is where people are: this calls for violence."

expect.set_options(timeout=60_000)


def test_a_panel_disagrees_argues_and_agrees(console: Console) -> None:
    """Blind at first; a reload loses nothing; who writes is not interrupted; dissent is told."""
    console.person("sara", "senior")
    console.post(_GRAVE)
    with console.signed_in("sara", "/panel") as page:
        page.get_by_role("button", name="Take the next case").click()
        expect(page.get_by_text(_GRAVE["text"])).to_be_visible()
        (case,) = console.ask("GET", "/v1/cases:held?reviewer=sara")["cases"]
        _vote(console, case["id"], ben="keep", cem="warn")
        _reload_loses_nothing(page)
        assert "ben" not in page.inner_text("section.stMain, [data-testid=stMain]")
        _vote_and_undo(page)
        _cast(page)
        expect(page.get_by_text("3 of 3 votes · you: remove")).to_be_visible()
        _commit(console)
        _argues(console, page, case["id"])
        _vote(console, case["id"], ben="remove", cem="keep")
        page.keyboard.press("7")
        expect(page.get_by_role("button", name="Vote: remove")).to_be_visible()
        _cast(page)
        expect(page.get_by_text("round 2 · 3 of 3 votes · you: remove")).to_be_visible()
        _commit(console)
        page.get_by_role("radio", name="Closed (1)").click()
        expect(page.get_by_text("decided: remove · dissent: cem")).to_be_visible()
        page.get_by_role("button", name="More").click()
        for said in ("ben: remove", "cem (dissent): keep", "ben: keep", "cem: warn", _ARGUMENT):
            expect(page.get_by_text(said, exact=False).first).to_be_visible()


def _reload_loses_nothing(page: Page) -> None:
    """The case is in hand, and what was written is there."""
    page.keyboard.press("h")
    page.wait_for_selector(".tw-picture.tw-blurred img")
    settled(page)
    page.keyboard.press("h")
    page.wait_for_selector(".tw-picture:not(.tw-blurred) img")
    settled(page)
    page.keyboard.press("n")
    page.keyboard.type("Of two minds.")
    page.keyboard.press("Escape")
    settled(page)
    page.keyboard.press("7")
    expect(page.get_by_role("button", name="Vote: remove")).to_be_visible()
    settled(page)
    page.reload()
    settled(page)
    expect(page.get_by_text(_GRAVE["text"])).to_be_visible()
    expect(page.get_by_role("textbox", name="Note with your vote (N)")).to_have_value(
        "Of two minds."
    )
    expect(page.get_by_role("button", name="Vote: remove")).to_be_visible()


def _vote_and_undo(page: Page) -> None:
    """A vote is taken back with a key, and what was chosen is chosen still."""
    page.keyboard.press("7")
    expect(page.get_by_role("button", name="Vote: remove")).to_be_visible()
    _cast(page)
    expect(page.get_by_role("button", name="Take my vote back")).to_be_visible()
    page.keyboard.press("u")
    expect(page.get_by_role("button", name="Vote: remove")).to_be_visible()
    expect(page.get_by_role("textbox", name="Note with your vote (N)")).to_have_value(
        "Of two minds."
    )


def _cast(page: Page) -> None:
    """Send what was chosen, once a key counts."""
    dwelt(page, DWELL)
    page.keyboard.press("Enter")


def _argues(console: Console, page: Page, case: str) -> None:
    """The votes are open, and what others say comes by itself, while somebody writes."""
    page.get_by_role("button", name="Vote again").click()
    for said in ("ben: keep", "cem: warn", "sara: remove", "Of two minds."):
        expect(page.get_by_text(said)).to_be_visible()
    expect(page.get_by_text("held as: hide")).to_be_visible()
    page.keyboard.press("n")
    page.keyboard.type(_ARGUMENT)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Say it now").click()
    expect(page.get_by_text(_ARGUMENT)).to_be_visible()
    # It is said, and goes with no vote.
    until(lambda: console.ask("GET", f"/v1/cases/{case}/desk?reviewer=sara")["draft"] is None)
    page.keyboard.press("n")
    page.keyboard.type("And")
    attack = "<img src=/x onerror=\"document.title='owned'\"> ![x](/y) That is true."
    sent = {"reviewer": "ben", "text": attack}
    console.ask("POST", f"/v1/cases/{case}/comments", sent)
    expect(page.get_by_text(attack)).to_be_visible()
    assert "owned" not in page.title()
    page.keyboard.type(" more")
    field = page.get_by_role("textbox", name="Argue here (N); or it goes with your vote")
    expect(field).to_have_value("And more")
    page.keyboard.press("Escape")


def test_a_decision_is_looked_at_once_more_and_revised(console: Console) -> None:
    """With the item as it was shown, and the reason why; the new one is in force."""
    console.person("mo", "moderator")
    (item,) = console.post({"kind": "post", "text": _DOUBTED, "score.harassment": 0.8})
    (case,) = console.ask("POST", "/v1/cases:claim", {"reviewer": "mo"})["cases"]
    decision = {"reviewer": "mo", "action": "hide", "reasons": ["harassment.attack"]}
    console.ask("POST", f"/v1/cases/{case['id']}/decision", decision)
    _commit(console)
    with console.signed_in("mo", "/mine") as page:
        expect(page.get_by_text(_DOUBTED)).to_be_visible()
        page.get_by_role("button", name="Revise").click()
        expect(page.get_by_text("Choose what is to be done, and say why.")).to_be_visible()
        page.get_by_role("combobox", name="Decide instead").click()
        page.get_by_role("option", name="Keep", exact=True).click()
        page.get_by_label("Why do you think better of it?").fill("It quotes somebody else.")
        page.get_by_role("button", name="Revise").click()
        expect(page.get_by_text("It quotes somebody else.").first).to_be_visible()
        expect(page.get_by_text("Revised,")).to_be_visible()
    assert _action(console, item) == "publish"


def _vote(console: Console, case: str, **votes: str) -> None:
    """Others of the panel vote."""
    for reviewer, action in votes.items():
        who = {"reviewer": reviewer}
        assert console.ask("POST", f"/v1/cases/{case}/claim", who)["cases"]
        console.ask("POST", f"/v1/cases/{case}/vote", {**who, "action": action})


def _commit(console: Console) -> None:
    """As if the time to take votes back were over; what is due is committed."""
    store = console.site.store
    with store.transaction() as connection:
        connection.execute(text("UPDATE cases SET commit_at = now() WHERE commit_at IS NOT NULL"))
    waiting = text("SELECT count(*) FROM cases WHERE commit_at IS NOT NULL")

    def is_done() -> bool:
        with store.read() as connection:
            return not connection.execute(waiting).scalar_one()

    until(is_done, within=60)


def _action(console: Console, item: str) -> str:
    return str(console.ask("GET", f"/v1/items/{item}")["action"])
