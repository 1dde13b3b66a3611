"""The policy team in a browser: rules are changed, tested, submitted, approved and taken back."""

import re
from typing import Final
from uuid import uuid4

from playwright.sync_api import Page, expect

from tests.functional.console.site import Console, settled
from tests.waiting import until

FILE: Final = "policies/hate.yaml"
#: Milliseconds in which a page answers, however busy the machine.
expect.set_options(timeout=30_000)
ITEM: Final = {"kind": "post", "text": "Nothing to see here.", "score.hate": 0.965}


def test_a_rule_is_changed_and_comes_into_force(console: Console) -> None:
    """Broken, mended, tested, submitted by one; approved by another; the next item follows it."""
    console.person("pat", "policy_author")
    console.person("pam", "policy_author")
    console.person("app", "policy_approver")
    with console.signed_in("pat", f"/editor?file={FILE}") as page:
        _says(page, "0 errors")
        _completes(page)
        _breaks_and_mends(page)
        _is_tested(page)
        _is_tried(page)
        with console.signed_in("pam", "/editor") as other:
            expect(other.get_by_text("No file changed since release")).to_be_visible()
        name = _submitted(page)
        expect(page.get_by_role("button", name="Approve")).to_have_count(0)
    with console.signed_in("app", f"/releases?release={name}") as page:
        _do(page, "Approve", "I stand behind it")
        expect(page.get_by_text("1 of 1 approvals")).to_be_visible()
        _do(page, "Bring into force", "Bring it into force")
        expect(page.get_by_text("It is in force")).to_be_visible()
        until(lambda: _decided(console) == (name, "auto", "remove"), within=60)
        page.get_by_role("button", name="Roll back").first.click()
        page.get_by_label("Why", exact=True).fill("It removes too much")
        page.get_by_role("button", name="Take it back").click()
        expect(page.get_by_text("The release before is in force again.")).to_be_visible()
        until(lambda: _decided(console)[1] == "single", within=60)


def test_nobody_stands_behind_their_own(console: Console) -> None:
    """Somebody with both roles is told why, in the words of the service; drafts are discarded."""
    console.person("both", "policy_author", "policy_approver")
    with console.signed_in("both", f"/editor?file={FILE}") as page:
        _says(page, "0 errors")
        _replace(page, "hate-policy@example.org", "hate@example.org")
        _adds(page)
        _panel(page, "What differs")
        expect(page.get_by_text("owner hate-policy@example.org", exact=False).first).to_be_visible()
        _submitted(page)
        _do(page, "Approve", "I stand behind it")
        expect(page.get_by_text("you published it yourself", exact=False)).to_be_visible()
        page.goto(f"{console.address}/editor")
        settled(page)
        expect(page.get_by_text("No file changed since release")).to_be_visible()


def test_the_rules_in_force_are_read(console: Console) -> None:
    """Found by a word, filtered by the address, and each with its source and what it does."""
    console.person("pat", "policy_author")
    with console.signed_in("pat", "/rules?rule=hate-remove") as page:
        expect(page.get_by_text("when score.hate at least")).to_be_visible()
        expect(page.locator("code").get_by_text("hate-remove").first).to_be_visible()
        page.get_by_role("button", name="What it does").or_(
            page.get_by_text("What it does")
        ).first.click()
        expect(page.get_by_text("Reviewers spent")).to_be_visible()
        page.get_by_role("button", name="Change it").click()
        expect(page.locator(".file[aria-current]")).to_contain_text("hate.yaml")


def _adds(page: Page) -> None:
    """A file that is new, and is written at once."""
    page.get_by_role("button", name="New file").click()
    page.get_by_label("Path").fill("lists/new.yaml")
    page.get_by_role("button", name="Add it").click()
    expect(page.locator(".file[aria-current]")).to_contain_text("new.yaml")
    page.locator(".cm-content").click()
    page.keyboard.type("list: new-words\nof: words\nowner: o@example.org\nentries: [zorbling]")
    expect(page.get_by_text("2 files changed since release")).to_be_visible()


