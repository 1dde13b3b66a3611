"""Each role may call what it is said to here, over HTTP; everything else is refused."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, Final

import httpx
import pytest

from queues.access import Role
from queues.ids import new_id
from tests.integration import policies
from tests.integration.apis import Platform, platform, services_for
from tests.services import Servers

#: In the order of the columns below.
ROLES: Final = (
    Role.POLICY_AUTHOR,
    Role.POLICY_APPROVER,
    Role.MODERATOR,
    Role.SENIOR,
    Role.MANAGER,
    Role.ADMIN,
    Role.AUDITOR,
)
ALL: Final = "xxxxxxx"
#: Nothing has this id or name.
ID: Final = str(new_id())

#: Who may what. Columns: author approver moderator senior manager admin auditor.
EXPECTED: Final[dict[str, str]] = {
    "GET /metrics": "....xx.",
    "POST /v1/items": ".....x.",
    "GET /v1/items/{item}": ALL,
    "GET /v1/items/{item}/decision": ALL,
    "GET /v1/items/{item}/audit": "....xxx",
    "POST /v1/items/{item}/signals": ".....x.",
    "DELETE /v1/items/{item}": ".....x.",
    "DELETE /v1/authors/{author}": ".....x.",
    "POST /v1/items:explain": "xx.xxx.",
    "POST /v1/reports": "..xxxx.",
    "GET /v1/reporters/{reporter}": "xx..x.x",
    "POST /v1/appeals": "....xx.",
    "GET /v1/cases": ALL,
    "GET /v1/cases/{case}": ALL,
    "GET /v1/cases/{case}/item": "..xx...",
    "GET /v1/queues": ALL,
    "POST /v1/cases:claim single": "..xx...",
    "POST /v1/cases:claim senior": "...x...",
    "POST /v1/cases:release": "..xx...",
    "POST /v1/cases/{case}:renew": "..xx...",
    "POST /v1/cases/{case}/skip": "..xx...",
    "POST /v1/cases/{case}/claim": "..xx...",
    "GET /v1/cases:held": "..xx...",
    "POST /v1/cases/{case}/decision": "..xx...",
    "POST /v1/cases/{case}/vote": "..xx...",
    "POST /v1/cases/{case}/undo": "..xx...",
    "POST /v1/cases/{case}/escalate": "..xx...",
    "POST /v1/cases/{case}/revision": "..xx...",
    "GET /v1/cases/{case}/comments": "..xx...",
    "POST /v1/cases/{case}/comments": "..xx...",
    "PUT /v1/cases/{case}/rating": "..xx...",
    "GET /v1/cases/{case}/desk": "..xx...",
    "PUT /v1/cases/{case}/draft": "..xx...",
    "GET /v1/cases/{case}/pictures/{number}": "..xx...",
    "POST /v1/gold": "xx..x..",
    "GET /v1/gold": "xx..x.x",
    "POST /v1/gold/{gold}:retire": "xx..x..",
    "GET /v1/quality/gold": "xx..x.x",
    "POST /v1/calibrations": "xx..x..",
    "GET /v1/calibrations": "xx..x.x",
    "GET /v1/calibrations/{session}": "xx..x.x",
    "POST /v1/calibrations/{session}:close": "xx..x..",
    "GET /v1/statements": "....xxx",
    "GET /v1/statements/counts": "....xxx",
    "GET /v1/quality/summary": "xx..x.x",
    "GET /v1/quality/targets": "xx..x.x",
    "GET /v1/quality/drift": "xx..x.x",
    "POST /v1/overrides": ".x..x..",
    "GET /v1/overrides": "xx..xxx",
    "DELETE /v1/overrides/{override}": ".x..x..",
    "GET /v1/quality/series": "xx..x.x",
    "GET /v1/quality/workload": "xx..x.x",
    "GET /v1/quality/appeals": "xx..x.x",
    "GET /v1/quality/feedback": "xx..x.x",
    "GET /v1/quality/agreement": "xx..x.x",
    "GET /v1/quality/reviewers": "xx..x.x",
    "GET /v1/certificates": "xx..x.x",
    "GET /v1/certificates/zones": "xx..x.x",
    "GET /v1/rules": "xx..x.x",
    "GET /v1/rules/{rule}": "xx..x.x",
    "GET /v1/rules/{rule}/shadow": "xx..x.x",
    "POST /v1/rules/{rule}/sign-off": ".x.....",
    "DELETE /v1/rules/{rule}/sign-off": ".x.....",
    "POST /v1/releases": "x......",
    "GET /v1/releases": ALL,
    "GET /v1/releases/{name}": ALL,
    "GET /v1/releases/{name}/diff": ALL,
    "POST /v1/releases/{name}:activate": ".x.....",
    "POST /v1/releases:rollback": ".x..xx.",
    "GET /v1/releases/{name}/progress": ALL,
    "GET /v1/releases/{name}/canary": ALL,
    "GET /v1/releases/{name}/shadow": ALL,
    "POST /v1/releases/{name}:test": "x......",
    "POST /v1/releases/{name}:approve": ".x.....",
    "POST /v1/releases/{name}:try": ".x.....",
    "POST /v1/releases:end": ".x.....",
    "GET /v1/processes": "xx..xxx",
    "GET /v1/models": "xx..xxx",
    "GET /v1/models/{version}": "xx..xxx",
    "POST /v1/models:activate": ".x.....",
    "POST /v1/backtests": "xx..x..",
    "GET /v1/backtests/forecasts": "xx..x..",
    "GET /v1/backtests/{backtest}": "xx..x..",
    "POST /v1/backtests/{backtest}:cancel": "xx..x..",
    "GET /v1/training": "xx..xxx",
    "POST /v1/training": ".x..x..",
    "POST /v1/webhooks": ".....x.",
    "GET /v1/webhooks": ".....x.",
    "GET /v1/webhooks/{webhook}": ".....x.",
    "PATCH /v1/webhooks/{webhook}": ".....x.",
    "DELETE /v1/webhooks/{webhook}": ".....x.",
    "POST /v1/webhooks/{webhook}/secrets": ".....x.",
    "GET /v1/webhooks/{webhook}/deliveries": ".....x.",
    "POST /v1/webhooks/{webhook}/deliveries:redeliver": ".....x.",
    "POST /v1/deliveries/{delivery}:redeliver": ".....x.",
    "POST /v1/keys": ".....x.",
    "GET /v1/keys": ".....x.",
    "DELETE /v1/keys/{key}": ".....x.",
    "GET /v1/people": "....xxx",
    "POST /v1/people": ".....x.",
    "GET /v1/people/{name}": "....xxx",
    "PATCH /v1/people/{name}": "....xx.",
    "PATCH /v1/people/{name} roles": ".....x.",
    "POST /v1/people/{name}:disable": ".....x.",
    "POST /v1/people/{name}:enable": ".....x.",
    "POST /v1/people/{name}:invite": ".....x.",
    "GET /v1/sessions": ALL,
    "DELETE /v1/sessions/{session}": ALL,
    "GET /v1/me": ALL,
    "PATCH /v1/me": ALL,
    "PUT /v1/me/shift": ALL,
    "GET /v1/me/panels": ALL,
    "GET /v1/me/decisions": ALL,
    "GET /v1/me/exposure": ALL,
    "GET /v1/me/cases/{case}": ALL,
    "PUT /v1/me/password": ALL,
    "GET /v1/me/draft": ALL,
    "PUT /v1/me/draft": ALL,
    "DELETE /v1/me/draft": ALL,
}
#: Open to everybody, or the end of the session that the other cells need.
LEFT_OUT: Final = {
    "GET /health",
    "GET /ready",
    "POST /v1/sessions",
    "GET /v1/sessions/oidc",
    "GET /v1/sessions/oidc/callback",
    "POST /v1/people/invitations:accept",
    "DELETE /v1/sessions/current",
}
#: What is sent where an empty object would not get as far as the last question.
SENT: Final[dict[str, dict[str, Any]]] = {
    "POST /v1/cases:claim single": {"tier": "single"},
    "POST /v1/cases:claim senior": {"tier": "senior"},
    "PATCH /v1/people/{name} roles": {"roles": ["senior"]},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Everybody:
    """A running API, and somebody of each role."""

    platform: Platform
    calling: dict[Role, httpx.Client]


@pytest.fixture(scope="module")
def everybody(servers: Servers, template: str) -> Iterator[Everybody]:
    """One API and one person a role for all tests of this module."""
    with servers.database(template=template) as url:
        services = services_for(url, servers.valkey.url)
        policies.activated(services.store)
        with platform(services) as here, ExitStack() as open_clients:
            calling = {
                role: open_clients.enter_context(here.signed_in(role.value, role)) for role in ROLES
            }
            yield Everybody(platform=here, calling=calling)


def cells() -> Iterator[tuple[str, Role, bool]]:
    """Each cell, and whether it is yes."""
    for operation, row in EXPECTED.items():
        for role, mark in zip(ROLES, row, strict=True):
            yield operation, role, mark == "x"


@pytest.mark.parametrize(("operation", "role", "yes"), list(cells()))
def test_each_cell(everybody: Everybody, operation: str, role: Role, *, yes: bool) -> None:
    """Whoever may gets an answer about the matter; whoever may not is told what they lack."""
    answer = call(everybody.calling[role], operation)
    if yes:
        assert answer.status_code in {200, 201, 404, 409, 422}, answer.text
    else:
        assert answer.status_code == 403, answer.text
        assert answer.json()["type"] == "urn:tierwise:problem:role-missing"


def test_every_operation_has_its_cells(everybody: Everybody) -> None:
    """Nothing is served that is not listed here, and what is left out is what it is said to be."""
    document = everybody.platform.http.get("/openapi.json").json()
    served = {
        f"{method.upper()} {path}"
        for path, operations in document["paths"].items()
        for method in operations
    }
    listed = {" ".join(operation.split()[:2]) for operation in EXPECTED}
    assert served == listed | LEFT_OUT


def test_programs_are_no_people(everybody: Everybody) -> None:
    """A key for everything has no password, no sessions and no roles."""
    http = everybody.platform.http
    for operation in ("GET /v1/me", "GET /v1/sessions", "DELETE /v1/sessions/current"):
        answer = call(http, operation)
        assert answer.status_code == 403
        assert answer.json()["type"] == "urn:tierwise:problem:person-needed"
    assert http.get("/v1/people").status_code == 200


def call(http: httpx.Client, operation: str) -> httpx.Response:
    """Call an operation about something that is not there."""
    method, path, *_ = operation.split()
    address = (
        path.replace("{name}", "nobody")
        .replace("{item}", "nothing")
        .replace("{author}", "none")
        .replace("{version}", "none")
        .replace("{reporter}", "none")
        .replace("{rule}", "none")
        .replace("{number}", "0")
    )
    for part in (
        "{case}",
        "{webhook}",
        "{delivery}",
        "{key}",
        "{session}",
        "{gold}",
        "{override}",
        "{backtest}",
    ):
        address = address.replace(part, ID)
    if method in {"GET", "DELETE"}:
        return http.request(method, address)
    return http.request(method, address, json=SENT.get(operation, {}))
