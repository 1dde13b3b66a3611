"""What makes a certificate count no more: nobody who looks, drift, another rule, a language."""

from collections.abc import Iterator
from datetime import timedelta
from math import inf
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from queues.certifying.alarms import Alarms
from queues.ids import id_floor
from queues.measurement.drift.alarms import Alarm, AlarmKind, keep
from queues.store.events import EventKind
from tests.integration.apis import Platform
from tests.integration.certified import (
    FIRST,
    NUMBERS,
    activate,
    acts,
    certify,
    earn,
    kinds,
    replayed,
    running,
    send,
    send_many,
    shown,
    stored,
    work,
)
from tests.services import Servers

PATIENCE = 45.0
#: Labels of a second look without an error, at what `certified` asks.
ANEW = 16


@pytest.fixture
def here(servers: Servers, template: str) -> Iterator[Platform]:
    """One that asks for certificates."""
    with running(servers, template, alarm_patience=PATIENCE) as found:
        yield found


def test_certificates_count_while_somebody_looks_for_alarms(here: Platform) -> None:
    """Without upkeep items fall to one reviewer, with the reason; the next look puts it right."""
    earn(here)
    it_counts_until_patience_is_over(here)
    last = looked(here, ago=PATIENCE + 1)
    here.services.certifier.run(dry=True)  # which is no look
    here.services.licences.refresh()
    assert not acts(here)
    it_is_told_everywhere(here, last)
    done = certify(here)
    assert (done.issued, done.revoked) == ({}, {})
    here.services.licences.refresh()
    assert acts(here)
    assert shown(here)["state"] == "certified"
    assert unwatched_for(here) < PATIENCE
    with here.store.transaction() as connection:
        connection.execute(text("DELETE FROM certifying_marks WHERE name = 'alarms'"))
    here.services.licences.refresh()
    assert not acts(here)
    assert "nobody has looked for alarms yet" in shown(here)["why"]
    assert unwatched_for(here) == inf
    replayed(here)


def it_counts_until_patience_is_over(here: Platform) -> None:
    """To the millisecond, whatever was asked of the process before."""
    active, licences = here.services.in_force.active, here.services.licences
    licences.refresh()
    known = licences.known
    assert known is not None
    assert known.looked_at is not None
    licence = licences.of(active.release.policy, active.fills)
    almost = known.looked_at + timedelta(seconds=PATIENCE - 0.001)
    assert licence.at(almost).withheld == {}
    assert "unkind" in licence.at(known.looked_at + timedelta(seconds=PATIENCE)).withheld
    assert licence.at(almost).withheld == {}


def it_is_told_everywhere(here: Platform, last: str) -> None:
    """In the trace, in the answer about certificates, and to Prometheus."""
    (rule,) = stored(here, send(here)["id"])["trace"]["rules"]
    assert rule["status"] == "uncertified"
    assert rule["by"].startswith("the certificate is suspended: nobody has looked for alarms since")
    told = here.http.get("/v1/certificates").json()
    assert told["words"].startswith("No certificate counts: nobody has looked for alarms since ")
    assert told["looked_at"][:19] == last[:19]
    rule = shown(here)
    assert (rule["state"], rule["labels"], rule["next_look"]) == ("suspended", FIRST, None)
    assert rule["why"].startswith("the certificate is suspended")
    assert unwatched_for(here) > PATIENCE


def test_drift_ends_what_was_certified_before_it(here: Platform) -> None:
    """An alarm about the rule, its policy, its score or all; labels since then count."""
    sound(here, Alarm(kind=AlarmKind.SCORE, name="score.unkind", says="scores have moved"))
    earn(here)
    assert certify(here).revoked == {}  # it was on before the first label
    sound(here, Alarm(kind=AlarmKind.SCORE, name="score.unkind", says="scores have moved"))
    sound(here, Alarm(kind=AlarmKind.RULE, name="zorblings", says="passes more often"))
    assert certify(here).revoked == {}
    sound(here, Alarm(kind=AlarmKind.RULE, name="unkind", says="passes more often"))
    assert certify(here).revoked == {"unkind": "rule unkind: passes more often"}
    here.services.licences.refresh()
    assert not acts(here)
    assert "passes more often" in shown(here)["why"]
    work(here, "remove")
    send_many(here, ANEW)
    work(here, "remove")
    assert list(certify(here).issued) == ["unkind"]
    assert certify(here).revoked == {}  # though the alarm is still on
    here.services.licences.refresh()
    assert acts(here)