def _completes(page: Page) -> None:
    """Keys and names that may stand there; and a file's changes are taken back whole."""
    page.locator(".cm-content").click()
    page.keyboard.press("Control+End")
    page.keyboard.type("\n---\nrul")
    expect(page.locator(".cm-tooltip-autocomplete")).to_contain_text("rule")
    page.locator(".cm-tooltip-autocomplete li").first.click()
    page.keyboard.type("new-rule\nthen:\n  reason: hate.att")
    expect(page.locator(".cm-tooltip-autocomplete")).to_contain_text("hate.attack")
    page.keyboard.press("Escape")
    _says(page, re.compile("[1-9] error"))
    page.get_by_role("button", name="This file").click()
    page.get_by_role("button", name="Take its changes back").click()
    _says(page, "0 errors")
    expect(page.locator(".cm-content")).not_to_contain_text("new-rule")


def _breaks_and_mends(page: Page) -> None:
    """The mistake has its line; focus and text stay; a reload loses nothing; a mend is offered."""
    line = "{name}: {{ at_least: $sure }}\\nunless"
    _replace(page, line.format(name="score.hate"), line.format(name="score.hatex"))
    found = page.locator(".finding.error")
    expect(found).to_have_count(1)
    expect(found).to_contain_text(f"{FILE}:30:3")
    expect(found).to_contain_text("there is no field `score.hatex`")
    page.locator(".finding.error").click()
    page.keyboard.press("End")
    # Not waited for: the reload comes before the text was sent.
    page.keyboard.type(" # why")
    page.reload()
    expect(page.locator(".finding.error")).to_contain_text(f"{FILE}:30:3")
    page.locator(".finding.error").click()
    expect(page.locator(".cm-activeLine").first).to_contain_text("# why")
    page.keyboard.press("F8")
    page.get_by_role("button", name="Write score.hate").click()
    _says(page, "0 errors")


def _is_tested(page: Page) -> None:
    """What fails has its line, while one writes."""
    _replace(page, "sure: 0.97 ", "sure: 0.96 ")
    failing = page.locator(".finding.test")
    expect(failing).to_have_count(2)
    expect(failing.first).to_contain_text(f"{FILE}:45")
    expect(failing.first).to_contain_text("hate-remove: just below the line")
    _replace(page, "0.969", "0.959")
    _says(page, "0 fail")
    expect(failing).to_have_count(0)


def _is_tried(page: Page) -> None:
    """An item, with what the draft and the release say."""
    _panel(page, "Try an item")
    box = page.get_by_label("Item", exact=True)
    box.fill('{"text": "Nothing to see here.", "score.hate": 0.965}')
    box.blur()
    expect(page.get_by_text("the machine decides, action: remove")).to_be_visible()
    expect(page.get_by_text("one reviewer decides")).to_be_visible()
    expect(page.get_by_text("Rules that match")).to_be_visible()
    box.fill("{")
    box.blur()
    expect(page.get_by_text("This is no JSON")).to_be_visible()


def _submitted(page: Page) -> str:
    """The name of the release that the draft became."""
    _panel(page, "Submit")
    page.get_by_label("What changes, and why", exact=False).fill("Remove a little more")
    page.get_by_role("button", name="Submit").last.click()
    page.wait_for_url("**/releases?release=*")
    settled(page)
    expect(page.get_by_text("Remove a little more").last).to_be_visible()
    return page.url.partition("release=")[2]


def _decided(console: Console) -> tuple[str, str, str]:
    """By which release, and what, is decided about the item if it comes now."""
    sent = {"items": [{"id": uuid4().hex, **ITEM}]}
    (found,) = console.ask("POST", "/v1/items", sent)["results"]
    return found["release"], found["tier"], found["action"]


def _do(page: Page, button: str, then: str) -> None:
    page.get_by_role("button", name=button).first.click()
    page.get_by_role("button", name=then, exact=True).click()
    settled(page)


def _panel(page: Page, name: str) -> None:
    page.get_by_test_id("stButtonGroup").get_by_text(name, exact=True).click()


def _says(page: Page, what: str | re.Pattern[str]) -> None:
    expect(page.locator(".state")).to_contain_text(what)


def _replace(page: Page, old: str, new: str) -> None:
    """Put one text in place of another, as the editor's own search does."""
    page.locator(".cm-content").click()
    page.keyboard.press("Control+f")
    page.locator(".cm-search input[name=search]").fill(old)
    page.locator(".cm-search input[name=replace]").fill(new)
    page.locator(".cm-search button[name=replaceAll]").click()
    page.locator(".cm-search input[name=search]").press("Escape")
