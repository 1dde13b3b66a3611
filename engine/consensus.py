"""Counts the votes of one round: a decision, a seat that is still empty, or another round.

How many vote, and what agreement is:

- `majority`: every seat votes; more than half of the votes are for one action.
- `unanimous`: every seat votes, and all for one action.
- `two_plus_one`: two vote; only where they differ a third does, and two of the three agree.

A round is blind, and counted once: who votes does not see the others, and a majority that stands
before the last seat has voted still waits for it (a panel whose third vote never mattered would
not be asked for three). Where a round ends without agreement:

1. After the first round everybody sees the votes and votes again (`VoteAgain`).
2. After the second, `unanimous` gets one seat more and the majority decides (`Escalate`).
3. After the second, all others take the strictest action that more than half of the votes back,
   where a vote for an action backs every milder one too. Actions stand in a line, from `publish`
   to `remove`, so this is the vote in the middle. It always exists; in a tie it is the milder
   one, because a restriction needs a majority behind it.

The same votes give the same result in any order.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

#: The last round in which people are asked to agree by themselves.
LAST_ROUND: Final = 2
_PAIR: Final = 2


class Decide(StrEnum):
    """How a panel agrees."""

    #: More than half.
    MAJORITY = "majority"
    #: All.
    UNANIMOUS = "unanimous"
    #: Two, and a third where they differ.
    TWO_PLUS_ONE = "two_plus_one"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How many vote, and how they agree."""

    seats: int
    """`two_plus_one` needs two, then three, whatever stands here."""
    decide: Decide = Decide.MAJORITY


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """What one reviewer says in one round."""

    reviewer: str
    action: str
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """It is decided."""

    action: str
    reasons: tuple[str, ...]
    """Of those who back the action: the most named first, then by name."""
    dissent: tuple[str, ...] = ()
    """Who voted for another action, by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedsVote:
    """Seats are empty."""

    missing: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VoteAgain:
    """No agreement: the votes are shown, and all vote again."""

    round: int
    """Number of the round that begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalate:
    """No agreement once more: a larger panel votes, and its majority decides."""

    terms: Terms
    round: int
    """Number of the round that begins."""


Result = Settled | NeedsVote | VoteAgain | Escalate


def count(
    votes: Collection[Vote], terms: Terms, *, number: int, strictness: Mapping[str, float]
) -> Result:
    """Count a round.

    Args:
        votes: Those of this round, one a reviewer.
        terms: Of the panel.
        number: The round, from 1.
        strictness: Action → place in the order of strictness; an action that is not in it, as
            policies change, counts as the mildest.

    Returns:
        What follows. Nothing is ever settled while a seat is empty.
    """
    missing = seats_of(votes, terms) - len(votes)
    if missing > 0:
        return NeedsVote(missing=missing)
    agreed = _agreed(votes, terms)
    if agreed is not None:
        return _settled(votes, agreed, {agreed})
    if number < LAST_ROUND:
        return VoteAgain(round=number + 1)
    if terms.decide is Decide.UNANIMOUS:
        return Escalate(terms=Terms(seats=len(votes) + 1), round=number + 1)
    ordered = sorted(
        (vote.action for vote in votes), key=lambda action: (strictness.get(action, 0.0), action)
    )
    place = (len(ordered) - 1) // 2
    return _settled(votes, ordered[place], set(ordered[place:]))


def seats_of(votes: Collection[Vote], terms: Terms) -> int:
    """How many votes this round takes, seen from those that are there."""
    if terms.decide is not Decide.TWO_PLUS_ONE:
        return terms.seats
    return _PAIR if len({vote.action for vote in votes}) <= 1 else _PAIR + 1


def _agreed(votes: Collection[Vote], terms: Terms) -> str | None:
    """The action that has the votes it needs."""
    action, most = Counter(vote.action for vote in votes).most_common(1)[0]
    if terms.decide is Decide.UNANIMOUS:
        return action if most == len(votes) else None
    return action if most * 2 > len(votes) else None


def _settled(votes: Collection[Vote], action: str, backed_by: Collection[str]) -> Settled:
    named = Counter(
        reason for vote in votes if vote.action in backed_by for reason in set(vote.reasons)
    )
    return Settled(
        action=action,
        reasons=tuple(sorted(named, key=lambda reason: (-named[reason], reason))),
        dissent=tuple(sorted(vote.reviewer for vote in votes if vote.action != action)),
    )
