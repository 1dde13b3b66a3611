"""What holds after every race, and how all that is still open comes to its end."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from engine.consensus import Decide, NeedsVote, Settled, Terms, Vote, count, seats_of
from engine.verdict import Tier
from queues.errors import Conflict, NotFound, Refused
from queues.review import Ballot
from tests.property.races.scenes import Scene

#: What people are told when somebody was quicker, or what they want is not possible.
EXPECTED: Final = (Conflict, NotFound, Refused)
#: More than any case needs; those who are in its race vote again where a panel does.
_ALL: Final = (*"abcdefz", *(f"new-{number}" for number in range(5)))
_ROUNDS: Final = 6
_AT_ONCE: Final = 20

_CASES: Final = "SELECT * FROM cases WHERE item_id = ANY(:items) ORDER BY id"
_ITEMS: Final = "SELECT * FROM items WHERE id = ANY(:items)"
_DECISIONS: Final = "SELECT * FROM decisions WHERE item_id = ANY(:items) ORDER BY id"
_VOTES: Final = """
SELECT votes.* FROM votes JOIN cases ON cases.id = case_id WHERE item_id = ANY(:items)
"""
_HOLDS: Final = """
SELECT holds.* FROM holds JOIN cases ON cases.id = case_id
WHERE item_id = ANY(:items) AND lease_until >= now() AND state = 'open'
"""
_TOLD: Final = """
SELECT kind, subject, actor, details FROM audit_events WHERE item_id = ANY(:items)
"""
_ACTED: Final = """
SELECT payload ->> 'decision_id' AS decision FROM events
WHERE item_id = ANY(:items) AND kind = 'action.applied'
"""


def check(scene: Scene, outcomes: Sequence[object]) -> None:
    """All that is promised, about the items of a scene; everything open is decided on the way."""
    wrong = [each for each in outcomes if isinstance(each, Exception)]
    unexpected = [each for each in wrong if not isinstance(each, EXPECTED)]
    if unexpected:
        raise unexpected[0]
    check_all(scene)
    scene.desk.work()
    _check_none_is_forgotten(scene)
    finish(scene)
    check_all(scene)
    left = scene.rows(
        "SELECT id, state FROM items"
        " WHERE id = ANY(:items) AND state NOT IN ('decided', 'erased', 'published')"
    )
    assert not left, f"forgotten: {left}"
    _check_actions(scene)


def check_all(scene: Scene) -> None:
    """All that holds at any moment: seats, votes, decisions, items and the audit fit together."""
    cases, votes = scene.rows(_CASES), scene.rows(_VOTES)
    held: dict[UUID, list[str]] = {}
    for row in scene.rows(_HOLDS):
        held.setdefault(row["case_id"], []).append(row["reviewer"])
    for case in cases:
        own = [vote for vote in votes if vote["case_id"] == case["id"]]
        _check_seats(scene, case, own, held.get(case["id"], []))
    _check_decisions(scene, cases, votes)
    _check_items(scene, cases)
    _check_audit(scene, cases, votes)


def _check_seats(
    scene: Scene,
    case: Any,  # noqa: ANN401 - a row
    votes: Sequence[Any],
    holders: Sequence[str],
) -> None:
    """Nobody sits twice, nobody sits who has voted, and nobody sits or votes beyond the seats."""
    for number in range(1, case["round"] + 1):
        of_round = _votes(votes, number)
        # Who was the third to sit still counts where a vote of the first two is taken back.
        pair = case["decide"] == Decide.TWO_PLUS_ONE
        most = 3 if pair else seats_of(of_round, _terms(case))
        most = most if number == case["round"] else len(of_round)
        assert len(of_round) <= most, f"votes of round {number}: {of_round}"
    now = _votes(votes, case["round"])
    assert not set(holders) & {vote.reviewer for vote in now}, "who has voted holds a seat"
    taken = len(holders) + len(now)
    # Where the third of a pair that differed is seated, and the vote of the first is taken back,
    # they go on: nobody is sent away from what they are reading.
    most = 3 if case["decide"] == Decide.TWO_PLUS_ONE else seats_of(now, _terms(case))
    assert taken <= most, f"seats: {holders}, votes: {now}"
    if case["state"] == "open" and case["commit_at"] is not None:
        assert not _missing(scene, case, now), "it is to be committed, and votes are missing"


def _check_decisions(scene: Scene, cases: Sequence[Any], votes: Sequence[Any]) -> None:
    """One for each case, by the votes that stand; each in place of the one before."""
    decisions = scene.rows(_DECISIONS)
    by_id = {row["id"]: row for row in decisions}
    for case in cases:
        made = [row for row in decisions if row["case_id"] == case["id"]]
        first = [
            row for row in made if by_id.get(row["supersedes"], {}).get("case_id") != case["id"]
        ]
        assert len(first) <= 1, f"decided twice: {first}"
        assert bool(made) == (case["state"] == "decided"), (case["state"], made)
        own = [vote for vote in votes if vote["case_id"] == case["id"]]
        if first and first[0]["twin_of"] is None:
            _check_by_votes(scene, case, first[0], own)
    samples = {case["id"] for case in cases if case["purpose"] == "sample"}
    chained = [row for row in decisions if row["case_id"] not in samples]
    replaced = Counter(row["supersedes"] for row in chained if row["supersedes"] is not None)
    assert all(times == 1 for times in replaced.values()), f"replaced twice: {replaced}"
    for item in scene.rows(_ITEMS):
        heads = [
            row["id"]
            for row in chained
            if row["item_id"] == item["id"] and row["id"] not in replaced
        ]
        in_force = [] if item["decision_id"] is None else [item["decision_id"]]
        assert heads == in_force, f"in force: {in_force}, newest: {heads}"


def _check_by_votes(scene: Scene, case: Any, decision: Any, votes: Sequence[Any]) -> None:  # noqa: ANN401 - rows
    now = _votes(votes, case["round"])
    if case["tier"] == Tier.SINGLE:
        assert [vote.action for vote in now] == [decision["action"]], (now, decision["action"])
        return
    found = _counted(scene, case, now)
    assert isinstance(found, Settled), (now, decision["action"])
    assert found.action == decision["action"]


def _check_items(scene: Scene, cases: Sequence[Any]) -> None:
    """An item waits for people as long as a review of it is open, and no longer."""
    for item in scene.rows(_ITEMS):
        own = [case for case in cases if case["item_id"] == item["id"]]
        pending = [case for case in own if case["state"] in {"waiting", "open"}]
        if item["state"] == "erased":
            assert not pending, f"erased, and people are to decide: {pending}"
            continue
        reviews = [case for case in pending if case["purpose"] == "review"]
        assert (item["state"] == "in_review") == bool(reviews), (item["state"], reviews)
        _check_appeals(scene, item["id"], own)
        for case in own:
            if case["state"] == "escalated":
                panels = [
                    each
                    for each in own
                    if each["tier"] == Tier.SENIOR and each["purpose"] == case["purpose"]
                ]
                assert panels, "escalated to nobody"


def _check_appeals(scene: Scene, item: UUID, cases: Sequence[Any]) -> None:
    """An appeal is open as long as its case is."""
    appeals = scene.rows("SELECT * FROM appeals WHERE item_id = :item", item=item)
    assert [row["number"] for row in appeals] == list(range(1, len(appeals) + 1))
    for appeal in appeals:
        states = {case["state"] for case in cases if case["appeal_id"] == appeal["id"]}
        assert bool(states & {"waiting", "open"}) == (appeal["state"] == "open"), states


def _check_audit(scene: Scene, cases: Sequence[Any], votes: Sequence[Any]) -> None:
    """Every vote, also one taken back, every claim and every decision was told of, once."""
    told = Counter((row["kind"], row["subject"]) for row in scene.rows(_TOLD))
    decisions = Counter(row["case_id"] for row in scene.rows(_DECISIONS))
    for case in cases:
        name = str(case["id"])
        standing = sum(vote["case_id"] == case["id"] for vote in votes)
        assert told["case.voted", name] - told["case.vote_undone", name] == standing
        assert told["decision.made", name] == decisions[case["id"]]
    for row in scene.rows(
        "SELECT DISTINCT case_id, reviewer FROM handouts JOIN cases ON cases.id = case_id"
        " WHERE item_id = ANY(:items)"
    ):
        assert told["case.claimed", str(row["case_id"])], "handed out in silence"


def _check_actions(scene: Scene) -> None:
    """Each decision acted once at most, and the one in force did."""
    acted = Counter(row["decision"] for row in scene.rows(_ACTED))
    assert all(times == 1 for times in acted.values()), f"acted twice: {acted}"
    for item in scene.rows(_ITEMS):
        if item["state"] == "decided" and item["decision_id"] is not None:
            (action,) = scene.desk.rows(
                "SELECT state FROM actions WHERE id = :id", id=item["decision_id"]
            )
            assert action["state"] == "enforced", action


def _check_none_is_forgotten(scene: Scene) -> None:
    """Whatever is open is in somebody's hands, about to count, or handed out to whoever asks."""
    held = {row["case_id"] for row in scene.rows(_HOLDS)}
    for case in scene.rows(_CASES):
        if case["state"] != "open" or case["id"] in held or case["commit_at"] is not None:
            continue
        for who in reversed(_ALL):
            if scene.review.claim_one(who, case["id"]).cases:
                scene.review.release(who, [case["id"]])
                break
        else:
            nobody = f"nobody gets {dict(case)}"
            raise AssertionError(nobody)


