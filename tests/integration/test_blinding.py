"""Who decides without knowing what the machine thinks, and that nothing tells them all the same."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from engine.verdict import Tier
from queues.access import Role
from queues.errors import Refused
from queues.quality.blinding import Blinding
from queues.quality.golds import Answer
from queues.review import Ballot, Claimed, Review, Shown, shown
from queues.sections import Review as ReviewSettings
from queues.store.session import Store
from tests.integration import policies
from tests.integration.apis import Platform, platform, services_for
from tests.integration.desks import POLICY, Desk
from tests.services import Servers

#: What may differ between any two cases, and says nothing by itself.
NAMES: Final = frozenset({"id", "lease_until"})


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> Desk:
    """An installation with no items."""
    return Desk(store, tmp_path)


def review(desk: Desk, blinding: Blinding, *, gold: bool = False) -> Review:
    """People's work with this blinding, where the draw is always, or never, a gold item."""
    return Review(
        store=desk.store,
        policy=lambda: desk.policy,
        settings=ReviewSettings(grace=0),
        blinding=blinding,
        draw=lambda below: 0 if gold else below - 1,
    )


def vote(work: Review, case: Claimed, reviewer: str, action: str, *reasons: str) -> None:
    """A vote on a claimed case."""
    work.vote(Ballot(case_id=case.id, reviewer=reviewer, action=action, reasons=reasons))


def test_by_chance_a_case_is_blind_for_some_and_always_so(desk: Desk) -> None:
    """For about the share of reviewers that the setting says, whenever it is asked again."""
    desk.send("odd")
    desk.work()
    queues = desk.policy.vocabulary.queues
    case = desk.next("ana")
    blinding = Blinding(share=0.3, key=b"of this installation")
    hidden = [name for name in map(str, range(2_000)) if blinding.hides(case, name, queues)]
    assert 0.25 < len(hidden) / 2_000 < 0.35
    assert hidden == [name for name in map(str, range(2_000)) if blinding.hides(case, name, queues)]
    other = Blinding(share=0.3, key=b"of another one")
    assert hidden != [name for name in map(str, range(2_000)) if other.hides(case, name, queues)]


def test_what_measures_is_always_blind(desk: Desk) -> None:
    """Quality samples and first rounds of panels; a second round and a plain review are not."""
    desk.send("sampled odd", "grave")
    desk.work()
    claimed = {case.purpose: case for case in desk.review.claim("ana", Tier.SINGLE, limit=9)}
    assert claimed["sample"].blind
    assert not claimed["review"].blind
    suggestion = claimed["review"].suggestion
    assert suggestion is not None
    assert (suggestion.action, suggestion.rule) == ("publish", "look")
    assert suggestion.reasons == ("hate.slur",)
    assert claimed["sample"].suggestion is None
    first = desk.next("a", Tier.SENIOR)
    assert first.blind
    desk.review.release("a")
    desk.panel_says({"a": "remove", "b": "hide", "c": "keep"})
    second = desk.next("a", Tier.SENIOR)
    assert (second.round, second.blind) == (2, False)


def test_a_queue_can_be_blind(store: Store, tmp_path: Path) -> None:
    """All its cases are."""
    blind = POLICY.replace("sla: 24 hours\n", "sla: 24 hours\nblind: yes\n", 1)
    desk = Desk(store, tmp_path, blind)
    desk.send("odd", "wares")
    desk.work()
    claimed = desk.review.claim("ana", Tier.SINGLE, limit=9)
    assert {case.queue: case.blind for case in claimed} == {"general": True, "goods": False}


def test_votes_say_whether_they_were_blind(desk: Desk) -> None:
    """The meter of anchoring compares them."""
    desk.send("sampled odd")
    desk.work()
    for name in ("ana", "bea"):
        vote(desk.review, desk.next(name), name, "hide", "hate.slur")
    said = desk.rows(
        "SELECT cases.purpose, votes.blind FROM votes JOIN cases ON cases.id = votes.case_id"
    )
    assert {row["purpose"]: row["blind"] for row in said} == {"review": False, "sample": True}


def test_whoever_was_told_no_reason_gives_one(desk: Desk) -> None:
    """A restriction takes the case's reason only from somebody who was told it."""
    desk.send("odd")
    desk.work()
    work = review(desk, Blinding(share=1))
    (case,) = work.claim("ana", Tier.SINGLE)
    with pytest.raises(Refused, match="needs a reason"):
        vote(work, case, "ana", "hide")
    vote(work, case, "ana", "hide", "hate.attack")
    assert desk.rows("SELECT reasons FROM decisions") == [{"reasons": ["hate.attack"]}]


