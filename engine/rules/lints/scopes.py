"""Which items two rules look at, and when: whether one sees all that the other sees, or any."""

from math import inf

from engine.rules.model import Rule

Scope = tuple[frozenset[str], frozenset[str], frozenset[str], frozenset[str]]


def scope_of(rule: Rule) -> Scope:
    """Kinds, markets, languages and the markets left out; empty means all."""
    return (rule.kinds, rule.markets, rule.languages, rule.not_markets)


def covers(outer: Scope, inner: Scope) -> bool:
    """Whether the outer scope holds every item of the inner one."""
    if outer == inner:
        return True
    kinds, markets, languages, left_out = outer
    if not _wider(kinds, inner[0]) or not _wider(languages, inner[2]):
        return False
    if not inner[1]:
        return not markets and left_out <= inner[3]
    return _wider(markets, inner[1] - inner[3]) and not left_out & (inner[1] - inner[3])


def touch(one: Scope, other: Scope) -> bool:
    """Whether some item lies in both."""
    if one == other:
        return True
    for mine, theirs in ((one[0], other[0]), (one[2], other[2])):
        if mine and theirs and not mine & theirs:
            return False
    if not one[1] and not other[1]:
        return True
    markets = one[1] & other[1] if one[1] and other[1] else one[1] | other[1]
    return bool(markets - one[3] - other[3])


def ever_together(one: Rule, other: Rule) -> bool:
    """Whether there is a moment at which both rules are in force."""
    starts = max(-inf if each.starts is None else each.starts for each in (one, other))
    ends = min(inf if each.ends is None else each.ends for each in (one, other))
    return starts < ends


def _wider(outer: frozenset[str], inner: frozenset[str]) -> bool:
    return not outer or (bool(inner) and inner <= outer)
