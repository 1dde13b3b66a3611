"""Items that are judged once more: signals arrived, or users reported them.

People are never overruled by a machine: where somebody decided, or is about to, a new verdict can
ask for another look, and can bring a case to a higher tier, but it changes no action.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, func, select, text
from sqlalchemy.engine import RowMapping

from engine.errors import InvalidItem
from engine.overriding import Override
from engine.verdict import SEVERITY_RANK, TIER_RANK, Review, Severity, Tier
from queues.arms import Arms, Judging, by_judge
from queues.ids import new_id
from queues.intake.accepting import write_verdict
from queues.intake.answers import State
from queues.intake.content import content_of
from queues.intake.effects import Subject, act, open_case, open_cases
from queues.intake.rows import Rows
from queues.judging import Facts, Judge, Raw, typed_facts
from queues.store.announcements import News, announce
from queues.store.events import EventKind
from queues.store.ledger import AuditEvent
from queues.store.notices import Topic, notify
from queues.store.outbox import PRIORITIES, Task, take
from queues.store.overriding import overrides_in_force
from queues.store.session import Store

_ITEMS: Final = text("""
SELECT id, state, tier, action, decision_id, verdict_id FROM items
WHERE id = ANY(:items) AND state <> 'erased' ORDER BY id FOR NO KEY UPDATE
""")
# By their own ids alone: a join of tables split by day is planned over every day there is.
_VERDICTS: Final = text("SELECT id, input, trace FROM verdicts WHERE id = ANY(:verdicts)")
_BY_PEOPLE: Final = text("""
SELECT DISTINCT item_id FROM decisions WHERE item_id = ANY(:items) AND made_by <> 'machine'
""")
_OPEN: Final = text("""
SELECT item_id, id, tier, severity, enqueued_at FROM cases
WHERE item_id = ANY(:items) AND purpose = 'review' AND state IN ('waiting', 'open')
ORDER BY id FOR UPDATE
""")
_ARRIVED: Final = text("""
SELECT item_id, found FROM signal_orders WHERE item_id = ANY(:items) AND found IS NOT NULL
""")
_KEEP: Final = text("""
UPDATE items SET verdict_id = :verdict, tier = :tier, state = :state, action = :action,
    decision_id = coalesce(CAST(:decision AS uuid), decision_id),
    decided_at = CASE WHEN :state = 'decided' THEN coalesce(decided_at, now()) END
WHERE id = :item
""")
_HASTEN: Final = text("""
UPDATE cases SET priority = least(priority, :priority), due_at = least(due_at, :due),
    severity = :severity, reach = greatest(reach, :reach),
    probability = greatest(probability, :probability)
WHERE id = :id
""")
_ESCALATE: Final = text("""
UPDATE cases SET state = 'escalated', closed_at = now()
WHERE id = :id
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """An item as it stands before it is judged again."""

    item_id: UUID
    state: State
    action: str
    decision_id: UUID | None
    raw: Raw
    facts: Facts
    rules: frozenset[str]
    """The rules of the verdict in force."""
    decided_by_people: bool
    case: RowMapping | None
    """The review that is open."""


@dataclass(slots=True, kw_only=True)
class Changes:
    """What is going to be written."""

    rows: Rows = field(default_factory=Rows)
    items: list[dict[str, object]] = field(default_factory=list)
    escalated: list[dict[str, object]] = field(default_factory=list)
    hastened: list[dict[str, object]] = field(default_factory=list)
    news: list[News] = field(default_factory=list)

    def write(self, connection: Connection) -> None:
        """Write it; what has an old place leaves it first."""
        for statement, values in (
            (_ESCALATE, self.escalated),
            (_HASTEN, self.hastened),
            (_KEEP, self.items),
        ):
            if values:
                connection.execute(statement, values)
        self.rows.write(connection)
        announce(connection, EventKind.CASE_ESCALATED, self.news)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejudging:
    """Judges items again."""

    store: Store
    judging: Judging
    reach: Sequence[str] = ()
    """The fields that tell how many people see an item."""

    def arrived(self, rows: Sequence[int]) -> None:
        """Judge items whose slow signals have come or will not come; rows are of the outbox."""
        arms = self.judging()
        with self.store.transaction() as connection:
            items = take(connection, Task.JUDGE, rows)
            found: dict[UUID, dict[str, Any]] = {item: {} for item in items}
            for row in connection.execute(_ARRIVED, {"items": items}).mappings():
                found[row["item_id"]].update(row["found"])
            self.again(connection, arms, found, cause="signals")

    def again(
        self, connection: Connection, arms: Arms, facts: Mapping[UUID, Facts], *, cause: str
    ) -> None:
        """Judge items with new facts, in the transaction of a connection.

        Args:
            connection: Of a unit of work.
            arms: Who judges each.
            facts: By item; they are added to those of the verdict in force.
            cause: `signals` or `reports`.
        """
        standing = _standing(connection, sorted(facts))
        if not standing:
            return
        changes = Changes()
        for judge, its in by_judge((arms.of(each.raw), each) for each in standing):
            self._judge(connection, changes, judge, its, facts, cause)
        changes.write(connection)

    def _judge(
        self,
        connection: Connection,
        changes: Changes,
        judge: Judge,
        standing: Sequence[Standing],
        facts: Mapping[UUID, Facts],
        cause: str,
    ) -> None:
        """What the new verdicts of one judge change."""
        raws = [each.raw for each in standing]
        judged = judge.judge_stored(
            raws,
            [{**each.facts, **facts[each.item_id]} for each in standing],
            connection.execute(select(func.now())).scalar_one(),
            _overrides(connection, judge, raws),
        )
        for before, after in zip(standing, judged, strict=True):
            subject = Subject(
                item_id=before.item_id,
                verdict_id=new_id(),
                judged=after,
                policy=judge.release.policy,
                reach=self.reach,
            )
            write_verdict(changes.rows, subject, judge, cause=cause)
            state = _change(changes, subject, before)
            changes.rows.audit.append(_audited(subject, judge, cause))
            if state is State.DECIDED and before.state is not State.DECIDED:
                notify(connection, Topic.DECIDED, str(subject.item_id))


