"""Who calls, and what they may do: programs by the scopes of their keys, people by their roles."""

from queues.access.authenticating import Access
from queues.access.callers import PERSON, Caller, Person, Program
from queues.access.credentials import (
    INVITATION_START,
    KEY_START,
    SESSION_START,
    digest_of,
    new_secret,
)
from queues.access.permissions import SCOPES, Permission, Scope
from queues.access.roles import Role, RoleTable, read_roles

__all__ = [
    "INVITATION_START",
    "KEY_START",
    "PERSON",
    "SCOPES",
    "SESSION_START",
    "Access",
    "Caller",
    "Permission",
    "Person",
    "Program",
    "Role",
    "RoleTable",
    "Scope",
    "digest_of",
    "new_secret",
    "read_roles",
]
