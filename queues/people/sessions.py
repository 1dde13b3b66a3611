"""Sessions: what somebody shows with each request after they signed in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text

from queues.access import SESSION_START, Person, digest_of, new_secret
from queues.errors import NotFound
from queues.ids import new_id
from queues.people.journal import Deed, note
from queues.store.notices import Topic, notify
from queues.store.session import Store

_SESSION: Final = "session"
_SHOWN: Final = "id, address, created_at, last_used_at, expires_at"

_TIDY: Final = text("DELETE FROM sessions WHERE account_id = :account AND expires_at <= now()")
_OPEN: Final = text(
    "INSERT INTO sessions (id, account_id, digest, address, expires_at)"  # noqa: S608 - names of ours
    " VALUES (:id, :account, :digest, :address, now() + :lasts * interval '1 second')"
    f" RETURNING {_SHOWN}"
)
_LIST: Final = text(
    f"SELECT {_SHOWN} FROM sessions WHERE account_id = :account AND expires_at > now()"  # noqa: S608 - names of ours
    " AND last_used_at + :idle * interval '1 second' > now() ORDER BY id"
)
_END: Final = text("DELETE FROM sessions WHERE account_id = :account AND id = :id RETURNING id")
_END_ALL: Final = text("DELETE FROM sessions WHERE account_id = :account")


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A session as its person sees it; the token itself is not known any more."""

    id: UUID
    address: str | None
    """Where they signed in from."""
    created_at: datetime
    last_used_at: datetime
    """To about a minute."""
    expires_at: datetime
    """In any case; earlier where it is not used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A session that was just opened, and its token: shown this once."""

    session: Session
    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sessions:
    """What people can do with their own sessions."""

    store: Store
    idle: float
    """Seconds without a request after which a session is over."""

    def listed(self, person: Person) -> list[Session]:
        """Those that last, by age."""
        with self.store.read() as connection:
            given = {"account": person.id, "idle": self.idle}
            return [Session(**row) for row in connection.execute(_LIST, given).mappings()]

    def end(self, person: Person, session: UUID) -> None:
        """End one of them, in all processes at once; raises NotFound where it is not theirs."""
        with self.store.transaction() as connection:
            given = {"account": person.id, "id": session}
            if connection.execute(_END, given).one_or_none() is None:
                raise NotFound(_SESSION, str(session))
            note(connection, Deed.SESSION_ENDED, person.id, by=person.actor)
            notify(connection, Topic.SESSION, str(person.id))


def open_session(
    connection: Connection, account: UUID, *, lasts: float, address: str | None
) -> Opened:
    """Open a session.

    Args:
        connection: Of the transaction in which somebody proved who they are.
        account: Whose.
        lasts: Seconds after which it is over, whatever happens.
        address: Where they sign in from.
    """
    token = new_secret(SESSION_START)
    given = {
        "id": new_id(),
        "account": account,
        "digest": digest_of(token),
        "address": address,
        "lasts": lasts,
    }
    connection.execute(_TIDY, {"account": account})
    row = connection.execute(_OPEN, given).mappings().one()
    return Opened(session=Session(**row), token=token)


def end_one(connection: Connection, account: UUID, session: UUID) -> None:
    """End a session that another one takes the place of."""
    connection.execute(_END, {"account": account, "id": session})
    notify(connection, Topic.SESSION, str(account))


def end_all(connection: Connection, account: UUID) -> None:
    """End all sessions of an account, in all processes, with the commit."""
    connection.execute(_END_ALL, {"account": account})
    notify(connection, Topic.SESSION, str(account))
