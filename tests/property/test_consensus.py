"""Counting votes: against the definition in words, and in any order."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.consensus import (
    LAST_ROUND,
    Decide,
    Escalate,
    NeedsVote,
    Settled,
    Terms,
    Vote,
    VoteAgain,
    count,
)

ACTIONS = ("publish", "label", "hide", "remove")
STRICTNESS = {action: float(place) for place, action in enumerate(ACTIONS)}

votes = st.builds(
    lambda cast: [
        Vote(reviewer=f"r{number}", action=action, reasons=tuple(reasons))
        for number, (action, reasons) in enumerate(cast)
    ],
    st.lists(
        st.tuples(st.sampled_from(ACTIONS), st.lists(st.sampled_from("abc"), max_size=2)),
        max_size=6,
    ),
)
terms = st.builds(
    lambda seats, decide: Terms(seats=seats, decide=decide),
    st.integers(min_value=1, max_value=5),
    st.sampled_from(Decide),
)
rounds = st.integers(min_value=1, max_value=3)


def backing(cast: Sequence[Vote], action: str) -> int:
    """How many votes back an action: those for it, and for anything stricter."""
    return sum(STRICTNESS[vote.action] >= STRICTNESS[action] for vote in cast)


def expected_action(cast: Sequence[Vote], agreed_by: Terms, number: int) -> str | None:
    """What a full round decides, in the words of the definition; None: it does not."""
    for action in ACTIONS:
        for_it = sum(vote.action == action for vote in cast)
        if agreed_by.decide is Decide.UNANIMOUS and for_it == len(cast):
            return action
        if agreed_by.decide is not Decide.UNANIMOUS and for_it > len(cast) / 2:
            return action
    if number < LAST_ROUND or agreed_by.decide is Decide.UNANIMOUS:
        return None
    return max(
        (action for action in ACTIONS if backing(cast, action) > len(cast) / 2),
        key=STRICTNESS.__getitem__,
    )


@given(votes, terms, rounds, st.randoms())
def test_the_order_of_votes_does_not_matter(
    cast: list[Vote], agreed_by: Terms, number: int, draws: object
) -> None:
    """The same votes, shuffled, give the same result to the last reason and dissent."""
    result = count(cast, agreed_by, number=number, strictness=STRICTNESS)
    shuffled = list(cast)
    draws.shuffle(shuffled)  # type: ignore[attr-defined]  # what hypothesis draws from
    assert count(shuffled, agreed_by, number=number, strictness=STRICTNESS) == result


@given(votes, terms, rounds)
def test_a_round_is_counted_when_its_seats_are_filled(
    cast: list[Vote], agreed_by: Terms, number: int
) -> None:
    """Never before; two_plus_one has two seats, and a third where the two differ."""
    result = count(cast, agreed_by, number=number, strictness=STRICTNESS)
    seats = agreed_by.seats
    if agreed_by.decide is Decide.TWO_PLUS_ONE:
        seats = 3 if len({vote.action for vote in cast}) > 1 else 2
    if len(cast) < seats:
        assert result == NeedsVote(missing=seats - len(cast))
    else:
        assert not isinstance(result, NeedsVote)


@given(votes, terms, rounds)
def test_the_result_is_the_one_of_the_definition(
    cast: list[Vote], agreed_by: Terms, number: int
) -> None:
    """Agreement settles; without it people vote again, a panel grows, or the middle decides."""
    result = count(cast, agreed_by, number=number, strictness=STRICTNESS)
    if isinstance(result, NeedsVote):
        return
    action = expected_action(cast, agreed_by, number)
    match result:
        case Settled():
            assert result.action == action
            against = {vote.reviewer for vote in cast if vote.action != action}
            assert set(result.dissent) == against
            backers = [vote for vote in cast if backing([vote], result.action)]
            assert set(result.reasons) <= {reason for vote in backers for reason in vote.reasons}
            assert set(result.reasons) >= {
                reason for vote in cast if vote.action == action for reason in vote.reasons
            }
        case VoteAgain():
            assert (action, result.round) == (None, number + 1)
            assert number < LAST_ROUND
        case Escalate():
            assert (action, result.round) == (None, number + 1)
            assert (agreed_by.decide, number >= LAST_ROUND) == (Decide.UNANIMOUS, True)
            assert result.terms == Terms(seats=len(cast) + 1, decide=Decide.MAJORITY)


@given(terms, st.lists(st.sampled_from(ACTIONS), min_size=40, max_size=40))
def test_people_are_not_asked_without_end(agreed_by: Terms, says: list[str]) -> None:
    """However they vote, three rounds are the most: then something is decided."""
    number, wishes, cast = 1, iter(says), list[Vote]()
    while number <= LAST_ROUND + 1:
        match count(cast, agreed_by, number=number, strictness=STRICTNESS):
            case NeedsVote():
                cast.append(Vote(reviewer=f"r{len(cast)}", action=next(wishes)))
            case VoteAgain() as again:
                number, cast = again.round, []
            case Escalate() as larger:
                number, cast, agreed_by = larger.round, [], larger.terms
            case Settled():
                return
    pytest.fail("a fourth round begins")
