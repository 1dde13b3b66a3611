"""Finds what was decided about content for whatever comes: overrides in force."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection

from engine.overriding import Override
from queues.store.session import ask

#: A part of a statement of psycopg, which takes contents: overrides in force, as JSON, or null.
IN_FORCE: Final = """(
    SELECT json_agg(json_build_array(encode(content, 'hex'), id, action, reasons, policy))
    FROM overrides
    WHERE content = ANY(%s::bytea[]) AND ended_at IS NULL AND expires_at > now()
)"""
_ASK: Final = f"SELECT {IN_FORCE} AS overrides"

Overrides = Mapping[bytes, Override]
"""By content."""


def overrides_in_force(connection: Connection, contents: Iterable[bytes | None]) -> Overrides:
    """The overrides of these contents that hold at the moment of the transaction."""
    wanted = [content for content in contents if content is not None]
    if not wanted:
        return {}
    return read_overrides(ask(connection, _ASK, wanted)[0]["overrides"])


def read_overrides(found: Sequence[Sequence[Any]] | None) -> Overrides:
    """Overrides as `IN_FORCE` tells them."""
    return {
        bytes.fromhex(content): Override(
            id=identity, action=action, reasons=tuple(reasons), policy=policy
        )
        for content, identity, action, reasons, policy in found or ()
    }
