"""Appeals: somebody asks for another look at a decision, and people who did not make it look.

Who looks is policy: an item of kind `appeal` is judged, with `appeal.of_tier` (who decided),
`appeal.of_policy` and `appeal.number`, and the review that its rules ask for is the case. An
appeal is never lost: where no rule asks for one, the panel takes it, or one reviewer if a machine
decided and it is the first. What the case decides closes the appeal (see `queues.review`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text

from engine.errors import InvalidItem
from engine.gauging import reach_of
from engine.item import Item, Value
from engine.rules.items import ItemReader
from engine.rules.model import Policy
from engine.rules.release import Release
from engine.rules.requests import NO_QUEUE_SLA, default_queue
from engine.verdict import Priority, Review, Severity, Tier
from queues.casework.appealable import Row, appealable, locked, open_appeal, refusal, tier_of
from queues.errors import Refused
from queues.ids import new_id
from queues.store.casework import Asks, NewCase, add_case
from queues.store.ledger import AuditEvent, record
from queues.store.session import Store

_POLICY: Final = "appeal"
_LONGEST: Final = 10_000

_ADD: Final = text("""
INSERT INTO appeals (id, item_id, decision_id, by, number, statement, asks, state)
VALUES (:id, :item, :decision, :by, :number, :statement, :asks, 'open')
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Appeal:
    """Somebody asks for another look."""

    item: str
    """The sender's id of the item, or ours."""
    by: str
    """Who asks, as the platform names them: the author, or who reported the item."""
    statement: str | None = field(default=None, repr=False)
    """What they say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Appealed:
    """An appeal that was taken."""

    id: UUID
    item_id: UUID
    decision_id: UUID
    """The decision it is against."""
    number: int
    """1 for the first of the item."""
    asks: Asks
    """What for: `milder`, or `stricter` where it was left up or whoever reported it appeals."""
    case_id: UUID
    tier: Tier
    queue: str
    due: datetime
    duplicate: bool
    """Taken before; this is how it stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Appeals:
    """Takes appeals."""

    store: Store
    release: Callable[[], Release]
    """The release in force; raises Unavailable where there is none."""
    window: float
    """Seconds after a decision during which it can be appealed."""
    most: int = 2
    """How often an item can be appealed for the same: a milder decision, or a stricter one."""
    reach: Sequence[str] = ()
    """The fields that tell how many people see an item."""

    def appeal(self, appeal: Appeal, *, actor: str) -> Appealed:
        """Take an appeal against the decision in force, and open its case.

        The same again, while it is open, is answered with the one that is open.

        Raises:
            NotFound: there is no such item.
            Conflict: nothing was decided, people are about to, it is too late, somebody else's
                appeal is open, or there were too many.
            Refused: the statement is too long.
        """
        if appeal.statement is not None and len(appeal.statement) > _LONGEST:
            what = "statement"
            raise Refused(what, f"it is longer than {_LONGEST} characters")
        release = self.release()
        with self.store.transaction() as connection:
            item = locked(connection, appeal.item)
            before = open_appeal(connection, item)
            if before is not None and before["by"] == appeal.by:
                return _the_same(item, before)
            row = appealable(
                connection, item, appeal.item, appeal.by, window=self.window, most=self.most
            )
            identity = new_id()
            review = _review(release, identity, row)
            _write(connection, appeal, identity, row)
            reach = _reach(release.policy, row["raw"], self.reach)
            case = _case(release.policy, identity, review, row, reach)
            if not add_case(connection, case):
                raise refusal(appeal.item, "an appeal is open already")
            record(connection, [_audited(row, case, release, actor)])
        return _taken(identity, row, case)


def _taken(identity: UUID, row: Row, case: NewCase) -> Appealed:
    """The answer to an appeal that is new."""
    review = case.review
    return Appealed(
        id=identity,
        item_id=row["id"],
        decision_id=row["decision_id"],
        number=row["number"],
        asks=row["asks"],
        case_id=case.id,
        tier=review.tier,
        queue=review.queue,
        due=row["at"] + timedelta(seconds=review.due_in),
        duplicate=False,
    )


