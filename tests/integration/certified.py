"""What tests of certificates share: a service that asks for them, its items and its reviewers."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any, Final

from sqlalchemy import text

from queues.certifying import Done
from queues.policies import releases
from queues.records.replaying import replay
from queues.review import Ballot
from queues.store.session import Store
from tests.integration import policies
from tests.integration.apis import Platform, platform, services_for
from tests.services import Servers
from tests.waiting import until

#: 11 labels without an error at the first look, 22 at the second.
ASKED: Final = {
    "on": True,
    "error_limit": 0.2,
    "confidence": 0.8,
    "blind_share": 1.0,
    "alarm_labels": 10,
    "alarm_windows": 1,
}
FIRST, SECOND = 11, 22
LOOKED_AT: Final = """
---
field: decision.tier
type: choice
choices: [none, auto, single, senior]
---
queue: qa
tier: single
sla: 5 days
---
rule: looked-at
status: live
stage: after
sample: 100% of items
when: { decision.tier: auto }
then: { tier: single, queue: qa, reason: hate.attack, priority: low }
"""
NUMBERS = count()


@contextmanager
def running(servers: Servers, template: str, **asked: object) -> Iterator[Platform]:
    """An API with a release that removes what is unkind enough, all of which is looked at."""
    with servers.database(template=template) as url:
        services = services_for(url, servers.valkey.url, certifying={**ASKED, **asked})
        activate(services.store)
        with platform(services) as here:
            yield here


def activate(store: Store, *, threshold: float = 0.9, more: str = "") -> None:
    """Bring a release into force."""
    sources = policies.sources(threshold)
    sources["hate.yaml"] += LOOKED_AT + more
    name = releases.publish(store, sources, by=policies.BY, message="a test").name
    releases.activate(store, name, by=policies.BY)


def send(here: Platform) -> Any:  # noqa: ANN401 - JSON
    """A new unkind item; what is answered."""
    item = {"id": f"i{next(NUMBERS)}", "text": f"bad {next(NUMBERS)}", "score.unkind": 0.95}
    return here.http.post("/v1/items", json=item).raise_for_status().json()


def send_many(here: Platform, number: int) -> None:
    """So many new unkind items."""
    items = [
        {"id": f"i{next(NUMBERS)}", "text": f"bad {next(NUMBERS)}", "score.unkind": 0.95}
        for _ in range(number)
    ]
    here.http.post("/v1/items", json={"items": items}).raise_for_status()


def acts(here: Platform) -> bool:
    """Whether the machine decides about another unkind item."""
    told = send(here)
    assert (told["tier"] == "auto") == (told["state"] == "decided")
    assert told["action"] == ("remove" if told["tier"] == "auto" else "publish")
    return bool(told["tier"] == "auto")


def work(here: Platform, action: str, purpose: str = "review") -> int:
    """Reviewers decide alike about all that waits for one purpose; how many that was."""
    here.open_cases()
    with here.store.read() as connection:
        asked = text("SELECT id FROM cases WHERE state = 'open' AND purpose = :purpose ORDER BY id")
        cases = connection.execute(asked, {"purpose": purpose}).scalars().all()
    review = here.services.review
    for case in cases:
        (claimed,) = review.claim_one("ana", case).cases
        assert claimed.blind
        reasons = () if action == "keep" else ("hate.attack",)
        review.vote(Ballot(case_id=case, reviewer="ana", action=action, reasons=reasons))
    return len(cases)


def certify(here: Platform) -> Done:
    """What workers do every minute."""
    return here.services.certifier.run()


def earn(here: Platform) -> None:
    """Let the rule earn its certificate."""
    send_many(here, FIRST)
    assert work(here, "remove") >= FIRST
    assert list(certify(here).issued) == ["unkind"]
    until(lambda: acts(here))


def shown(here: Platform) -> Any:  # noqa: ANN401 - JSON
    """How the one rule stands."""
    told = here.http.get("/v1/certificates").raise_for_status().json()
    (rule,) = told["rules"]
    return rule


def stored(here: Platform, item: str) -> Any:  # noqa: ANN401 - a row
    """The verdict of an item as it is stored."""
    with here.store.read() as connection:
        asked = text(
            "SELECT input, trace, inclusion_probability AS chance FROM verdicts"
            " JOIN items ON items.id = item_id WHERE sender_id = :item"
        )
        return connection.execute(asked, {"item": item}).mappings().one()


def kinds(here: Platform, table: str) -> list[str]:
    """What was told of certificates and sign-offs, in order."""
    with here.store.read() as connection:
        asked = text(
            f"SELECT kind FROM {table}"  # noqa: S608 - names in tests
            " WHERE kind LIKE 'certificate.%' OR kind LIKE 'rule.%' ORDER BY id"
        )
        return list(connection.execute(asked).scalars())


def replayed(here: Platform) -> None:
    """All verdicts are judged again to the same bytes, whatever may act now."""
    with here.store.read() as connection:
        items = connection.execute(text("SELECT sender_id FROM items")).scalars().all()
    assert all(again.same for item in items for again in replay(here.store, item, by="cli:t"))


def send_plain(here: Platform) -> Any:  # noqa: ANN401 - JSON
    """An item that no rule minds."""
    item = {"id": f"i{next(NUMBERS)}", "text": "fine", "score.unkind": 0.1}
    return here.http.post("/v1/items", json=item).json()
