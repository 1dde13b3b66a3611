"""People who sign in at a provider, and shall have no password here."""

from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text

from queues.people.accounts import conflict

_ALONE: Final = "they sign in at the provider, and have no password here (`oidc.passwords`)"
_HAS: Final = text("SELECT 1 FROM identities WHERE account_id = :account AND issuer = :issuer")


def signs_in_elsewhere(connection: Connection, account: UUID, issuer: str | None) -> bool:
    """Whether somebody signs in at a provider alone.

    Args:
        connection: Of a transaction.
        account: Whose.
        issuer: The provider whose people have no password; None: there is none.
    """
    if issuer is None:
        return False
    given = {"account": account, "issuer": issuer}
    return connection.execute(_HAS, given).one_or_none() is not None


def refuse_password(connection: Connection, account: UUID, name: str, issuer: str | None) -> None:
    """Raise Conflict where somebody shall have no password; arguments as above."""
    if signs_in_elsewhere(connection, account, issuer):
        raise conflict(name, _ALONE)
