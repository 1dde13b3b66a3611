"""Which rules matched the items that came in a time, told from the traces of their verdicts.

An item counts once, by the verdict that is in force for it.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import orjson
from sqlalchemy import Connection, Row, text

from engine.quality import slices
from engine.quality.coverage import Matches
from engine.quality.slices import Count, Sample
from engine.sampling import fraction
from engine.verdict import HitStatus
from queues.ids import moment_of
from queues.measurement.rules import drawing

_TOLD: Final = """
    CAST(trace -> 'rules' AS text) AS rules, CAST(trace -> 'samples' AS text) AS samples,
    trace -> 'override' IS NOT NULL AND trace #>> '{override,held_off_by}' IS NULL AS overridden
"""
_ITEMS: Final = (
    drawing.WITHIN.format(columns="id, item_id, trace", table="verdicts")
    + "CROSS JOIN LATERAL (SELECT FROM items"
    " WHERE items.id = its.item_id AND items.verdict_id = its.id LIMIT 1) AS item"
)
# A rule stands in a trace as it was written there: whether one does is seen without reading it.
_NAMED: Final = """
EXISTS (SELECT FROM unnest(CAST(:needles AS text[])) AS needle
    WHERE strpos(CAST({trace} AS text), needle) > 0)
"""
_COUNT: Final = text(f"SELECT count(*) AS items {_ITEMS} GROUP BY slice.floor")
_COUNT_NAMED: Final = text(f"SELECT count(*) {_ITEMS} WHERE {_NAMED.format(trace='its.trace')}")
_ALL: Final = text(f"SELECT its.id, its.item_id, {_TOLD} {_ITEMS}")
_OF_RULES: Final = text(
    f"SELECT its.id, its.item_id, {_TOLD} {_ITEMS} WHERE {_NAMED.format(trace='its.trace')}"
)
_SUBJECT: Final = f"""
    verdicts.id, verdicts.item_id, verdicts.at, verdicts.inclusion_probability AS inclusion,
    CAST(verdicts.input AS text) AS input, {_TOLD}
"""
_SUBJECTS: Final = text(f"""
SELECT {_SUBJECT}, CAST(NULL AS text) AS found FROM verdicts
WHERE id = ANY(:ids) AND id >= :floor AND id <= :ceiling
""")  # noqa: S608 - likewise
_DECIDED: Final = drawing.WITHIN.format(
    columns="id, item_id, verdict_id, decision_id, purpose, state", table="cases"
)
# The last word of people about each item. Those about duplicates are one look, and count once.
_JUDGED: Final = text(f"""
SELECT * FROM (SELECT DISTINCT ON (verdicts.item_id) {_SUBJECT}, made.action AS found {_DECIDED}
CROSS JOIN LATERAL (SELECT * FROM verdicts WHERE verdicts.id = its.verdict_id LIMIT 1) AS verdicts
CROSS JOIN LATERAL (SELECT action, twin_of, inclusion_probability FROM decisions
    WHERE decisions.id = its.decision_id LIMIT 1) AS made
WHERE its.state = 'decided' AND its.purpose IN ('review', 'sample') AND made.twin_of IS NULL
    AND verdicts.inclusion_probability > 0 AND made.inclusion_probability > 0
    AND {_NAMED.format(trace="verdicts.trace")}
ORDER BY verdicts.item_id, its.id DESC) AS last ORDER BY uuid_hash(id), id LIMIT :most
""")  # noqa: S608 - likewise
_PUBLISH: Final = "publish"

Note = Callable[[Sequence[Mapping[str, Any]]], None]


@dataclass(frozen=True, slots=True)
class Seen:
    """A verdict, and the rules in it."""

    id: UUID
    item: UUID
    matches: Matches


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A verdict with all that it takes to judge its item once more."""

    id: UUID
    item: UUID
    at: datetime
    inclusion: float
    """π."""
    input: Mapping[str, Any]
    matches: Matches
    violating: bool | None
    """What people decided; None: not asked here."""


