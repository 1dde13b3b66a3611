"""Exact duplicates are decided with their twin: the same content, for the same reason."""

from collections.abc import Collection, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text

from engine.consensus import Settled
from engine.rules.model import Policy
from queues.review.deciding import Finding, decide
from queues.review.docket import Docket
from queues.store.outbox import Task, send

# Whatever somebody works on, or has voted on, is left to them: two looks are better than one.
_UNTOUCHED: Final = """
twins.content = cases.content AND twins.id <> cases.id AND twins.state IN ('waiting', 'open')
AND twins.purpose = cases.purpose AND twins.tier = cases.tier AND twins.queue = cases.queue
AND twins.policy = cases.policy AND twins.reason = cases.reason
AND NOT EXISTS (SELECT FROM votes WHERE votes.case_id = twins.id)
AND NOT EXISTS (SELECT FROM holds WHERE holds.case_id = twins.id AND holds.lease_until >= now()
    AND holds.reviewer NOT IN (SELECT reviewer FROM votes WHERE votes.case_id = cases.id))
"""
_ANY: Final = text(f"""
SELECT EXISTS (SELECT FROM cases JOIN cases AS twins ON {_UNTOUCHED} WHERE cases.id = :case)
""")  # noqa: S608 - made of constants
_ALL: Final = text(f"""
SELECT twins.id AS twin, cases.id AS case_id FROM cases JOIN cases AS twins ON {_UNTOUCHED}
WHERE cases.id = ANY(:cases) AND cases.state = 'decided' ORDER BY twins.id LIMIT :most
""")  # noqa: S608 - made of constants
_STILL: Final = text(f"""
SELECT cases.decision_id FROM cases JOIN cases AS twins ON {_UNTOUCHED}
WHERE cases.id = :case AND twins.id = :twin
""")  # noqa: S608 - made of constants
_PRIORITIES: Final = text("SELECT id, priority FROM cases WHERE id = ANY(:cases)")
_DECISION: Final = text("""
SELECT action, reasons, policy, made_by FROM decisions WHERE id = :decision
""")


def ask_for(connection: Connection, docket: Docket) -> None:
    """Have a worker decide the duplicates of a case that is being decided, if there are any."""
    if docket.content is None or docket.purpose != "review":
        return
    if connection.execute(_ANY, {"case": docket.id}).scalar_one():
        send(connection, Task.DECIDE_TWINS, [(docket.id, docket.priority)])


def ask_again(connection: Connection, cases: Collection[UUID]) -> None:
    """Have a worker go on with the duplicates of cases that were decided."""
    rows = connection.execute(_PRIORITIES, {"cases": list(cases)})
    send(connection, Task.DECIDE_TWINS, [(row.id, row.priority) for row in rows])


def pairs(connection: Connection, cases: Sequence[UUID], most: int) -> list[tuple[UUID, UUID]]:
    """Duplicates that nobody has touched, each with the case whose decision it takes over."""
    found = connection.execute(_ALL, {"cases": list(cases), "most": most})
    return [(row.twin, row.case_id) for row in found]


def follow(connection: Connection, policy: Policy, twin: Docket, case: UUID) -> UUID | None:
    """Decide a locked case as its twin was; None if somebody was quicker."""
    found = connection.execute(_STILL, {"case": case, "twin": twin.id}).scalar_one_or_none()
    if found is None:
        return None
    decision = connection.execute(_DECISION, {"decision": found}).one()
    finding = Finding(
        settled=Settled(action=decision.action, reasons=tuple(decision.reasons)),
        made_by=decision.made_by,
        actor="twin",
        policy=decision.policy,
        twin_of=found,
    )
    return decide(connection, policy, twin, finding)
