"""Whether somebody is at work: by their shifts, and by what they say themselves."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from queues.people.accounts import Account, account_of, taken
from queues.people.hours import next_begin, on_shift, shift_at
from queues.people.journal import Deed, note
from queues.store.session import Store
from queues.store.tables.accounts import accounts


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendance:
    """How somebody stands to their work at a moment."""

    on_shift: bool
    """At work: it is their time, and they do not pause."""
    shift_until: datetime | None
    """When their shift ends; none: they have none now."""
    paused: bool
    """They said that they stop."""
    paused_until: datetime | None
    """When their next shift begins, and with it they are back; none: when they say so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attending:
    """What people say of their own presence."""

    store: Store

    def look(self, name: str) -> tuple[Account, Attendance]:
        """An account, and how its person stands to their work now; raises NotFound."""
        with self.store.read() as connection:
            account = account_of(taken(connection, name))
            return account, attendance_at(account, _now(connection))

    def pause(self, name: str, *, by: str) -> Attendance:
        """Stop until the next shift begins, or until they are back.

        It waits for a claim that is under way, and one that comes later is given nothing: whoever
        gives back what they hold afterwards leaves them with no case. Raises NotFound.
        """
        with self.store.transaction() as connection:
            account, at = account_of(taken(connection, name)), _now(connection)
            if not is_paused(account, at):
                account = _set(connection, account, at)
                note(connection, Deed.PAUSED, account.id, by=by)
            return attendance_at(account, at)

    def resume(self, name: str, *, by: str) -> Attendance:
        """Take cases again, as far as it is their time; raises NotFound."""
        with self.store.transaction() as connection:
            account, at = account_of(taken(connection, name)), _now(connection)
            if is_paused(account, at):
                account = _set(connection, account, None)
                note(connection, Deed.RESUMED, account.id, by=by)
            return attendance_at(account, at)


def is_paused(account: Account, at: datetime) -> bool:
    """Whether what somebody said still holds.

    A moment before they said it counts as after: its transaction waited for theirs.
    """
    if account.paused_at is None:
        return False
    until = paused_until(account)
    return until is None or at < until


def paused_until(account: Account) -> datetime | None:
    """When a pause is over by itself; None: never, as they have no shifts, or none is to come."""
    if account.paused_at is None or not account.shifts:
        return None
    return next_begin(account.hours, account.paused_at)


def attendance_at(account: Account, at: datetime) -> Attendance:
    """How somebody stands to their work at a moment."""
    paused = is_paused(account, at)
    shift = shift_at(account.hours, at)
    return Attendance(
        on_shift=on_shift(account.hours, at) and not paused,
        shift_until=None if shift is None else shift[1],
        paused=paused,
        paused_until=paused_until(account) if paused else None,
    )


def _set(connection: Connection, account: Account, paused_at: datetime | None) -> Account:
    change = accounts.update().where(accounts.c.id == account.id).values(paused_at=paused_at)
    return account_of(connection.execute(change.returning(accounts)).mappings().one())


def _now(connection: Connection) -> datetime:
    now: datetime = connection.execute(select(func.now())).scalar_one()
    return now
