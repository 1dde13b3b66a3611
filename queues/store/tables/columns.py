"""Kinds of columns that every table is made of."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Column, MetaData, Text, func
from sqlalchemy.dialects.postgresql import ARRAY, TIMESTAMP
from sqlalchemy.dialects.postgresql import UUID as UUID_TYPE

#: Names of constraints follow from what they are about, so that migrations can name them.
metadata: Final = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

#: Tables split by day: rows come in the order of their ids and are dropped a day at a time.
BY_DAY: Final = "RANGE (id)"


def identity(name: str = "id") -> Column[UUID]:
    """The primary key: a UUID of version 7, made by whoever inserts."""
    return Column(name, UUID_TYPE(as_uuid=True), primary_key=True)


def reference(name: str, *, optional: bool = False) -> Column[UUID]:
    """The id of another row. Partitioned tables cannot be the target of a cheap foreign key."""
    return Column(name, UUID_TYPE(as_uuid=True), nullable=optional)


def word(name: str, *, optional: bool = False, **options: Any) -> Column[str]:  # noqa: ANN401 - handed on to Column
    """A short text: a name, a state, a code."""
    return Column(name, Text, nullable=optional, **options)


def words(name: str) -> Column[list[str]]:
    """A list of short texts, by default empty."""
    return Column(name, ARRAY(Text), nullable=False, server_default="{}")


def moment(name: str, *, optional: bool = False, now: bool = False) -> Column[datetime]:
    """A moment with time zone; `now`: by default that of the transaction."""
    return Column(
        name,
        TIMESTAMP(timezone=True),
        nullable=optional,
        server_default=func.now() if now else None,
    )
