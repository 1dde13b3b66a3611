"""Hand-worked examples of how matches combine to a verdict."""

from dataclasses import replace

from engine.rules.model import ListRefs, Portion, Rule, Stage, Status, TextPattern, Then
from engine.rules.vocabulary import Operator
from engine.verdict import Hit, HitStatus, Priority, Severity, Tier, Verdict
from tests.oracle.verdicts import evaluate, matching_spans
from tests.unit.oracle.policies import exemption, item, leaf, policy, rule

_UNKNOWN = leaf("n", Operator.AT_LEAST, 1.0)


def _verdict(*rules: Rule) -> Verdict:
    return evaluate(policy(*rules), item({"text": "x4n4x"}), now=0.0)


def _statuses(verdict: Verdict) -> dict[str, tuple[HitStatus, str | None]]:
    return {hit.rule: (hit.status, hit.by) for hit in verdict.hits}


def test_nothing_matches() -> None:
    """Without a match the item is published, and nobody looks at it."""
    assert _verdict(rule("a", _UNKNOWN)) == Verdict()


def test_people_win() -> None:
    """A machine's removal is held while people decide; reasons are ordered by tier."""
    verdict = _verdict(rule("a"), rule("b", tier=Tier.SINGLE), rule("c", tier=Tier.SENIOR))
    assert verdict.tier is Tier.SENIOR
    assert verdict.action == "hide"
    assert verdict.reasons == ("reason.c", "reason.b", "reason.a")
    assert verdict.review is not None
    assert (verdict.review.queue, verdict.review.due_in) == ("senior", 10.0)
    assert verdict.inclusion_probability == 1.0


def test_the_winner() -> None:
    """Severity decides before the name; the message is the winner's, labels are everybody's."""
    low = rule("a", tier=Tier.SINGLE)
    low = replace(low, then=replace(low.then, labels=("z", "b"), message="low", sla=3.0))
    high = replace(rule("b", tier=Tier.SINGLE), severity=Severity.HIGH)
    high = replace(high, then=replace(high.then, labels=("b",), priority=Priority.LOW, queue="qa"))
    verdict = _verdict(low, high)
    assert verdict.message is None
    assert verdict.labels == ("b", "z")
    assert verdict.review is not None
    assert verdict.review.rule == "b"
    assert verdict.review.queue == "qa"
    assert verdict.review.due_in == 3.0
    assert verdict.review.priority is Priority.NORMAL


def test_outranking() -> None:
    """An outranked rule has no effect, and still outranks others itself."""
    first = replace(rule("a"), outranks=("b",))
    second = replace(rule("b"), outranks=("c",))
    verdict = _verdict(first, second, rule("c"))
    assert verdict.reasons == ("reason.a",)
    assert verdict.hits == (
        Hit("a", HitStatus.LIVE),
        Hit("b", HitStatus.OUTRANKED, "a"),
        Hit("c", HitStatus.OUTRANKED, "b"),
    )


def test_statuses() -> None:
    """Shadows, samples and exemptions take a match out, in this order."""
    shadow = replace(rule("a"), status=Status.SHADOW, outranks=("d",))
    outside = replace(rule("b"), sample=Portion(0.0, "items"), outranks=("d",))
    exempted = policy(shadow, outside, rule("c"), rule("d"), exemptions=(exemption("e", "b", "c"),))
    verdict = evaluate(exempted, item(), now=0.0)
    assert _statuses(verdict) == {
        "a": (HitStatus.SHADOW, None),
        "b": (HitStatus.NOT_SAMPLED, None),
        "c": (HitStatus.EXEMPT, "e"),
        "d": (HitStatus.LIVE, None),
    }
    assert verdict.tier is Tier.AUTO


def test_if_missing() -> None:
    """A rule that cannot tell asks people, in the queue of their tier; it outranks nobody."""
    unsure = replace(rule("a", _UNKNOWN), if_missing=Tier.SENIOR, outranks=("b",))
    unsure = replace(unsure, then=replace(unsure.then, while_waiting="limit", queue="qa"))
    verdict = _verdict(unsure, rule("b"))
    assert _statuses(verdict) == {"a": (HitStatus.MISSING, None), "b": (HitStatus.LIVE, None)}
    assert verdict.review is not None
    assert verdict.review.queue == "senior"
    assert verdict.action == "hide"


def test_if_missing_in_scope_only() -> None:
    """Outside of its scope a rule is not unknown but false."""
    abroad = replace(rule("a", _UNKNOWN), if_missing=Tier.SINGLE, markets=frozenset({"DE"}))
    assert _verdict(abroad) == Verdict()


def test_strikes() -> None:
    """Strikes are given once per policy, and only where the machine decides."""
    two, three = (
        replace(each, then=replace(each.then, strikes=number))
        for each, number in ((rule("a"), 2), (rule("b"), 3))
    )
    other = replace(rule("c"), policy="spam")
    other = replace(other, then=replace(other.then, strikes=1))
    assert _verdict(two, three, other).strikes == (("hate", 3), ("spam", 1))
    assert _verdict(two, rule("d", tier=Tier.SINGLE)).strikes == ()


def test_after_stage_and_inclusion_probability() -> None:
    """Samples see the decision, add reviews, and every chance of a review counts."""
    removed = leaf("decision.action", Operator.IS, ("remove",))
    quality = replace(
        rule("q", removed), stage=Stage.AFTER, then=Then(tier=Tier.SINGLE, reason="q", queue="qa")
    )
    tenth = replace(quality, name="t", sample=Portion(0.1, "items"), rollout=Portion(0.5, "items"))
    verdict = _verdict(rule("a"), quality)
    assert [(sample.rule, sample.queue, sample.due_in) for sample in verdict.samples] == [
        ("q", "qa", 50.0)
    ]
    assert verdict.hits == (Hit("a", HitStatus.LIVE),)
    assert verdict.action == "remove"
    assert abs(_verdict(rule("a"), tenth).inclusion_probability - 0.05) < 1e-12
    unlucky = replace(rule("b", tier=Tier.SINGLE), sample=Portion(0.0, "items"))
    rarely = replace(rule("c", tier=Tier.SINGLE), sample=Portion(0.25, "authors"))
    assert _verdict(unlucky, rarely).inclusion_probability == 0.25


def test_dates() -> None:
    """A rule is in force from its start until just before its end."""
    dated = replace(rule("a"), starts=10.0, ends=20.0)
    tiers = [evaluate(policy(dated), item(), now=now).tier for now in (9.0, 10.0, 19.0, 20.0)]
    assert tiers == [Tier.NONE, Tier.AUTO, Tier.AUTO, Tier.NONE]


def test_matching_spans() -> None:
    """What the leaves of a rule find is known per field."""
    drugs = leaf("text", Operator.HAS_ANY_IN, ListRefs(("drugs",)))
    pattern = leaf("text", Operator.MATCHES, (TextPattern(r"\bx\w"),))
    found = replace(rule("a", drugs), unless=pattern)
    spans = matching_spans(policy(found), item({"text": "x4n4x, speed"}), found)
    assert spans == {"text": {(0, 5), (0, 2), (7, 12)}}
