"""The rules in force: releases are published, brought into force, and taken back."""

from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query
from pydantic import Field

from engine.diffing.layouts import to_dict
from queues import presence
from queues.access import Permission
from queues.api.operations import Operation, Says, documented
from queues.api.parts import Calling, Here, Name, Sent, Text
from queues.api.problems import diagnostics
from queues.api.routes import examples
from queues.policies import releases, rollbacks
from queues.policies.differences import compared
from queues.policies.releases import Activated
from queues.policies.sources import MOST_FILES
from queues.presence import Process
from queues.releasing import Placed

router = APIRouter(route_class=Operation, tags=["releases"])

_FILE: Final = "reason: spam.flood\ntitle: Flood\npolicy: spam\n"
_LISTED: Final = {
    "name": examples.RELEASE,
    "message": "Limit offers of followers",
    "published_by": "key:policy",
    "published_at": examples.MOMENT,
    "active": True,
    "stage": "active",
}
_ACTIVATED: Final = {"name": examples.RELEASE, "before": "9b1e77a0c2d4"}
_PROCESS: Final = {
    "id": examples.ID,
    "kind": "api",
    "host": "api-1",
    "pid": 17,
    "release": examples.RELEASE,
    "models": [],
    "trouble": None,
    "started_at": examples.MOMENT,
    "seen_at": examples.LATER,
    "behind": False,
}
_LINE: Final = "score.hate at least 0.97 → 0.95 (sure) · widens"
_CHANGE: Final = {
    "aspect": "condition",
    "under": [],
    "old": "score.hate at least 0.97 (sure)",
    "new": "score.hate at least 0.95 (sure)",
    "added": [],
    "removed": [],
    "added_count": 0,
    "removed_count": 0,
    "direction": "widens",
    "stricter": None,
    "text": _LINE,
}
_RULE: Final = {
    "name": "hate-remove",
    "was": None,
    "fate": "changed",
    "direction": "widens",
    "weight": "acts",
    "tier": "auto",
    "status": "live",
    "place": f"{examples.RELEASE}:policies/hate.yaml:26:1",
    "through": [],
    "changes": [_CHANGE],
    "lines": [f"hate-remove: {_LINE}"],
}
_COMPARED: Final = {
    "old": "9b1e77a0c2d4",
    "new": examples.RELEASE,
    "same": False,
    "compatible": True,
    "summary": "1 rule differs: 1 can act on more, or more strictly, before anybody looks",
    "counts": {"acts": 1, "asks": 0, "less": 0, "quiet": 0},
    "rules": [_RULE],
    "shared": [],
    "vocabulary": [],
    "breaches": [],
}
_READ: Final = Permission.RELEASES_READ
#: Words of a change that are listed.
_MOST_WORDS: Final = 1_000

#: Half surrogates and characters 0 are refused where the file is read, with their place.
File = Annotated[str, Field(max_length=16_000_000)]
Files = Annotated[dict[str, File], Field(min_length=1, max_length=MOST_FILES)]


class NewRelease(Sent):
    """Rule files to be published together."""

    files: Files
    """What stands in each file, by its path below the folder of the rules."""
    message: Annotated[Text, Field(max_length=2_000)]
    """What changed, for people."""
    base: Name | None = None
    """The release that they were made from; by default what is in force. A release takes the place
    of its base alone, unless somebody says otherwise."""


class Wish(Sent):
    """Why something is brought into force, for people."""

    note: Annotated[Text, Field(max_length=2_000)] | None = None


class Activation(Wish):
    """Why a release is brought into force."""

    despite: Annotated[Text, Field(min_length=1, max_length=2_000)] | None = None
    """Why that goes on although a test fails, or cases wait in a queue that it does not have. It is
    recorded."""
    replaces: Name | None = None
    """What is in force, where the release was not made from that: whatever that changed is taken
    back then. It is recorded."""


