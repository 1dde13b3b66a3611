"""The tables, a module per noun; `metadata` holds all of them."""

from queues.store.tables import (
    access,
    accounts,
    audit,
    cases,
    certifying,
    decisions,
    effects,
    handouts,
    items,
    learning,
    overrides,
    people,
    policies,
    quality,
    releasing,
    remarks,
    rollups,
)
from queues.store.tables.columns import metadata

__all__ = [
    "access",
    "accounts",
    "audit",
    "cases",
    "certifying",
    "decisions",
    "effects",
    "handouts",
    "items",
    "learning",
    "metadata",
    "overrides",
    "people",
    "policies",
    "quality",
    "releasing",
    "remarks",
    "rollups",
]
