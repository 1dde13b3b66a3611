"""What the desk and the panel ask of the API about a case in hand."""

from dataclasses import asdict, dataclass

from dashboard.gateway import Answer, Gateway


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What somebody is about to say of a case; the service keeps it for them alone."""

    text: str = ""
    """What they have written so far."""
    choices: str = ""
    """What they have chosen so far, as their page keeps it."""

    @classmethod
    def of(cls, desk: Answer) -> "Draft":
        """The draft in the answer of `GET /v1/cases/{id}/desk`."""
        return cls(**(desk["draft"] or {}))


def desk(gateway: Gateway, case: str) -> Answer:
    """All that a decision needs."""
    return gateway.get(f"/v1/cases/{case}/desk")


def undo(gateway: Gateway, case: str) -> Answer:
    """Take a decision or a vote back; the case is in hand again."""
    return gateway.post(f"/v1/cases/{case}/undo")


def skip(gateway: Gateway, case: str, reason: str) -> None:
    """Give a case back that is not for somebody."""
    gateway.post(f"/v1/cases/{case}/skip", {"reason": reason})


def comment(gateway: Gateway, case: str, said: str) -> Answer:
    """Tell colleagues something."""
    return gateway.post(f"/v1/cases/{case}/comments", {"text": said})


def draft(gateway: Gateway, case: str, kept: Draft) -> None:
    """Keep what somebody is about to say; an empty draft is let go of."""
    gateway.ask("PUT", f"/v1/cases/{case}/draft", sent=asdict(kept))


def picture(gateway: Gateway, case: str, number: int) -> Answer:
    """A picture of a case, which the service fetches now."""
    return gateway.get(f"/v1/cases/{case}/pictures/{number}")


def renew(gateway: Gateway, case: str) -> str:
    """Keep a case longer; until when it is in hand now."""
    return str(gateway.post(f"/v1/cases/{case}:renew")["lease_until"])