def _the_same(item: Row, before: Row) -> Appealed:
    """The answer to an appeal that is open already."""
    return Appealed(
        id=before["id"],
        item_id=item["id"],
        decision_id=before["decision_id"],
        number=before["number"],
        asks=Asks(before["asks"]),
        case_id=before["case_id"],
        tier=Tier(before["tier"]),
        queue=before["queue"],
        due=before["due_at"],
        duplicate=True,
    )


def _write(connection: Connection, appeal: Appeal, identity: UUID, row: Row) -> None:
    connection.execute(
        _ADD,
        {
            "id": identity,
            "item": row["id"],
            "decision": row["decision_id"],
            "by": appeal.by,
            "number": row["number"],
            "statement": appeal.statement,
            "asks": row["asks"].value,
        },
    )


def _review(release: Release, identity: UUID, row: Row) -> Review:
    """Who looks at an appeal, as the rules say."""
    fields: dict[str, Value] = {
        **_scope(row["raw"]),
        "item.kind": "appeal",
        "appeal.of_tier": tier_of(row).value,
        "appeal.number": row["number"],
    }
    known = {
        "appeal.of_policy": row["policy"],
        "author.id": row["author_id"],
        "item.language": row["language"],
    }
    fields |= {name: value for name, value in known.items() if value is not None}
    verdict = release.evaluate(Item(str(identity), fields), now=row["at"].timestamp())
    return verdict.review or _by_default(release.policy, row)


def _scope(raw: object) -> dict[str, Value]:
    """The market of the item: rules may be for some alone."""
    if not isinstance(raw, Mapping):
        return {}
    within = raw.get("item")
    inner = within.get("market") if isinstance(within, Mapping) else None
    market = raw.get("item.market") or raw.get("market") or inner
    return {"item.market": market} if isinstance(market, str) else {}


def _by_default(policy: Policy, row: Row) -> Review:
    first = tier_of(row) is Tier.AUTO and row["number"] == 1
    tier = Tier.SINGLE if first else Tier.SENIOR
    queue = default_queue(tier, policy.vocabulary.queues)
    return Review(
        tier=tier,
        queue=tier.value if queue is None else queue.name,
        priority=Priority.NORMAL,
        due_in=NO_QUEUE_SLA if queue is None else queue.sla,
        reason="appeal",
        rule="appeal",
    )


def _reach(policy: Policy, raw: object, names: Sequence[str]) -> float | None:
    """How many people the item reaches; None: it does not tell, or cannot be read any more."""
    if not isinstance(raw, Mapping):
        return None
    try:
        return reach_of(ItemReader(policy.vocabulary).read(raw), names)
    except InvalidItem:
        return None


def _case(policy: Policy, identity: UUID, review: Review, row: Row, reach: float | None) -> NewCase:
    rule = policy.rules.get(review.rule)
    return NewCase(
        item_id=row["id"],
        verdict_id=row["verdict_id"],
        purpose="appeal",
        review=review,
        policy=_POLICY if rule is None else rule.policy,
        severity=Severity.MEDIUM if rule is None else rule.severity,
        reach=reach,
        language=row["language"],
        appeal_id=identity,
        about=row["policy"],
    )


def _audited(row: Row, case: NewCase, release: Release, actor: str) -> AuditEvent:
    return AuditEvent(
        at=row["at"],
        actor=actor,
        kind="appeal.opened",
        item_id=row["id"],
        subject=str(case.appeal_id),
        details={
            "decision": str(row["decision_id"]),
            "number": row["number"],
            "asks": row["asks"].value,
            "case": str(case.id),
            "rule": case.review.rule,
            "release": release.name,
        },
    )