def count(connection: Connection, drawn: Sample) -> Count:
    """Items whose verdict in force came in the time of a sample."""
    by_slice = connection.execute(_COUNT, drawing.given(drawn)).scalars()
    return slices.count(list(by_slice), drawn)


def seen(connection: Connection, drawn: Sample, note: Note) -> list[Seen]:
    """All verdicts of a sample of verdicts; `note` is shown the rules of each."""
    found = []
    for row in connection.execute(_ALL, drawing.given(drawn)):
        note(_parsed(row.rules))
        found.append(Seen(row.id, row.item_id, _matches(row, drawn)))
    return found


def count_of(connection: Connection, drawn: Sample, rules: Collection[str]) -> int:
    """Verdicts of a sample in which one of these rules stands."""
    found: int = connection.execute(
        _COUNT_NAMED, {**drawing.given(drawn), "needles": _needles(rules)}
    ).scalar_one()
    return found


def seen_of(connection: Connection, drawn: Sample, rules: Collection[str]) -> list[Seen]:
    """Verdicts of a sample in which one of these rules stands, whatever became of it."""
    rows = connection.execute(_OF_RULES, {**drawing.given(drawn), "needles": _needles(rules)})
    found = [Seen(row.id, row.item_id, _matches(row, drawn)) for row in rows]
    return [each for each in found if _names(each.matches, rules)]


def subjects(
    connection: Connection, verdicts: Iterable[Seen], *, most: int, salt: str
) -> list[Subject]:
    """Some of these verdicts with what they were made from, drawn by a hash.

    Args:
        connection: Within a transaction.
        verdicts: Of which.
        most: So many.
        salt: Such as the name of a rule: draws of different ones are independent.
    """
    ids = sorted(
        (each.id for each in verdicts), key=lambda name: (fraction(salt, str(name)), name)
    )[:most]
    if not ids:
        return []
    bounds = {"ids": ids, "floor": min(ids), "ceiling": max(ids)}
    known = {row.id: row for row in connection.execute(_SUBJECTS, bounds)}
    return [_subject(known[name]) for name in ids if name in known]


def judged(
    connection: Connection, drawn: Sample, rules: Collection[str], *, most: int
) -> list[Subject]:
    """Verdicts with one of these rules about whose items people decided.

    Args:
        connection: Within a transaction.
        drawn: A sample of cases.
        rules: At least one of them stands in the verdict.
        most: So many, drawn by a hash.
    """
    wanted = {"needles": _needles(rules), "most": most}
    rows = connection.execute(_JUDGED, {**drawing.given(drawn), **wanted})
    return [each for each in map(_subject, rows) if _names(each.matches, rules)]


def matches_of(
    rules: str | None, samples: str | None, *, overridden: bool = False, part: int = 0
) -> Matches:
    """The rules of a trace, as they are written there."""
    return Matches(
        statuses={each["name"]: HitStatus(each["status"]) for each in _parsed(rules)},
        sampled_by=tuple(each["rule"] for each in _parsed(samples)),
        overridden=overridden,
        part=part,
    )


def _matches(row: Row[Any], drawn: Sample) -> Matches:
    part = drawn.number_of(drawing.milliseconds(moment_of(row.id)))
    return matches_of(row.rules, row.samples, overridden=row.overridden, part=part)


def _subject(row: Row[Any]) -> Subject:
    return Subject(
        id=row.id,
        item=row.item_id,
        at=row.at,
        inclusion=row.inclusion,
        input=orjson.loads(row.input),
        matches=matches_of(row.rules, row.samples, overridden=row.overridden),
        violating=None if row.found is None else row.found != _PUBLISH,
    )


def _names(matches: Matches, rules: Collection[str]) -> bool:
    return any(rule in matches.statuses or rule in matches.sampled_by for rule in rules)


def _needles(rules: Collection[str]) -> list[str]:
    return [orjson.dumps(rule).decode() for rule in rules]


def _parsed(written: str | None) -> Sequence[Mapping[str, Any]]:
    found: Sequence[Mapping[str, Any]] = () if written is None else orjson.loads(written)
    return found or ()
