"""What somebody has in hand, what can be taken back, and how quick is too quick."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from dashboard.desk.keeping import draft_of, resumed
from dashboard.desk.pace import bounces, is_unread
from dashboard.desk.saying import Drawing, Saying, Span, needs_reason
from dashboard.desk.tray import Held, Refusal, Sent, Tray
from dashboard.holding import Draft
from dashboard.showing.item import Selected
from dashboard.showing.picture import Box

_NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def held(name: str, *, lease: float = 600, **of_case: object) -> Held:
    """A case that was read now."""
    until = (_NOW + timedelta(seconds=lease)).isoformat()
    case = {"id": name, "lease_until": until, "blind": False, **of_case}
    return Held(desk={"case": case, "at": _NOW.isoformat(), "texts": [{"text": "words"}]})


def test_the_next_lies_under_the_one_on_the_desk() -> None:
    """It is taken by its name alone: a press that was meant for another takes nothing."""
    tray = Tray()
    for name in ("a", "b", "a"):
        tray.add(held(name))
    assert tray.ids == ["a", "b"]
    assert tray.take("b") is None
    taken = tray.take("a")
    assert taken is not None
    assert tray.ids == ["b"]
    taken.shown_at = 5.0
    tray.put_back(taken)
    assert tray.ids == ["a", "b"]
    assert taken.shown_for == 0


def test_a_case_whose_lease_is_over_is_not_shown() -> None:
    """Unless it was kept longer."""
    tray = Tray()
    tray.add(held("late", lease=2))
    tray.add(held("kept", lease=2))
    tray.keep("kept", (_NOW + timedelta(seconds=600)).isoformat())
    assert tray.top is not None
    assert tray.top.id == "kept"
    assert len(tray) == 1
    tray.lose("kept")
    assert tray.top is None


def test_what_counts_can_not_be_taken_back() -> None:
    """The newest comes first; one that is on its way may be, one that counts is forgotten."""
    tray, later = Tray(), (_NOW + timedelta(seconds=10)).isoformat()
    tray.add(held("a"))
    over = Sent(case="x", text="keep", until=_NOW.isoformat(), answered=True)
    fresh = Sent(case="y", text="keep", until=later, answered=True)
    moving = Sent(case="z", text="keep")
    for each in (over, fresh, moving):
        tray.send(each)
    assert tray.undoable == [moving, fresh]
    tray.forget(moving)
    assert tray.undoable == [fresh]
    assert tray.remembered == {"a", "y"}


def test_refusals_are_told_once() -> None:
    """And what is on its way is counted until it is done."""
    tray = Tray()
    tray.begin()
    under_way = [tray.is_working]
    with tray.working():
        tray.refuse(Refusal(what="keep", why="gone", is_back=False))
    under_way.append(tray.is_working)
    assert under_way == [True, False]
    assert [each.why for each in tray.refusals()] == ["gone"]
    assert tray.refusals() == []


def test_too_quick() -> None:
    """A second press of the same finger counts for nothing; unread texts are asked about."""
    assert bounces(0.02)
    assert not bounces(0.3)
    assert is_unread(120, 1.9)
    assert not is_unread(120, 2.1)
    assert not is_unread(100_000, 5.1)


def test_a_ballot_says_what_was_said_and_no_more() -> None:
    """A reason for a restriction alone, corrections where there are some, the note as comment."""
    saying = Saying(reason="spam.offer")
    assert saying.ballot("keep", 1.26) == {"action": "keep", "active_seconds": 1.3}
    saying.note, saying.labels = " a quotation ", {"spam.offer": "rejected"}
    saying.pieces = {("text", 0, 4): "accepted"}
    saying.added = [Span(Selected(field="text", start=5, end=7), "spam.chain")]
    assert saying.ballot("hide", 2) == {
        "action": "hide",
        "active_seconds": 2,
        "reasons": ["spam.offer"],
        "comment": "a quotation",
        "corrections": {
            "labels": [{"name": "spam.offer", "judged": "rejected"}],
            "spans": [
                {"field": "text", "start": 0, "end": 4, "judged": "accepted"},
                {"field": "text", "start": 5, "end": 7, "judged": "added", "label": "spam.chain"},
            ],
            "regions": [],
        },
    }


def test_regions_are_said_with_where_they_were() -> None:
    """An adjusted one that nobody drew anew is left out: it would say nothing."""
    was, now = Box(x=0, y=0, width=0.5, height=0.5), Box(x=0.1, y=0, width=0.5, height=0.5)
    saying = Saying(
        drawings={
            (0, 0): Drawing(picture=0, judged="rejected", was=was, label="x"),
            (0, 1): Drawing(picture=0, judged="adjusted", was=was),
            (1, 0): Drawing(picture=1, judged="adjusted", was=was, box=now),
        },
        new_drawings=[Drawing(picture=0, judged="added", box=now)],
    )
    marks = saying.corrections
    assert marks is not None
    assert [(each["image"], each["judged"], each["x"]) for each in marks["regions"]] == [
        (0, "rejected", 0),
        (1, "adjusted", 0.1),
        (0, "added", 0.1),
    ]
    assert marks["regions"][1]["was"] == [0, 0, 0.5, 0.5]


def test_who_decides_blind_is_asked_for_a_reason() -> None:
    """For a restriction, and until there is one."""
    blind = held("a", blind=True).desk
    assert needs_reason(blind, Saying(), "hide")
    assert not needs_reason(blind, Saying(reason="spam.offer"), "hide")
    assert not needs_reason(blind, Saying(), "keep")
    assert not needs_reason(held("a").desk, Saying(), "hide")


def test_what_is_about_to_be_said_survives_a_reload() -> None:
    """All of it, as a draft; one that nobody can read any more is its text alone."""
    said = Saying(note="of two minds", reason="spam.offer", policy="spam")
    said.labels = {"spam.offer": "rejected"}
    said.pieces = {("text", 3, 8): "accepted"}
    selected = Selected(field="text", start=0, end=2)
    said.added = [Span(selected, "spam.chain"), Span(replace(selected, end=6), None)]
    box = Box(x=0.1, y=0.2, width=0.3, height=0.4)
    said.drawings = {(0, 1): Drawing(picture=0, judged="adjusted", box=box, was=box, label="x")}
    said.new_drawings = [Drawing(picture=1, judged="added", box=box)]
    draft = draft_of(said)
    again = resumed(draft)
    assert again.kept == draft
    again.kept = said.kept
    assert again == said
    assert draft_of(Saying()) == Draft()
    for choices in ("{}", "7", "no JSON", '{"pieces": [[1]]}'):
        assert resumed(Draft(text="a", choices=choices)).ballot("keep", 1)["comment"] == "a"
