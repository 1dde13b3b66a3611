"""What simulated people ask of the API: addresses and bodies stand here and nowhere else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final, Self
from urllib.parse import quote

from queues.client import Answer, Client, Reply
from queues.errors import Conflict
from queues.simulation.crew import Member
from queues.simulation.judgement import Judgement

_CLAIM: Final = "/v1/cases:claim"
_CASE: Final = "/v1/cases/{case}"
#: The address of a vote by tier; deployments from before have one for all.
_DECISION: Final = {"single": f"{_CASE}/decision", "senior": f"{_CASE}/vote"}
_VOTES: Final = f"{_CASE}/votes"
#: A case that is not one's own any more, or that is gone.
_LOST: Final = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT})
_MARK: Final = "(simulated)"
_PUBLISH: Final = "publish"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A case in somebody's hands."""

    id: str
    item: str
    """The sender's id of the item."""
    tier: str
    round: int
    policy: str | None
    """None where nobody told: the case is blind."""
    reason: str | None
    """The one that brought it here; None as before."""
    blind: bool
    """Whether it was handed out without what the machine thinks of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """What somebody gets who asks for cases."""

    cases: Sequence[Case]
    why: str
    """Why there are none; empty where there are some."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Possible:
    """What a deployment offers beside votes."""

    decision: Mapping[str, str]
    undo: bool
    escalate: bool

    @classmethod
    async def at(cls, client: Client) -> Self:
        """Ask the document of a deployment."""
        paths = (await client.call("GET", "/openapi.json")).accepted()["paths"]
        modern = _known(paths, _DECISION["single"])
        return cls(
            decision=_DECISION if modern else dict.fromkeys(_DECISION, _VOTES),
            undo=_known(paths, f"{_CASE}/undo"),
            escalate=_known(paths, f"{_CASE}/escalate"),
        )


class Desk:
    """One person's way to the API: their own session, or a key that names them.

    People are not told which item a blind case is about, nor under which policy. Whoever simulates
    them has to know, to know what is right: it is looked up with the key, where there is one.
    """

    def __init__(
        self,
        client: Client,
        possible: Possible,
        *,
        reviewer: str | None,
        knowing: Client | None = None,
    ) -> None:
        self._client = client
        self._knowing = knowing
        self.possible = possible
        self._who = {} if reviewer is None else {"reviewer": reviewer}

    async def claim(self, tier: str, limit: int, *, queues: Sequence[str] | None = None) -> Handed:
        """The next cases, at most so many; raises NoAnswer."""
        wish = {**self._who, "tier": tier, "limit": limit}
        if queues is not None:
            wish["queues"] = list(queues)
        body = (await self._client.call("POST", _CLAIM, wish)).accepted()
        why = body.get("why")
        return Handed(
            cases=[await self._known(each) for each in body["cases"]],
            why="" if why is None else str(why["reason"]),
        )

    async def decide(self, case: Case, judgement: Judgement) -> Reply:
        """Vote on a case; a refusal is an answer. Whoever decides blind has to name a reason."""
        reasons = judgement.reasons
        if not reasons and judgement.action != _PUBLISH and case.reason is not None:
            reasons = (case.reason,)
        return await self._post(
            self.possible.decision[case.tier],
            case,
            action=judgement.action,
            reasons=reasons,
            active_seconds=judgement.active_seconds,
        )

    async def undo(self, case: Case) -> Reply:
        """Take the vote back."""
        return await self._post(f"{_CASE}/undo", case)

    async def escalate(self, case: Case) -> Reply:
        """Bring a case before the panel."""
        return await self._post(f"{_CASE}/escalate", case, comment="Simulated: too close to call.")

    async def skip(self, case: Case) -> Reply:
        """Give a case back for good."""
        return await self._post(f"{_CASE}/skip", case, reason="other")

    async def release(self, *cases: Case) -> None:
        """Give cases back, by default all that are in hand."""
        wanted = {"cases": [case.id for case in cases]} if cases else {}
        path, sent = "/v1/cases:release", {**self._who, **wanted}
        await self._client.call("POST", path, sent, patience=2.0)

    async def action_in_force(self, item: str) -> object:
        """What holds for an item now; None where nobody may know."""
        path = f"/v1/items/{quote(item, safe='')}/decision"
        return (await (self._knowing or self._client).call("GET", path)).body.get("action")

    async def _known(self, row: Answer) -> Case:
        """A case as it was handed out, with what was not told."""
        if row["policy"] is not None or self._knowing is None:
            return _case(row, blind=row["policy"] is None)
        whole = (await self._knowing.call("GET", f"/v1/cases/{row['id']}")).accepted()["case"]
        told = {**row, "policy": whole["policy"], "reason": whole["reason"]}
        if row["sender_id"] is None:
            path = f"/v1/items/{whole['item_id']}/decision"
            told["sender_id"] = (await self._knowing.call("GET", path)).accepted()["id"]
        return _case(told, blind=True)

    async def _post(self, path: str, case: Case, **sent: object) -> Reply:
        return await self._client.call("POST", path.format(case=case.id), {**self._who, **sent})


