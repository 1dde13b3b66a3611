"""The quality sample as the alarm of certified rules, in all languages and in each.

What people said of items that a rule had decided alone is written down once, when it is decided, so
that a look costs what came since the last one and not all that came since the certificate.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, text

from engine.certifying import Hashes
from engine.drift.performance import Errors, Limit, performance
from queues.certifying.drawing import permissions
from queues.certifying.keeping import mark, set_mark
from queues.ids import id_floor, moment_of
from queues.sections import Certifying

_PUBLISH: Final = "publish"
_CONFIDENCE: Final = 0.95
_CHUNK: Final = 1_000
_MARK: Final = "samples"
#: By so much a decision may show later than the moment that it says.
_LATE: Final = timedelta(hours=1)

_DECIDED: Final = text("""
SELECT cases.id, cases.verdict_id, lower(coalesce(cases.language, '')) AS language, said.action
FROM cases
CROSS JOIN LATERAL (SELECT action FROM votes WHERE votes.case_id = cases.id AND votes.blind
    ORDER BY votes.id LIMIT 1) AS said
WHERE cases.purpose = 'sample' AND cases.state = 'decided' AND cases.only_for IS NULL
    AND cases.closed_at >= :since
    AND NOT EXISTS (SELECT FROM certifying_samples AS known WHERE known.case_id = cases.id)
ORDER BY cases.id
""")
_CHANCES: Final = text("""
SELECT id, inclusion_probability AS chance FROM verdicts
WHERE id = ANY(:ids) AND inclusion_probability > 0
""")
_ADD: Final = text("""
INSERT INTO certifying_samples (rule, case_id, verdict_id, release, model, language, wrong, chance)
VALUES (:rule, :case_id, :verdict_id, :release, :model, :language, :wrong, :chance)
ON CONFLICT (case_id, rule) DO NOTHING
""")
_OF: Final = text("""
SELECT language, wrong, chance FROM certifying_samples
WHERE rule = :rule AND release = :release AND model = :model AND verdict_id >= :floor
ORDER BY case_id
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampled:
    """What people said of an item that a rule had decided alone."""

    language: str
    """In lower case; empty where the item does not say."""
    wrong: bool
    chance: float
    """That people look at such."""


def collect(connection: Connection, now: datetime, given: Certifying) -> None:
    """Write down what was decided of quality samples since the last time.

    Args:
        connection: Of a unit of work.
        now: Its moment.
        given: How long certificates last: what is older speaks of none that holds.
    """
    upto = mark(connection, _MARK)
    since = now - timedelta(days=given.valid_days) if upto is None else moment_of(upto) - _LATE
    rows = connection.execute(_DECIDED, {"since": since}).all()
    for start in range(0, len(rows), _CHUNK):
        _add(connection, rows[start : start + _CHUNK])
    set_mark(connection, _MARK, id_floor(now))


def _add(connection: Connection, rows: Sequence[Row[Any]]) -> None:
    ids = [row.verdict_id for row in rows]
    told = permissions(connection, ids)
    found = connection.execute(_CHANCES, {"ids": ids})
    chances = {row.id: row.chance for row in found}
    samples = [
        {
            "rule": rule,
            "case_id": row.id,
            "verdict_id": row.verdict_id,
            "release": record["release"],
            "model": record["model"] or "",
            "language": row.language,
            "wrong": (record["action"] != _PUBLISH) == (row.action == _PUBLISH),
            "chance": chances[row.verdict_id],
        }
        for row in rows
        if row.verdict_id in told and row.verdict_id in chances and told[row.verdict_id]["alone"]
        for rule, record in told[row.verdict_id]["rules"].items()
        if record["acts"]
    ]
    if samples:
        connection.execute(_ADD, samples)


def samples_of(
    connection: Connection, rule: str, binding: Hashes, since: datetime
) -> list[Sampled]:
    """What was said of what a rule decided alone since a moment, from the oldest to the newest.

    Args:
        connection: To ask on.
        rule: Its name.
        binding: What it matched.
        since: Items that were judged before are left out.
    """
    given = {
        "rule": rule,
        "release": binding.release or "",
        "model": binding.model or "",
        "floor": id_floor(since),
    }
    return [Sampled(**row) for row in connection.execute(_OF, given).mappings()]


def alarm_of(
    samples: Sequence[Sampled], limit: float, given: Certifying, *, shared_by: int = 1
) -> str | None:
    """Why a rule surely errs more often than it may; None: nothing says so.

    Args:
        samples: From the oldest to the newest; whole windows are looked at, the newest of them.
        limit: The error that was promised.
        given: How large windows are, and how many it takes.
        shared_by: How many are asked the same, which share the doubt.
    """
    size = given.alarm_labels
    windows = [
        Errors(
            wrong=[each.wrong for each in window], probabilities=[each.chance for each in window]
        )
        for start in range(0, len(samples) - size + 1, size)
        for window in [samples[start : start + size]]
    ]
    asked = Limit(
        error=limit,
        windows=given.alarm_windows,
        confidence=1 - (1 - _CONFIDENCE) / shared_by,
        least=max(1, size // 2),
    )
    if performance(windows, asked).alarm is not True:
        return None
    wrong = sum(each.wrong for each in samples[-size * given.alarm_windows :])
    total = min(len(samples), size * given.alarm_windows)
    return f"{wrong} errors in the last {total} quality samples: surely above {limit:.4g}"


def languages_of(samples: Sequence[Sampled], limit: float, given: Certifying) -> Mapping[str, str]:
    """Languages in which a rule surely errs more often than it may, each with why."""
    by_language: dict[str, list[Sampled]] = {}
    for each in samples:
        by_language.setdefault(each.language, []).append(each)
    told = {
        language: alarm_of(its, limit, given, shared_by=len(by_language))
        for language, its in by_language.items()
    }
    return {language: why for language, why in told.items() if why is not None}
