"""Certificates of zones and rules: what they rest on, and when they hold."""

import pickle
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from engine.certifying import (
    Basis,
    Certificate,
    Direction,
    Ground,
    Hashes,
    Outcome,
    Period,
    Permission,
    Sample,
    SignOff,
    State,
    Stratum,
    Terms,
    certify,
    certify_rule,
    covers,
    digest,
    permission,
    state_of,
)
from engine.errors import CannotCertify, ReusedLabels

ISSUED = datetime(2026, 3, 1, tzinfo=UTC)
PERIOD = Period(issued=ISSUED, expires=ISSUED + timedelta(days=90))
LATER = ISSUED + timedelta(days=1)
HASHES = Hashes(release="r1", model="m1", calibrator="c1")
RULE_HASHES = Hashes(release="r1", model=None, calibrator=None)
STRATUM = Stratum(policy="hate", language="de", direction=Direction.REMOVE)
TERMS = Terms(limit=0.05, doubt=0.05)


def _sample(labels: int = 100, wrong: int = 1) -> Sample:
    rows = ((f"i{place:03}", 0.9, place >= wrong) for place in range(labels))
    return Sample.of(rows, Direction.REMOVE)


def _certify(used: dict[str, set[str]] | None = None, labels: int = 100) -> Outcome:
    sample = _sample(labels)
    return certify(STRATUM, sample, (0.9,), TERMS, hashes=HASHES, used=used or {}, period=PERIOD)


@cache
def _certificate() -> Certificate:
    found = _certify().certificate
    assert found is not None
    return found


def _rule(labels: int = 100, wrong: int = 1) -> Outcome:
    sample = _sample(labels, wrong)
    return certify_rule("slurs", sample, TERMS, hashes=RULE_HASHES, used={}, period=PERIOD)


def test_a_certificate_says_all_it_rests_on() -> None:
    """Subject, zone, hashes, ids, counts, what is promised, and until when."""
    found = _certificate()
    assert (found.subject, found.threshold, found.hashes) == (STRATUM, 0.9, HASHES)
    assert (found.labels, found.errors, found.limit, found.doubt) == (100, 1, 0.05, 0.05)
    assert found.upper == pytest.approx(0.04656, abs=1e-5)
    assert found.sample == tuple(f"i{place:03}" for place in range(100))
    assert found.sample_hash == digest(reversed(found.sample))
    assert (found.issued, found.expires) == (PERIOD.issued, PERIOD.expires)


def test_without_enough_labels_there_is_no_certificate_but_a_reason() -> None:
    """And the walk, to be shown."""
    found = _certify(labels=40)
    assert found.certificate is None
    assert found.why.startswith("too few labels: 40")
    assert found.walk is not None
    assert not found.walk.steps[0].tested


@pytest.mark.parametrize("purpose", ["training", "calibration"])
def test_labels_that_were_used_before_are_refused(purpose: str) -> None:
    """With how many, and the first of them."""
    again = {f"i{place:03}" for place in range(90, 98)} | {"other"}
    with pytest.raises(ReusedLabels) as refused:
        _certify({purpose: again, "tests": set()})
    assert str(refused.value) == (
        f"8 labels were used for {purpose}: `i090`, `i091`, `i092`, `i093`, `i094`, …; "
        "draw a sample that was used for nothing else"
    )
    assert str(pickle.loads(pickle.dumps(refused.value))) == str(refused.value)  # noqa: S301  # ours
    with pytest.raises(ReusedLabels):
        certify_rule(
            "slurs", _sample(), TERMS, hashes=RULE_HASHES, used={purpose: again}, period=PERIOD
        )


def test_samples_with_an_item_twice_or_without_a_score_are_refused() -> None:
    """One item is one label."""
    for rows in ([("a", 0.9, True), ("a", 0.9, True)], [("a", float("nan"), True)]):
        with pytest.raises(CannotCertify):
            Sample.of(rows, Direction.REMOVE)
    with pytest.raises(CannotCertify, match="1 ids, 0 scores, 0 labels"):
        Sample(ids=("a",), scores=np.empty(0), wrong=np.empty(0, dtype=np.bool_))


def test_what_is_wrong_depends_on_the_direction() -> None:
    """What breaks a rule is wrongly allowed, and what breaks none is wrongly removed."""
    rows = [("a", 0.9, True), ("b", 0.1, False)]
    assert Sample.of(rows, Direction.REMOVE).wrong.tolist() == [False, True]
    assert Sample.of(rows, Direction.ALLOW).wrong.tolist() == [True, False]


def test_it_holds_until_it_expires() -> None:
    """From when it was issued; the last moment does not belong to it."""
    found = _certificate()
    for now, state in (
        (PERIOD.issued, State.VALID),
        (PERIOD.expires - timedelta(seconds=1), State.VALID),
        (PERIOD.expires, State.EXPIRED),
        (PERIOD.issued - timedelta(seconds=1), State.REVOKED),
        (LATER.replace(tzinfo=None), State.REVOKED),
    ):
        assert state_of(found, HASHES, now, alarms=()).state is state


@given(some.sampled_from(("release", "model", "calibrator")), some.none() | some.text(max_size=3))
def test_any_other_hash_revokes_it(name: str, value: str | None) -> None:
    """Also one that is not known."""
    present = replace(HASHES, **{name: value})
    found = state_of(_certificate(), present, LATER, alarms=())
    assert found.state is (State.VALID if present == HASHES else State.REVOKED)
    assert (name in found.why) == (present != HASHES)


