"""Releases and models, which of them are in force, and which process runs which."""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
)
from sqlalchemy.dialects.postgresql import JSON, JSONB

from queues.store.tables.columns import identity, metadata, moment, reference, word, words

#: Policies as written, named by the hash of their sources.
releases = Table(
    "releases",
    metadata,
    word("name"),
    Column("sources", JSON, nullable=False),  # path → text
    Column("compiled", LargeBinary, nullable=False),
    word("message"),
    word("published_by"),
    moment("published_at", now=True),
    word("base", optional=True),  # the release that it was made from; null: there was none
    PrimaryKeyConstraint("name"),
)

#: Classifiers, named by the hash of their bytes.
models = Table(
    "models",
    metadata,
    word("version"),
    word("name"),
    Column("artefact", LargeBinary, nullable=False),
    word("published_by"),
    moment("published_at", now=True),
    Column("figures", JSONB, nullable=True),  # how it did on texts it was not trained on, by score
    PrimaryKeyConstraint("version"),
)

#: What came into force when; the latest of each kind is in force.
activations = Table(
    "activations",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    word("kind"),  # release, models
    words("names"),
    word("by"),
    word("note", optional=True),
    moment("at", now=True),
    Column("undoes", BigInteger, nullable=True),  # this one takes that back, and all since
    Index("ix_activations_kind", "kind", "id"),
)

#: Running processes and what they judge with.
processes = Table(
    "processes",
    metadata,
    identity(),
    word("kind"),  # api, worker, relay, courier, beat
    word("host"),
    Column("pid", Integer, nullable=False),
    word("release", optional=True),
    words("models"),
    word("trouble", optional=True),  # why it does not use what it should
    moment("started_at", now=True),
    moment("seen_at", now=True),
)

#: What people write before it is a release, one a person.
policy_drafts = Table(
    "policy_drafts",
    metadata,
    reference("account_id"),
    word("base"),  # the release that it began as
    Column("changes", JSON, nullable=False),  # path → text; null: the file is gone
    reference("revision"),  # another one whenever it is kept
    moment("changed_at", now=True),
    PrimaryKeyConstraint("account_id"),
    ForeignKeyConstraint(["account_id"], ["accounts.id"], ondelete="CASCADE"),
)
