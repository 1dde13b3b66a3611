"""Votes, and what becomes of them, by examples."""

import pytest

from engine.consensus import Decide, Escalate, NeedsVote, Settled, Terms, Vote, VoteAgain, count
from engine.rules.vocabulary import BUILT_IN_ACTIONS

STRICTNESS = {name: action.strictness for name, action in BUILT_IN_ACTIONS.items()}


def votes(*actions: str) -> list[Vote]:
    """One vote each of a, b, c and so on."""
    return [
        Vote(reviewer=name, action=action, reasons=(f"why-{action}",))
        for name, action in zip("abcdef", actions, strict=False)
    ]


def counted(decide: Decide, seats: int, *actions: str, number: int = 1) -> object:
    """The result; of what is settled the action alone."""
    cast = votes(*actions)
    result = count(cast, Terms(seats=seats, decide=decide), number=number, strictness=STRICTNESS)
    return result.action if isinstance(result, Settled) else result


@pytest.mark.parametrize(
    ("decide", "seats", "actions", "first", "second"),
    [
        (Decide.MAJORITY, 3, ("hide", "hide"), NeedsVote(missing=1), NeedsVote(missing=1)),
        (Decide.MAJORITY, 3, ("hide", "publish", "hide"), "hide", "hide"),
        (Decide.MAJORITY, 3, ("publish", "hide", "remove"), VoteAgain(round=2), "hide"),
        (Decide.MAJORITY, 2, ("remove", "hide"), VoteAgain(round=2), "hide"),
        (Decide.MAJORITY, 4, ("remove", "hide", "remove", "hide"), VoteAgain(round=2), "hide"),
        (Decide.UNANIMOUS, 2, ("remove", "remove"), "remove", "remove"),
        (
            Decide.UNANIMOUS,
            2,
            ("remove", "hide"),
            VoteAgain(round=2),
            Escalate(terms=Terms(seats=3), round=3),
        ),
        (Decide.TWO_PLUS_ONE, 3, ("hide",), NeedsVote(missing=1), NeedsVote(missing=1)),
        (Decide.TWO_PLUS_ONE, 3, ("hide", "hide"), "hide", "hide"),
        (Decide.TWO_PLUS_ONE, 3, ("hide", "remove"), NeedsVote(missing=1), NeedsVote(missing=1)),
        (Decide.TWO_PLUS_ONE, 3, ("hide", "remove", "remove"), "remove", "remove"),
        (Decide.TWO_PLUS_ONE, 3, ("label", "remove", "publish"), VoteAgain(round=2), "label"),
    ],
)
def test_what_votes_lead_to(
    decide: Decide, seats: int, actions: tuple[str, ...], first: object, second: object
) -> None:
    """In the first round and in the second; a tie takes the milder action."""
    assert counted(decide, seats, *actions) == first
    assert counted(decide, seats, *actions, number=2) == second


def test_reasons_and_dissent_are_kept() -> None:
    """Reasons of those who back the action, the most named first; dissenters by name."""
    cast = [
        Vote(reviewer="c", action="hide", reasons=("spam.links", "hate.attack")),
        Vote(reviewer="b", action="hide", reasons=("hate.attack",)),
        Vote(reviewer="a", action="publish", reasons=("quality",)),
    ]
    assert count(cast, Terms(seats=3), number=1, strictness=STRICTNESS) == Settled(
        action="hide", reasons=("hate.attack", "spam.links"), dissent=("a",)
    )


def test_who_wanted_more_gives_reasons_too() -> None:
    """Where the middle decides, a stricter vote backs it and its reasons count."""
    settled = count(
        votes("publish", "hide", "remove"), Terms(seats=3), number=2, strictness=STRICTNESS
    )
    assert settled == Settled(action="hide", reasons=("why-hide", "why-remove"), dissent=("a", "c"))