def test_nothing_separates_blind_cases(store: Store, tmp_path: Path) -> None:
    """Gold items, samples, second looks, and those that are blind by chance, to a person.

    No field is there for some alone, and none has a value that some alone have.
    """
    gold = POLICY.replace("sla: 24 hours\n", "sla: 24 hours\ngold: { from: set, one_in: 5 }\n", 1)
    desk = Desk(store, tmp_path, gold + "---\nlist: set\nof: ids\nentries: [none]\n")
    desk.send(*["grave"] * 3, language="en")
    desk.work()
    for _ in range(3):
        desk.panel_says({"a": "remove", "b": "remove", "c": "remove"}, "hate.attack")
    for number in range(3):
        desk.golds.add(f"i{number}", "set", by="cli:test", answer=Answer(action="remove"))
    desk.send(*["sampled odd"] * 4, *["odd"] * 4, *["sampled wares"] * 3, language="en")
    desk.work()
    kinds: dict[str, list[Shown]] = defaultdict(list)
    queues = desk.policy.vocabulary.queues
    first = review(desk, Blinding(share=1, overlap=1))
    for case in first.claim("first", Tier.SINGLE, limit=50):
        kinds[case.purpose].append(shown(case, queues, to_program=False))
        if case.purpose == "review":
            vote(first, case, "first", "keep")
    desk.work()
    second = review(desk, Blinding(share=1, overlap=1))
    for case in second.claim("second", Tier.SINGLE, limit=50):
        kinds[case.purpose].append(shown(case, queues, to_program=False))
    desk.send(*["odd"] * 3, language="en")
    desk.work()
    third = review(desk, Blinding(share=1), gold=True)
    for case in third.claim("third", Tier.SINGLE, limit=3, queues=["general"]):
        kinds[case.purpose].append(shown(case, queues, to_program=False))
    assert {kind: bool(found) for kind, found in kinds.items()} == {
        "review": True,
        "sample": True,
        "overlap": True,
        "gold": True,
    }
    seen = {kind: values(found) for kind, found in kinds.items()}
    assert seen["gold"] == seen["sample"] == seen["overlap"] == seen["review"]
    assert seen["gold"]["item_id"] == {None}


def values(cases: list[Shown]) -> dict[str, set[Any]]:
    """What each field says, of those that say the same of many."""
    found: dict[str, set[Any]] = defaultdict(set)
    for case in cases:
        for name, value in asdict(case).items():
            found[name].add(None if name in NAMES else value)
    return dict(found)


@pytest.fixture
def here(servers: Servers, template: str) -> Iterator[Platform]:
    """An API with nothing in it but a release, where every case is blind."""
    with servers.database(template=template) as url:
        services = services_for(
            url, servers.valkey.url, review={"blind_share": 1, "overlap": 0, "grace": 0}
        )
        policies.activated(services.store)
        with platform(services) as running:
            yield running


def test_people_who_review_learn_nothing_elsewhere(here: Platform) -> None:
    """Of what waits for them blind: not from the item, its case, its decision, nor from lists."""
    item = {"id": "p", "text": "zorblings", "score": {"unkind": 0.2}}
    here.http.post("/v1/items", json=item).raise_for_status()
    here.open_cases()
    with (
        here.signed_in("ana", Role.MODERATOR) as ana,
        here.signed_in("sen", Role.SENIOR) as sen,
        here.signed_in("mia", Role.MANAGER, Role.MODERATOR) as mia,
    ):
        (case,) = ana.post("/v1/cases:claim", json={}).json()["cases"]
        assert case["blind"]
        assert {case[name] for name in ("item_id", "sender_id", "verdict_id", "rule")} == {None}
        hidden = ana.get("/v1/items/p").json()
        assert hidden["hidden"]
        assert hidden["content"] == {"text": "zorblings"}
        for name in ("state", "tier", "action", "verdict", "decision", "received_at", "reports"):
            assert hidden[name] is None
        assert hidden["cases"] == hidden["verdicts"] == hidden["decisions"] == []
        told = ana.get(f"/v1/cases/{case['id']}").json()
        assert told["case"]["hidden"]
        assert "rule" not in told["case"]
        assert ana.get("/v1/cases").json()["cases"] == []
        assert ana.get("/v1/items/p/decision").status_code == 409
        explained = {"id": "p", "text": "zorblings"}
        assert sen.post("/v1/items:explain", json=explained).status_code == 409
        for whole in (mia, here.http):
            assert not whole.get("/v1/items/p").json()["hidden"]
            assert whole.get(f"/v1/cases/{case['id']}").json()["case"]["rule"] == "zorblings"
            assert len(whole.get("/v1/cases").json()["cases"]) == 1
        say(ana, case["id"])
        for again in (ana, sen):
            assert not again.get("/v1/items/p").json()["hidden"]
            assert again.get(f"/v1/cases/{case['id']}").json()["case"]["rule"] == "zorblings"
            assert again.get("/v1/items/p/decision").json()["action"] == "publish"


def test_the_item_of_a_blind_case_is_read_by_its_case(here: Platform) -> None:
    """Without scores, ids and dates; by whoever has it, and it is in the audit."""
    item = {"id": "p", "text": "zorblings", "score": {"unkind": 0.2}}
    here.http.post("/v1/items", json=item).raise_for_status()
    here.open_cases()
    with here.signed_in("ana", Role.MODERATOR) as ana, here.signed_in("bo", Role.MODERATOR) as bo:
        (case,) = ana.post("/v1/cases:claim", json={}).json()["cases"]
        address = f"/v1/cases/{case['id']}/item"
        assert ana.get(address).json() == {
            "case_id": case["id"],
            "blind": True,
            "kind": "post",
            "language": None,
            "content": {"text": "zorblings"},
        }
        assert bo.get(address).status_code == 409
        assert here.http.get(address, params={"reviewer": "ana"}).status_code == 200
        audit = here.http.get("/v1/items/p/audit").json()["events"]
        reads = [each["actor"] for each in audit if each["kind"] == "item.read"]
    assert reads == ["person:ana", "key:admin"]


def test_a_program_is_told_which_item_it_shows(here: Platform) -> None:
    """It has to show it to somebody, who decides without the rest."""
    here.http.post("/v1/items", json={"id": "p", "text": "zorblings"}).raise_for_status()
    here.open_cases()
    (case,) = here.http.post("/v1/cases:claim", json={"reviewer": "r"}).json()["cases"]
    assert (case["sender_id"], case["rule"], case["suggestion"]) == ("p", None, None)


def say(http: httpx.Client, case: str) -> None:
    """A vote to keep the item."""
    http.post(f"/v1/cases/{case}/decision", json={"action": "keep"}).raise_for_status()
