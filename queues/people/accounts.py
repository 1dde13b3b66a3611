"""Accounts: who works here, and what is known of them."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.engine import RowMapping

from queues.access import Permission, Role, RoleTable
from queues.errors import Conflict, NotFound, Refused
from queues.ids import new_id
from queues.people.journal import Deed, note
from queues.people.profiles import Profile, check_own, checked, columns_of, values_of
from queues.people.sessions import end_all
from queues.people.subjects import Policies, anything, check_policies
from queues.store.locks import Lock, wait_for
from queues.store.session import Store
from queues.store.tables.accounts import accounts

_PERSON: Final = "person"
_LOGIN: Final = "name"
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9._@+-]{0,99}")
_THERE: Final = "there is one already"
_LAST: Final = "nobody would be left who can manage people"


class AccountState(StrEnum):
    """How an account stands."""

    #: Nobody has set a password or come in through a provider yet.
    INVITED = "invited"
    #: Somebody can sign in.
    ACTIVE = "active"
    #: Nobody can.
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account(Profile):
    """A person with an account."""

    id: UUID
    name: str
    """What they sign in with, and who they are as a reviewer."""
    state: AccountState
    created_by: str
    created_at: datetime
    changed_at: datetime
    signed_in_at: datetime | None
    disabled_at: datetime | None
    paused_at: datetime | None
    """When they said last that they stop; `attendance` tells how long it holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounts:
    """Those who work here."""

    store: Store
    roles: RoleTable
    policies: Callable[[], Policies] = anything
    """Those there are; None: nobody can tell, and any name is taken as it is."""

    def add(self, name: str, profile: Profile, *, by: str) -> Account:
        """Make an account; its person cannot sign in before they accepted an invitation.

        Raises:
            Refused: a name or a value that cannot be.
            Conflict: somebody has the name already, or had it: names are not given twice.
        """
        if not _NAME.fullmatch(name):
            raise Refused(_LOGIN, "needs 1 to 100 of a-z, 0-9 and ._@+-, a letter or digit first")
        check_policies(profile, self.policies)
        values = columns_of(checked(profile))
        row = insert(accounts).values(id=new_id(), name=name, created_by=by, **values)
        with self.store.transaction() as connection:
            done = connection.execute(row.on_conflict_do_nothing().returning(accounts))
            found = done.mappings().one_or_none()
            if found is None:
                raise conflict(name, _THERE)
            details = {"name": name, "roles": values["roles"]}
            note(connection, Deed.ADDED, found["id"], by=by, details=details)
        return account_of(found)

    def listed(self) -> list[Account]:
        """All accounts by name, also those that are disabled."""
        with self.store.read() as connection:
            question = select(accounts).order_by(accounts.c.name)
            return [account_of(row) for row in connection.execute(question).mappings()]

    def find(self, name: str) -> Account:
        """The account of a name; raises NotFound."""
        with self.store.read() as connection:
            return account_of(taken(connection, name))

    def change(
        self, name: str, changes: Mapping[str, Any], *, by: str, own: bool = False
    ) -> Account:
        """Change what is known of somebody. With other roles they have to sign in again.

        Args:
            name: Whose account.
            changes: Fields of a profile, and their new values; what is left out stays.
            by: Who changes it, as audit events name people.
            own: Whether it is they themselves; they may change less (`profiles.OWN`).

        Raises:
            NotFound: there is no such account.
            Refused: a value that cannot be, or is not theirs to change.
            Conflict: nobody could manage people any more.
        """
        with self.store.transaction() as connection:
            wait_for(connection, Lock.ACCOUNTS)
            before = account_of(taken(connection, name))
            old = Profile(**{each.name: getattr(before, each.name) for each in fields(Profile)})
            new = checked(replace(old, **changes))
            if own:
                check_own(old, new)
            if new == old:
                return before
            check_policies(new, self.policies, before=old)
            row = _update(connection, before.id, columns_of(new))
            details: dict[str, object] = {
                "changed": [
                    each.name
                    for each in fields(Profile)
                    if getattr(new, each.name) != getattr(old, each.name)
                ]
            }
            if new.roles != old.roles:
                details["roles"] = {"before": old.roles, "after": new.roles}
                end_all(connection, before.id)
                self._keep_somebody(connection, before)
            note(connection, Deed.CHANGED, before.id, by=by, details=details)
        return account_of(row)

    def disable(self, name: str, *, by: str) -> Account:
        """Nobody can sign in any more, whoever is signed in is out; who it was stays known.

        Raises:
            NotFound: there is no such account.
            Conflict: nobody could manage people any more.
        """
        with self.store.transaction() as connection:
            wait_for(connection, Lock.ACCOUNTS)
            before = account_of(taken(connection, name))
            if before.state is AccountState.DISABLED:
                return before
            row = _update(connection, before.id, {"disabled_at": func.now()})
            end_all(connection, before.id)
            withdraw = text("DELETE FROM invitations WHERE account_id = :account")
            connection.execute(withdraw, {"account": before.id})
            self._keep_somebody(connection, before)
            note(connection, Deed.DISABLED, before.id, by=by)
        return account_of(row)

    def enable(self, name: str, *, by: str) -> Account:
        """Let somebody sign in again, with the password they had; raises NotFound."""
        with self.store.transaction() as connection:
            before = account_of(taken(connection, name))
            if before.state is not AccountState.DISABLED:
                return before
            row = _update(connection, before.id, {"disabled_at": None})
            note(connection, Deed.ENABLED, before.id, by=by)
        return account_of(row)

    def _keep_somebody(self, connection: Connection, before: Account) -> None:
        """Raise Conflict if this account was the last that can manage people."""
        managing = [role for role in Role if self.roles.may([role], Permission.PEOPLE_MANAGE)]
        if before.state is AccountState.DISABLED or not set(managing) & set(before.roles):
            return
        question = select(func.count()).where(
            accounts.c.disabled_at.is_(None),
            accounts.c.roles.overlap([role.value for role in managing]),
        )
        if not connection.execute(question).scalar_one():
            raise conflict(before.name, _LAST)


