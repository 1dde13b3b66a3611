"""People who review and read: what would tell them what to vote is left out."""

from queues.access import Caller, Permission, Person
from queues.api.runtime import Runtime
from queues.quality.blinding import Reader

_TIERS = (
    ("single", Permission.CASES_CLAIM_SINGLE),
    ("senior", Permission.CASES_CLAIM_SENIOR),
)
#: Whoever may do this has to see everything.
_SEES_ALL = (Permission.QUALITY_READ, Permission.AUDIT_READ)


def reader_of(here: Runtime, caller: Caller) -> Reader | None:
    """A person who reviews; None: a program, or somebody whose work is to see everything."""
    if not isinstance(caller, Person) or not caller.may(Permission.CASES_DECIDE):
        return None
    if any(caller.may(permission) for permission in _SEES_ALL):
        return None
    services = here.services
    return Reader(
        name=caller.name,
        tiers=tuple(tier for tier, permission in _TIERS if caller.may(permission)),
        blinding=services.blinding,
        queues=services.policy().vocabulary.queues,
    )
