"""Labels for certificates: which cases are drawn, and what was said of them.

What an uncertified rule would have decided is decided by one reviewer. Of these cases a share is
drawn by a keyed hash of their ids, and shown without a suggestion whoever takes them; what is said
of these counts, and of no others. Where a case went on to a panel, the panel's word counts. Each
text counts once for a rule.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, text

from engine.verdict import Tier
from queues.certifying.keeping import mark, set_mark
from queues.ids import id_floor, moment_of
from queues.quality.blinding import Blinding
from queues.quality.purposes import Purpose

#: Cases that are looked through in one run.
_MOST: Final = 20_000
#: By so much a transaction may come later than the ids of its rows say.
_LATE: Final = timedelta(minutes=1)
_MARK: Final = "cases"
_PUBLISH: Final = "publish"

_CASES: Final = text("""
SELECT id, item_id, verdict_id, content, queue, round, lower(coalesce(language, '')) AS language
FROM cases
WHERE purpose = 'review' AND tier = 'single' AND rule = ANY(:rules) AND id >= :floor
    AND NOT EXISTS (SELECT FROM certifying_labels AS known WHERE known.case_id = cases.id)
ORDER BY id LIMIT :most
""")
# By their own ids alone: a join of tables split by day is planned over every day there is.
_PERMISSIONS: Final = text("""
SELECT id, input -> 'permissions' AS permissions FROM verdicts
WHERE id = ANY(:ids) AND input -> 'permissions' IS NOT NULL
""")
_ADD: Final = text("""
INSERT INTO certifying_labels (rule, case_id, release, model, item_id, content, acting, language)
SELECT :rule, :case_id, :release, :model, :item_id, :content, :acting, :language
WHERE NOT EXISTS (SELECT FROM certifying_labels AS other
    WHERE other.rule = :rule AND other.release = :release AND other.model = :model
        AND (other.item_id = :item_id OR other.content = CAST(:content AS bytea)))
ON CONFLICT (rule, case_id) DO NOTHING
""")
# Where one person decided: the first word of those who saw no suggestion. Where a panel did: its.
_SAID: Final = text("""
SELECT certifying_labels.rule, certifying_labels.case_id, cases.state,
    (SELECT action FROM votes WHERE votes.case_id = cases.id AND votes.blind
     ORDER BY votes.id LIMIT 1) AS said,
    panel.state AS panel_state, panel.decision_id
FROM certifying_labels
LEFT JOIN cases ON cases.id = certifying_labels.case_id
LEFT JOIN LATERAL (SELECT state, decision_id FROM cases AS later
    WHERE later.item_id = cases.item_id AND later.escalated_from = cases.id
    ORDER BY later.id LIMIT 1) AS panel ON true
WHERE certifying_labels.wrong IS NULL AND NOT certifying_labels.left_out
ORDER BY certifying_labels.case_id LIMIT :most
""")
_DECISIONS: Final = text("SELECT id, action FROM decisions WHERE id = ANY(:ids)")
_LABEL: Final = text("""
UPDATE certifying_labels SET wrong = acting = (CAST(:said AS text) = 'publish'),
    left_out = CAST(:said AS text) IS NULL
WHERE rule = :rule AND case_id = :case_id
""")
_RESERVED: Final = text("SELECT DISTINCT item_id FROM certifying_labels")
_OVER: Final = frozenset({"decided", "withdrawn"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Drawn:
    """A case, as far as the draw looks at it."""

    id: UUID
    queue: str
    round: int
    purpose: str = Purpose.REVIEW.value
    tier: str = Tier.SINGLE.value


def reserved_items(connection: Connection) -> frozenset[UUID]:
    """Our ids of items whose labels are for certificates: nothing may be trained on them.

    A case is drawn within a minute of its coming in; `draw` before reading what was decided since.
    """
    return frozenset(connection.execute(_RESERVED).scalars())


def draw(connection: Connection, rules: Sequence[str], blinding: Blinding) -> int:
    """Draw among the cases that came since the last time; says how many labels that may give.

    Args:
        connection: Of a unit of work.
        rules: Those that decide by themselves, as they are written.
        blinding: Knows which cases nobody sees a suggestion of.
    """
    upto = mark(connection, _MARK)
    floor = UUID(int=0) if upto is None else id_floor(moment_of(upto) - _LATE)
    given = {"rules": list(rules), "floor": floor, "most": _MOST}
    cases = connection.execute(_CASES, given).all()
    if not cases:
        return 0
    set_mark(connection, _MARK, cases[-1].id)
    drawn = {
        row.verdict_id: row
        for row in cases
        if blinding.counts(_Drawn(id=row.id, queue=row.queue, round=row.round))
    }
    told = permissions(connection, drawn)
    labels = [
        {
            "rule": rule,
            "case_id": drawn[verdict].id,
            "release": record["release"],
            "model": record["model"] or "",
            "item_id": drawn[verdict].item_id,
            "content": drawn[verdict].content,
            "acting": record["action"] != _PUBLISH,
            "language": drawn[verdict].language,
        }
        for verdict, permitted in told.items()
        if permitted["alone"]
        for rule, record in permitted["rules"].items()
        # Where it acts in other languages, cases of this one alone are not like all its matches.
        if not record["acts"] and "language" not in record
    ]
    # In the order of their cases, so that of equal texts the first one counts.
    ordered = sorted(labels, key=lambda each: each["case_id"])
    return sum(connection.execute(_ADD, each).rowcount for each in ordered)


def permissions(connection: Connection, verdicts: Iterable[UUID]) -> Mapping[UUID, Any]:
    """What verdicts say of rules that were allowed to act or not, of those that do."""
    rows = connection.execute(_PERMISSIONS, {"ids": list(verdicts)})
    return {row.id: row.permissions for row in rows}


def label(connection: Connection) -> int:
    """Write down what people said of drawn cases since the last time; says of how many."""
    rows = connection.execute(_SAID, {"most": _MOST}).all()
    by_panels = [row.decision_id for row in rows if row.decision_id is not None]
    found = connection.execute(_DECISIONS, {"ids": sorted(by_panels)})
    panels = {row.id: row.action for row in found}
    labels = []
    for row in rows:
        if row.state == "escalated" and row.panel_state not in _OVER:
            continue
        if row.state == "escalated":
            said = panels.get(row.decision_id)
        elif row.state is None or row.state in _OVER:
            # Taken over from a duplicate, withdrawn or dropped: nobody said anything of it.
            said = row.said if row.state == "decided" else None
        else:
            continue
        labels.append({"rule": row.rule, "case_id": row.case_id, "said": said})
    if labels:
        connection.execute(_LABEL, labels)
    return len(labels)
