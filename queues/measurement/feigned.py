"""Whether simulated reviewers took part, as every figure of theirs has to say."""

from datetime import datetime
from typing import Final

from sqlalchemy import Connection, text

from queues.people import PREFIX

# A constant, so that the index is asked for those names alone.
_VOTED: Final = text(
    f"SELECT EXISTS (SELECT FROM votes WHERE reviewer ^@ '{PREFIX}' AND at >= :since)"  # noqa: S608 - ours
)


def simulated_since(connection: Connection, since: datetime) -> bool:
    """Whether simulated reviewers voted since a moment; a look into one index."""
    return bool(connection.execute(_VOTED, {"since": since}).scalar_one())
