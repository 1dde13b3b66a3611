"""Guesses which rules that came are rules that went, by another name."""

from collections.abc import Callable, Hashable, Mapping

from engine.diffing.forms import Forms
from engine.diffing.shared import only
from engine.rules.model import Rule

_Key = Callable[[Forms, Rule], Hashable]


def renamed_rules(
    gone: Mapping[str, Rule], come: Mapping[str, Rule], forms: tuple[Forms, Forms]
) -> dict[str, str]:
    """New name → old name.

    First those that ask for the same on the same condition, then those of the same condition, then
    those of the same title. What several rules have in common tells nothing.
    """
    old, new = dict(gone), dict(come)
    found: dict[str, str] = {}
    keys: tuple[_Key, ...] = (_whole, _condition, _title)
    for key in keys:
        before = only({name: key(forms[0], rule) for name, rule in old.items()})
        after = only({name: key(forms[1], rule) for name, rule in new.items()})
        for value, name in after.items():
            if value in before and value is not None:
                found[name] = before[value]
                del old[before[value]], new[name]
    return found


def _whole(forms: Forms, rule: Rule) -> Hashable:
    return (*_scope(rule), rule.then, forms.rule(rule).key)


def _condition(forms: Forms, rule: Rule) -> Hashable:
    return (rule.stage, rule.policy, rule.then.tier, forms.rule(rule).key)


def _title(_: Forms, rule: Rule) -> Hashable:
    return None if rule.title is None else (rule.title, rule.policy, rule.variant_of)


def _scope(rule: Rule) -> tuple[Hashable, ...]:
    return (rule.stage, rule.policy, rule.kinds, rule.markets, rule.languages)
