"""Whether people see enough of what the machine decides, and give the right reasons for it."""

from collections.abc import Iterator

from engine.diagnostics import Diagnostic
from engine.rules.lints.regions import PRESENT, Names, Region
from engine.rules.lints.survey import Survey, warning
from engine.rules.lints.terms import Term
from engine.rules.model import Rule, Stage, Status
from engine.verdict import Tier


def no_quality_sample(survey: Survey) -> Iterator[Diagnostic]:
    """`no-quality-sample`: the machine decides alone and nobody ever looks at what it did."""
    rules = survey.policy.rules.values()
    if any(_samples_the_machine(survey, rule) for rule in rules):
        return
    machine = [rule for rule in survey.live() if rule.then.tier is Tier.AUTO]
    if machine:
        first = min(machine, key=lambda rule: (rule.span, rule.name))
        yield warning(
            "no-quality-sample",
            f"`{first.name}` acts without a person, and no rule with `stage: after`"
            " shows people a sample of it",
            first.span,
            hint="add a rule with `stage: after`, `sample: 2% of items`"
            " and `when: { decision.tier: auto }`",
        )


def reason_policy(survey: Survey) -> Iterator[Diagnostic]:
    """`reason-policy`: the author is told a reason of another policy than the rule's."""
    reasons = survey.policy.vocabulary.reasons
    for rule in survey.policy.rules.values():
        reason = reasons.get(rule.then.reason)
        if rule.then.tier is not Tier.AUTO or reason is None or reason.policy == rule.policy:
            continue
        if rule.status in (Status.LIVE, Status.SHADOW):
            yield warning(
                "reason-policy",
                f"rule `{rule.name}` belongs to policy `{rule.policy}`, its reason"
                f" `{reason.name}` to `{reason.policy}`",
                rule.span,
                hint="authors are told the reason: take one of the rule's own policy",
                related=(reason.span,),
            )


def _samples_the_machine(survey: Survey, rule: Rule) -> bool:
    if rule.stage is not Stage.AFTER or rule.status is not Status.LIVE:
        return False
    if rule.ends is not None and rule.ends <= survey.now:
        return False
    found = survey.terms[rule.name]
    return not found.complete or any(map(_machine_may_decide, found.terms))


def _machine_may_decide(term: Term) -> bool:
    region = term.regions.get("decision.tier")
    machine = Region(PRESENT, Names(frozenset({str(Tier.AUTO)})))
    return region is None or not region.meet(machine).empty
