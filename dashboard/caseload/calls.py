"""What these pages ask of the API."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from urllib.parse import quote

from dashboard.asking import together
from dashboard.gateway import Answer, Value
from dashboard.person import here

#: Of one page of a list.
LIMIT = 200


def cases(
    since: datetime, order: str, cursor: str | None, filters: Mapping[str, Value | Sequence[str]]
) -> Answer:
    """A page of cases that came since a moment.

    Args:
        since: When the oldest may have come.
        order: `newest` or `due`.
        cursor: Where to go on; None: from the beginning.
        filters: As `GET /v1/cases` takes them.
    """
    asked = {"since": since.isoformat(), "order": order, "cursor": cursor, "limit": LIMIT}
    return together(("/v1/cases", {**filters, **asked}))[0]


def case(identity: str) -> Answer:
    """A case with the votes of rounds that are over."""
    return together((f"/v1/cases/{quote(identity, safe='')}", {}))[0]


def item(identity: str) -> Answer:
    """An item and its history; reading it is an event of the audit."""
    return together((f"/v1/items/{quote(identity, safe='')}", {}))[0]


def queues() -> Answer:
    """How much waits where."""
    return here().gateway.get("/v1/queues")
