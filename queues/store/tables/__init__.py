"""The tables, a module per noun; `metadata` holds all of them."""

from queues.store.tables import (
    access,
    accounts,
    audit,
    backtests,
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
    remarks,
    rollups,
)
from queues.store.tables.columns import metadata

__all__ = [
    "access",
    "accounts",
    "audit",
    "backtests",
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
    "remarks",
    "rollups",
]
