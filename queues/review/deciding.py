"""What people decided takes effect: a decision, its action, and whatever hangs on the case.

By the purpose of a case:

- `review`: the decision is in force, in place of what a machine held or did.
- `appeal`: so too; the appeal is closed, upheld (the decision stands, or a stricter one does) or
  overturned.
- `sample`: the decision is quality data and changes nothing. Where it differs from what is in
  force and no person has decided yet, the item is brought before a person who has not seen it:
  what we know may be wrong is looked at again, and the sample stays a measurement.
- `learning`: so too, but that it measures nothing: the item was chosen, and nobody had to be shown
  it. So this decision and all later ones about the item have π = 0, and stand for no other items.
- `overlap`, `gold`, `calibration`: there is none; the vote is kept, and nobody is told.
- `validation`: so too; but where a senior would decide otherwise than the machine did, and no
  person has decided yet, the item is brought before another person, as with a sample.
"""

from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text

from engine.consensus import Settled
from engine.rules.model import Policy
from engine.rules.requests import NO_QUEUE_SLA, default_queue
from engine.verdict import Priority, Severity, Tier
from engine.verdict import Review as Wanted
from queues.ids import new_id
from queues.quality.probes import conclude
from queues.quality.purposes import LABELS, WITHOUT_EFFECT, Purpose
from queues.review import appealed
from queues.review.docket import Docket
from queues.store.casework import NewCase, add_case
from queues.store.events import EventKind, NewEvent, emit
from queues.store.ledger import AuditEvent, record
from queues.store.notices import Topic, notify
from queues.store.outbox import Task, send

_APPEAL: Final = "appeal"
#: Whoever voted before is kept away.
_OTHERS: Final = "first_reviewers"

