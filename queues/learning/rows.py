"""Training rows from what people decided.

One row an item: the decision that stands. Of several, that of an appeal stands before others, that
of a panel before one reviewer's, then the later before the earlier. A row has the id of its
decision, so that what was learnt from can be found again as it was.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Row, text

from engine.learning import Feedback, TrainingRow
from queues.ids import SKEW, id_floor
from queues.store.labels import TEACHES
from queues.store.naming import floor_of

_PUBLISH: Final = "publish"
_APPEAL: Final = "appeal"
_SENIOR: Final = "senior"
#: Rows of one question to the database.
_BATCH: Final = 2_000
_HALF: Final = 0.5

_DECISIONS: Final = text(f"""
SELECT decisions.id, decisions.item_id, decisions.tier, decisions.at, cases.purpose
FROM decisions JOIN cases ON cases.id = decisions.case_id JOIN items ON items.id = cases.item_id
WHERE decisions.id >= :floor AND decisions.at > :since AND decisions.at <= :until
    AND decisions.made_by <> 'machine' AND {TEACHES}
ORDER BY decisions.id DESC LIMIT :most
""")  # noqa: S608 - made of constants
_FOUND: Final = text("""
SELECT decisions.id, decisions.item_id, decisions.verdict_id, decisions.case_id, decisions.action,
    decisions.policy, decisions.at, decisions.twin_of, cases.content, items.received_at
FROM decisions JOIN cases ON cases.id = decisions.case_id JOIN items ON items.id = cases.item_id
WHERE decisions.id = ANY(:ids) AND decisions.id >= :floor AND items.state <> 'erased'
ORDER BY decisions.id
""")
# How likely it was that people saw the item, apart from appeals, which select themselves.
_INCLUSIONS: Final = text("""
SELECT decisions.item_id, decisions.at, decisions.inclusion_probability AS inclusion
FROM decisions JOIN cases ON cases.id = decisions.case_id
WHERE decisions.item_id = ANY(:items) AND decisions.id >= :floor AND decisions.made_by <> 'machine'
    AND cases.purpose IN ('review', 'sample')
""")
_VERDICTS: Final = text("""
SELECT id, action, input -> 'signals' AS signals,
    CASE json_typeof(input -> 'raw' -> 'text') WHEN 'string' THEN input -> 'raw' ->> 'text' END
        AS text
