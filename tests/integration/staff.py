"""People for tests, and what they sign in with."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import text

from queues.access import Access, Person, Role, RoleTable, read_roles
from queues.people import (
    Account,
    Accounts,
    Invitations,
    Passwords,
    Profile,
    Sessions,
    SignedIn,
    SigningIn,
    Throttle,
)
from queues.settings import Passwords as Hashing
from queues.store.session import Store
from tests.architecture.sources import ROOT

BY: Final = "cli:test"
GOOD: Final = "correct horse battery"
BETTER: Final = "another horse, another battery"
ROLES: Final[RoleTable] = read_roles(ROOT / "config" / "roles.toml")
CHEAP: Final = Hashing(memory=64, passes=1, lanes=1)


class Staff:
    """Everything about people, on the database of a test."""

    def __init__(self, store: Store, *, hashing: Hashing = CHEAP, attempts: int = 10) -> None:
        self.store = store
        passwords = Passwords(hashing)
        self.accounts = Accounts(store=store, roles=ROLES)
        self.invitations = Invitations(
            store=store, passwords=passwords, link="here#{token}", good_for=600, lasts=3_600
        )
        self.throttle = Throttle(attempts=attempts, attempts_of_address=30, refill=30)
        self.door = SigningIn(store=store, passwords=passwords, throttle=self.throttle, lasts=3_600)
        self.sessions = Sessions(store=store, idle=600)
        self.access = Access(store, ROLES, idle=600)

    def add(self, name: str = "ana", *roles: Role, **profile: Any) -> Account:  # noqa: ANN401 - as the fields
        """A new account."""
        wanted = roles or (Role.MODERATOR,)
        given = Profile(**{"display_name": name.title(), "roles": wanted, **profile})
        return self.accounts.add(name, given, by=BY)

    def enter(self, name: str = "ana", *roles: Role) -> SignedIn:
        """Somebody new, who has set a password."""
        self.add(name, *roles)
        return self.invitations.accept(self.token(name), GOOD)

    def token(self, name: str = "ana") -> str:
        """Of a new invitation."""
        return self.invitations.invite(name, by=BY).link.removeprefix("here#")

    def person(self, signed: SignedIn) -> Person:
        """Whoever signed in, as a caller."""
        caller = self.access.authenticate(signed.opened.token)
        assert isinstance(caller, Person)
        return caller

    def passwords_off(self, issuer: str) -> None:
        """Whoever came through this provider has no password from now on."""
        self.door = replace(self.door, issuer=issuer)
        self.invitations = replace(self.invitations, issuer=issuer)

    def audited(self) -> Sequence[tuple[str, str, dict[str, Any]]]:
        """Actor, kind and details of all audit events, in order."""
        with self.store.read() as connection:
            rows = connection.execute(
                text("SELECT actor, kind, details FROM audit_events ORDER BY id")
            )
            return [(row.actor, row.kind, row.details) for row in rows]

    def everything(self) -> str:
        """All that is stored about people, as one text."""
        tables = ("accounts", "sessions", "invitations", "sign_in_attempts", "audit_events")
        with self.store.read() as connection:
            return "\n".join(
                row
                for table in tables
                for row in connection.execute(text(f"SELECT {table}::text FROM {table}")).scalars()  # noqa: S608 - names of ours
            )

    def age(self, table: str, column: str, seconds: float) -> None:
        """Make moments of all rows lie so many seconds earlier."""
        with self.store.transaction() as connection:
            connection.execute(
                text(f"UPDATE {table} SET {column} = {column} - :age * interval '1 second'"),  # noqa: S608 - names of ours
                {"age": seconds},
            )
