"""The review desk in a browser: decided with keys, once each, and nothing of an item ever runs."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from itertools import cycle, islice
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import text

from dashboard.showing.menus import DWELL
from queues.access import Role
from tests.functional.console import hostile
from tests.functional.console.elsewhere import elsewhere
from tests.functional.console.site import Console, dwelt, settled
from tests.functional.console.site import console as serving
from tests.waiting import until

#: One reviewer looks at everything; at what is dim, without knowing what was found.
_RULES: Final = """\
file: rules
owner: o@example.org
policy: spam
---
field: text
type: text
---
field: item.language
type: text id
---
queue: general
tier: single
sla: 4 hours
default: yes
---
queue: dark
tier: single
sla: 4 hours
blind: yes
---
queue: senior
tier: senior
sla: 8 hours
default: yes
panel: { reviewers: 3, decide: majority }
---
reason: spam.offer
title: Unwanted offer
policy: spam
---
reason: spam.chain
title: Chain letter
policy: spam
---
rule: offers
title: Somebody looks at offers
about: An offer that nobody asked for is spam.
status: live
when: { text: { has_any: [offer] } }
then: { tier: single, reason: spam.offer, while_waiting: hide }
---
rule: dim
title: Somebody looks at what is dim
status: live
when: { text: { has_any: [dim] } }
then: { tier: single, reason: spam.offer, queue: dark }
---
rule: everything
title: Somebody looks at everything
status: live
when: { text: { longer_than: 0 } }
unless: { text: { has_any: [offer, dim] } }
then: { tier: single, reason: spam.chain }
"""
#: One grey dot.
_GIF: Final = "R0lGODdhAQABAIAAAICAgAAAACwAAAAAAQABAAACAkQBADs="
_REGION: Final = {"x": 0.25, "y": 0.25, "width": 0.5, "height": 0.5}
_BODY: Final = "document.querySelector('.tw-main .tw-body').textContent"
_OF: Final = "document.querySelector('.tw-item')?.dataset.of ?? null"


@pytest.fixture(scope="module", name="console")
def _console(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    """A whole site where one reviewer looks at everything, and nothing is hidden by chance."""
    folder = tmp_path_factory.mktemp("desk")
    (folder / "rules").mkdir()
    (folder / "rules" / "rules.yaml").write_text(_RULES, encoding="utf-8")
    settings = {"TIERWISE_REVIEW__BLIND_SHARE": "0", "TIERWISE_REVIEW__OVERLAP": "0"}
    with serving(folder, browser, rules=folder / "rules", **settings) as running:
        yield running


@contextmanager
def at_desk(console: Console, name: str, *texts: str, **fields: object) -> Iterator[Page]:
    """A browser of somebody at their desk, where these wait for them and nobody else."""
    language = f"en-{name}"
    console.person(name, "moderator", languages=[language])
    console.post(*({"text": said, "item.language": language, **fields} for said in texts))
    with console.signed_in(name, "/desk") as tab:
        tab.wait_for_selector(".tw-item")
        settled(tab)
        yield tab


def on_desk(tab: Page) -> str:
    """The case that is shown."""
    found: str = tab.evaluate(_OF)
    return found


def seen(tab: Page) -> str:
    """The case that is shown, once it has been for so long that a key counts."""
    case = on_desk(tab)
    dwelt(tab, DWELL)
    return case


def press(tab: Page, *keys: str) -> str:
    """Press keys for the case that is shown, until another one is; which it was.

    A component that is drawn anew shows nothing for a moment.
    """
    case = on_desk(tab)
    for key in keys:
        dwelt(tab, DWELL)
        tab.keyboard.press(key)
        settled(tab)
    tab.wait_for_function(f"![null, '{case}'].includes({_OF})")
    settled(tab)
    return case


def file_of(console: Console, case: str) -> Mapping[str, Any]:
    """What the service knows of a case."""
    return console.ask("GET", f"/v1/cases/{case}")


def voted(console: Console, case: str) -> bool:
    """Whether somebody has decided a case."""
    return bool(file_of(console, case)["votes_cast"] == 1)


def test_thirty_cases_are_decided_by_keyboard_alone(console: Console) -> None:
    """Each once, however often a key is pressed; a reload half-way loses nothing."""
    with at_desk(console, "mo", *(f"an offer {number}" for number in range(33))) as tab:
        assert tab.locator("mark").inner_text() == "offer"
        assert "Somebody looks at offers." in tab.inner_text('[data-testid="stMain"]')
        decided = [*_taken_back(console, tab)]
        decided += [press(tab, key) for key in islice(cycle("1467"), 12)]
        _escalate(console, tab)
        decided += [press(tab, key) for key in islice(cycle("1467"), 16)]
        assert len(set(decided)) == 30
        until(lambda: all(voted(console, case) for case in decided))


def _taken_back(console: Console, tab: Page) -> tuple[str, str]:
    """Decide two cases, each once however often a key is pressed; take the second back, anew."""
    first = _pressed_twice(console, tab, "4")
    second = _pressed_twice(console, tab, "6")
    third = on_desk(tab)
    tab.get_by_text("U takes back: hide, Unwanted offer").wait_for()
    _reload(tab)
    assert on_desk(tab) == third
    tab.get_by_text("U takes back: hide").wait_for()
    dwelt(tab, DWELL)
    tab.keyboard.press("u")
    tab.keyboard.press("u")
    tab.wait_for_function(f"{_OF} === '{second}'")
    until(lambda: not voted(console, second))
    settled(tab)
    assert (on_desk(tab), voted(console, first)) == (second, True)
    assert press(tab, "1") == second
    return first, second


def _pressed_twice(console: Console, tab: Page, key: str) -> str:
    """Decide a case with two presses; the second one counts for no other case."""
    case = seen(tab)
    tab.keyboard.press(key)
    tab.keyboard.press(key)
    tab.wait_for_function(f"![null, '{case}'].includes({_OF})")
    settled(tab)
    until(partial(voted, console, case))
    assert not voted(console, on_desk(tab))
    return case


def _escalate(console: Console, tab: Page) -> None:
    """Not without a note; what is written is no key, and survives a reload."""
    case = seen(tab)
    tab.keyboard.press("e")
    tab.get_by_text("Say why in the note").wait_for()
    tab.keyboard.press("n")
    tab.keyboard.type("1 or 7, who knows")
    tab.keyboard.press("Escape")
    settled(tab)
    assert on_desk(tab) == case
    until(lambda: drafted(console, "mo", case)["text"] == "1 or 7, who knows")
    _reload(tab)
    assert (on_desk(tab), tab.input_value(".tw-note textarea")) == (case, "1 or 7, who knows")
    assert press(tab, "e") == case
    until(lambda: file_of(console, case)["case"]["state"] == "escalated")


def _reload(tab: Page) -> None:
    tab.reload()
    tab.wait_for_selector(".tw-item")
    settled(tab)


def test_cases_are_skipped_rated_and_decided_for_another_reason(console: Console) -> None:
    """Each with its keys; a rating is no decision."""
    with at_desk(console, "ola", *(f"offer {number} of many" for number in range(5))) as tab:
        seen(tab)
        tab.keyboard.press("x")
        tab.get_by_text("Why is it not for you?").wait_for()
        settled(tab)
        skipped = press(tab, "1")
        until(lambda: kinds_of(console, skipped) >= {"case.skipped"})
        rated = seen(tab)
        tab.keyboard.press("d")
        until(lambda: kinds_of(console, rated) >= {"case.rated"})
        assert on_desk(tab) == rated
        assert not voted(console, rated)
        seen(tab)
        for key, then in (("p", "Under which policy?"), ("1", "For which reason?")):
            tab.keyboard.press(key)
            tab.get_by_text(then).wait_for()
            settled(tab)
        tab.keyboard.press("1")
        tab.get_by_text("Reason: Chain letter").wait_for()
        until(lambda: "spam.chain" in drafted(console, "ola", rated)["choices"])
        _reload(tab)
        tab.get_by_text("Reason: Chain letter").wait_for()
        press(tab, "7")
        until(partial(voted, console, rated))


def test_pictures_and_marks_are_judged_one_by_one(console: Console) -> None:
    """A picture is there when asked for, clear when asked again; what is said of marks is kept."""
    picture = {"data": _GIF, "regions": [{**_REGION, "label": "spam.offer", "confidence": 0.8}]}
    with at_desk(console, "pia", "an offer to all", "offer two", images=[picture]) as tab:
        case = seen(tab)
        assert tab.locator(".tw-picture").count() == 0
        tab.keyboard.press("h")
        tab.wait_for_selector(".tw-picture.tw-blurred img")
        settled(tab)
        assert tab.locator(".tw-region").count() == 0
        tab.keyboard.press("h")
        tab.wait_for_selector(".tw-picture:not(.tw-blurred) .tw-region")
        assert "Unwanted offer 80.0 %" in tab.inner_text(".tw-region")
        settled(tab)
        tab.keyboard.press("m")
        rejected = tab.get_by_role("radio", name="rejected")
        rejected.nth(1).wait_for()
        for place in (0, 1):
            settled(tab)
            rejected.nth(place).click()
        tab.wait_for_selector(".tw-region.tw-rejected")
        settled(tab)
        assert press(tab, "7") == case
        until(partial(voted, console, case))
    with console.site.store.read() as connection:
        asked = text("SELECT corrections FROM votes WHERE case_id = :case")
        said = connection.execute(asked, {"case": case}).scalar_one()
    assert [(each["start"], each["end"], each["judged"]) for each in said["spans"]] == [
        (3, 8, "rejected")
    ]
    (region,) = said["regions"]
    assert {name: region[name] for name in _REGION} == _REGION
    assert region["judged"] == "rejected"


def drafted(console: Console, name: str, case: str) -> Mapping[str, str]:
    """What somebody is about to say of a case."""
    found = console.ask("GET", f"/v1/cases/{case}/desk?reviewer={name}")["draft"]
    return found or {"text": "", "choices": ""}


def kinds_of(console: Console, case: str) -> set[str]:
    """What happened to the item of a case, as the audit has it."""
    item = file_of(console, case)["case"]["item_id"]
    return {each["kind"] for each in console.ask("GET", f"/v1/items/{item}/audit")["events"]}


def test_whoever_is_refused_is_told(console: Console) -> None:
    """Somebody else has it by now: the next case is there, and the page says what was not taken."""
    with at_desk(console, "ann", *(f"another offer {number}" for number in range(6))) as tab:
        case = seen(tab)
        console.ask("POST", "/v1/cases:release", {"reviewer": "ann", "cases": [case]})
        assert press(tab, "1") == case
        tab.get_by_text("Not taken.").wait_for()
        assert "Somebody else has it" in tab.inner_text('[data-testid="stMain"]')
        assert not voted(console, case)


def test_blind_cases_hide_what_was_found_and_ask_for_a_reason(console: Console) -> None:
    """No mark, no rule, no suggestion; a restriction is asked for its policy and reason."""
    with at_desk(console, "bea", "dim and 1", "dim and 2") as tab:
        shown = tab.inner_text('[data-testid="stMain"]')
        assert "You decide without the machine's suggestion." in shown
        assert not [
            word for word in ("dim.", "Somebody looks", "Unwanted", "dark") if word in shown
        ]
        assert tab.locator("mark").count() == 0
        case = seen(tab)
        tab.keyboard.press("6")
        # Meant for what is asked then, and too early for it: it is no decision.
        tab.keyboard.press("1")
        tab.get_by_text("under which policy?").wait_for()
        settled(tab)
        assert on_desk(tab) == case
        tab.keyboard.press("1")
        tab.get_by_text("For which reason?").wait_for()
        settled(tab)
        tab.keyboard.press("2")
        tab.get_by_text("U takes back: hide, Unwanted offer").wait_for()
        until(partial(voted, console, case))


def test_nothing_of_an_item_runs_loads_or_breaks_the_page(console: Console) -> None:
    """Whatever it says is text: the page asks nobody else, and keys go on working."""
    with elsewhere() as (address, recorded):
        texts = [str(item["text"]) for item in hostile.items(address)]
        assert len(texts) >= 100
        # After those, what is decided if a slow machine takes both keys for decisions.
        harmless = [f"an offer {number}" for number in range(9)]
        _look_at(console, [*("\n".join(texts[n::8]) for n in range(8)), *harmless])
        assert not recorded


def _look_at(console: Console, many: list[str]) -> None:
    with at_desk(console, "hal", *many) as tab, _unharmed(console, tab):
        for again in ("Enter", "1", "Enter", "1", "Enter", "1", "Enter", "1"):
            assert tab.evaluate(_BODY) in many
            # Quicker than it can be read: asked once, and meant.
            press(tab, "1", again)
        assert tab.evaluate("document.documentElement.scrollHeight <= window.innerHeight")


def test_nothing_of_an_item_runs_before_a_panel_or_in_its_case(console: Console) -> None:
    """Its name and what is said of it are attacks as well."""
    with elsewhere() as (address, recorded):
        whole = "\n".join(str(item["text"]) for item in hostile.items(address))
        attack = f"![x]({address}) <img src={address}> <script>document.title='owned'</script>"
        with at_desk(console, "hew", whole, id=attack) as tab, _unharmed(console, tab):
            case = seen(tab)
            tab.keyboard.press("n")
            tab.keyboard.insert_text(attack)
            tab.keyboard.press("Escape")
            settled(tab)
            until(lambda: drafted(console, "hew", case)["text"] == attack)
            tab.keyboard.press("e")
            until(lambda: file_of(console, case)["case"]["state"] == "escalated")
        console.person("ivo", *(str(role) for role in Role), languages=["en-hew"])
        with console.signed_in("ivo", "/panel") as tab, _unharmed(console, tab):
            tab.get_by_role("button", name="Take the next case").click()
            tab.wait_for_selector(".tw-item")
            assert tab.evaluate(_BODY) == whole
            assert attack in tab.inner_text('[data-testid="stMain"]')
            (held,) = console.ask("GET", "/v1/cases:held?reviewer=ivo")["cases"]
            _go(console, tab, f"/case?case={held['id']}")
            tab.get_by_text("Show the item and its history").click()
            tab.get_by_text("Decisions", exact=True).wait_for()
            settled(tab)
            assert whole.splitlines()[-1] in tab.inner_text('[data-testid="stMain"]')
            _go(console, tab, "/cases")
        assert not recorded


def _go(console: Console, tab: Page, path: str) -> None:
    tab.goto(f"{console.address}{path}")
    settled(tab)


@contextmanager
def _unharmed(console: Console, tab: Page) -> Iterator[None]:
    """What is looked at in this block runs nothing, asks nobody else, and tries neither."""
    asked: list[str] = []
    said: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    tab.on("console", lambda message: said.append(message.text))
    yield
    assert tab.title() != "owned"
    assert not [url for url in asked if not url.startswith((console.address, "data:", "blob:"))]
    assert not [line for line in said if "Content Security Policy" in line]
    assert tab.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