class Return(Wish):
    """Why a release is taken back."""

    to: Name | None = None
    """The release that comes back; by default the one before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A release that is stored."""

    name: str
    """The first 12 digits of the hash of its sources."""
    new: bool
    rules: int
    warnings: list[dict[str, Any]]
    """Diagnostics that keep nothing from being published."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What two releases differ in."""

    old: str
    new: str
    same: bool
    compatible: bool
    """Whether the new one knows whatever stored items and cases may name."""
    summary: str
    counts: dict[str, int]
    """Rules by weight: `acts`, `asks`, `less`, `quiet`."""
    rules: list[dict[str, Any]]
    """The gravest first."""
    shared: list[dict[str, Any]]
    """Lists, conditions, settings, counters, points, exemptions, messages: whom they bear on."""
    vocabulary: list[dict[str, Any]]
    breaches: list[dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A release with its files."""

    name: str
    files: dict[str, str]


@router.post(
    "/v1/releases",
    **documented(
        Says(
            summary="Publish a release",
            asks=Permission.RELEASES_PUBLISH,
            fails=(404,),
            sent={"files": {"setup/reasons.yaml": _FILE}, "message": "Limit offers of followers"},
            example={"name": examples.RELEASE, "new": True, "rules": 41, "warnings": []},
            status=201,
        )
    ),
)
def publish(new: NewRelease, here: Here, caller: Calling) -> Published:
    """All files, or nothing and every diagnostic. It is not in force yet."""
    store = here.services.store
    done = releases.publish(store, new.files, by=caller.actor, message=new.message, base=new.base)
    warnings = diagnostics(done.warnings)
    return Published(name=done.name, new=done.new, rules=done.rules, warnings=warnings)


@router.get(
    "/v1/releases",
    **documented(Says(summary="List releases", asks=_READ, example={"releases": [_LISTED]})),
)
def show_all(
    here: Here, limit: Annotated[int, Query(ge=1, le=1_000)] = 100
) -> dict[str, list[Placed]]:
    """The last published first."""
    return {"releases": here.services.releasing.listed(limit)}


@router.get(
    "/v1/releases/{name:plain}",
    **documented(
        Says(
            summary="Show a release",
            asks=_READ,
            fails=(404,),
            example={"name": examples.RELEASE, "files": {"setup/reasons.yaml": _FILE}},
        )
    ),
)
def show(name: Name, here: Here) -> Shown:
    """Its files, as they were published."""
    return Shown(name=name, files=dict(releases.sources_of(here.services.store, name)))


@router.get(
    "/v1/releases/{name:plain}/diff",
    **documented(Says(summary="Compare a release", asks=_READ, fails=(404,), example=_COMPARED)),
)
def diff(name: Name, here: Here, against: Name | None = None) -> Compared:
    """What it says that another release does not, by meaning, and the other way round.

    `against` is what is in force where it is not given. Names may be cut to six digits; `in-force`
    is one. `direction` says whether a rule matches more (`widens`) or less; `weight` what that
    can do: `acts` comes first. Of long lists so many words are shown, beside their number.
    """
    found = compared(here.services.store, name, against=against)
    told = to_dict(found.difference, most=_MOST_WORDS)
    return Compared(old=found.old, new=found.new, **told)


@router.post(
    "/v1/releases/{name:plain}:activate",
    **documented(
        Says(
            summary="Bring a release into force",
            asks=Permission.RELEASES_ACTIVATE,
            fails=(404, 409),
            sent={"note": "reviewed by Ana"},
            example=_ACTIVATED,
        )
    ),
)
def activate(name: Name, wish: Activation, here: Here, caller: Calling) -> Activated:
    """Every process takes it into use within seconds; `/v1/processes` tells which have.

    A person cannot do this with what they published themselves (409), and nobody with what fails
    its tests or too few stand behind. It is refused too where it was made from a release that is
    not in force any more: what came since would be lost.
    """
    return here.services.releasing.activate(
        name,
        by=caller.actor,
        note=wish.note,
        despite=wish.despite,
        replaces=wish.replaces,
    )


@router.post(
    "/v1/releases:rollback",
    **documented(
        Says(
            summary="Bring back a release from before",
            asks=Permission.RELEASES_ROLLBACK,
            fails=(404, 409),
            sent={"note": "too many false alarms"},
            example=_ACTIVATED,
        )
    ),
)
def roll_back(wish: Return, here: Here, caller: Calling) -> Activated:
    """`to` names any that was in force before; without it, rolling back twice goes back two.

    What came in between is not in force on the way.
    """
    return rollbacks.roll_back(here.services.store, by=caller.actor, note=wish.note, to=wish.to)


@router.get(
    "/v1/processes",
    **documented(
        Says(
            summary="List processes",
            asks=Permission.PROCESSES_READ,
            example={"processes": [_PROCESS]},
        )
    ),
)
def processes(here: Here) -> dict[str, list[Process]]:
    """Which processes run, and what each of them judges with."""
    return {"processes": presence.present(here.services.store)}
