"""Who calls: a program with a key, or a person who signed in."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from queues.access.permissions import SCOPES, Permission, Scope
from queues.access.roles import Role, RoleTable
from queues.errors import PermissionMissing, ScopeMissing

#: How audit events name people who signed in: `person:ana`.
PERSON: Final = "person:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A program, as far as its key tells."""

    id: UUID
    """Of the key."""
    name: str
    scopes: frozenset[str]
    rate: int | None
    """Requests a minute; None: the default."""

    @property
    def actor(self) -> str:
        """As audit events name it."""
        return f"key:{self.name}"

    def may(self, permission: Permission) -> bool:
        """Whether the key is for this."""
        return self._has(SCOPES[permission])

    def require(self, permission: Permission) -> None:
        """Raise ScopeMissing where the key is not for this."""
        self.require_scope(SCOPES[permission])

    def require_scope(self, scope: Scope) -> None:
        """Raise ScopeMissing where it may not hand out a scope: it has not got it itself."""
        if not self._has(scope):
            raise ScopeMissing(scope.value)

    def _has(self, scope: Scope) -> bool:
        return scope in self.scopes or Scope.ADMIN in self.scopes


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person, as far as their session tells."""

    id: UUID
    """Of the account."""
    name: str
    roles: tuple[Role, ...]
    session: UUID
    table: RoleTable
    """What roles may do."""
    rate: int | None = None
    """Requests a minute; None: the default."""

    @property
    def actor(self) -> str:
        """As audit events name them."""
        return PERSON + self.name

    def may(self, permission: Permission) -> bool:
        """Whether one of their roles may do this."""
        return self.table.may(self.roles, permission)

    def require(self, permission: Permission) -> None:
        """Raise PermissionMissing where none of their roles may do this."""
        if not self.may(permission):
            raise PermissionMissing(permission.value)

    def require_scope(self, scope: Scope) -> None:
        """Raise PermissionMissing where they may not hand out a scope.

        They may what they may do themselves; and whoever hands out roles hands out anything.
        """
        if self.may(Permission.PEOPLE_MANAGE):
            return
        for permission, needed in SCOPES.items():
            if scope in {needed, Scope.ADMIN}:
                self.require(permission)


Caller = Program | Person
