"""What receivers are sent: the event as JSON, and the headers that prove whose it is."""

from collections.abc import Mapping
from datetime import UTC
from typing import Final

import orjson

from queues.webhooks.courier.claims import Claim, Event
from queues.webhooks.signing import ID, SIGNATURE, TIMESTAMP, sign

_USER_AGENT: Final = "Tierwise"


def body_of(event: Event) -> bytes:
    """The event, the same bytes at every attempt."""
    item = {"id": event.sender_id, "item_id": event.item_id, "kind": event.item_kind}
    return orjson.dumps(
        {
            "id": event.id,
            "kind": event.kind,
            "at": event.at.astimezone(UTC),
            "item": None if event.item_id is None else item,
            "data": orjson.Fragment(event.payload),
        },
        option=orjson.OPT_UTC_Z,
    )


def headers_of(claim: Claim, event: Event, body: bytes) -> Mapping[str, str]:
    """The headers of one attempt, signed for its moment with every secret that is valid."""
    timestamp = int(claim.at)
    identity = str(event.id)
    return {
        "Content-Type": "application/json",
        "User-Agent": _USER_AGENT,
        ID: identity,
        TIMESTAMP: str(timestamp),
        SIGNATURE: sign(claim.secrets, identity=identity, timestamp=timestamp, body=body),
        "Tierwise-Event": event.kind,
        "Tierwise-Delivery": str(claim.id),
        "Tierwise-Attempt": str(claim.attempt),
    }