_DECIDE: Final = text("""
INSERT INTO decisions (id, item_id, verdict_id, case_id, made_by, tier, action, reasons, policy,
    inclusion_probability, supersedes, comment, twin_of)
SELECT :id, :item, verdicts.id, :case, :made_by, :tier, :action, :reasons, :policy,
    CASE WHEN EXISTS (SELECT FROM cases WHERE cases.item_id = :item AND purpose = 'learning')
        THEN 0 ELSE verdicts.inclusion_probability END,
    :supersedes, :comment, :twin_of
FROM verdicts WHERE verdicts.id = :verdict
""")
_CLOSE: Final = text("""
UPDATE cases SET state = 'decided', decision_id = :decision, closed_at = coalesce(closed_at, now()),
    commit_at = NULL
WHERE id = :case
""")
# A review that is still open goes on: then the item waits for it as before.
_PUT_IN_FORCE: Final = text("""
UPDATE items SET action = :action, decision_id = :decision, decided_at = now(),
    state = CASE WHEN EXISTS (
        SELECT FROM cases WHERE item_id = :item AND purpose = 'review' AND id <> :case
            AND state IN ('waiting', 'open')
    ) THEN 'in_review' ELSE 'decided' END
WHERE id = :item
RETURNING state
""")
_ACT: Final = text("""
INSERT INTO actions (id, item_id, action, automated, state)
VALUES (:id, :item, :action, false, 'pending')
""")
_REVIEW_AGAIN: Final = text("UPDATE items SET state = 'in_review' WHERE id = :item")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What people found, and who they are."""

    settled: Settled
    made_by: str
    """`person` or `panel`."""
    actor: str
    """For the audit."""
    comment: str | None = field(default=None, repr=False)
    policy: str | None = None
    """The right one, where it is not that of the first reason."""
    twin_of: UUID | None = None
    """The decision that was taken over, as the item is an exact duplicate."""


def decide(connection: Connection, policy: Policy, docket: Docket, finding: Finding) -> UUID:
    """Write the decision of a case, and all it leads to, in one transaction.

    Args:
        connection: The docket was locked in it.
        policy: In force.
        docket: Of a case whose turn it is; of one that was decided, this decision replaces its own.
        finding: What is decided.

    Returns:
        The id of the decision; of a case that only measures, that of the vote.
    """
    if docket.purpose in WITHOUT_EFFECT:
        if docket.purpose == Purpose.VALIDATION:
            _look_again(connection, policy, docket, finding.settled)
        return conclude(connection, docket.id)
    decision = _write(connection, policy, docket, finding)
    connection.execute(_CLOSE, {"case": docket.id, "decision": decision})
    record(connection, [_audited(docket, finding, decision)])
    if docket.purpose in LABELS:
        _look_again(connection, policy, docket, finding.settled)
    else:
        _put_in_force(connection, docket, finding, decision)
    if docket.appeal_id is not None:
        appealed.close(connection, policy, docket, finding.settled, decision)
    return decision


def _write(connection: Connection, policy: Policy, docket: Docket, finding: Finding) -> UUID:
    """The row of a decision."""
    label = docket.purpose in LABELS
    settled = finding.settled
    decision = new_id()
    connection.execute(
        _DECIDE,
        {
            "id": decision,
            "item": docket.item_id,
            "case": docket.id,
            # A label is about the verdict that drew it; else the latest is answered.
            "verdict": docket.verdict_id if label else docket.verdict_in_force,
            "made_by": finding.made_by,
            "tier": docket.tier,
            "action": settled.action,
            "reasons": list(settled.reasons),
            "policy": finding.policy or _policy(policy, docket, settled),
            "supersedes": None if label else docket.decision_in_force,
            "comment": finding.comment,
            "twin_of": finding.twin_of,
        },
    )
    return decision


def _put_in_force(connection: Connection, docket: Docket, finding: Finding, decision: UUID) -> None:
    action = finding.settled.action
    given = {"item": docket.item_id, "action": action, "decision": decision, "case": docket.id}
    state = connection.execute(_PUT_IN_FORCE, given).scalar_one()
    connection.execute(_ACT, {"id": decision, "item": docket.item_id, "action": action})
    send(connection, Task.ENFORCE, [(decision, docket.priority)])
    event = NewEvent(
        kind=EventKind.ITEM_DECIDED,
        item_id=docket.item_id,
        payload={
            "sender_id": docket.sender_id,
            "item_id": docket.item_id,
            "decision_id": decision,
            "case_id": docket.id,
            "purpose": docket.purpose,
            "tier": docket.tier,
            "made_by": finding.made_by,
            "action": action,
            "before": docket.action_in_force,
            "reasons": finding.settled.reasons,
            "state": state,
            "at": docket.at,
        },
    )
    emit(connection, [event])
    if state == "decided":
        notify(connection, Topic.DECIDED, str(docket.item_id))


def _look_again(connection: Connection, policy: Policy, docket: Docket, settled: Settled) -> None:
    """Bring an item before another person, where a measurement says that the machine erred."""
    by_machine = docket.made_by_before in {None, "machine"}
    if settled.action == docket.action_in_force or not by_machine:
        return
    queue = default_queue(Tier.SINGLE, policy.vocabulary.queues)
    review = Wanted(
        tier=Tier.SINGLE,
        queue=Tier.SINGLE.value if queue is None else queue.name,
        priority=Priority.NORMAL,
        due_in=NO_QUEUE_SLA if queue is None else queue.sla,
        reason=next(iter(settled.reasons), docket.reason),
        rule=docket.rule,
        not_by=_OTHERS,
    )
    case = NewCase(
        item_id=docket.item_id,
        verdict_id=docket.verdict_in_force,
        purpose="review",
        review=review,
        policy=_policy(policy, docket, settled),
        severity=Severity.MEDIUM,
        language=docket.language,
        content=docket.content,
    )
    if add_case(connection, case):
        connection.execute(_REVIEW_AGAIN, {"item": docket.item_id})


def _policy(policy: Policy, docket: Docket, settled: Settled) -> str:
    """The policy of the first reason, else that of the case."""
    first = policy.vocabulary.reasons.get(next(iter(settled.reasons), ""))
    return docket.policy if first is None else first.policy


def _audited(docket: Docket, finding: Finding, decision: UUID) -> AuditEvent:
    return AuditEvent(
        at=docket.at,
        actor=finding.actor,
        kind="decision.made",
        item_id=docket.item_id,
        subject=str(docket.id),
        details={
            "decision": str(decision),
            "purpose": docket.purpose,
            "tier": docket.tier,
            "action": finding.settled.action,
            "before": docket.action_in_force,
            "reasons": list(finding.settled.reasons),
            "dissent": list(finding.settled.dissent),
            "twin_of": None if finding.twin_of is None else str(finding.twin_of),
        },
    )
