"""People who work here, and what they sign in with."""

from sqlalchemy import (
    Boolean,
    Column,
    Double,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB

from queues.store.tables.columns import identity, metadata, moment, reference, word, words

#: Accounts stay when people go: votes, decisions and audit events name them.
accounts = Table(
    "accounts",
    metadata,
    identity(),
    word("name"),  # what they sign in with, lower case
    word("display_name"),
    words("roles"),
    words("languages"),
    words("policies"),  # those they know; empty: all
    words("opted_out"),  # policies whose cases they never get
    word("time_zone", server_default="UTC"),
    Column("shifts", JSONB, nullable=False, server_default="[]"),
    Column("time_off", JSONB, nullable=False, server_default="[]"),
    Column("hourly_rate", Double, nullable=True),  # none: that of the role
    Column("exposure", Integer, nullable=True),  # none: that of the settings, as the next two
    Column("severe_in_a_row", Integer, nullable=True),
    Column("blur", Boolean, nullable=True),
    word("password", optional=True),  # argon2id with its parameters; none: nobody can sign in
    word("created_by"),
    moment("created_at", now=True),
    moment("changed_at", now=True),
    moment("signed_in_at", optional=True),
    moment("disabled_at", optional=True),
    moment("paused_at", optional=True),  # when they said that they stop; see `people.attendance`
    UniqueConstraint("name"),
)

#: Sessions that last; one that ended is gone.
sessions = Table(
    "sessions",
    metadata,
    identity(),
    reference("account_id"),
    Column("digest", LargeBinary, nullable=False),  # SHA-256 of the token, 256 random bits
    word("address", optional=True),  # where they signed in from
    moment("created_at", now=True),
    moment("last_used_at", now=True),  # to about a minute
    moment("expires_at"),
    UniqueConstraint("digest"),
    ForeignKeyConstraint(["account_id"], ["accounts.id"], ondelete="CASCADE"),
    Index(None, "account_id"),
)

#: One-time invitations that nobody accepted yet, one an account.
invitations = Table(
    "invitations",
    metadata,
    reference("account_id"),
    Column("digest", LargeBinary, nullable=False),
    word("created_by"),
    moment("created_at", now=True),
    moment("expires_at"),
    PrimaryKeyConstraint("account_id"),
    UniqueConstraint("digest"),
    ForeignKeyConstraint(["account_id"], ["accounts.id"], ondelete="CASCADE"),
)

#: Who people are at a provider of OpenID Connect; one an issuer.
identities = Table(
    "identities",
    metadata,
    word("issuer"),
    word("subject"),  # its name for them, which it gives to nobody else
    reference("account_id"),
    moment("linked_at", now=True),
    PrimaryKeyConstraint("issuer", "subject"),
    UniqueConstraint("account_id", "issuer"),
    ForeignKeyConstraint(["account_id"], ["accounts.id"], ondelete="CASCADE"),
)

#: People who are on their way through such a provider; gone when they are back.
oidc_requests = Table(
    "oidc_requests",
    metadata,
    Column("state", LargeBinary, nullable=False),  # SHA-256, as of what their browser keeps
    Column("browser", LargeBinary, nullable=False),
    word("nonce"),
    word("verifier"),
    moment("expires_at"),
    PrimaryKeyConstraint("state"),
    Index(None, "expires_at"),
)

#: Attempts to sign in, by whose they are: a bucket that leaks.
sign_in_attempts = Table(
    "sign_in_attempts",
    metadata,
    Column("subject", LargeBinary, nullable=False),  # SHA-256: a name may be a mistyped password
    Column("level", Double, nullable=False),
    moment("at", now=True),
    PrimaryKeyConstraint("subject"),
    Index(None, "at"),
)
