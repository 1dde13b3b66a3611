"""What an hour of those who voted costs."""

from collections.abc import Iterable
from typing import Final

from sqlalchemy import Connection

from engine.verdict import Tier
from queues.people import accounts_of, terms_of
from queues.sections import Rates, Wellness

HOUR: Final = 3_600.0
"""Seconds of an hour."""

Hourly = dict[tuple[str, str], float]
"""Tier and reviewer → what an hour costs."""


def hourly(
    connection: Connection, voted: Iterable[tuple[str, str]], rates: Rates, wellness: Wellness
) -> Hourly:
    """At their own rate, that of their role, or of a name without an account that of the tier."""
    pairs = set(voted)
    accounts = accounts_of(connection, sorted({reviewer for _, reviewer in pairs}))
    known = {
        account.name: terms_of(account, rates=rates, wellness=wellness).hourly_rate
        for account in accounts
    }
    usual = {Tier.SINGLE: rates.moderator, Tier.SENIOR: rates.senior}
    return {
        (tier, reviewer): known.get(reviewer, usual[Tier(tier)]) for tier, reviewer in sorted(pairs)
    }


def as_arrays(paid: Hourly) -> dict[str, list[object]]:
    """The rates as statements take them."""
    return {
        "tiers": [tier for tier, _ in paid],
        "reviewers": [reviewer for _, reviewer in paid],
        "hourly": list(paid.values()),
    }
