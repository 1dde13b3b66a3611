"""What somebody decided about content holds for whatever comes with it, until it is over."""

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID

import pytest

from queues.access import Role, Scope
from queues.cli import override as command
from queues.enforcement import Enforcement
from queues.policies import releases
from queues.records.erasing import erase_item
from queues.records.replaying import replay
from queues.records.retention import apply
from queues.settings import Retention
from queues.statements import load_transparency
from tests.architecture.sources import ROOT
from tests.integration.apis import platform, services_for
from tests.integration.intakes import rows
from tests.integration.overriding import DAY, POLICY, Site, soon
from tests.services import Servers


@pytest.fixture(scope="module")
def site(servers: Servers, template: str) -> Iterator[Site]:
    """An installation with a policy."""
    with servers.database(template=template) as url:
        services = services_for(url, servers.valkey.url)
        name = releases.publish(
            services.store, {"all.yaml": POLICY}, by="cli:test", message="a test"
        ).name
        releases.activate(services.store, name, by="cli:test")
        with platform(services) as here:
            yield Site(platform=here)


def test_what_comes_again_gets_what_was_decided(site: Site) -> None:
    """From then on, by the machine, named everywhere, and measured as other decisions are."""
    first = site.send("a zorbling goes round")
    assert (first["tier"], first["inclusion_probability"]) == ("single", 1.0)
    assert "override" not in first
    made = site.added(item=first["id"], comment="since noon")
    assert (made["sender_id"], made["item_id"]) == (first["id"], first["item_id"])
    assert (made["policy"], made["made_by"], made["state"]) == ("spam", "key:admin", "in_force")

    again = site.send("a zorbling goes round")
    assert (again["tier"], again["action"], again["state"]) == ("auto", "remove", "decided")
    assert (again["override"], again["reasons"]) == (made["id"], ["spam.flood"])
    assert (again["rules"], again["labels"]) == ([], [])
    # Not of who would have looked by the rules, but of the quality sample.
    assert again["inclusion_probability"] == pytest.approx(0.2)
    trace = site.trace(again)
    assert trace["override"] == {
        "id": made["id"],
        "action": "remove",
        "reasons": ["spam.flood"],
        "policy": "spam",
        "held_off_by": None,
    }
    assert [(rule["name"], rule["status"], rule["by"]) for rule in trace["rules"]] == [
        ("look", "overridden", made["id"])
    ]
    assert trace["strikes"] == {}


def test_decisions_say_whose_they_are(site: Site) -> None:
    """The machine's, by an override; counted with it, audited, and the same when sent again."""
    words = "a zorbling, decided again"
    first = site.send(words)
    made = site.added(item=first["id"])
    again = site.send(words)
    (decision,) = rows(
        site.store, "SELECT * FROM decisions WHERE item_id = :item", item=again["item_id"]
    )
    whose = decision["made_by"], decision["tier"], decision["policy"]
    assert whose == ("machine", "auto", "spam")
    assert decision["override_id"] == UUID(made["id"])
    assert decision["inclusion_probability"] == pytest.approx(0.2)

    assert site.http.get(f"/v1/items/{first['id']}/decision").json()["state"] == "in_review"
    assert site.listed(made["id"])["decisions"] == 1
    assert site.audited(made["id"]) == [("override.added", "key:admin")]
    sent = {"author": {"id": f"a{site.sent}"}, "id": again["id"], "kind": "post", "text": words}
    resent = site.http.post("/v1/items", json=sent)
    assert resent.json()["override"] == made["id"]


def test_the_sample_of_what_was_decided_again_is_drawn(site: Site) -> None:
    """One in five is looked at, whatever was decided; π is the chance of it."""
    made = site.added(
        item=site.send("flood of zorbling")["id"], action="publish", reasons=[], policy="hate"
    )
    items = [
        {"id": f"s{number}", "kind": "post", "text": "flood of zorbling"} for number in range(60)
    ]
    results = site.http.post("/v1/items", json=items).json()["results"]
    assert {(each["override"], each["action"]) for each in results} == {(made["id"], "publish")}
    assert {round(each["inclusion_probability"], 9) for each in results} == {0.2}
    sampled = rows(
        site.store,
        "SELECT count(*) AS n FROM cases JOIN items ON items.id = item_id"
        " WHERE purpose = 'sample' AND sender_id LIKE 's%'",
    )[0]["n"]
    assert 1 <= sampled <= 30


