"""Rules that another rule always overrides."""

from collections.abc import Iterator
from math import inf

from engine.diagnostics import Diagnostic
from engine.rules.lints.narrowing import index_of
from engine.rules.lints.scopes import covers, scope_of
from engine.rules.lints.survey import Survey, warning
from engine.rules.lints.terms import Term, Terms
from engine.rules.lints.twins import are_twins
from engine.rules.model import Rule
from engine.rules.vocabulary import Vocabulary
from engine.verdict import PRIORITY_RANK, SEVERITY_RANK, TIER_RANK, Tier


def can_never_win(survey: Survey) -> Iterator[Diagnostic]:
    """`can-never-win`: whenever the rule matches, another matches too and overrides all it asks."""
    index = index_of(survey)
    for rule in survey.live():
        found = survey.terms[rule.name]
        if not found.terms or rule.if_missing is not None:
            continue
        for name in index.candidates(found.terms[0]):
            other = survey.policy.rules[name]
            if _overrides(other, rule, survey):
                yield _finding(rule, other)
                break


def _finding(rule: Rule, other: Rule) -> Diagnostic:
    said = f"`{rule.name}` ({rule.then.tier}) can never win: `{other.name}` ({other.then.tier})"
    if rule.then.tier is other.then.tier:
        message = f"{said} matches whenever it does and asks for at least as much"
        hint = "remove it, or let it ask for something of its own"
    else:
        message = f"{said} matches whenever it does"
        hint = f"narrow `{other.name}`, for example with `below`, or name it under `outranks`"
    return warning("can-never-win", message, rule.span, hint=hint, related=(other.span,))


def _overrides(other: Rule, rule: Rule, survey: Survey) -> bool:
    """Whether the other rule matches whenever this one does, and leaves it nothing."""
    if other is rule or not _leaves_nothing(other, rule, survey.policy.vocabulary):
        return False
    if not covers(scope_of(other), scope_of(rule)) or not _always_in_force(other, rule, survey):
        return False
    if not implies(survey.terms[rule.name], survey.terms[other.name]):
        return False
    # the very same condition has findings of its own
    return not are_twins(rule, other)


def implies(narrow: Terms, wide: Terms) -> bool:
    """Whether one condition surely holds wherever the other does."""
    if not (narrow.complete and wide.complete and narrow.terms):
        return False
    return all(
        any(_within(term, other) for other in wide.terms if other.exact) for term in narrow.terms
    )


def _within(term: Term, wide: Term) -> bool:
    regions = term.regions
    for key, region in wide.regions.items():
        mine = regions.get(key)
        if mine is None or not mine.within(region):
            return False
    return True


def _always_in_force(other: Rule, rule: Rule, survey: Survey) -> bool:
    if other.sample is not None or other.rollout is not None:
        return False
    begin = survey.now if rule.starts is None else max(rule.starts, survey.now)
    end = inf if rule.ends is None else rule.ends
    if (other.starts is not None and other.starts > begin) or (other.ends or inf) < end:
        return False
    return not _may_be_dropped(other, rule, survey)


def _may_be_dropped(other: Rule, rule: Rule, survey: Survey) -> bool:
    """Whether an exemption or an outranking rule may take the other one away and not this one."""
    exempt = survey.exempt.get(other.name, frozenset())
    return other.name in survey.outranked or not exempt <= survey.exempt.get(rule.name, frozenset())


def _leaves_nothing(other: Rule, rule: Rule, vocabulary: Vocabulary) -> bool:
    """Whether the other rule asks for all that this one asks for, or more."""
    theirs, mine = TIER_RANK[other.then.tier], TIER_RANK[rule.then.tier]
    if theirs < mine:
        return False
    if not set(rule.then.labels) <= set(other.then.labels):
        return False
    if not set(rule.then.notify) <= set(other.then.notify):
        return False
    if rule.then.tier is Tier.AUTO and theirs > mine:
        return rule.then.action not in ("publish", "label")
    if not _as_strict(other, rule, vocabulary) or not _as_urgent(other, rule):
        return False
    return theirs > mine or _wins_alike(other, rule)


def _as_strict(other: Rule, rule: Rule, vocabulary: Vocabulary) -> bool:
    actions = vocabulary.actions
    people = rule.then.tier is not Tier.AUTO
    mine = rule.then.while_waiting if people else rule.then.action
    theirs = other.then.while_waiting if people else other.then.action
    return actions[theirs].strictness >= actions[mine].strictness


def _as_urgent(other: Rule, rule: Rule) -> bool:
    if rule.then.tier is Tier.AUTO:
        return True
    if PRIORITY_RANK[other.then.priority] < PRIORITY_RANK[rule.then.priority]:
        return False
    if rule.then.sla is None:
        return True
    return other.then.sla is not None and other.then.sla <= rule.then.sla


def _wins_alike(other: Rule, rule: Rule) -> bool:
    """Whether, at the same tier, the other rule is the winner and tells the same reason."""
    if other.then.reason != rule.then.reason:
        return False
    if rule.then.strikes > other.then.strikes or other.policy != rule.policy:
        return False
    mine, theirs = SEVERITY_RANK[rule.severity], SEVERITY_RANK[other.severity]
    return theirs > mine or (theirs == mine and other.name < rule.name)