def test_what_alarms_are_about(here: Platform) -> None:
    """And from when on they speak against labels."""
    about = [
        (AlarmKind.RULE, "unkind"),
        (AlarmKind.LABEL, "hate"),
        (AlarmKind.LABEL, "all"),
        (AlarmKind.ERROR, "all"),
        (AlarmKind.GAP, "all"),
        (AlarmKind.SCORE, "score.unkind"),
    ]
    other = [(AlarmKind.RULE, "zorblings"), (AlarmKind.LABEL, "spam"), (AlarmKind.SCORE, "score.x")]
    first = UUID(int=0)
    for kind, name in about + other:
        with here.store.transaction() as connection:
            keep(connection, [Alarm(kind=kind, name=name, says="moved")], ())
            now = connection.execute(text("SELECT now()")).scalar_one()
            later, earlier = now + timedelta(hours=1), now - timedelta(hours=1)
            alarms = Alarms(connection, here.services.policy, kept=60.0)
            hit = (kind, name) in about
            assert (alarms.against("unkind", first, later) is not None) == hit
            assert (alarms.against("unkind", id_floor(later), earlier) is not None) == hit
            assert alarms.against("unkind", id_floor(later), later) is None
            assert (alarms.after("unkind", first) == id_floor(now)) == hit
            assert alarms.after("unkind", id_floor(later)) is None
            keep(connection, (), ())
            over = Alarms(connection, here.services.policy, kept=60.0)
            assert over.against("unkind", first, later) is None  # over before it was issued
            assert (over.against("unkind", first, earlier) is not None) == hit
            connection.execute(text("DELETE FROM alarms"))


def test_a_certificate_outlives_the_certificate_of_another_release(here: Platform) -> None:
    """Back to what was certified first, it holds again; unless an alarm came meanwhile."""
    earn(here)
    activate(here.store, threshold=0.8)
    here.services.in_force.refresh()
    assert list(certify(here).revoked) == ["unkind"]
    send_many(here, FIRST)
    work(here, "remove")
    assert list(certify(here).issued) == ["unkind"]
    here.services.licences.refresh()
    assert acts(here)
    for threshold in (0.9, 0.8):
        activate(here.store, threshold=threshold)
        here.services.in_force.refresh()
        done = certify(here)
        assert done.issued == {"unkind": "the rule is again what was certified"}
        assert list(done.revoked) == ["unkind"]
        here.services.licences.refresh()
        assert acts(here)
        assert shown(here)["state"] == "certified"
    assert here.count("certificates") == 2
    sound(here, Alarm(kind=AlarmKind.LABEL, name="hate", says="people find more"))
    with here.store.transaction() as connection:
        keep(connection, (), ())  # over again, but it was there
    activate(here.store, threshold=0.9)
    here.services.in_force.refresh()
    done = certify(here)
    assert done.issued == {}
    assert done.revoked == {"unkind": "label hate: people find more"}
    assert certify(here).revoked == {}
    here.services.licences.refresh()
    assert not acts(here)


