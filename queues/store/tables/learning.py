"""What is learnt from people's decisions: trainings, and which model is which."""

from sqlalchemy import (
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSON, JSONB, UUID

from queues.store.tables.columns import identity, metadata, moment, reference, word, words

#: One row each time a model is trained, or was to be; rows are kept.
training_runs = Table(
    "training_runs",
    metadata,
    identity(),
    word("name"),  # of the model
    Column("scores", JSONB, nullable=False),  # score → policies it learns from
    word("state"),  # asked, running, promoted, refused, failed, abandoned
    word("trigger"),  # count, schedule, hand
    word("asked_by"),
    moment("asked_at", now=True),
    moment("started_at", optional=True),
    moment("ended_at", optional=True),
    moment("until", optional=True),  # decisions up to here were looked at …
    Column(
        "recent", ARRAY(UUID(as_uuid=True)), nullable=False, server_default="{}"
    ),  # … with these
    Column("labels", Integer, nullable=True),  # new decisions since the training before
    Column("rows", Integer, nullable=True),  # that could be learnt from
    Column("manifest", JSON, nullable=True),  # json keeps bytes as they are, jsonb would not
    Column("figures", JSONB, nullable=True),
    words("reasons"),
    words("remarks"),
    word("champion", optional=True),  # version that it was compared with
    word("challenger", optional=True),  # version that came of it
    Index(
        "uq_training_runs_open",
        "name",
        unique=True,
        postgresql_where=text("state IN ('asked', 'running')"),
    ),
    Index("ix_training_runs_name", "name", "id"),
    Index("ix_training_runs_challenger", "challenger"),
)

#: Which decisions a model in force has learnt from, and which training was the first of those that
#: were promoted. What is held out to judge by comes in with a later one.
learnt_labels = Table(
    "learnt_labels",
    metadata,
    word("name"),  # of the model
    reference("decision_id"),
    reference("training_id"),
    PrimaryKeyConstraint("name", "decision_id"),
)

#: Why an item was chosen to be learnt from: one row each case of this purpose.
suggestions = Table(
    "suggestions",
    metadata,
    Column(
        "case_id",
        UUID(as_uuid=True),
        ForeignKey("cases.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    moment("made_at", now=True),
    word("model"),  # the version that was to learn from it
    word("score"),
    word("strategy"),
    Column("worth", Double, nullable=False),  # by which it was chosen, from 0 to 1
    Column("place", Integer, nullable=False),  # 1 is the first of those chosen together
    Index("ix_suggestions_made_at", "made_at"),
)

#: Which version of a model is in force, and which was the last to try.
model_aliases = Table(
    "model_aliases",
    metadata,
    word("name"),
    word("alias"),  # champion, challenger
    word("version"),
    moment("since", now=True),
    PrimaryKeyConstraint("name", "alias"),
)