def test_only_exactly_the_same_is_the_same(site: Site) -> None:
    """As with exact duplicates: other capitals or spacing are other content; batches are no other.

    Who wrote it, and what else is said of it, is not content.
    """
    words = "Zorbling, here and now"
    made = site.added(item=site.send(words)["id"])
    texts = [words, words.upper(), words.replace(" ", "  "), words + " ", words]
    sent: list[dict[str, object]] = [
        {"id": f"same-{n}", "kind": "post", "text": each} for n, each in enumerate(texts)
    ]
    sent[-1]["author"] = {"id": "another", "strikes": 7}
    sent.append({"id": "same-9", "kind": "comment", "text": words, "score": {"image": 0.1}})
    results = site.http.post("/v1/items", json=sent).json()["results"]
    assert [each.get("override") for each in results] == [made["id"], *[None] * 3, made["id"], None]
    twice = [{"id": "same-a", "kind": "post", "text": each} for each in ("fine", words)]
    first, second = site.http.post("/v1/items", json=twice).json()["results"]
    assert "override" not in first
    assert second["problem"]["status"] == 409
    others = rows(
        site.store,
        "SELECT encode(cases.content, 'hex') AS hash FROM cases JOIN items ON items.id = item_id"
        " WHERE sender_id IN ('same-1', 'same-2', 'same-3', 'same-9')",
    )
    assert len({row["hash"] for row in others} | {made["hash"]}) == 5


def test_what_has_expired_does_nothing(site: Site) -> None:
    """From its moment on, whether or not it was noticed; it stays to be seen."""
    words = "zorbling of yesterday"
    made = site.added(item=site.send(words)["id"])
    assert site.send(words)["override"] == made["id"]
    site.change(
        "UPDATE overrides SET expires_at = now() - interval '1 second' WHERE id = :id",
        id=made["id"],
    )
    assert site.send(words)["tier"] == "single"
    assert site.listed(made["id"])["state"] == "expired"
    in_force = site.http.get("/v1/overrides").json()["overrides"]
    assert made["id"] not in {each["id"] for each in in_force}
    assert site.http.delete(f"/v1/overrides/{made['id']}").status_code == 409
    assert site.platform.services.overrides.expire() == 1
    assert site.platform.services.overrides.expire() == 0
    assert site.audited(made["id"])[1:] == [("override.expired", "machine")]
    stands = site.listed(made["id"])
    assert (stands["state"], stands["ended_by"]) == ("expired", None)
    assert stands["ended_at"] == stands["expires_at"]
    assert site.added(hash=made["hash"])["item_id"] is None
    assert site.send(words)["action"] == "remove"


def test_a_new_one_can_follow_what_nobody_swept(site: Site) -> None:
    """What has expired stands in nobody's way."""
    made = site.added(item=site.send("a zorbling, swept late")["id"])
    site.change("UPDATE overrides SET expires_at = now() WHERE id = :id", id=made["id"])
    assert site.added(hash=made["hash"])["hash"] == made["hash"]
    assert site.audited(made["id"])[-1] == ("override.expired", "machine")


def test_what_is_withdrawn_does_nothing(site: Site) -> None:
    """At once; what it decided stays."""
    words = "zorbling, regretted"
    made = site.added(item=site.send(words)["id"])
    by = site.send(words)
    gone = site.http.delete(f"/v1/overrides/{made['id']}").json()
    assert (gone["state"], gone["ended_by"], gone["decisions"]) == ("withdrawn", "key:admin", 1)
    assert site.send(words)["tier"] == "single"
    assert site.http.get(f"/v1/items/{by['id']}/decision").json()["action"] == "remove"
    again = site.http.delete(f"/v1/overrides/{made['id']}")
    assert (again.status_code, "withdrawn" in again.json()["detail"]) == (409, True)
    assert site.http.delete(f"/v1/overrides/{by['item_id']}").status_code == 404
    assert site.audited(made["id"])[1:] == [("override.withdrawn", "key:admin")]


def test_a_protected_rule_goes_before(site: Site) -> None:
    """Nothing sets it aside; the verdict says what held the override off."""
    words = "zorbling, and forbidden"
    made = site.added(item=site.send(words)["id"], action="publish", reasons=[], policy="hate")
    again = site.send(words)
    assert (again["tier"], again.get("override")) == ("senior", None)
    told = site.trace(again)
    assert (told["override"]["id"], told["override"]["held_off_by"]) == (made["id"], "order")
    assert {rule["status"] for rule in told["rules"]} == {"live"}
    assert site.listed(made["id"])["decisions"] == 0
    (same,) = replay(site.store, again["id"], by="cli:test")
    assert same.same


