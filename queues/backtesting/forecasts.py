"""Keeps what was forecast of policies, and compares it with what happened under them."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import orjson
from sqlalchemy import Connection, Row, text

from engine.backtesting.forecasts import Forecast, Scored, forecasts_of, scored
from engine.backtesting.report import Report
from queues.backtesting.happening import happened
from queues.backtesting.plan import Plan, terms_record
from queues.ids import new_id
from queues.sections import Rates, Wellness
from queues.store.ledger import AuditEvent, record
from queues.store.session import Store

_KEEP: Final = text("""
INSERT INTO forecasts (id, old, new, since, until, horizon, terms, figures, made_by)
VALUES (:id, :old, :new, :since, :until, :horizon, CAST(:terms AS jsonb), CAST(:figures AS jsonb),
    :by) RETURNING made_at
""")
# A forecast is about the first time that the policy came into force after it was made.
_LISTED: Final = text("""
SELECT forecasts.id, forecasts.old, forecasts.new, forecasts.horizon, forecasts.figures,
    forecasts.made_by, forecasts.made_at, forecasts.scored_at, forecasts.outcome,
    active.at AS begun, least(
        active.at + make_interval(secs => forecasts.horizon * 86400), active.replaced
    ) AS ended, now() AS now
FROM forecasts LEFT JOIN LATERAL (
    SELECT its.at, (SELECT min(next.at) FROM activations AS next
        WHERE next.kind = 'release' AND next.id > its.id AND next.names <> its.names) AS replaced
    FROM activations AS its
    WHERE its.kind = 'release' AND its.names[1] = forecasts.new AND its.at >= forecasts.made_at
    ORDER BY its.id LIMIT 1
) AS active ON true
WHERE (CAST(:id AS uuid) IS NULL OR forecasts.id = :id)
    AND (CAST(:new AS text) IS NULL OR forecasts.new = :new)
ORDER BY forecasts.id DESC LIMIT :most
""")
_SCORE: Final = text("""
UPDATE forecasts SET scored_at = now(), outcome = CAST(:outcome AS jsonb)
WHERE id = :id AND scored_at IS NULL RETURNING scored_at
""")
_MOST: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A forecast, and how it did."""

    id: UUID
    old: str
    new: str
    horizon: float
    """Days that it is about."""
    made_by: str
    made_at: datetime
    begun: datetime | None
    """When the policy came into force; None: it has not."""
    ended: datetime | None
    """When the days of the forecast are over, or another policy took its place."""
    now: datetime
    figures: tuple[Forecast, ...]
    scored: tuple[Scored, ...] | None
    """None: not compared yet."""

    @property
    def obstacle(self) -> str | None:
        """Why it cannot be compared with what happened; None: it can, or was."""
        if self.scored is not None:
            return None
        if self.begun is None or self.ended is None:
            return "the policy has not come into force"
        if self.ended - self.begun < timedelta(days=self.horizon):
            return "another policy took its place before the days of the forecast were over"
        if self.ended > self.now:
            return f"its days are over on {self.ended:%Y-%m-%d %H:%M}"
        return None


def keep(connection: Connection, report: Report, plan: Plan, by: str) -> UUID | None:
    """Store what a backtest of another policy forecasts; says its id, None: it forecasts nothing.

    Args:
        connection: Within a transaction.
        report: The backtest.
        plan: What was compared, over which window.
        by: Who made it, such as `cli:ana`.
    """
    told = forecasts_of(report.figures)
    if not told or plan.old == plan.new:
        return None
    forecast = new_id()
    given = {
        "id": forecast,
        "old": plan.old,
        "new": plan.new,
        "since": plan.since,
        "until": plan.until,
        "horizon": report.terms.horizon,
        "terms": orjson.dumps(terms_record(report.terms)).decode(),
        "figures": orjson.dumps([asdict(each) for each in told]).decode(),
        "by": by,
    }
    at = connection.execute(_KEEP, given).scalar_one()
    details = {"old": plan.old, "new": plan.new}
    event = AuditEvent(
        at=at, actor=by, kind="forecast.made", subject=str(forecast), details=details
    )
    record(connection, [event])
    return forecast


def listed(store: Store, *, new: str | None = None, most: int = _MOST) -> list[Kept]:
    """All forecasts, or those of one policy, the last first."""
    with store.read() as connection:
        return _listed(connection, most, new=new)


def score(store: Store, rates: Rates, wellness: Wellness, by: str) -> list[Kept]:
    """Compare all forecasts whose days are over with what happened; gives those that were.

    Args:
        store: Where they are.
        rates: What an hour of people costs.
        wellness: What the terms of people are told from.
        by: Who asks.
    """
    done: list[UUID] = []
    for each in listed(store):
        if each.scored is None and each.obstacle is None and each.begun and each.ended:
            with store.transaction() as connection:
                found = happened(connection, each.begun, each.ended, rates, wellness)
                _score(connection, each, found, by)
            done.append(each.id)
    with store.read() as connection:
        return [_listed(connection, 1, forecast=forecast)[0] for forecast in done]


def _score(connection: Connection, kept: Kept, found: Mapping[str, float], by: str) -> None:
    outcome = orjson.dumps(found).decode()
    at = connection.execute(_SCORE, {"id": kept.id, "outcome": outcome}).scalar()
    if at is None:
        return  # somebody else did
    told = scored(kept.figures, found)
    details = {"held": sum(each.held for each in told), "figures": len(told)}
    event = AuditEvent(
        at=at, actor=by, kind="forecast.scored", subject=str(kept.id), details=details
    )
    record(connection, [event])


def _listed(
    connection: Connection, most: int, *, forecast: UUID | None = None, new: str | None = None
) -> list[Kept]:
    rows = connection.execute(_LISTED, {"id": forecast, "new": new, "most": most})
    return [_kept(row) for row in rows]


def _kept(row: Row[Any]) -> Kept:
    figures = tuple(Forecast(**each) for each in row.figures)
    return Kept(
        id=row.id,
        old=row.old,
        new=row.new,
        horizon=row.horizon,
        made_by=row.made_by,
        made_at=row.made_at,
        begun=row.begun,
        ended=row.ended,
        now=row.now,
        figures=figures,
        scored=None if row.outcome is None else scored(figures, row.outcome),
    )
