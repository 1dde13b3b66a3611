"""What people and workers do in a race, by names such as `vote a`."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Final

from sqlalchemy import text

from engine.verdict import Tier
from queues.casework.appeals import Appeal
from queues.casework.escalation import Escalation
from queues.casework.opening import Opening
from queues.records.erasing import erase_author, erase_item
from queues.review import Revision
from queues.store.outbox import Task
from tests.integration.staff import BY, Staff
from tests.property.races.scenes import Scene

Deed = Callable[[Scene], object]

#: Until whatever ends soon has ended.
_WAIT: Final = text("SELECT pg_sleep(0.03)")


def _claim(scene: Scene, who: str, tier: Tier, limit: int = 1) -> object:
    return [case.id for case in scene.review.claim(who, tier, limit=limit)]


def _claim_and_vote(scene: Scene, who: str, tier: Tier) -> object:
    for case in scene.review.claim(who, tier):
        scene.taken[who] = case.id
        return scene.review.vote(scene.ballot(who))
    return None


def _revise(scene: Scene, who: str) -> object:
    case = scene.case_of("a")
    better = Revision(case_id=case, reviewer=who, action="warn", comment="Milder.")
    return scene.review.revise(better, others=who != "a")


def _appeal(scene: Scene, by: str) -> object:
    return scene.desk.appeals.appeal(Appeal(item=scene.names[0], by=by), actor="key:k")


def _open(scene: Scene) -> None:
    opening = Opening(store=scene.desk.store, policy=lambda: scene.desk.policy, ageing=14_400.0)
    opening.open_cases(scene.desk.messages(Task.OPEN))
    opening.convene(scene.desk.messages(Task.CONVENE))


def _rank(scene: Scene) -> object:
    opening = Opening(store=scene.desk.store, policy=lambda: scene.desk.policy, ageing=60.0)
    return opening.rank()


def _escalation(scene: Scene) -> Escalation:
    return Escalation(store=scene.desk.store, policy=lambda: scene.desk.policy)


def _go_home(scene: Scene) -> object:
    return Staff(scene.desk.store).accounts.disable("ana", by=BY)


def _pass(scene: Scene) -> None:
    with scene.desk.store.transaction() as connection:
        connection.execute(_WAIT)


def _erase(scene: Scene) -> object:
    return erase_item(scene.desk.store, scene.names[-1], by="key:k")


def _erase_author(scene: Scene) -> object:
    author = "x" if len(scene.names) > 1 else "ann"
    return erase_author(scene.desk.store, author, by="key:k")


def _each(
    verb: str, people: Sequence[str], deed: Callable[[Scene, str], object]
) -> dict[str, Deed]:
    """The same by several people."""
    return {f"{verb} {who}": partial(_by, deed, who) for who in people}


def _by(deed: Callable[[Scene, str], object], who: str, scene: Scene) -> object:
    return deed(scene, who)


DEEDS: Final[Mapping[str, Deed]] = {
    **_each("vote", "abc", lambda scene, who: scene.review.vote(scene.ballot(who))),
    **_each("undo", "abc", lambda scene, who: scene.review.undo(who, scene.case_of(who)).id),
    **_each("claim", ("a", "d", "e", "ana"), lambda scene, who: _claim(scene, who, Tier.SINGLE)),
    **_each("sit", "ade", lambda scene, who: _claim(scene, who, Tier.SENIOR)),
    "claim many": lambda scene: _claim(scene, "f", Tier.SINGLE, 3),
    "decide d": lambda scene: _claim_and_vote(scene, "d", Tier.SINGLE),
    "sit and vote d": lambda scene: _claim_and_vote(scene, "d", Tier.SENIOR),
    "skip a": lambda scene: scene.review.skip("a", scene.case_of("a"), "other"),
    "renew a": lambda scene: scene.review.renew("a", scene.case_of("a")),
    "release a": lambda scene: scene.review.release("a"),
    "escalate a": lambda scene: scene.review.escalate("a", scene.case_of("a"), "Please look."),
    "comment d": lambda scene: scene.review.comment("d", scene.case_of("a"), "Hm.").id,
    "revise a": lambda scene: _revise(scene, "a"),
    "revise s": lambda scene: _revise(scene, "s"),
    "appeal": lambda scene: _appeal(scene, "ann"),
    "appeal u": lambda scene: _appeal(scene, "u"),
    "report": lambda scene: scene.desk.report(scene.names[0]),
    "erase": _erase,
    "erase author": _erase_author,
    "commit": lambda scene: scene.review.commit_due(),
    "tally": lambda scene: scene.review.tally(scene.desk.messages(Task.TALLY)),
    "follow": lambda scene: scene.review.decide_twins(scene.desk.messages(Task.DECIDE_TWINS)),
    "expire": lambda scene: scene.review.expire_leases(),
    "overdue": lambda scene: _escalation(scene).escalate(),
    "late": lambda scene: _escalation(scene).report_late(),
    "open": _open,
    "rank": _rank,
    "go home": _go_home,
    "time": _pass,
}
