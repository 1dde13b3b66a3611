"""Rules decide by themselves only with a certificate that holds, or signed off; else people do."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import text

from queues.access import Role
from queues.certifying import Certifier, Done, Licences, reserved_items
from queues.certifying.series import series_of
from queues.errors import Unavailable
from queues.sections import Certifying
from queues.store.session import Store
from tests.integration.apis import Platform
from tests.integration.certified import (
    ASKED,
    FIRST,
    SECOND,
    activate,
    acts,
    certify,
    earn,
    kinds,
    replayed,
    running,
    send,
    send_many,
    send_plain,
    shown,
    stored,
    work,
)
from tests.services import Servers
from tests.waiting import until


@pytest.fixture
def here(servers: Servers, template: str) -> Iterator[Platform]:
    """One that asks for certificates."""
    with running(servers, template) as found:
        yield found


def test_off_nothing_changes(servers: Servers, template: str) -> None:
    """Rules act as they say, verdicts say nothing of it, and the API says so in words."""
    with running(servers, template, on=False) as here:
        told = send(here)
        assert told["tier"] == "auto"
        assert set(stored(here, told["id"])["input"]) == {"raw", "facts", "signals"}
        answer = here.http.get("/v1/certificates").json()
        assert answer["on"] is False
        assert "off" in answer["words"]
        assert answer["rules"][0]["state"] == "not_asked"
        assert certify(here) == Done()
        assert here.count("certifying_labels") == 0


def test_without_a_certificate_a_reviewer_looks_and_is_told_why(here: Platform) -> None:
    """With certainty, and it stands in the verdict, its trace and the explanation."""
    told = send(here)
    assert (told["tier"], told["state"], told["action"]) == ("single", "in_review", "publish")
    assert told["inclusion_probability"] == 1.0
    assert (told["rules"], told["reasons"]) == (["unkind"], ["hate.attack"])
    verdict = stored(here, told["id"])
    (rule,) = verdict["trace"]["rules"]
    assert (rule["status"], rule["by"]) == ("uncertified", "has no certificate")
    assert verdict["chance"] == 1.0
    permitted = verdict["input"]["permissions"]
    assert permitted["alone"] is True
    assert permitted["rules"]["unkind"]["acts"] is False
    item = {"text": "x", "score.unkind": 0.95}
    explained = here.http.post("/v1/items:explain", json=item).json()["decision"]
    assert (explained["tier"], explained["rules"][0]["status"]) == ("single", "uncertified")
    assert shown(here)["state"] == "uncertified"
    assert send_plain(here)["tier"] == "none"


def test_a_sign_off_lets_a_rule_act_until_it_is_taken_back(here: Platform) -> None:
    """Of a policy approver alone; it is recorded, and ends with the rule that was looked at."""
    order = {"ground": "legal order", "reason": "Order 12/2026."}
    address = "/v1/rules/unkind/sign-off"
    with here.signed_in("max", Role.MODERATOR) as max_, here.signed_in("eva", Role.ADMIN) as eva:
        assert max_.post(address, json=order).status_code == 403
        assert eva.post(address, json=order).status_code == 403
    with here.signed_in("pia", Role.POLICY_APPROVER) as pia:
        assert pia.post("/v1/rules/zorblings/sign-off", json=order).status_code == 404
        assert pia.post(address, json=order | {"release": "other"}).status_code == 409
        past = order | {"until": "2020-01-01T00:00:00Z"}
        assert pia.post(address, json=past).json()["errors"][0]["field"] == "until"
        given = pia.post(address, json=order | {"release": shown(here)["release"]})
        assert given.status_code == 201, given.text
        assert given.json()["by"] == "person:pia"
        until(lambda: acts(here))
        assert shown(here)["state"] == "signed_off"
        assert "Order 12/2026." in shown(here)["why"]
        told = send(here)
        record = stored(here, told["id"])["input"]["permissions"]["rules"]["unkind"]
        assert record["why"] == f"sign-off {given.json()['id']}"
        activate(here.store, threshold=0.8)
        until(lambda: not acts(here))
        assert "since the sign-off, release changed" in shown(here)["why"]
        activate(here.store)
        until(lambda: acts(here))
        assert pia.delete(address).json()["reason"] == "Order 12/2026."
        assert pia.delete(address).status_code == 404
        until(lambda: not acts(here))
    assert kinds(here, "audit_events") == ["rule.signed_off", "rule.sign_off_withdrawn"]
    replayed(here)


def test_a_certificate_is_earned_and_lost_by_an_alarm(here: Platform) -> None:
    """At the planned number of labels, and not before; quality samples of the rule end it."""
    send_many(here, FIRST - 1)
    assert work(here, "remove") == FIRST - 1
    assert certify(here).issued == {}
    rule = shown(here)
    assert (rule["labels"], rule["errors"], rule["next_look"], rule["needed"]) == (10, 0, 11, 1)
    assert (rule["expected"], rule["days"]) == (1, pytest.approx(0.7))
    earn(here)
    rule = shown(here)
    assert (rule["state"], rule["labels"], rule["errors"]) == ("certified", FIRST, 0)
    assert certify(here).issued == {}
    with here.store.read() as connection:
        row = connection.execute(text("SELECT * FROM certificates")).mappings().one()
        assert len(row["sample"]) == FIRST
        assert set(row["sample"]) <= set(map(str, reserved_items(connection)))
        assert row["doubt"] == pytest.approx(0.1)
    send_many(here, 12)
    assert work(here, "keep", "sample") >= 10
    (why,) = certify(here).revoked.values()
    assert "quality samples: surely above 0.2" in why
    until(lambda: not acts(here))
    assert "quality samples" in shown(here)["why"]
    told = ["certificate.issued", "certificate.revoked"]
    assert kinds(here, "events") == kinds(here, "audit_events") == told
    assert shown(here)["labels"] == 0  # it is earned again with new labels
    assert shown(here)["next_look"] > FIRST  # and the looks before are spent
    replayed(here)


def test_errors_put_the_certificate_off(here: Platform) -> None:
    """The next look takes twice the labels, and is made once, however often one asks."""
    send_many(here, FIRST)
    assert work(here, "keep") == FIRST
    dry = here.services.certifier.run(dry=True)
    assert list(dry.failed) == ["unkind"]
    assert here.count("certifying_series") == here.count("certifying_labels") == 0
    assert list(certify(here).failed) == ["unkind"]
    assert certify(here) == Done()
    rule = shown(here)
    assert (rule["labels"], rule["errors"], rule["next_look"]) == (FIRST, FIRST, SECOND)
    assert (rule["expected"], rule["days"]) == (None, None)
    assert kinds(here, "audit_events") == ["certificate.not_earned"]


def test_a_changed_rule_loses_it_and_gets_it_back(here: Platform) -> None:
    """A threshold, or an exemption that covers the rule; what else is published does not matter."""
    earn(here)
    activate(
        here.store,
        more="---\nrule: other\nstatus: live\nwhen: { text: { has_any: [zz] } }\n"
        "then: { tier: single, reason: hate.attack }\n",
    )
    here.services.in_force.refresh()
    done = certify(here)
    assert (done.issued, done.revoked) == ({}, {})
    assert acts(here)
    activate(here.store, threshold=0.8)
    until(lambda: not acts(here))
    assert list(certify(here).revoked) == ["unkind"]
    assert "release changed" in shown(here)["why"]
    activate(here.store)
    here.services.in_force.refresh()
    assert not acts(here)  # until somebody looked
    assert certify(here).issued == {"unkind": "the rule is again what was certified"}
    until(lambda: acts(here))
    assert here.count("certificates") == 1
    replayed(here)


def test_an_expired_certificate_lets_nothing_act(here: Platform) -> None:
    """At its moment, before anybody writes it down; and it is earned again with new labels."""
    earn(here)
    with here.store.transaction() as connection:
        connection.execute(
            text(
                "UPDATE certificates SET issued_at = now() - interval '2 days', expires_at = now()"
            )
        )
    here.services.licences.refresh()
    assert not acts(here)
    assert "expired" in certify(here).revoked["unkind"]
    work(here, "remove")
    send_many(here, FIRST)
    work(here, "remove")
    assert list(certify(here).issued) == ["unkind"]
    until(lambda: acts(here))


def test_what_is_asked_later_counts(here: Platform) -> None:
    """A certificate of a larger error than is asked now lets nothing act."""
    earn(here)
    services = here.services
    stricter = Certifying.model_validate({**ASKED, "error_limit": 0.1})
    licences = Licences(here.store, stricter)
    licences.refresh()
    active = services.in_force.active
    with here.store.read() as connection:
        now = connection.execute(text("SELECT now()")).scalar_one()
    why = licences.of(active.release.policy, active.fills).at(now).withheld["unkind"]
    assert "0.1 is asked" in why
    certifier = Certifier(
        store=here.store,
        bindings=services.bindings,
        policy=services.policy,
        blinding=services.blinding,
        given=stricter,
    )
    assert "0.2 was promised" in certifier.run().revoked["unkind"]


def test_what_cannot_be_told_does_not_act(here: Platform) -> None:
    """Without a database nothing is known; what was known is believed for a while only."""
    earn(here)
    active = here.services.in_force.active
    away = Store("postgresql+psycopg://nobody@127.0.0.1:1/none", wait=0.1)
    blind = Licences(away, here.services.settings.certifying)
    with pytest.raises(Unavailable):
        blind.refresh()
    blind.keep_current()
    with here.store.read() as connection:
        now = connection.execute(text("SELECT now()")).scalar_one()
    licence = blind.of(active.release.policy, active.fills)
    assert licence.at(now).withheld == {"unkind": "certificates and sign-offs cannot be read"}
    licences = here.services.licences
    licences.close()  # nothing is read any more
    licence = licences.of(active.release.policy, active.fills)
    known = licences.known
    assert known is not None
    assert licence.at(known.read_at + timedelta(seconds=59)).withheld == {}
    assert "unkind" in licence.at(known.read_at + timedelta(seconds=60)).withheld
    assert licence.at(known.read_at + timedelta(seconds=1)).withheld == {}


def test_only_drawn_and_decided_cases_are_labels(servers: Servers, template: str) -> None:
    """A share by a keyed hash, in the order of drawing up to the first that waits; texts once."""
    with running(servers, template, blind_share=0.5) as here:
        send_many(here, 30)
        again = {"text": "the same", "score.unkind": 0.95}
        for name in ("twin-1", "twin-2", "twin-3", "twin-4"):
            here.http.post("/v1/items", json=again | {"id": name}).raise_for_status()
        for number in range(12):
            item = {"id": f"both-{number}", "text": f"zorblings {number}", "score.unkind": 0.95}
            here.http.post("/v1/items", json=item).raise_for_status()
        certify(here)
        with here.store.read() as connection:
            drawn = connection.execute(
                text(
                    "SELECT case_id, sender_id FROM certifying_labels"
                    " JOIN items ON items.id = item_id ORDER BY case_id"
                )
            ).all()
            others = connection.execute(
                text("SELECT count(*) FROM cases WHERE purpose = 'review'")
            ).scalar_one()
        assert 4 <= len(drawn) < others - 16
        names = [row.sender_id for row in drawn]
        assert sum(name.startswith("twin") for name in names) <= 1
        assert not any(
            name.startswith("both") for name in names
        )  # a rule of people asks for it anyway
        here.open_cases()
        for place, row in enumerate(drawn):
            case = here.http.post(f"/v1/cases/{row.case_id}/claim", json={"reviewer": "ana"})
            assert [each["blind"] for each in case.json()["cases"]] == [True]
            if place != 3:
                vote = {"reviewer": "ana", "action": "remove", "reasons": ["hate.attack"]}
                here.http.post(f"/v1/cases/{row.case_id}/decision", json=vote).raise_for_status()
        certify(here)
        (binding,) = here.services.bindings().values()
        with here.store.read() as connection:
            series = series_of(connection, "unkind", binding)
        assert len(series.items) == 3
        assert series.waiting == len(drawn) - 3
        assert series.wrong == (False, False, False)
