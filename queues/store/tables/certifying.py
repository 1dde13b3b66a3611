"""What the machine may decide by itself, and the labels that it is earned with."""

from sqlalchemy import (
    Boolean,
    Column,
    Double,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from queues.store.tables.columns import identity, metadata, moment, reference, word, words

#: What was shown of a rule, or of a zone of scores; never changed but for how it ended.
certificates = Table(
    "certificates",
    metadata,
    identity(),
    word("rule", optional=True),  # None: a zone
    word("policy", optional=True),
    word("language", optional=True),
    word("direction", optional=True),  # remove, allow
    Column("threshold", Double, nullable=True),
    word("release"),  # the hash of all that matches depend on
    word("model", optional=True),
    word("calibrator", optional=True),
    words("sample"),  # ids of items
    word("sample_hash"),
    Column("labels", Integer, nullable=False),
    Column("errors", Integer, nullable=False),
    Column("error_limit", Double, nullable=False),
    Column("doubt", Double, nullable=False),
    Column("upper", Double, nullable=False),
    moment("issued_at", now=True),
    moment("expires_at"),
    moment("revoked_at", optional=True),
    word("ended_by", optional=True),  # changed, alarm, expired, terms
    word("why", optional=True),  # in words
    # Languages in which it does not hold, each with why.
    Column("withheld", JSONB, nullable=False, server_default="{}"),
    Index(
        "uq_certificates_rule",
        "rule",
        unique=True,
        postgresql_where=text("revoked_at IS NULL AND rule IS NOT NULL"),
    ),
    Index("ix_certificates_rule", "rule", "id"),
)

#: The owner of a policy answers for a rule.
sign_offs = Table(
    "sign_offs",
    metadata,
    identity(),
    word("rule"),
    word("release"),  # as of certificates
    word("by"),
    word("ground"),  # legal order, hash match, other
    word("reason"),
    moment("since", now=True),
    moment("until"),
    moment("withdrawn_at", optional=True),
    word("withdrawn_by", optional=True),
    Index("uq_sign_offs_rule", "rule", unique=True, postgresql_where=text("withdrawn_at IS NULL")),
)

#: Cases drawn for certifying, and what was said; kept beyond their items, as looks were made.
certifying_labels = Table(
    "certifying_labels",
    metadata,
    word("rule"),
    reference("case_id"),
    word("release"),
    word("model"),  # '' where it has no part
    reference("item_id"),
    Column("content", LargeBinary, nullable=True),  # the same for exact duplicates
    word("language", server_default=""),  # in lower case; '' where the item does not say
    Column("acting", Boolean, nullable=False),  # whether the rule would do something
    Column("wrong", Boolean, nullable=True),  # None: nobody said yet
    Column("left_out", Boolean, nullable=False, server_default="false"),  # nobody will
    PrimaryKeyConstraint("case_id", "rule"),
    Index("ix_certifying_labels_item", "item_id"),
    Index("ix_certifying_labels_content", "rule", "content"),
    Index(
        "ix_certifying_labels_open",
        "case_id",
        postgresql_where=text("wrong IS NULL AND NOT left_out"),
    ),
)

#: How often the labels of a rule were looked at.
certifying_series = Table(
    "certifying_series",
    metadata,
    word("rule"),
    word("release"),
    word("model"),
    reference("since"),  # labels of older cases do not count any more
    Column("spent", Integer, nullable=False, server_default="0"),  # looks that were made
    Column("before", Integer, nullable=False, server_default="0"),  # labels of the last one
    PrimaryKeyConstraint("rule", "release", "model"),
)

#: What people said of items that a rule had decided alone: the quality sample of a certificate.
certifying_samples = Table(
    "certifying_samples",
    metadata,
    word("rule"),
    reference("case_id"),
    reference("verdict_id"),
    word("release"),
    word("model"),  # '' where it has no part
    word("language"),  # as of labels
    Column("wrong", Boolean, nullable=False),
    Column("chance", Double, nullable=False),  # that people look at such
    PrimaryKeyConstraint("case_id", "rule"),
    Index("ix_certifying_samples_rule", "rule", "release", "model", "verdict_id"),
)

#: Up to where something was looked through: a case, or a moment as an id.
certifying_marks = Table(
    "certifying_marks",
    metadata,
    word("name"),
    reference("upto"),
    PrimaryKeyConstraint("name"),
)
