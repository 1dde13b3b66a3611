"""What somebody decided about content stands for what rules say, unless nobody knows that."""

from dataclasses import replace
from datetime import UTC, datetime

import orjson

from engine.classify.ensemble import Ensemble
from engine.overriding import Override, held_off_by, overridden
from engine.rules.model import Then
from engine.rules.release import FAILED, Release
from engine.rules.vocabulary import FieldType
from engine.verdict import Hit, HitStatus, Tier, Verdict
from queues.judging import Judge, Judged
from tests.unit.policies import at_least, policy, rule, vocabulary
from tests.unit.test_scoring import Lengths

GIVEN = Override(id="o1", action="remove", reasons=("test",), policy="test")
AT = datetime(2026, 3, 1, tzinfo=UTC)
WORDS = vocabulary(text=FieldType.TEXT, score__length=FieldType.SCORE)
LONG = at_least("score.length", 0.5)


def judged(text: str, *, protected: bool = False) -> Judged:
    """An item with an override, scored by its length; of `!` nobody knows."""
    looks = rule("long", LONG, then=Then(tier=Tier.SINGLE, reason="test"), protected=protected)
    release = Release.of(policy(WORDS, looks))
    judge = Judge(release, Ensemble([Lengths()]))
    raw = {"id": "i", "text": text}
    return judge.judge([raw], [judge.reader.read(raw)], [{}], AT, overrides=[GIVEN])[0]


def test_what_takes_part_is_set_aside() -> None:
    """Also a rule that could not tell; what had no say stays what it was."""
    hits = [Hit(status.value, status) for status in HitStatus if status != HitStatus.OVERRIDDEN]
    found = overridden(Verdict(tier=Tier.SENIOR, hits=tuple(hits)), GIVEN)
    assert (found.tier, found.action, found.review) == (Tier.AUTO, "remove", None)
    assert found.inclusion_probability == 0
    changed = {hit.rule: hit.by for hit in found.hits if hit.status is HitStatus.OVERRIDDEN}
    assert changed == {"live": "o1", "missing": "o1"}
    assert [hit for hit in found.hits if hit.rule not in changed] == [
        hit for hit in hits if hit.rule not in changed
    ]


def test_where_a_classifier_failed_people_look() -> None:
    """Nobody knows which rules it would have set off; whether others ask for people or not."""
    assert judged("abcdef").verdict.tier is Tier.AUTO
    failed = judged("!")
    assert failed.override is None
    assert failed.verdict.review is not None
    assert failed.verdict.review.rule == "engine-failed"
    assert orjson.loads(failed.trace)["override"]["held_off_by"] == "engine-failed"
    assert orjson.loads(failed.input)["override"]["id"] == "o1"


def test_what_holds_an_override_off() -> None:
    """The engine failed, a protected rule takes part, or there is no such action."""
    assert judged("abcdef", protected=True).override is None
    rules = policy(WORDS, rule("long", LONG, protected=True))
    assert held_off_by(FAILED, GIVEN, rules) == "engine-failed"
    for status, by in ((HitStatus.LIVE, "long"), (HitStatus.MISSING, "long")):
        assert held_off_by(Verdict(hits=(Hit("long", status),)), GIVEN, rules) == by
    assert held_off_by(Verdict(hits=(Hit("long", HitStatus.SHADOW),)), GIVEN, rules) is None
    assert held_off_by(Verdict(), replace(GIVEN, action="gone"), rules) == "no-such-action"