def test_alarms_revoke_it_and_so_does_not_knowing_any() -> None:
    """What cannot be asked counts as sounding."""
    sounding = state_of(_certificate(), HASHES, LATER, alarms=("drift of labels",))
    assert (sounding.state, sounding.why) == (State.REVOKED, "alarm: drift of labels")
    assert state_of(_certificate(), HASHES, LATER, alarms=None).state is State.REVOKED


def test_other_ids_than_it_names_revoke_it() -> None:
    """Its sample cannot be changed afterwards."""
    changed = replace(_certificate(), sample=("another",))
    assert state_of(changed, HASHES, LATER, alarms=()).state is State.REVOKED


def test_a_certificate_without_release_never_holds() -> None:
    """Hashes that are not there are not compared with each other."""
    none = Hashes(release=None, model=None, calibrator=None)
    changed = replace(_certificate(), hashes=none)
    assert state_of(changed, none, LATER, alarms=()).state is State.REVOKED
    for name in ("release", "model", "calibrator"):
        with pytest.raises(CannotCertify, match="hash"):
            certify(
                STRATUM,
                _sample(),
                (0.9,),
                TERMS,
                hashes=replace(HASHES, **{name: None}),
                used={},
                period=PERIOD,
            )


def test_a_threshold_belongs_to_its_zone_and_no_score_does_not() -> None:
    """On either side."""
    remove = _certificate()
    allow = replace(remove, subject=replace(STRATUM, direction=Direction.ALLOW))
    scores = (0.89, 0.9, 0.91, float("nan"))
    assert [covers(remove, score) for score in scores] == [False, True, True, False]
    assert [covers(allow, score) for score in scores] == [True, True, False, False]
    assert not covers(replace(remove, threshold=None), 1.0)


def test_periods_end_after_they_begin_and_have_a_time_zone() -> None:
    """Else nothing could be said about now."""
    for start, end in ((LATER, LATER), (LATER.replace(tzinfo=None), PERIOD.expires)):
        with pytest.raises(CannotCertify):
            Period(issued=start, expires=end)


SIGNED = SignOff(
    rule="slurs",
    release="r1",
    by="person:ana",
    ground=Ground.LEGAL_ORDER,
    reason="order of the court",
    period=PERIOD,
)


def _permission(
    certificate: Certificate | None, sign_off: SignOff | None, release: str | None = "r1"
) -> Permission:
    present = Hashes(release=release, model="m2", calibrator="c2")
    return permission("slurs", certificate, sign_off, present, LATER, alarms=())


def test_a_rule_is_certified_by_the_same_test_on_its_matches() -> None:
    """With one zone, whatever the scores; a model it does not ask may change."""
    assert _rule(93, 1).certificate is not None
    assert _rule(92, 1).certificate is None
    assert "too many errors: 1 in 92" in _rule(92, 1).why
    found = _rule().certificate
    assert found is not None
    assert (found.subject, found.threshold) == ("slurs", None)
    assert not covers(found, 1.0)
    assert _permission(found, None).basis is Basis.CERTIFICATE
    assert not _permission(found, None, release="r2").may_act
    assert not permission("other", found, None, RULE_HASHES, LATER, alarms=()).may_act
    with pytest.raises(CannotCertify, match="hash"):
        certify_rule(
            "slurs",
            _sample(),
            TERMS,
            hashes=replace(RULE_HASHES, release=""),
            used={},
            period=PERIOD,
        )


def test_an_owner_may_sign_a_rule_off_instead() -> None:
    """That says who, on what ground and why; for that very rule, and not for ever."""
    found = _permission(None, SIGNED)
    assert found.may_act
    assert (found.basis, found.why) == (
        Basis.SIGN_OFF,
        "person:ana, legal order: order of the court",
    )
    assert _permission(None, None).why == "has no certificate"
    hashed = _permission(None, replace(SIGNED, ground=Ground.HASH_MATCH))
    assert hashed.why == "person:ana, hash match: order of the court"
    for wrong in (
        replace(SIGNED, rule="other"),
        replace(SIGNED, release="r0"),
        replace(SIGNED, period=Period(issued=ISSUED, expires=LATER)),
    ):
        assert not _permission(None, wrong).may_act
    assert not _permission(None, SIGNED, release=None).may_act


def test_a_sign_off_stands_where_the_certificate_fell() -> None:
    """Alarms end certificates, not what somebody answers for."""
    certificate = _rule().certificate
    alarmed = permission("slurs", certificate, SIGNED, RULE_HASHES, LATER, alarms=("drift",))
    assert alarmed.basis is Basis.SIGN_OFF
    fallen = permission("slurs", certificate, None, RULE_HASHES, LATER, alarms=("drift",))
    assert (fallen.basis, fallen.why) == (
        Basis.NONE,
        "the certificate is revoked: alarm: drift",
    )


@pytest.mark.parametrize("name", ["rule", "release", "by", "reason"])
def test_a_sign_off_without_name_or_reason_is_refused(name: str) -> None:
    """Nobody answers for nothing."""
    changes: dict[str, Any] = {name: "  "}
    with pytest.raises(CannotCertify, match=name):
        replace(SIGNED, **changes)
