"""Tells in words, or as an object, why an item is decided as it is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.cli.terminal import printable
from engine.item import Item
from engine.recording import value_record
from engine.rules.expectations import duration_text
from engine.rules.explaining import Found, LeafReport, RuleReport
from engine.rules.model import Policy, Rule, Stage, Status
from engine.rules.requests import in_force
from engine.verdict import Hit, HitStatus, Review, Tier, Verdict

_TIERS = {
    Tier.NONE: "no rule asks for anything",
    Tier.AUTO: "the machine decides",
    Tier.SINGLE: "one reviewer decides",
    Tier.SENIOR: "a senior panel decides",
}
_STATUSES = {
    HitStatus.LIVE: "live",
    HitStatus.SHADOW: "shadow: recorded, without effect",
    HitStatus.EXEMPT: "exempt, by {by}",
    HitStatus.OUTRANKED: "outranked, by {by}",
    HitStatus.NOT_SAMPLED: "outside its sample, without effect",
    HitStatus.OVERRIDDEN: "set aside, by override {by}",
    HitStatus.UNCERTIFIED: "may not act by itself ({by}), and asks for one reviewer",
    HitStatus.MISSING: "cannot tell, as a value is missing, and asks for people",
}
_MOST_SPANS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """An item, the verdict on it, and what every rule made of it."""

    policy: Policy
    item: Item
    verdict: Verdict
    reports: Sequence[RuleReport]
    now: float

    def rule(self, report: RuleReport) -> Rule:
        """The rule that a report is about."""
        return self.policy.rules[report.rule]

    def is_active(self, report: RuleReport) -> bool:
        """Whether the rule is looked at now, before people have seen the item."""
        rule = self.rule(report)
        return (
            rule.status in (Status.LIVE, Status.SHADOW)
            and rule.stage is Stage.ITEM
            and in_force(rule.starts, rule.ends, self.now)
        )


def in_words(explained: Explained, *, every_rule: bool) -> Iterator[str]:
    """The explanation, line by line; with `every_rule` also of the rules that say nothing."""
    yield from _decision(explained.item, explained.verdict)
    by_name = {report.rule: report for report in explained.reports}
    hits = explained.verdict.hits
    if hits:
        yield from ("", "Rules that match:")
    for hit in hits:
        yield from _hit(hit, by_name[hit.rule], explained.policy)
    told = {hit.rule for hit in hits}
    silent = [each for each in explained.reports if each.rule not in told]
    looked_at = [each for each in silent if each.in_scope and explained.is_active(each)]
    near = [each for each in looked_at if each.near_miss]
    unknown = [each for each in looked_at if each.outcome is None]
    yield from _lacking("Near misses, one condition short:", near)
    yield from _lacking("Cannot tell, as a value is missing:", unknown)
    rest = [each for each in looked_at if each not in near and each not in unknown]
    others = [each for each in silent if each not in looked_at]
    if every_rule:
        yield from _lacking("Do not match:", rest)
        yield from _not_looked_at(others, explained)
    elif rest or others:
        yield ""
        yield (
            f"{len(rest)} more do not match, {len(others)} do not look at this item now; "
            "--all shows them."
        )


def as_record(explained: Explained) -> list[dict[str, object]]:
    """Every rule and what its conditions saw."""
    return [
        {
            "name": report.rule,
            "status": explained.rule(report).status,
            "active": explained.is_active(report),
            "in_scope": report.in_scope,
            "outcome": _outcome(report),
            "near_miss": report.near_miss,
            "conditions": [_leaf_record(leaf) for leaf in report.leaves],
            "missing": report.missing,
        }
        for report in explained.reports
    ]


def fields_record(item: Item) -> dict[str, object]:
    """The values of an item as JSON has them."""
    return {name: value_record(value) for name, value in sorted(item.fields.items())}


def _decision(item: Item, verdict: Verdict) -> Iterator[str]:
    yield printable(f"{item.kind} `{item.id}`: {_TIERS[verdict.tier]}, {_action(verdict)}")
    if verdict.review is not None:
        yield f"  review: {_review(verdict.review)}"
    for sample in verdict.samples:
        yield f"  quality sample of {sample.rule}: {_review(sample)}"
    if verdict.reasons:
        yield f"  reasons: {', '.join(verdict.reasons)}"
    for title, names in (("labels", verdict.labels), ("notify", verdict.notify)):
        if names:
            yield f"  {title}: {', '.join(names)}"
    if verdict.message is not None:
        yield f"  message: {verdict.message}"
    for policy, strikes in verdict.strikes:
        yield f"  strikes: {strikes} ({policy})"
    yield f"  chance that a person sees it: {verdict.inclusion_probability:.3g}"


def _action(verdict: Verdict) -> str:
    return f"until then: {verdict.action}" if verdict.review else f"action: {verdict.action}"


def _review(review: Review) -> str:
    parts = [
        f"queue {review.queue}",
        f"priority {review.priority}",
        f"within {duration_text(review.due_in)}",
    ]
    if review.not_by is not None:
        parts.append(f"not by {review.not_by}")
    return ", ".join(parts)


def _hit(hit: Hit, report: RuleReport, policy: Policy) -> Iterator[str]:
    title = policy.rules[hit.rule].title
    status = _STATUSES[hit.status].format(by=hit.by)
    yield f"  {hit.rule} ({status}){f': {title}' if title else ''}"
    for leaf in report.leaves:
        yield printable(f"    {_MARKS[leaf.outcome]} {leaf.leaf}{_spans(leaf.spans)}")


_MARKS = {True: "+", False: "-", None: "?"}


def _spans(spans: Sequence[Found]) -> str:
    if not spans:
        return ""
    shown = [f'"{found.text}" at {found.start} ({found.entry})' for found in spans[:_MOST_SPANS]]
    more = f" and {len(spans) - _MOST_SPANS} more" if len(spans) > _MOST_SPANS else ""
    return f": {', '.join(shown)}{more}"


def _lacking(title: str, reports: Sequence[RuleReport]) -> Iterator[str]:
    """Rules with the conditions that stand between them and a match."""
    if reports:
        yield from ("", title)
    for report in reports:
        yield printable(f"  {report.rule}: not {' · not '.join(report.missing)}")


def _not_looked_at(reports: Sequence[RuleReport], explained: Explained) -> Iterator[str]:
    if reports:
        yield from ("", "Do not look at this item now:")
    for report in reports:
        yield f"  {report.rule}: {_absence(report, explained)}"


def _absence(report: RuleReport, explained: Explained) -> str:
    rule = explained.rule(report)
    if rule.status in (Status.DRAFT, Status.RETIRED):
        return rule.status
    if not in_force(rule.starts, rule.ends, explained.now):
        return "outside its dates"
    if rule.stage is Stage.AFTER:
        return "looks at the decision, not at the item"
    return "another kind, market or language"


def _outcome(report: RuleReport) -> str:
    if not report.in_scope:
        return "out of scope"
    return {True: "match", False: "no match", None: "unknown"}[report.outcome]


def _leaf_record(leaf: LeafReport) -> dict[str, object]:
    return {
        "condition": leaf.leaf,
        "outcome": {True: "true", False: "false", None: "unknown"}[leaf.outcome],
        "found": [
            {"start": found.start, "end": found.end, "text": found.text, "entry": found.entry}
            for found in leaf.spans
        ],
    }
