"""Invitations: a link that lets its person set a password, once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import text

from queues.access import INVITATION_START, PERSON, digest_of, new_secret
from queues.errors import KeyUnknown
from queues.people.accounts import account_of, conflict, taken
from queues.people.elsewhere import refuse_password
from queues.people.journal import Deed, note
from queues.people.passwords import Passwords
from queues.people.sessions import end_all, open_session
from queues.people.signing_in import SignedIn
from queues.settings import Api, People
from queues.store.session import Store

_INVITATION: Final = "invitation"
_DISABLED: Final = "the account is disabled"
_GONE: Final = "is unknown, was used, or has expired"

_INVITE: Final = text("""
INSERT INTO invitations (account_id, digest, created_by, expires_at)
VALUES (:account, :digest, :by, now() + :good_for * interval '1 second')
ON CONFLICT (account_id) DO UPDATE SET
    digest = excluded.digest, created_by = excluded.created_by,
    created_at = now(), expires_at = excluded.expires_at
RETURNING expires_at
""")
_LOOK: Final = text("""
SELECT name FROM invitations JOIN accounts ON accounts.id = account_id
WHERE digest = :digest AND expires_at > now() AND disabled_at IS NULL
""")
_TAKE: Final = text("""
DELETE FROM invitations WHERE digest = :digest AND expires_at > now() RETURNING account_id
""")
_SET: Final = text("""
UPDATE accounts SET password = :password, changed_at = now(), signed_in_at = now()
WHERE id = :account AND disabled_at IS NULL RETURNING *
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """A link that lets somebody set a password."""

    name: str
    """Whose account."""
    link: str
    """Shown this once."""
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitations:
    """Makes invitations, and lets people in who come with one."""

    store: Store
    passwords: Passwords
    link: str
    """The address where a password is set, with `{token}` in it."""
    good_for: float
    """Seconds."""
    lasts: float
    """Seconds after which the session of whoever came in is over."""
    issuer: str | None = None
    """The provider whose people sign in there alone; None: all may have a password."""

    def invite(self, name: str, *, by: str) -> Invitation:
        """Make a link; one that was made before is good for nothing any more.

        A password that is there stays until the link is used: so it also serves whoever has
        forgotten theirs.

        Raises:
            NotFound: there is no such account.
            Conflict: it is disabled, or its person signs in at a provider alone.
        """
        token = new_secret(INVITATION_START)
        with self.store.transaction() as connection:
            row = taken(connection, name)
            if row["disabled_at"] is not None:
                raise conflict(name, _DISABLED)
            refuse_password(connection, row["id"], name, self.issuer)
            given = {
                "account": row["id"],
                "digest": digest_of(token),
                "by": by,
                "good_for": self.good_for,
            }
            expires_at = connection.execute(_INVITE, given).scalar_one()
            note(connection, Deed.INVITED, row["id"], by=by)
        link = self.link.replace("{token}", token)
        return Invitation(name=name, link=link, expires_at=expires_at)

    def accept(self, token: str, password: str, *, address: str | None = None) -> SignedIn:
        """Set a password with an invitation, which is gone then, and sign in.

        Raises:
            KeyUnknown: there is no such invitation any more.
            Refused: the password is weak; the invitation stays.
            Conflict: they sign in at a provider alone.
        """
        digest = {"digest": digest_of(token)}
        with self.store.read() as connection:
            name = connection.execute(_LOOK, digest).scalar_one_or_none()
        if name is None:
            raise KeyUnknown(_INVITATION, _GONE)
        self.passwords.check(password, name=name)
        hashed = self.passwords.hash(password)
        with self.store.transaction() as connection:
            account = connection.execute(_TAKE, digest).scalar_one_or_none()
            given = {"account": account, "password": hashed}
            row = connection.execute(_SET, given).mappings().one_or_none()
            if row is None:
                raise KeyUnknown(_INVITATION, _GONE)
            refuse_password(connection, row["id"], name, self.issuer)
            end_all(connection, row["id"])
            note(connection, Deed.ACCEPTED, row["id"], by=PERSON + name)
            opened = open_session(connection, row["id"], lasts=self.lasts, address=address)
        return SignedIn(account=account_of(row), opened=opened)


def link_of(people: People, api: Api) -> str:
    """Where a password is set: as the settings say, else at the API, as this machine reaches it."""
    if people.link is not None:
        return people.link
    return f"{api.origin}/invitation#{{token}}"
