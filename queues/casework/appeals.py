"""Appeals: somebody asks for another look at a decision, and people who did not make it look.

Who looks is policy: an item of kind `appeal` is judged, with `appeal.of_tier` (who decided),
`appeal.of_policy` and `appeal.number`, and the review that its rules ask for is the case. An
appeal is never lost: where no rule asks for one, the panel takes it, or one reviewer if a machine
decided and it is the first. What the case decides closes the appeal (see `queues.review`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
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
from queues.errors import Conflict, NotFound, Refused
from queues.ids import as_id, new_id
from queues.store.casework import NewCase, add_case
from queues.store.ledger import AuditEvent, record
from queues.store.session import Store

_POLICY: Final = "appeal"
_MACHINE: Final = "machine"
_ITEM: Final = "item"
_LONGEST: Final = 10_000

_FIND: Final = text("""
SELECT id FROM items WHERE sender_id = :name
UNION ALL SELECT id FROM items WHERE id = CAST(:ours AS uuid)
""")
_LOCK: Final = text("""
SELECT id, state, language, author_id, verdict_id, decision_id, now() AS at,
    (SELECT count(*) FROM appeals WHERE appeals.item_id = items.id) AS before,
    EXISTS (SELECT FROM appeals WHERE appeals.item_id = items.id AND appeals.state = 'open') AS open
FROM items WHERE id = :item FOR NO KEY UPDATE
""")
_DECISION: Final = text("""
SELECT tier, policy, made_by, at AS decided_at,
    at + make_interval(secs => :window) < now() AS too_late
FROM decisions WHERE id = :decision
""")
_SENT: Final = text("SELECT input -> 'raw' AS raw FROM verdicts WHERE id = :verdict")
_ADD: Final = text("""
INSERT INTO appeals (id, item_id, decision_id, by, number, statement, state)
VALUES (:id, :item, :decision, :by, :number, :statement, 'open')
""")


Row = Mapping[Any, Any]


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
    case_id: UUID
    tier: Tier
    queue: str
    due: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Appeals:
    """Takes appeals."""

    store: Store
    release: Callable[[], Release]
    """The release in force; raises Unavailable where there is none."""
    window: float
    """Seconds after a decision during which it can be appealed."""
    reach: Sequence[str] = ()
    """The fields that tell how many people see an item."""

    def appeal(self, appeal: Appeal, *, actor: str) -> Appealed:
        """Take an appeal against the decision in force, and open its case.

        Raises:
            NotFound: there is no such item.
            Conflict: nothing was decided, people are about to, it is too late, or one is open.
            Refused: the statement is too long.
        """
        if appeal.statement is not None and len(appeal.statement) > _LONGEST:
            what = "statement"
            raise Refused(what, f"it is longer than {_LONGEST} characters")
        release = self.release()
        with self.store.transaction() as connection:
            row = self._appealable(connection, appeal.item)
            identity, number = new_id(), row["before"] + 1
            review = _review(release, identity, number, row)
            _write(connection, appeal, identity, number, row)
            reach = _reach(release.policy, row["raw"], self.reach)
            case = _case(release.policy, identity, review, row, reach)
            if not add_case(connection, case):
                raise _refusal(appeal.item, "an appeal is open already")
            record(connection, [_audited(row, case, release, number, actor)])
        return Appealed(
            id=identity,
            item_id=row["id"],
            decision_id=row["decision_id"],
            number=number,
            case_id=case.id,
            tier=review.tier,
            queue=review.queue,
            due=row["at"] + timedelta(seconds=review.due_in),
        )

    def _appealable(self, connection: Connection, name: str) -> Row:
        """The item with the decision in force, locked."""
        names = {"name": name, "ours": as_id(name)}
        identity = connection.execute(_FIND, names).scalars().first()
        if identity is None:
            raise NotFound(_ITEM, name)
        item = connection.execute(_LOCK, {"item": identity}).mappings().one()
        given = {"decision": item["decision_id"], "window": self.window}
        decision: Row = connection.execute(_DECISION, given).mappings().one_or_none() or {}
        _check(name, item, decision)
        sent = connection.execute(_SENT, {"verdict": item["verdict_id"]}).mappings().one()
        return {**item, **decision, **sent}


def _write(connection: Connection, appeal: Appeal, identity: UUID, number: int, row: Row) -> None:
    connection.execute(
        _ADD,
        {
            "id": identity,
            "item": row["id"],
            "decision": row["decision_id"],
            "by": appeal.by,
            "number": number,
            "statement": appeal.statement,
        },
    )


def _check(name: str, item: Row, decision: Row) -> None:
    """Refuse what cannot be appealed now."""
    for refused, why in (
        (item["open"], "an appeal is open already"),
        (item["state"] == "erased", "it was erased"),
        (item["state"] != "decided", "people are about to decide"),
        (not decision, "nothing was decided about it"),
        (decision.get("too_late"), f"it was decided at {decision.get('decided_at')}, too long ago"),
    ):
        if refused:
            raise _refusal(name, why)


def _review(release: Release, identity: UUID, number: int, row: Row) -> Review:
    """Who looks at an appeal, as the rules say."""
    fields: dict[str, Value] = {
        **_scope(row["raw"]),
        "item.kind": "appeal",
        "appeal.of_tier": Tier.AUTO.value if row["made_by"] == _MACHINE else row["tier"],
        "appeal.number": number,
    }
    known = {
        "appeal.of_policy": row["policy"],
        "author.id": row["author_id"],
        "item.language": row["language"],
    }
    fields |= {name: value for name, value in known.items() if value is not None}
    verdict = release.evaluate(Item(str(identity), fields), now=row["at"].timestamp())
    return verdict.review or _by_default(release.policy, number, row)


def _scope(raw: object) -> dict[str, Value]:
    """The market of the item: rules may be for some alone."""
    if not isinstance(raw, Mapping):
        return {}
    within = raw.get("item")
    inner = within.get("market") if isinstance(within, Mapping) else None
    market = raw.get("item.market") or raw.get("market") or inner
    return {"item.market": market} if isinstance(market, str) else {}


def _by_default(policy: Policy, number: int, row: Row) -> Review:
    first = row["made_by"] == _MACHINE and number == 1
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


def _reach(policy: Policy, raw: Mapping[str, object], names: Sequence[str]) -> float | None:
    """How many people the item reaches; None: it does not tell, or cannot be read any more."""
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


def _refusal(item: str, why: str) -> Conflict:
    return Conflict(f"appeal of item `{item}`", why)


def _audited(row: Row, case: NewCase, release: Release, number: int, actor: str) -> AuditEvent:
    return AuditEvent(
        at=row["at"],
        actor=actor,
        kind="appeal.opened",
        item_id=row["id"],
        subject=str(case.appeal_id),
        details={
            "decision": str(row["decision_id"]),
            "number": number,
            "case": str(case.id),
            "rule": case.review.rule,
            "release": release.name,
        },
    )
