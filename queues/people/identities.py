"""Who people are at a provider of OpenID Connect, and the accounts they have here."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, text
from sqlalchemy.engine import RowMapping

from queues.access import PERSON, Person, Role
from queues.errors import Conflict, ProviderRefused, Refused
from queues.people.accounts import Accounts, account_of, taken
from queues.people.journal import Deed, note
from queues.people.profiles import Profile
from queues.people.sessions import end_one, open_session
from queues.people.signing_in import SignedIn
from queues.store.session import Store

#: How audit events name the provider, where it says who has which role.
PROVIDER: Final = "provider:"
_NOBODY: Final = "no open account here is yours"

_LINKED: Final = text("""
SELECT accounts.* FROM accounts JOIN identities ON identities.account_id = accounts.id
WHERE issuer = :issuer AND subject = :subject FOR NO KEY UPDATE OF accounts
""")
_NAMED: Final = text("SELECT * FROM accounts WHERE name = :name FOR NO KEY UPDATE")
_LINK: Final = text("""
INSERT INTO identities (issuer, subject, account_id) VALUES (:issuer, :subject, :account)
ON CONFLICT DO NOTHING RETURNING account_id
""")
_UNLINK: Final = text("DELETE FROM identities WHERE account_id = :account RETURNING issuer")
_KNOWN: Final = text("""
SELECT EXISTS (SELECT FROM accounts WHERE name = :name)
    OR EXISTS (SELECT FROM identities WHERE issuer = :issuer AND subject = :subject)
""")
_ENTER: Final = text("""
UPDATE accounts SET signed_in_at = now()
WHERE id = :id AND disabled_at IS NULL AND EXISTS (SELECT FROM identities
    WHERE account_id = accounts.id AND issuer = :issuer AND subject = :subject)
RETURNING *
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Somebody, as a provider proves them."""

    issuer: str
    subject: str
    """Its name for them, which it gives to nobody else."""
    name: str | None
    """That of their account; None: none is proven."""
    display_name: str | None
    roles: tuple[str, ...] | None
    """All they have; None: it is decided here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identities:
    """Lets people in who are proven by a provider."""

    store: Store
    accounts: Accounts
    lasts: float
    """Seconds after which a session is over in any case."""
    add_people: bool = False
    """Whether somebody without an account gets one."""

    def enter(
        self,
        identity: Identity,
        *,
        address: str | None = None,
        instead_of: Person | None = None,
    ) -> SignedIn:
        """Open a session for somebody; the first time their account is looked for by name.

        Args:
            identity: Who they are.
            address: Where they come from.
            instead_of: Whose session came along: if it is theirs, it ends.

        Raises:
            ProviderRefused: no account is theirs, or it is disabled.
            Conflict: by their groups nobody could manage people any more.
        """
        self._add(identity)
        with self.store.transaction() as connection:
            name = self._linked(connection, identity)["name"]
        if identity.roles is not None:
            changes = {"roles": tuple(map(Role, identity.roles))}
            self.accounts.change(name, changes, by=PROVIDER + identity.issuer)
        with self.store.transaction() as connection:
            given = {"issuer": identity.issuer, "subject": identity.subject}
            account = taken(connection, name)["id"]
            row = connection.execute(_ENTER, given | {"id": account}).mappings().one_or_none()
            if row is None:  # disabled or unlinked in this moment
                raise ProviderRefused(_NOBODY)
            if instead_of is not None and instead_of.id == account:
                end_one(connection, account, instead_of.session)
            opened = open_session(connection, account, lasts=self.lasts, address=address)
            details = {"provider": identity.issuer}
            note(connection, Deed.SESSION_OPENED, account, by=PERSON + name, details=details)
        return SignedIn(account=account_of(row), opened=opened)

    def unlink(self, name: str, *, by: str) -> list[str]:
        """Forget who somebody is at providers; the next to come with their name is linked.

        Returns:
            The issuers that were forgotten.

        Raises:
            NotFound: there is no such account.
        """
        with self.store.transaction() as connection:
            account = taken(connection, name)["id"]
            issuers = sorted(connection.execute(_UNLINK, {"account": account}).scalars())
            if issuers:
                note(connection, Deed.UNLINKED, account, by=by, details={"providers": issuers})
        return issuers

    def _add(self, identity: Identity) -> None:
        """Make an account for somebody new, where that is wanted."""
        if not self.add_people or identity.name is None or identity.roles is None:
            return
        with self.store.read() as connection:
            given = {"issuer": identity.issuer, "subject": identity.subject}
            known = connection.execute(_KNOWN, given | {"name": identity.name}).scalar_one()
        if known:
            return
        profile = Profile(
            display_name=identity.display_name or identity.name,
            roles=tuple(map(Role, identity.roles)),
        )
        try:
            self.accounts.add(identity.name, profile, by=PROVIDER + identity.issuer)
        except Conflict:
            return  # somebody else made it in this moment
        except Refused as error:
            why = f"your name at the provider can be none here: {error.reason}"
            raise ProviderRefused(why) from error

    def _linked(self, connection: Connection, identity: Identity) -> RowMapping:
        """The account of somebody, linked to them from now on."""
        given = {"issuer": identity.issuer, "subject": identity.subject}
        found = connection.execute(_LINKED, given).mappings().one_or_none()
        known = found is not None
        if found is None and identity.name is not None:
            asked = connection.execute(_NAMED, {"name": identity.name})
            found = asked.mappings().one_or_none()
        if found is None or found["disabled_at"] is not None:
            raise ProviderRefused(_NOBODY)
        if not known:
            link = given | {"account": found["id"]}
            if connection.execute(_LINK, link).one_or_none() is not None:
                details = {"provider": identity.issuer}
                by = PERSON + found["name"]
                note(connection, Deed.LINKED, found["id"], by=by, details=details)
            elif connection.execute(_LINKED, given).mappings().one_or_none() != found:
                # Whoever came first with this name stays it, whatever claims others bring.
                raise ProviderRefused(_NOBODY)
        return found
