"""What the workbench asks of the API: addresses and bodies stand here alone."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

from dashboard.gateway import Answer, Gateway

_RELEASES: Final = "/v1/releases"
_DRAFT: Final = "/v1/me/draft"
#: Releases that lists show.
MOST: Final = 200


def releases(ask: Gateway) -> list[Answer]:
    """The last published first."""
    return list(ask.get(_RELEASES, {"limit": MOST})["releases"])


def in_force(listed: list[Answer]) -> str | None:
    """The name of the release in force."""
    return next((str(each["name"]) for each in listed if each["active"]), None)


def files(ask: Gateway, name: str) -> Mapping[str, str]:
    """The files of a release, by path."""
    found: Mapping[str, str] = ask.get(_of(name))["files"]
    return found


def progress(ask: Gateway, name: str) -> Answer:
    """How far a release is."""
    return ask.get(f"{_of(name)}/progress")


def diff(ask: Gateway, name: str, against: str | None = None) -> Answer:
    """What a release says otherwise than another one; by default that in force."""
    return ask.get(f"{_of(name)}/diff", {"against": against})


def canary(ask: Gateway, name: str) -> list[Answer]:
    """A canary beside its control."""
    return list(ask.get(f"{_of(name)}/canary")["figures"])


def shadow(ask: Gateway, name: str) -> Answer:
    """What a shadow would have done."""
    return ask.get(f"{_of(name)}/shadow")


def publish(ask: Gateway, sources: Mapping[str, str], message: str, base: str) -> Answer:
    """Store files as a release that was made from another one."""
    return ask.post(_RELEASES, {"files": dict(sources), "message": message, "base": base})


def test(ask: Gateway, name: str) -> Answer:
    """Run the tests of a release."""
    return ask.post(f"{_of(name)}:test")


def approve(ask: Gateway, name: str, note: str | None) -> Answer:
    """Stand behind a release."""
    return ask.post(f"{_of(name)}:approve", {"note": note})


def activate(
    ask: Gateway, name: str, note: str | None, despite: str | None, replaces: str | None = None
) -> Answer:
    """Bring a release into force; `replaces`: what is in force, if it was not made from that."""
    sent = {"note": note, "despite": despite, "replaces": replaces}
    return ask.post(f"{_of(name)}:activate", sent)


def begin(ask: Gateway, name: str, kind: str, **how: object) -> Answer:
    """Try a release as `shadow` or `canary`, the latter with `share` and `unit`."""
    return ask.post(f"{_of(name)}:try", {"kind": kind, **how})


def end(ask: Gateway, kind: str, why: str) -> Answer:
    """End what is tried."""
    return ask.post(f"{_RELEASES}:end", {"kind": kind, "why": why})


def roll_back(ask: Gateway, why: str, to: str | None = None) -> Answer:
    """Bring back a release from before; None: the one before."""
    return ask.post(f"{_RELEASES}:rollback", {"note": why, "to": to})


def rules(ask: Gateway, since: str) -> Answer:
    """How each rule in force does."""
    return ask.get("/v1/rules", {"since": since})


def rule(ask: Gateway, name: str, since: str) -> Answer:
    """How one does, and what changes without it."""
    return ask.get(f"/v1/rules/{quote(name, safe='')}", {"since": since})


def shadow_rule(ask: Gateway, name: str, since: str) -> Answer:
    """What a rule would have done that is a shadow."""
    return ask.get(f"/v1/rules/{quote(name, safe='')}/shadow", {"since": since})


def draft(ask: Gateway) -> Mapping[str, Any] | None:
    """My draft; None: I have none."""
    return _draft(ask.get(_DRAFT))


def keep_draft(
    ask: Gateway, base: str, changes: Mapping[str, str | None], after: str | None
) -> Mapping[str, Any] | None:
    """Keep it in place of revision `after`."""
    sent = {"base": base, "changes": dict(changes), "after": after}
    return _draft(ask.ask("PUT", _DRAFT, sent=sent))


def discard_draft(ask: Gateway) -> None:
    """Forget it."""
    ask.ask("DELETE", _DRAFT)


def backtest(ask: Gateway, name: str, days: float) -> Answer:
    """Try a release on what came."""
    return ask.post("/v1/backtests", {"new": name, "days": days})


def backtested(ask: Gateway, identity: str) -> Answer:
    """How far that is, and what was found."""
    return ask.get(f"/v1/backtests/{quote(identity, safe='')}")


def forecasts(ask: Gateway, name: str) -> list[Answer]:
    """What was forecast of a release, the last first, with what happened."""
    found: list[Answer] = ask.get("/v1/backtests/forecasts", {"release": name})["forecasts"]
    return found


def _draft(answer: Answer) -> Mapping[str, Any] | None:
    found: Mapping[str, Any] | None = answer["draft"]
    return found


def _of(name: str) -> str:
    return f"{_RELEASES}/{quote(name, safe='')}"