def test_a_language_does_not_hide_in_the_average(servers: Servers, template: str) -> None:
    """Where a language surely errs more often, one reviewer looks, and the others go on."""
    with running(servers, template, error_limit=0.4, confidence=0.6) as here:
        earn_but_in_german(here)
        told = post(here, ["en", "De", "fr", "de", None])
        assert [each["tier"] for each in told] == ["auto", "single", "auto", "single", "auto"]
        verdict = stored(here, told[1]["id"])
        (rule,) = verdict["trace"]["rules"]
        assert rule["by"].endswith("in this language: 2 errors in 2 labels: surely above 0.4")
        assert verdict["chance"] == 1.0
        drawn = here.count("certifying_labels")
        assert work(here, "remove") == 2
        assert certify(here).revoked == {}
        assert here.count("certifying_labels") == drawn  # German ones alone are not like all
        work(here, "remove", "sample")
        lose_french(here)
        assert [each["tier"] for each in post(here, ["en", "fr"])] == ["auto", "single"]
        assert told_of_languages(here) == [["de"], ["de", "fr"]]
        assert kinds(here, "audit_events").count("certificate.narrowed") == 2
        order = {"ground": "legal order", "reason": "Order 12/2026."}
        here.http.post("/v1/rules/unkind/sign-off", json=order).raise_for_status()
        here.services.licences.refresh()
        assert [each["tier"] for each in post(here, ["de", "fr"])] == ["auto", "auto"]
        replayed(here)


def earn_but_in_german(here: Platform) -> None:
    """Two errors in sixteen labels are few enough, but both are German."""
    post(here, ["de", "DE"])
    assert work(here, "keep") == 2
    post(here, ["en"] * 14)
    assert work(here, "remove") == 14
    looks = [certify(here) for _ in range(3)]
    assert [list(look.failed) for look in looks] == [["unkind"], ["unkind"], []]
    assert looks[-1].issued["unkind"].startswith("2 errors in 16 labels")
    assert looks[-1].narrowed == {"unkind": "`de`: 2 errors in 2 labels: surely above 0.4"}
    here.services.licences.refresh()
    assert acts(here)
    assert shown(here)["withheld"].keys() == {"de"}


def lose_french(here: Platform) -> None:
    """By quality samples, while those of English are right."""
    for language, number, action in (("en", 10, "remove"), ("fr", 17, "keep")):
        post(here, [language] * number)
        assert work(here, action, "sample") == number
    done = certify(here)
    assert done.revoked == {}
    assert done.narrowed["unkind"].startswith("`fr`: 10 errors in the last 10 quality samples")
    assert certify(here).narrowed == {}  # it is told once
    assert shown(here)["withheld"].keys() == {"de", "fr"}
    here.services.licences.refresh()


def told_of_languages(here: Platform) -> list[list[str]]:
    """In which a certificate does not hold, as receivers are told."""
    asked = text("SELECT payload -> 'withheld' FROM events WHERE kind = :kind ORDER BY id")
    with here.store.read() as connection:
        found = connection.execute(asked, {"kind": EventKind.CERTIFICATE_NARROWED.value})
        return list(found.scalars())


def post(here: Platform, languages: list[str | None]) -> list[Any]:
    """New unkind items in some languages, together; what is answered."""
    items = [
        {"id": f"i{next(NUMBERS)}", "text": f"bad {next(NUMBERS)}", "score.unkind": 0.95}
        | ({} if language is None else {"language": language})
        for language in languages
    ]
    answer = here.http.post("/v1/items", json={"items": items}).raise_for_status().json()
    found: list[Any] = answer["results"]
    return found


def sound(here: Platform, alarm: Alarm) -> None:
    """Raise an alarm, unless it is on; others stay on."""
    with here.store.transaction() as connection:
        others = connection.execute(text("SELECT kind, name FROM alarms")).all()
        keep(connection, [alarm], [(AlarmKind(kind), name) for kind, name in others])


def looked(here: Platform, *, ago: float) -> str:
    """Let the last look for alarms be so many seconds ago; when that was."""
    with here.store.transaction() as connection:
        now = connection.execute(text("SELECT now()")).scalar_one()
        moment = now - timedelta(seconds=ago)
        connection.execute(
            text("UPDATE certifying_marks SET upto = :upto WHERE name = 'alarms'"),
            {"upto": id_floor(moment)},
        )
    told: str = moment.isoformat()
    return told


def unwatched_for(here: Platform) -> float:
    """What is told to Prometheus."""
    lines = here.http.get("/metrics").text.splitlines()
    name = "tierwise_certificates_unwatched_seconds"
    (line,) = [line for line in lines if line.startswith(name)]
    return float(line.split()[-1])