def _standing(connection: Connection, items: Sequence[UUID]) -> list[Standing]:
    """How items stand, locked against others who change them."""
    found = connection.execute(_ITEMS, {"items": items}).mappings().all()
    wanted = {"verdicts": [row["verdict_id"] for row in found]}
    verdicts = {row["id"]: row for row in connection.execute(_VERDICTS, wanted).mappings()}
    opened = connection.execute(_OPEN, {"items": items}).mappings().all()
    # A second look may be open below a panel's: what the panel has is not asked for again.
    cases = {row["item_id"]: row for row in sorted(opened, key=_tier_rank)}
    by_people = set(connection.execute(_BY_PEOPLE, {"items": items}).scalars())
    return [
        Standing(
            item_id=row["id"],
            state=State(row["state"]),
            action=row["action"],
            decision_id=row["decision_id"],
            raw=verdicts[row["verdict_id"]]["input"]["raw"],
            facts=typed_facts(verdicts[row["verdict_id"]]["input"]["facts"]),
            rules=frozenset(rule["name"] for rule in verdicts[row["verdict_id"]]["trace"]["rules"]),
            decided_by_people=row["id"] in by_people,
            case=cases.get(row["id"]),
        )
        for row in found
    ]


def _overrides(connection: Connection, judge: Judge, raws: Sequence[Raw]) -> list[Override | None]:
    """What was decided about what each item says, as it was sent."""
    contents = [_content(judge, raw) for raw in raws]
    found = overrides_in_force(connection, contents)
    return [found.get(content or b"") for content in contents]


def _content(judge: Judge, raw: Raw) -> bytes | None:
    try:
        return content_of(judge.reader.read(raw), judge.release.policy.vocabulary)
    except InvalidItem:  # people will look at it
        return None


def _tier_rank(case: RowMapping) -> int:
    return TIER_RANK[Tier(case["tier"])]


def _change(changes: Changes, subject: Subject, before: Standing) -> State:
    """What a new verdict changes; the new state of the item."""
    verdict = subject.verdict
    state, action, decision = before.state, before.action, None
    if before.state is State.WAITING_FOR_SIGNALS:
        action = verdict.action
        decision = act(changes.rows, subject)
        opened = open_cases(changes.rows, subject)
        state = State.DECIDED if opened is None else State.IN_REVIEW
    else:
        if not before.decided_by_people and _stricter(subject, before.action):
            action = verdict.action
            decision = act(changes.rows, subject, supersedes=before.decision_id)
        if _raise_case(changes, subject, before):
            state = State.IN_REVIEW
    changes.items.append(
        {
            "item": subject.item_id,
            "verdict": subject.verdict_id,
            "tier": verdict.tier.value,
            "state": state.value,
            "action": action,
            "decision": decision,
        }
    )
    return state


def _raise_case(changes: Changes, subject: Subject, before: Standing) -> bool:
    """Bring the item before the people the new verdict asks for; says whether it waits for them."""
    review, case = subject.verdict.review, before.case
    if review is None:
        return case is not None
    if case is None:
        if before.decided_by_people and review.rule in before.rules:
            return False  # they knew that when they decided
        open_case(changes.rows, subject, review, purpose="review")
        return True
    if TIER_RANK[review.tier] > TIER_RANK[Tier(case["tier"])]:
        changes.escalated.append({"id": case["id"]})
        opened = open_case(
            changes.rows,
            subject,
            review,
            purpose="review",
            enqueued_at=case["enqueued_at"],
            escalated_from=case["id"],
        )
        about = {"overdue": False, "escalated_from": case["id"]}
        changes.news.append(News(case_id=opened.id, about=about))
        return True
    changes.hastened.append(_hastened(subject, review, case))
    return True


def _hastened(subject: Subject, review: Review, case: RowMapping) -> dict[str, object]:
    """What a case becomes if that makes it more urgent; its rank follows with the next upkeep."""
    urgency = subject.urgency(review)
    known = Severity(case["severity"])
    return {
        "id": case["id"],
        "priority": PRIORITIES[review.priority],
        "due": subject.due(review),
        "severity": max(known, urgency.severity, key=SEVERITY_RANK.__getitem__).value,
        "reach": urgency.reach,
        "probability": urgency.probability,
    }


def _stricter(subject: Subject, action: str) -> bool:
    actions = subject.policy.vocabulary.actions
    now = actions.get(action)
    return now is None or actions[subject.verdict.action].strictness > now.strictness


def _audited(subject: Subject, judge: Judge, cause: str) -> AuditEvent:
    return AuditEvent(
        at=subject.judged.at,
        actor="machine",
        kind="item.judged_again",
        item_id=subject.item_id,
        subject=str(subject.verdict_id),
        details={
            "cause": cause,
            "tier": subject.verdict.tier.value,
            "action": subject.verdict.action,
            "release": judge.release.name,
        },
    )