def test_an_action_that_a_release_has_not_is_not_taken(site: Site) -> None:
    """The item goes its usual way."""
    words = "zorbling under another release"
    made = site.added(item=site.send(words)["id"])
    site.change("UPDATE overrides SET action = 'gone' WHERE id = :id", id=made["id"])
    again = site.send(words)
    assert again["tier"] == "single"
    assert site.trace(again)["override"]["held_off_by"] == "no-such-action"


def test_verdicts_by_overrides_are_judged_again_to_the_byte(site: Site) -> None:
    """Also when the override is over: it is a part of what the verdict was made from."""
    words = "zorbling, replayed"
    made = site.added(item=site.send(words, kind="comment")["id"])
    again = site.send(words, kind="comment")
    assert again["override"] == made["id"]
    # A rule that could not tell is set aside as well.
    assert {(rule["name"], rule["status"]) for rule in site.trace(again)["rules"]} == {
        ("look", "overridden"),
        ("unseen", "overridden"),
    }
    site.http.delete(f"/v1/overrides/{made['id']}")
    (same,) = replay(site.store, again["id"], by="cli:test")
    assert same.same, same
    site.change(
        "UPDATE verdicts SET input = replace(input::text, 'spam.flood', 'hate.attack')::json"
        " WHERE id = :id",
        id=again["verdict_id"],
    )
    (other,) = replay(site.store, again["id"], by="cli:test")
    assert "/trace/override/reasons/0" in {each.path for each in other.differences}


def test_explanations_name_it(site: Site) -> None:
    """What would be decided, and by whom it was."""
    words = "zorbling, explained"
    asked = {"id": "nobody-sent-this", "kind": "post", "text": words}
    made = site.added(item=site.send(words)["id"])
    told = site.http.post("/v1/items:explain", json=asked).json()
    assert told["decision"]["override"]["id"] == made["id"]
    assert (told["decision"]["action"], told["decision"]["tier"]) == ("remove", "auto")
    fine = site.http.post("/v1/items:explain", json=asked | {"text": "fine"}).json()
    assert "override" not in fine["decision"]


def test_statements_of_reasons_name_it(site: Site) -> None:
    """And what platforms are told; not where people decided after all."""
    words = "zorbling, stated"
    made = site.added(item=site.send(words)["id"])
    services = site.platform.services
    enforcement = Enforcement(
        store=site.store,
        policy=services.policy,
        settings=services.settings,
        wording=load_transparency(ROOT / "config" / "transparency.toml"),
    )
    site.send(words)
    by_people = site.send(words)
    site.change(
        "UPDATE decisions SET made_by = 'person', override_id = NULL WHERE item_id = :id",
        id=by_people["item_id"],
    )
    outbox = rows(site.store, "SELECT id FROM outbox WHERE task = 'auto.enforce'")
    enforcement.enforce([row["id"] for row in outbox])
    (decision,) = rows(
        site.store, "SELECT id FROM decisions WHERE override_id = :id", id=made["id"]
    )
    (statement,) = rows(
        site.store, "SELECT fields FROM statements WHERE id = :id", id=decision["id"]
    )
    facts = statement["fields"]["decision_facts"]
    assert f"override {made['id']}" in facts
    assert "Rules that matched" not in facts
    assert statement["fields"]["automated_decision"] == "AUTOMATED_DECISION_FULLY"
    (other,) = rows(
        site.store, "SELECT fields FROM statements WHERE item_id = :id", id=by_people["item_id"]
    )
    assert "override" not in other["fields"]["decision_facts"]
    (event,) = rows(
        site.store,
        "SELECT payload FROM events WHERE kind = 'action.applied'"
        " AND payload ->> 'decision_id' = :id",
        id=str(decision["id"]),
    )
    assert event["payload"]["override"] == made["id"]


def test_what_is_reported_later_keeps_what_was_decided(site: Site) -> None:
    """While it holds; afterwards reports bring the item before people."""
    words = "a zorbling that many report"
    made = site.added(item=site.send(words)["id"], action="publish", reasons=[], policy="hate")
    again = site.send(words)

    def report(reporter: str) -> str:
        sent = {"item": again["id"], "reporter": reporter}
        assert site.http.post("/v1/reports", json=sent).status_code == 202
        return str(site.http.get(f"/v1/items/{again['id']}/decision").json()["state"])

    assert report("rita") == "decided"
    assert site.trace(again)["override"]["id"] == made["id"]
    assert {each.same for each in replay(site.store, again["id"], by="cli:test")} == {True}
    site.http.delete(f"/v1/overrides/{made['id']}")
    assert report("rosa") == "in_review"


