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


def desk(gateway: Gateway, case: str) -> Answer:
    """All that a decision needs."""
    return gateway.get(f"/v1/cases/{case}/desk")


def decide(gateway: Gateway, case: str, ballot: Mapping[str, Any]) -> Answer:
    """Decide; the answer says until when it can be taken back."""
    return gateway.post(f"/v1/cases/{case}/decision", ballot)


def undo(gateway: Gateway, case: str) -> Answer:
    """Take a decision back; the case is in hand again."""
    return gateway.post(f"/v1/cases/{case}/undo")


def skip(gateway: Gateway, case: str, reason: str) -> None:
    """Give a case back that is not for somebody."""
    gateway.post(f"/v1/cases/{case}/skip", {"reason": reason})


def escalate(gateway: Gateway, case: str, comment: str) -> None:
    """Bring a case before the panel."""
    gateway.post(f"/v1/cases/{case}/escalate", {"comment": comment})


def comment(gateway: Gateway, case: str, said: str) -> Answer:
    """Tell colleagues something."""
    return gateway.post(f"/v1/cases/{case}/comments", {"text": said})


def rate(gateway: Gateway, case: str, rating: str) -> None:
    """Say how good the machine's suggestion was."""
    gateway.ask("PUT", f"/v1/cases/{case}/rating", sent={"rating": rating})


def draft(gateway: Gateway, case: str, written: str) -> None:
    """Keep what somebody has written so far; empty: let go of it."""
    gateway.ask("PUT", f"/v1/cases/{case}/draft", sent={"text": written})


def picture(gateway: Gateway, case: str, number: int) -> Answer:
    """A picture of a case, which the service fetches now."""
    return gateway.get(f"/v1/cases/{case}/pictures/{number}")


def renew(gateway: Gateway, case: str) -> str:
    """Keep a case longer; until when it is in hand now."""
    return str(gateway.post(f"/v1/cases/{case}:renew")["lease_until"])
