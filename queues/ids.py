"""Makes the ids of rows: UUIDs of version 7, which begin with their moment and so sort by it."""

from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from uuid_utils import compat

#: By so much clocks of machines may differ, and with them what ids of one moment say.
SKEW: Final = timedelta(days=1)

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)
_NANOSECONDS: Final = 1_000_000
_RANDOM_BITS: Final = 80


def new_id() -> UUID:
    """A new id (RFC 9562, version 7); ids of one process rise."""
    return compat.uuid7()


def id_at(moment: datetime) -> UUID:
    """A new id that says it is of another moment."""
    return compat.uuid7(nanoseconds=(moment - _EPOCH) // _MILLISECOND * _NANOSECONDS)


def as_id(name: str) -> UUID | None:
    """An id that was written down; None: it is none, and perhaps a name of the sender's."""
    try:
        return UUID(name)
    except ValueError:
        return None


def id_floor(moment: datetime) -> UUID:
    """The smallest id of a moment: rows of a partitioned table that are younger lie above it."""
    return UUID(int=((moment - _EPOCH) // _MILLISECOND) << _RANDOM_BITS)


def moment_of(identity: UUID) -> datetime:
    """The moment in an id, to the millisecond."""
    return _EPOCH + (identity.int >> _RANDOM_BITS) * _MILLISECOND