def lost(reply: Reply) -> bool:
    """Whether the case is not this person's any more, or for others to decide."""
    return reply.status in _LOST


def why_not(reply: Reply) -> str:
    """Why something was refused, in the API's words."""
    mistakes = reply.body.get("errors")
    if mistakes:
        first = mistakes[0]
        return f"{first.get('field') or first.get('pointer') or ''} {first['detail']}".strip()
    return str(reply.body.get("detail") or reply.body.get("title"))


async def waiting(client: Client) -> int:
    """How many cases wait for people, opened or not; counted up to 1,000 of each."""
    found = 0
    for state in ("waiting", "open"):
        page = await client.call("GET", f"/v1/cases?state={state}&limit=1000")
        found += len(page.accepted()["cases"])
    return found


async def appeal(client: Client, item: str) -> Reply:
    """The author of an item asks for another look; a refusal is an answer."""
    sent = {
        "item": item,
        "by": f"sim-author-of-{item}",
        "statement": "Simulated: please look again.",
    }
    return await client.call("POST", "/v1/appeals", sent)


async def restricted(client: Client, item: str) -> bool:
    """Whether anything but publishing holds for an item that is decided."""
    reply = await client.call("GET", f"/v1/items/{quote(item, safe='')}/decision")
    decided = not reply.refused and reply.body.get("decision") is not None
    return decided and reply.body.get("state") == "decided" and reply.body["action"] != "publish"


async def session_of(client: Client, member: Member, password: str) -> str:
    """An account for somebody who is simulated, and a session of theirs.

    Raises:
        NoAnswer: the key may not manage people.
        Conflict: the name belongs to somebody who is not simulated.
    """
    added = await client.call("POST", "/v1/people", _profile(member))
    if added.status == HTTPStatus.CONFLICT:
        known = (await client.call("GET", f"/v1/people/{member.name}")).accepted()
        if not str(known["display_name"]).endswith(_MARK):
            what, why = f"account `{member.name}`", "it belongs to somebody who is not simulated"
            raise Conflict(what, why)
        profile = {key: value for key, value in _profile(member).items() if key != "name"}
        (await client.call("PATCH", f"/v1/people/{member.name}", profile)).accepted()
    else:
        added.accepted()
    invited = (await client.call("POST", f"/v1/people/{member.name}:invite", {})).accepted()
    token = str(invited["link"]).partition("#")[2]
    given = {"token": token, "password": password}
    entered = await client.call("POST", "/v1/people/invitations:accept", given)
    return str(entered.accepted()["token"])


def _profile(member: Member) -> dict[str, Any]:
    """Nobody is hurt by what they see: limits that protect people would only end the simulation."""
    shown = member.name.partition("-")[2].title()
    return {
        "name": member.name,
        "display_name": f"{shown} {_MARK}",
        "roles": list(member.roles),
        "languages": list(member.languages),
        "policies": list(member.policies),
        "time_zone": member.time_zone,
        "shifts": [shift.model_dump() for shift in member.shifts],
        "hourly_rate": member.hourly_rate,
        "exposure": 1_000_000,
        "severe_in_a_row": 1_000_000,
    }


def _case(row: Answer, *, blind: bool) -> Case:
    return Case(
        id=row["id"],
        item=row["sender_id"],
        tier=row["tier"],
        round=row["round"],
        policy=row["policy"],
        reason=row["reason"],
        blind=blind,
    )


def _known(paths: Mapping[str, object], path: str) -> bool:
    """Whether there is such an address, whatever its variable is called."""
    before, _, after = path.partition("{case}")
    return any(each.startswith(before) and each.endswith("}" + after) for each in paths)
