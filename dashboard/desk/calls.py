"""What the desk asks of the API."""

from collections.abc import Mapping
from typing import Any, Final

from dashboard.gateway import Answer, Gateway

#: Whose cases are decided here.
TIER: Final = "single"
#: Decisions that are looked through for those that do not count yet.
_LATEST: Final = 20


def held(gateway: Gateway) -> list[Answer]:
    """Cases of one reviewer that somebody has in hand, the next in rank first."""
    return [case for case in gateway.get("/v1/cases:held")["cases"] if case["tier"] == TIER]


def fresh(gateway: Gateway) -> list[Answer]:
    """What somebody decided and can still take back, the newest first."""
    told = gateway.get("/v1/me/decisions", {"limit": _LATEST})["decisions"]
    return [each for each in told if each["undo_until"] is not None]


def claim(gateway: Gateway, limit: int) -> tuple[list[Answer], Answer | None]:
    """So many more at most; if there are none, why."""
    answer = gateway.post("/v1/cases:claim", {"tier": TIER, "limit": limit})
    return answer["cases"], answer["why"]


def decide(gateway: Gateway, case: str, ballot: Mapping[str, Any]) -> Answer:
    """Decide; the answer says until when it can be taken back."""
    return gateway.post(f"/v1/cases/{case}/decision", ballot)


def escalate(gateway: Gateway, case: str, comment: str) -> None:
    """Bring a case before the panel."""
    gateway.post(f"/v1/cases/{case}/escalate", {"comment": comment})


def rate(gateway: Gateway, case: str, rating: str) -> None:
    """Say how good the machine's suggestion was."""
    gateway.ask("PUT", f"/v1/cases/{case}/rating", sent={"rating": rating})
