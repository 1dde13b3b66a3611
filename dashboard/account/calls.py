"""What the account asks of the API."""

from collections.abc import Mapping, Sequence

from dashboard.gateway import Answer, Gateway


def exposure(gateway: Gateway) -> Answer:
    """How much of what they may see in this shift somebody saw."""
    return gateway.get("/v1/me/exposure")


def sessions(gateway: Gateway) -> Sequence[Answer]:
    """Where somebody is signed in, the oldest first."""
    found: Sequence[Answer] = gateway.get("/v1/sessions")["sessions"]
    return found


def end_session(gateway: Gateway, session: str) -> None:
    """End one of them."""
    gateway.ask("DELETE", f"/v1/sessions/{session}")


def stand(gateway: Gateway, *, on: bool) -> Answer:
    """Stop for now, or be back; tells which cases went to others."""
    return gateway.ask("PUT", "/v1/me/shift", sent={"on": on})


def change(gateway: Gateway, changes: Mapping[str, object]) -> Answer:
    """Change what is one's own to set: `display_name`, `opted_out`, `blur`."""
    return gateway.ask("PATCH", "/v1/me", sent=changes)
