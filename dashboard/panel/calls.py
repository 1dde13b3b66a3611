"""What panels and one's own decisions ask of the API."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from dashboard.gateway import Answer, Gateway

_TIER: Final = "senior"


def panels(gateway: Gateway) -> list[Answer]:
    """The panels that somebody sits on, the newest first."""
    found: list[Answer] = gateway.get("/v1/me/panels")["panels"]
    return found


def claim(gateway: Gateway) -> Answer | None:
    """Take the next case of a panel; why there is none, or None: there is one."""
    why: Answer | None = gateway.post("/v1/cases:claim", {"tier": _TIER, "limit": 1})["why"]
    return why


def claim_one(gateway: Gateway, case: str) -> Answer | None:
    """Take a case that asks for another vote; why not, or None: it is in hand."""
    why: Answer | None = gateway.post(f"/v1/cases/{case}/claim")["why"]
    return why


def look_back(gateway: Gateway, case: str) -> Answer:
    """A case that somebody holds or voted on: its texts, its appeal, what can be decided."""
    return gateway.get(f"/v1/me/cases/{case}")


def vote(gateway: Gateway, case: str, ballot: Mapping[str, Any]) -> Answer:
    """Vote; the answer says from when on a complete round counts."""
    return gateway.post(f"/v1/cases/{case}/vote", ballot)


def comments(gateway: Gateway, case: str) -> Sequence[Answer]:
    """What is said in a case, as far as one may know."""
    found: Sequence[Answer] = gateway.get(f"/v1/cases/{case}/comments")["comments"]
    return found


def decisions(gateway: Gateway, cursor: str | None) -> Answer:
    """What somebody decided alone, the newest first; `next` is the cursor of what is older."""
    return gateway.get("/v1/me/decisions", {"cursor": cursor})


def revise(gateway: Gateway, case: str, revision: Mapping[str, Any]) -> Answer:
    """Put a better decision in place of one."""
    return gateway.post(f"/v1/cases/{case}/revision", revision)
