"""What panels say in words."""

from typing import Any

import pytest

from dashboard.holding import Draft
from dashboard.panel import wording
from dashboard.panel.board import Seat, chosen_in
from engine.consensus import Decide, Settled, Terms, Vote, count

STRICTNESS = {"publish": 0.0, "hide": 5.0, "remove": 6.0}


def panel(**given: Any) -> dict[str, Any]:  # noqa: ANN401 - as the API answers
    """A panel as the API tells it."""
    base: dict[str, Any] = {
        "case_id": "c",
        "place": "waiting",
        "purpose": "review",
        "language": "en",
        "round": 1,
        "seats": 3,
        "decide": "majority",
        "votes_cast": 1,
        "ballots": [],
        "outcome": None,
        "meanwhile": None,
    }
    return base | given


def cast(reviewer: str, number: int, action: str, *reasons: str) -> dict[str, Any]:
    """A ballot as the API tells it."""
    said = {"reviewer": reviewer, "round": number, "action": action, "reasons": list(reasons)}
    return {**said, "comment": f"{reviewer} thinks so", "at": "2026-03-01T12:00:00Z"}


def titles(name: str) -> str:
    """A reason as people read it."""
    return {"hate.attack": "Attack on a group"}.get(name, name)


@pytest.mark.parametrize("seats", range(1, 8))
def test_so_many_votes_decide_as_are_said_to(seats: int) -> None:
    """The sentence about a majority is what the engine counts."""
    sentence = wording.rule(panel(seats=seats))[0]
    needed = int(sentence.split("; ")[1].split()[0])
    terms = Terms(seats=seats, decide=Decide.MAJORITY)
    for backing in (needed, needed - 1):
        votes = [
            Vote(reviewer=str(n), action="remove" if n < backing else f"other{n}")
            for n in range(seats)
        ]
        settled = count(votes, terms, number=1, strictness=STRICTNESS)
        # With nobody for it, or with one vote where one is all there are, something else wins.
        won = isinstance(settled, Settled) and settled.action == "remove"
        assert won == (backing == needed)


def test_a_rule_says_what_happens_without_agreement() -> None:
    """In the first round all vote again; in the second it depends on the rule."""
    for decide, words in (("unanimous", "all have to agree"), ("two_plus_one", "a third")):
        assert words in wording.rule(panel(decide=decide))[0]
    assert "all vote again" in wording.rule(panel())[-1]
    assert "one more joins" in wording.rule(panel(decide="unanimous", round=2))[-1]
    assert "strictest" in wording.rule(panel(round=2))[-1]


def test_what_happens_meanwhile_is_not_guessed() -> None:
    """Blind, nothing is said of it."""
    assert "after the first round" in wording.meanwhile(panel())
    assert wording.meanwhile(panel(meanwhile="publish")).endswith("held as: keep.")


def test_rounds_stand_beside_one_another() -> None:
    """The last first; dissent is marked where it counted."""
    ballots = [
        cast("ana", 1, "publish"),
        cast("ben", 1, "remove", "hate.attack"),
        cast("ana", 2, "publish"),
        cast("ben", 2, "remove"),
    ]
    outcome = {"action": "remove", "reasons": [], "at": "2026-03-01T12:00:00Z", "dissent": ["ana"]}
    second, first = wording.rounds(panel(round=2, ballots=ballots, outcome=outcome), titles)
    assert (second.heading, first.heading) == ("Round 2", "Round 1")
    assert [line.text for line in first.lines][::2] == [
        "ana: keep",
        "ben: remove · Attack on a group",
    ]
    assert [line.text for line in second.lines][::2] == ["ana (dissent): keep", "ben: remove"]
    assert first.lines[1].text == "ana thinks so"
    decided = wording.outcome(panel(outcome=outcome), titles)
    assert decided.lines[1].text.endswith("against it: ana")
    assert wording.last_ballot(panel(round=3, ballots=ballots), "ben") == ballots[3]
    assert wording.last_ballot(panel(round=3, ballots=ballots), "cem") is None


def test_a_blind_appeal_says_what_was_written_alone() -> None:
    """What was decided, and what is asked for, once the votes are open."""
    found = {"number": 1, "statement": "A joke.", "asks": None, "decision": None, "at": None}
    blind = wording.appeal(found, titles)
    assert blind.lines[0].text == "A joke."
    assert "after the first round" in blind.lines[1].text
    decision = cast("x", 1, "hide", "hate.attack") | {"made_by": "person"}
    seen = wording.appeal(found | {"asks": "milder", "decision": decision}, titles)
    texts = [line.text for line in seen.lines]
    assert texts[2:] == ["hide · Attack on a group", "Asked for: something milder"]
    assert wording.appeal(None, titles).lines == ()


def test_what_was_chosen_survives_a_reload() -> None:
    """A draft that somebody kept in another form is as if there were none."""
    seat = Seat(panel={}, desk={}, appeal=None, action="hide", reasons=("a", "b"), note="why")
    assert chosen_in(seat.draft) == ("hide", ("a", "b"))
    for choices in ("", "7", "[]", '{"reason": "a"}', "no JSON"):
        assert chosen_in(Draft(text="why", choices=choices)) == (None, ())
