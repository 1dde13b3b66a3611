"""Conditions that can never be true, and conditions that always are."""

from collections.abc import Iterator
from typing import Protocol

from engine.diagnostics import Diagnostic, Span
from engine.rules.lints import wording
from engine.rules.lints.regions import PRESENT, Names, Region
from engine.rules.lints.survey import Survey, warning
from engine.rules.lints.terms import Terms, multiply_out, negation
from engine.rules.model import (
    AnyOf,
    AtLeastOf,
    Condition,
    Leaf,
    Meets,
    NoneOf,
    Rule,
    Stage,
    Status,
)


class _Matching(Protocol):
    """Whatever has a condition: a rule or an exemption."""

    @property
    def when(self) -> Condition: ...
    @property
    def span(self) -> Span: ...


def unreachable(survey: Survey) -> Iterator[Diagnostic]:
    """`unreachable`: a condition, or an alternative in it, that no item can meet."""
    for rule in _written(survey):
        found = survey.terms[rule.name]
        alone = found if rule.unless is None else None
        if found.never and alone is None:
            alone = multiply_out(rule.when, survey.grammar)
        if alone is not None and alone.never:
            yield _never(survey, "condition", alone, rule.when.span)
        elif found.conflicts:
            yield from _dead_alternatives(survey, rule.when)
        yield from _out_of_scope(survey, rule, found)
    for condition in _other_conditions(survey):
        found = multiply_out(condition, survey.grammar)
        if found.never:
            yield _never(survey, "condition", found, condition.span)
        elif found.conflicts:
            yield from _dead_alternatives(survey, condition)


def contradictory(survey: Survey) -> Iterator[Diagnostic]:
    """`contradictory`: `unless` holds whenever `when` does, so the rule never matches."""
    for rule in _written(survey):
        found = survey.terms[rule.name]
        if rule.unless is None or not found.never:
            continue
        if multiply_out(rule.when, survey.grammar).never:
            continue
        related = tuple(
            ground.leaf.span
            for region in found.conflicts[:1]
            for ground in region.grounds
            if ground.leaf.span != rule.unless.span
        )
        yield warning(
            "contradictory",
            f"`{rule.name}` never matches: `unless` holds whenever `when` does",
            rule.unless.span,
            hint="narrow `unless`, or remove the rule",
            related=related,
        )


def always_true(survey: Survey) -> Iterator[Diagnostic]:
    """`always-true`: a condition that is false for no item."""
    for rule in _written(survey):
        sampled = rule.sample is not None or rule.rollout is not None
        if rule.stage is Stage.ITEM and not sampled and rule.unless is None:
            yield from _always(survey, "rule", rule.name, rule)
    for name, exemption in survey.policy.exemptions.items():
        yield from _always(survey, "exemption", name, exemption)


def _written(survey: Survey) -> Iterator[Rule]:
    return (rule for rule in survey.policy.rules.values() if rule.status is not Status.RETIRED)


def _other_conditions(survey: Survey) -> Iterator[Condition]:
    policy = survey.policy
    yield from (exemption.when for exemption in policy.exemptions.values())
    yield from policy.conditions.values()
    for counter in policy.counters.values():
        if counter.where is not None:
            yield counter.where
    for table in policy.points.values():
        yield from (line.when for line in table.lines)


def _never(survey: Survey, what: str, found: Terms, fallback: Span) -> Diagnostic:
    """Say why a condition can never be true: the first leaves that exclude each other."""
    if not found.conflicts:
        return warning("unreachable", f"this {what} can never be true", fallback)
    grounds = found.conflicts[0].grounds
    said = [wording.ground(each, survey.kind_of(each.leaf.field)) for each in grounds]
    said = list(dict.fromkeys(said))
    why = f"{' and '.join(said)} exclude each other" if len(said) > 1 else f"{said[0]} never holds"
    spans = [each.leaf.span for each in grounds]
    return warning(
        "unreachable",
        f"this {what} can never be true: {why}",
        spans[-1],
        related=tuple(span for span in dict.fromkeys(spans) if span != spans[-1]),
    )


def _dead_alternatives(survey: Survey, condition: Condition) -> Iterator[Diagnostic]:
    """Parts of `any` that can never be true by themselves."""
    if isinstance(condition, Leaf | Meets):
        return
    for part in condition.parts:
        if isinstance(condition, AnyOf | AtLeastOf | NoneOf):
            found = multiply_out(part, survey.grammar)
            if found.never:
                yield _never(survey, "alternative", found, part.span)
                continue
        yield from _dead_alternatives(survey, part)


def _out_of_scope(survey: Survey, rule: Rule, found: Terms) -> Iterator[Diagnostic]:
    """A condition on the kind or the market that `for:` or `markets:` has already ruled out."""
    for key, line, scope in (
        ("item.kind", "for", rule.kinds),
        ("item.market", "markets", rule.markets),
        ("item.language", "languages", rule.languages),
    ):
        if not scope or not found.complete or not found.terms:
            continue
        inside = Region(PRESENT, Names(frozenset(scope)))
        regions = [term.regions.get(key) for term in found.terms]
        blocked = [each for each in regions if each is not None and each.meet(inside).empty]
        if len(blocked) == len(regions):
            ground = blocked[0].grounds[0]
            said = wording.ground(ground, survey.kind_of(key))
            yield warning(
                "unreachable",
                f"this condition can never be true: {said} lies outside"
                f" `{line}: [{', '.join(sorted(scope))}]`",
                ground.leaf.span,
                related=(rule.span,),
            )


def _always(survey: Survey, what: str, name: str, subject: _Matching) -> Iterator[Diagnostic]:
    if _never_false(survey, subject.when):
        yield warning(
            "always-true",
            f"the condition of {what} `{name}` is false for no item",
            subject.when.span,
            hint="name what it should look for",
        )


def _never_false(survey: Survey, condition: Condition) -> bool:
    """Whether the condition is false for no item, though it is true for some."""
    if not negation(condition, survey.grammar).never:
        return False
    return not multiply_out(condition, survey.grammar).never
