"""Alarms that are on: raised once, cleared when what they are about is told and is no alarm."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text

from queues.ids import new_id
from queues.store.events import EventKind, NewEvent, emit
from queues.store.ledger import AuditEvent, record

_MACHINE: Final = "machine"
_ON: Final = text("""
SELECT kind, name, says, raised_at FROM alarms WHERE cleared_at IS NULL ORDER BY kind, name
""")
_LOCK: Final = text("""
SELECT id, kind, name, says FROM alarms WHERE cleared_at IS NULL ORDER BY id FOR UPDATE
""")
_RAISE: Final = text("""
INSERT INTO alarms (id, kind, name, says) VALUES (:id, :kind, :name, :says)
ON CONFLICT (kind, name) WHERE cleared_at IS NULL DO NOTHING RETURNING id
""")
_CLEAR: Final = text("UPDATE alarms SET cleared_at = now() WHERE id = :id")


class AlarmKind(StrEnum):
    """What an alarm is about."""

    #: Scores of a field have moved far.
    SCORE = "score"
    #: People find something else than they found, under a policy or altogether.
    LABEL = "label"
    #: The machine errs more often than it may, for some time.
    ERROR = "error"
    #: The machine errs more or less often than its scores say.
    GAP = "gap"
    #: A rule passes far more or less often than it did.
    RULE = "rule"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """Something that is not what it was."""

    kind: AlarmKind
    name: str
    """The field, policy or rule; `all` where there is none."""
    says: str
    """What has moved, in words."""
    raised_at: datetime | None = None
    """When that was noticed; None: it was looked at just now."""

    @property
    def about(self) -> tuple[AlarmKind, str]:
        """What it is about: there is one alarm at a time about one thing."""
        return self.kind, self.name


def alarms(connection: Connection) -> tuple[Alarm, ...]:
    """The alarms that are on now, as upkeep has noticed them; a look at one small table."""
    rows = connection.execute(_ON).mappings()
    return tuple(Alarm(**{**row, "kind": AlarmKind(row["kind"])}) for row in rows)


def keep(
    connection: Connection,
    sounding: Collection[Alarm],
    untold: Collection[tuple[AlarmKind, str]],
) -> tuple[int, int]:
    """Raise what sounds and was not on, clear what was on and does not; each is told once.

    Args:
        connection: Of a unit of work.
        sounding: What alarms now.
        untold: What cannot be told now: an alarm about it stays on.

    Returns:
        How many were raised, and how many cleared.
    """
    at: datetime = connection.execute(text("SELECT now()")).scalar_one()
    on = {(AlarmKind(row.kind), row.name): row for row in connection.execute(_LOCK)}
    raised = [alarm for alarm in sounding if _raise(connection, alarm) is not None]
    stays = {alarm.about for alarm in sounding} | set(untold)
    cleared = [row for about, row in on.items() if about not in stays]
    for row in cleared:
        connection.execute(_CLEAR, {"id": row.id})
    for kind, about in (
        (EventKind.ALARM_RAISED, [(each.kind.value, each.name, each.says) for each in raised]),
        (EventKind.ALARM_CLEARED, [(row.kind, row.name, row.says) for row in cleared]),
    ):
        told = [{"kind": what, "name": name, "says": says} for what, name, says in about]
        _tell(connection, kind, at, told)
    return len(raised), len(cleared)


def _raise(connection: Connection, alarm: Alarm) -> UUID | None:
    """The id of a new alarm; None: one about the same is on."""
    given = {"id": new_id(), "kind": alarm.kind.value, "name": alarm.name, "says": alarm.says}
    found: UUID | None = connection.execute(_RAISE, given).scalar_one_or_none()
    return found


def _tell(
    connection: Connection, kind: EventKind, at: datetime, told: Collection[Mapping[str, object]]
) -> None:
    record(
        connection,
        [
            AuditEvent(
                at=at,
                actor=_MACHINE,
                kind=kind.value,
                subject=f"{each['kind']}:{each['name']}",
                details=each,
            )
            for each in told
        ],
    )
    emit(
        connection, [NewEvent(kind=kind, item_id=None, payload={**each, "at": at}) for each in told]
    )
