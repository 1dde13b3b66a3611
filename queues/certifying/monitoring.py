"""The quality sample as the alarm of certified rules."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text

from engine.certifying import Hashes
from engine.drift.performance import Errors, Limit, performance
from queues.certifying.drawing import permissions
from queues.ids import id_floor
from queues.sections import Certifying

_PUBLISH: Final = "publish"
_CONFIDENCE: Final = 0.95
_CHUNK: Final = 1_000

_SAMPLES: Final = text("""
SELECT cases.verdict_id, said.action FROM cases
CROSS JOIN LATERAL (SELECT action FROM votes WHERE votes.case_id = cases.id AND votes.blind
    ORDER BY votes.id LIMIT 1) AS said
WHERE cases.purpose = 'sample' AND cases.state = 'decided' AND cases.id >= :floor
ORDER BY cases.id
""")
_CHANCES: Final = text("""
SELECT id, inclusion_probability AS chance FROM verdicts
WHERE id = ANY(:ids) AND inclusion_probability > 0
""")


class Samples:
    """What people said of items that the machine had decided alone, since a moment."""

    def __init__(self, connection: Connection, since: datetime) -> None:
        rows = connection.execute(_SAMPLES, {"floor": id_floor(since)}).all()
        self._said: list[tuple[UUID, str]] = [(row.verdict_id, row.action) for row in rows]
        self._permissions: dict[UUID, dict[str, object]] = {}
        self._chances: dict[UUID, float] = {}
        for chunk in _chunks([verdict for verdict, _ in self._said]):
            self._permissions.update(permissions(connection, chunk))
            found = connection.execute(_CHANCES, {"ids": chunk})
            self._chances.update({row.id: row.chance for row in found})

    def of(self, rule: str, binding: Hashes, since: datetime) -> list[tuple[bool, float]]:
        """Whether a rule was wrong where it acted, and the chance that people look at such."""
        floor = id_floor(since)
        found = []
        for verdict, said in self._said:
            told = self._permissions.get(verdict)
            if told is None or verdict not in self._chances or verdict < floor:
                continue
            record = told["rules"].get(rule)  # type: ignore[attr-defined]  # as `judging` writes it
            if record is None or not (record["acts"] and told["alone"]):
                continue
            if (record["release"], record["model"]) == (binding.release, binding.model):
                wrong = (record["action"] != _PUBLISH) == (said == _PUBLISH)
                found.append((wrong, self._chances[verdict]))
        return found


def alarm_of(samples: Sequence[tuple[bool, float]], limit: float, given: Certifying) -> str | None:
    """Why a rule surely errs more often than it may; None: nothing says so.

    Args:
        samples: From the oldest to the newest; whole windows are looked at, the newest of them.
        limit: The error that was promised.
        given: How large windows are, and how many it takes.
    """
    size = given.alarm_labels
    windows = [
        Errors(wrong=[wrong for wrong, _ in window], probabilities=[chance for _, chance in window])
        for start in range(0, len(samples) - size + 1, size)
        for window in [samples[start : start + size]]
    ]
    asked = Limit(
        error=limit, windows=given.alarm_windows, confidence=_CONFIDENCE, least=max(1, size // 2)
    )
    if performance(windows, asked).alarm is not True:
        return None
    wrong = sum(each for each, _ in samples[-size * given.alarm_windows :])
    total = min(len(samples), size * given.alarm_windows)
    return f"{wrong} errors in the last {total} quality samples: surely above {limit:.4g}"


def _chunks(ids: list[UUID]) -> list[list[UUID]]:
    return [ids[start : start + _CHUNK] for start in range(0, len(ids), _CHUNK)]
