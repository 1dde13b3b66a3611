"""Signing in: a name and a password become a session."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, text
from sqlalchemy.engine import RowMapping

from queues.access import PERSON, Person
from queues.errors import Refused, SignInRefused
from queues.people.accounts import Account, account_of
from queues.people.elsewhere import refuse_password, signs_in_elsewhere
from queues.people.journal import Deed, note
from queues.people.passwords import Passwords
from queues.people.sessions import Opened, end_all, end_one, open_session
from queues.people.throttling import Throttle
from queues.store.session import Store

_ANYBODY: Final = "anonymous"

_LOOK: Final = text("SELECT id, password, disabled_at FROM accounts WHERE name = :name")
_REHASH: Final = text("UPDATE accounts SET password = :new WHERE id = :id AND password = :old")
#: As it was when its password was compared, or not at all.
_ENTER: Final = text("""
UPDATE accounts SET signed_in_at = now()
WHERE id = :id AND password = :password AND disabled_at IS NULL RETURNING *
""")
_SET: Final = text("""
UPDATE accounts SET password = :new, changed_at = now(), signed_in_at = now()
WHERE id = :id AND password = :old AND disabled_at IS NULL RETURNING *
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """Who is in, and what they show from now on."""

    account: Account
    opened: Opened


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningIn:
    """The door that people come through."""

    store: Store
    passwords: Passwords
    throttle: Throttle
    lasts: float
    """Seconds after which a session is over in any case."""
    issuer: str | None = None
    """The provider whose people sign in there alone; None: all may have a password."""

    def sign_in(
        self,
        name: str,
        password: str,
        *,
        address: str | None = None,
        instead_of: Person | None = None,
    ) -> SignedIn:
        """Open a session for whoever knows the password.

        Args:
            name: Of the account; capitals do not matter.
            password: Theirs.
            address: Where they come from.
            instead_of: Whose session came along: if it is theirs, it ends.

        Raises:
            SignInRefused: name and password do not fit, or nobody can sign in there.
            TooManyAttempts: somebody tries too often.
        """
        name = name.strip().lower()
        row = self._compared(name, password, address)
        stored = row["password"]
        # Hashed while no connection waits: it takes a while on purpose.
        again = self.passwords.hash(password) if self.passwords.outdated(stored) else None
        with self.store.transaction() as connection:
            entered = _one(connection, _ENTER, id=row["id"], password=stored)
            if again is not None:
                connection.execute(_REHASH, {"id": row["id"], "old": stored, "new": again})
            if instead_of is not None and instead_of.id == row["id"]:
                end_one(connection, instead_of.id, instead_of.session)
            self.throttle.forgive(connection, name, address)
            note(connection, Deed.SESSION_OPENED, row["id"], by=PERSON + name)
            return self._open(connection, entered, address)

    def change_password(
        self, person: Person, old: str, new: str, *, address: str | None = None
    ) -> SignedIn:
        """Set another password. All sessions end, and the answer has a new one.

        Raises:
            Refused: the old password is wrong, or the new one is weak.
            Conflict: they sign in at a provider alone.
            TooManyAttempts: somebody tries too often.
        """
        self.passwords.check(new, name=person.name)
        with self.store.read() as connection:
            refuse_password(connection, person.id, person.name, self.issuer)
        try:
            row = self._compared(person.name, old, address)
        except SignInRefused as refusal:
            field, reason = "old", "is not your password"
            raise Refused(field, reason) from refusal
        hashed = self.passwords.hash(new)
        with self.store.transaction() as connection:
            entered = _one(connection, _SET, id=row["id"], old=row["password"], new=hashed)
            end_all(connection, person.id)
            self.throttle.forgive(connection, person.name, address)
            note(connection, Deed.PASSWORD_CHANGED, person.id, by=person.actor)
            return self._open(connection, entered, address)

    def _compared(self, name: str, password: str, address: str | None) -> RowMapping:
        """The account whose password it is; everybody else is refused, after the same time."""
        with self.store.transaction() as connection:
            self.throttle.charge(connection, name, address)
            row = connection.execute(_LOOK, {"name": name}).mappings().one_or_none()
            elsewhere = row is not None and signs_in_elsewhere(connection, row["id"], self.issuer)
        fits = self.passwords.fits(None if row is None else row["password"], password)
        if row is None or not fits or elsewhere or row["disabled_at"] is not None:
            # Also where nobody has the name: it takes the same time.
            with self.store.transaction() as connection:
                account = None if row is None else row["id"]
                note(connection, Deed.SESSION_REFUSED, account, by=_ANYBODY)
            raise SignInRefused
        return row

    def _open(self, connection: Connection, row: RowMapping, address: str | None) -> SignedIn:
        opened = open_session(connection, row["id"], lasts=self.lasts, address=address)
        return SignedIn(account=account_of(row), opened=opened)


def _one(connection: Connection, statement: Any, **given: object) -> RowMapping:  # noqa: ANN401 - a statement
    """The row that was changed; raises SignInRefused where it is not as it was any more."""
    found = connection.execute(statement, given).mappings().one_or_none()
    if found is None:
        raise SignInRefused
    return found