def taken(connection: Connection, name: str) -> RowMapping:
    """The row of an account, locked where it can be; raises NotFound."""
    question = select(accounts).where(accounts.c.name == name)
    if not connection.get_execution_options().get("postgresql_readonly"):
        question = question.with_for_update()
    found = connection.execute(question).mappings().one_or_none()
    if found is None:
        raise NotFound(_PERSON, name)
    return found


def account_at(connection: Connection, name: str) -> Account | None:
    """The account of a name as it stands, for as long as the transaction lasts; None: nobody's.

    Whoever asks waits for others who asked for the same one.
    """
    question = select(accounts).where(accounts.c.name == name).with_for_update(key_share=True)
    found = connection.execute(question).mappings().one_or_none()
    return None if found is None else account_of(found)


def accounts_of(connection: Connection, names: Sequence[str]) -> list[Account]:
    """The accounts of those of these names that have one; nobody is waited for."""
    question = select(accounts).where(accounts.c.name.in_(names))
    return [account_of(row) for row in connection.execute(question).mappings()]


def conflict(name: str, why: str) -> Conflict:
    """Why an account does not allow what was asked."""
    return Conflict(f"{_PERSON} `{name}`", why)


def account_of(row: RowMapping) -> Account:
    """An account, from its row."""
    return Account(
        **values_of(dict(row)),
        id=row["id"],
        name=row["name"],
        state=_state(row),
        created_by=row["created_by"],
        created_at=row["created_at"],
        changed_at=row["changed_at"],
        signed_in_at=row["signed_in_at"],
        disabled_at=row["disabled_at"],
        paused_at=row["paused_at"],
    )


def _state(row: RowMapping) -> AccountState:
    if row["disabled_at"] is not None:
        return AccountState.DISABLED
    if row["password"] is None and row["signed_in_at"] is None:
        return AccountState.INVITED
    return AccountState.ACTIVE


def _update(connection: Connection, account: UUID, values: Mapping[str, Any]) -> RowMapping:
    change = accounts.update().where(accounts.c.id == account).values(values)
    done = connection.execute(change.values(changed_at=func.now()).returning(accounts))
    return done.mappings().one()