def test_erasing_its_item_leaves_a_hash(site: Site) -> None:
    """The override holds as before, and nothing of it says whose words they were."""
    words = "zorbling, to be forgotten"
    first = site.send(words)
    made = site.added(item=first["id"], comment="ada says so")
    erase_item(site.store, first["id"], by="cli:test")
    stands = site.listed(made["id"])
    assert (stands["item_id"], stands["sender_id"], stands["comment"]) == (None, None, None)
    assert site.send(words)["override"] == made["id"]
    refused = site.add(item=first["id"])
    assert (refused.status_code, "erased" in refused.json()["detail"]) == (409, True)


def test_what_is_over_is_kept_as_long_as_the_audit(site: Site) -> None:
    """What is in force stays, however old it is."""
    made = [site.added(item=site.send(f"zorbling, kept {n}")["id"])["id"] for n in range(3)]
    for override, days in zip(made[:2], (3, 1), strict=True):
        site.change(
            "UPDATE overrides SET ended_at = now() - make_interval(days => :days) WHERE id = :id",
            id=override,
            days=days,
        )
    apply(site.store, Retention(audit_days=2))
    left = rows(
        site.store, "SELECT id FROM overrides WHERE id = ANY(CAST(:ids AS uuid[]))", ids=made
    )
    assert {str(row["id"]) for row in left} == set(made[1:])


def test_what_cannot_be_is_refused(site: Site) -> None:
    """With what is wrong."""
    item = site.send("zorbling, refused")["id"]
    empty = site.http.post("/v1/items", json={"id": "empty", "kind": "post", "text": ""}).json()[
        "id"
    ]
    for wrong, field in (
        ({"action": "vanish"}, "action"),
        ({"reasons": ["nothing"]}, "reasons"),
        ({"reasons": []}, "reasons"),
        ({"policy": "nothing"}, "policy"),
        ({"action": "publish", "reasons": []}, "policy"),
        ({"expires_at": soon(-DAY)}, "expires_at"),
        ({"expires_at": soon(91 * DAY)}, "expires_at"),
        ({"hash": "0" * 32}, "item"),
        ({"item": None}, "item"),
        ({"item": empty}, "item"),
    ):
        answer = site.add(**{"item": item} | wrong)
        assert answer.status_code == 422, (wrong, answer.text)
        assert field in answer.text, wrong
    assert site.add(item="nobody").status_code == 404
    made = site.added(item=item)
    taken = site.add(hash=made["hash"])
    assert (taken.status_code, made["id"] in taken.json()["detail"]) == (409, True)


def test_who_may(site: Site) -> None:
    """Managers and those who bring rules into force; keys by their scope."""
    item = site.send("zorbling, by whom")["id"]
    given = {"item": item, "action": "hide", "reasons": ["hate.attack"], "expires_at": soon(DAY)}
    for role in (Role.MODERATOR, Role.SENIOR, Role.AUDITOR):
        with site.platform.signed_in(f"o-{role.value}", role) as http:
            assert http.post("/v1/overrides", json=given).status_code == 403
    with site.platform.calling(Scope.RELEASES_READ) as http:
        assert http.get("/v1/overrides").status_code == 200
        assert http.post("/v1/overrides", json=given).status_code == 403
    with site.platform.signed_in("mia", Role.MANAGER) as http:
        made = http.post("/v1/overrides", json=given).json()
        assert made["made_by"] == "person:mia"
        assert http.delete(f"/v1/overrides/{made['id']}").json()["ended_by"] == "person:mia"


def test_commands(
    site: Site, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same without the API."""
    monkeypatch.setenv("TIERWISE_DATABASE__URL", site.store.url)
    item = site.send("zorbling, commanded")["id"]
    until = (datetime.now(UTC) + DAY).replace(tzinfo=None)
    command.add(item, action="hide", until=until, reason=["hate.attack"])
    line = capsys.readouterr().out
    made = line.split()[0]
    assert "hide hate.attack  until" in line
    assert site.send("zorbling, commanded")["override"] == made
    command.show()
    assert next(one for one in capsys.readouterr().out.splitlines() if made in one).endswith(
        "1 decisions"
    )
    command.withdraw(UUID(made))
    assert "withdrawn" in capsys.readouterr().out
    command.show(ended=True)
    assert made in capsys.readouterr().out