def finish(scene: Scene) -> None:
    """Everything that is open is decided by whoever may."""
    open_now = "SELECT count(*) AS n FROM cases WHERE item_id = ANY(:items) AND state = 'open'"
    for _ in range(_ROUNDS + scene.rows(open_now)[0]["n"] // _AT_ONCE):
        scene.let_pass()
        scene.review.commit_due()
        scene.desk.work()
        if not scene.rows(open_now)[0]["n"]:
            return
        scene.run("DELETE FROM holds")
        for who in _ALL:
            for tier in (Tier.SINGLE, Tier.SENIOR):
                for case in scene.review.claim(who, tier, limit=_AT_ONCE):
                    scene.review.vote(Ballot(case_id=case.id, reviewer=who, action="keep"))
    still = f"still open: {scene.rows(_CASES)}"
    raise AssertionError(still)


def _votes(votes: Sequence[Any], number: int) -> list[Vote]:
    return [
        Vote(reviewer=vote["reviewer"], action=vote["action"], reasons=tuple(vote["reasons"]))
        for vote in votes
        if vote["round"] == number
    ]


def _terms(case: Any) -> Terms:  # noqa: ANN401 - a row
    return Terms(seats=case["seats"], decide=Decide(case["decide"]))


def _counted(scene: Scene, case: Any, votes: Sequence[Vote]) -> object:  # noqa: ANN401 - a row
    actions = scene.desk.policy.vocabulary.actions.values()
    strictness = {action.name: action.strictness for action in actions}
    return count(votes, _terms(case), number=case["round"], strictness=strictness)


def _missing(scene: Scene, case: Any, votes: Sequence[Vote]) -> bool:  # noqa: ANN401 - a row
    if case["tier"] == Tier.SINGLE:
        return not votes
    return isinstance(_counted(scene, case, votes), NeedsVote)