FROM verdicts WHERE id = ANY(:ids) AND id >= :floor
""")
_BLIND: Final = text("""
SELECT case_id, bool_and(blind) AS blind FROM votes WHERE case_id = ANY(:cases) GROUP BY 1
""")
_CASES: Final = text("""
SELECT id, case_id FROM decisions WHERE id = ANY(:ids) AND id >= :floor
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """What can be learnt from."""

    rows: tuple[TrainingRow, ...]
    items: Mapping[str, UUID]
    """Row → its item."""
    untaught: Mapping[str, int] = field(default_factory=dict)
    """Policies under which people acted and from which no score learns, and how often: these rows
    say no."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Around:
    """What is known beside the decisions, each by what it is about."""

    verdicts: Mapping[UUID, Row[Any]]
    blind: Mapping[UUID, bool]
    """By case."""
    voted: Mapping[UUID, UUID]
    """The decision that a duplicate took over → the case that was voted on."""
    inclusions: Mapping[UUID, Sequence[Row[Any]]]
    """By item."""


def standing(connection: Connection, since: datetime, until: datetime, most: int) -> list[UUID]:
    """The decisions that stand, one an item.

    Args:
        connection: Within a transaction.
        since: Older decisions are left out.
        until: So are newer ones.
        most: Decisions that are looked at, the newest first.
    """
    given = {"floor": id_floor(since - SKEW), "since": since, "until": until, "most": most}
    found = connection.execute(_DECISIONS, given).all()
    ranked = sorted(found, key=lambda row: (str(row.item_id), *_rank(row)))
    return [list(its)[-1].id for _, its in groupby(ranked, key=lambda row: row.item_id)]


def labelled(
    connection: Connection, decisions: Iterable[UUID], scores: Mapping[str, Collection[str]]
) -> Labelled:
    """The rows of decisions, as they were when they were made.

    Args:
        connection: Within a transaction that sees one state.
        decisions: Those that stand, or those of a manifest. What was erased since is left out.
        scores: Score → policies it learns from.
    """
    rows: list[TrainingRow] = []
    items: dict[str, UUID] = {}
    untaught: dict[str, int] = {}
    taught = {policy for its in scores.values() for policy in its}
    wanted = sorted(decisions)
    for start in range(0, len(wanted), _BATCH):
        batch = wanted[start : start + _BATCH]
        given = {"ids": batch, "floor": batch[0]}
        found = connection.execute(_FOUND, given).all()
        around = _around(connection, found)
        for each in found:
            row = _row(each, around, scores)
            rows.append(row)
            items[row.id] = each.item_id
            if each.action != _PUBLISH and each.policy not in taught:
                untaught[each.policy] = untaught.get(each.policy, 0) + 1
    return Labelled(rows=tuple(rows), items=items, untaught=dict(sorted(untaught.items())))


def _rank(row: Row[Any]) -> tuple[bool, bool, datetime, str]:
    return row.purpose == _APPEAL, row.tier == _SENIOR, row.at, str(row.id)


def _around(connection: Connection, found: Sequence[Row[Any]]) -> _Around:
    """What is known beside some decisions. Days that are older than their items hold none of it."""
    if not found:
        return _Around(verdicts={}, blind={}, voted={}, inclusions={})
    items = [row.item_id for row in found]
    floor = floor_of(min(items))
    verdicts = {"ids": [row.verdict_id for row in found], "floor": floor}
    twins = [row.twin_of for row in found if row.twin_of is not None]
    voted = {
        row.id: row.case_id
        for row in connection.execute(_CASES, {"ids": twins, "floor": _floor(twins, floor)})
    }
    cases = [voted.get(row.twin_of, row.case_id) for row in found]
    inclusions: dict[UUID, list[Row[Any]]] = {}
    for row in connection.execute(_INCLUSIONS, {"items": items, "floor": floor}):
        inclusions.setdefault(row.item_id, []).append(row)
    return _Around(
        verdicts={row.id: row for row in connection.execute(_VERDICTS, verdicts)},
        blind={row.case_id: row.blind for row in connection.execute(_BLIND, {"cases": cases})},
        voted=voted,
        inclusions=inclusions,
    )


def _floor(ids: Sequence[UUID], otherwise: UUID) -> UUID:
    return min((*ids, otherwise))


def _row(each: Row[Any], around: _Around, scores: Mapping[str, Collection[str]]) -> TrainingRow:
    acted = each.action != _PUBLISH
    answers = {score: acted and each.policy in policies for score, policies in scores.items()}
    verdict = around.verdicts.get(each.verdict_id)
    chances = dict(_chances(verdict, scores))
    blind = around.blind.get(around.voted.get(each.twin_of, each.case_id), False)
    return TrainingRow(
        id=str(each.id),
        text="" if verdict is None else verdict.text or "",
        answers=answers,
        at=each.at.timestamp(),
        feedback=_feedback(answers, chances, acted, verdict) if not blind else Feedback.LABELLED,
        # Clocks of Postgres date both; an item is never younger than what was decided about it.
        came=each.received_at.timestamp(),
        group=None if each.content is None else each.content.hex(),
        uncertainty=max((1 - abs(2 * chance - 1) for chance in chances.values()), default=None),
        inclusion=_inclusion(each, around.inclusions.get(each.item_id, ())),
    )


def _chances(
    verdict: Row[Any] | None, scores: Mapping[str, Collection[str]]
) -> Iterator[tuple[str, float]]:
    """What the machine said of each score when it judged the item."""
    signals = {} if verdict is None else verdict.signals or {}
    return ((score, signals[score]) for score in scores if score in signals)


def _feedback(
    answers: Mapping[str, bool],
    chances: Mapping[str, float],
    acted: bool,  # noqa: FBT001 - the one fact
    verdict: Row[Any] | None,
) -> Feedback:
    """Whether people said what the machine had said: its scores, else what held meanwhile."""
    if chances:
        right = all((chance >= _HALF) == answers[score] for score, chance in chances.items())
    else:
        right = verdict is not None and (verdict.action != _PUBLISH) == acted
    return Feedback.CONFIRMED if right else Feedback.CORRECTED


def _inclusion(each: Row[Any], looks: Sequence[Row[Any]]) -> float | None:
    """The chance at which people had to see the item, by the time of the decision."""
    known = [look.inclusion for look in looks if look.at <= each.at and look.inclusion > 0]
    return max(known, default=None)
