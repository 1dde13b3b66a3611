"""What each rule gains and loses, and how often it is right, where people have looked."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from engine.backtesting.sums import Labelled, Led, Rule, Sums
from engine.backtesting.terms import PEOPLE, Terms
from engine.quality.proportions import Share, weighted_share

_MINUTE: Final = 60.0
_HOUR: Final = 3_600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleChange:
    """A rule under two policies."""

    name: str
    shadow: bool
    """Whether it has no say."""
    old: int
    """Items it matched."""
    new: int
    gained: int
    lost: int
    minutes: tuple[float, float]
    """Of people on the cases it made, over the whole log: old, new."""
    cost: tuple[float, float]
    precision: tuple[Share, Share]
    """Of what it matches, what people found to be violating; by 1/π."""
    recall: tuple[Share, Share]
    """Of what is violating, what it matches; by 1/π."""

    @property
    def moved(self) -> int:
        """Items it matches under one policy alone."""
        return self.gained + self.lost


def rule_changes(sums: Sums, terms: Terms) -> tuple[RuleChange, ...]:
    """All rules that matched anything, those that move most first."""
    counts: defaultdict[Rule, Counter[tuple[bool, bool]]] = defaultdict(Counter)
    for found, count in sums.found.items():
        counts[found.rule][found.old, found.new] += count
    for led in sums.led:
        counts[Rule(led.rule, shadow=False)]  # rules of stage `after` have no hits
    labelled: defaultdict[Rule, list[tuple[Labelled, int]]] = defaultdict(list)
    for row, count in sorted(sums.labelled.items()):
        labelled[row.rule].append((row, count))
    violating: Counter[float] = Counter()
    for label, count in sums.labels.items():
        if label.violating:
            violating[label.inclusion] += count
    work = _work(sums.led, terms)
    rules = [
        _change(rule, counts[rule], labelled[rule], violating, work) for rule in sorted(counts)
    ]
    return tuple(sorted(rules, key=lambda rule: (-rule.moved, rule.name, rule.shadow)))


Work = Mapping[tuple[str, bool], tuple[float, float]]
"""Minutes and money by rule and policy (new or not)."""


def _work(led: Mapping[Led, int], terms: Terms) -> Work:
    cases: defaultdict[tuple[str, bool], Counter[str]] = defaultdict(Counter)
    for each, count in led.items():
        cases[each.rule, each.new][each.tier] += count
    return {
        key: (
            sum(terms.handling[tier].seconds * made[tier] for tier in PEOPLE) / _MINUTE,
            sum(
                terms.handling[tier].seconds * terms.handling[tier].rate * made[tier]
                for tier in PEOPLE
            )
            / _HOUR,
        )
        for key, made in cases.items()
    }


def _change(
    rule: Rule,
    counts: Mapping[tuple[bool, bool], int],
    labelled: Iterable[tuple[Labelled, int]],
    violating: Mapping[float, int],
    work: Work,
) -> RuleChange:
    rows = list(labelled)
    both, gained, lost = counts[True, True], counts[False, True], counts[True, False]
    nothing = (0.0, 0.0)
    was, now = (
        nothing if rule.shadow else work.get((rule.name, new), nothing) for new in (False, True)
    )
    return RuleChange(
        name=rule.name,
        shadow=rule.shadow,
        old=both + lost,
        new=both + gained,
        gained=gained,
        lost=lost,
        minutes=(was[0], now[0]),
        cost=(was[1], now[1]),
        precision=(_precision(rows, new=False), _precision(rows, new=True)),
        recall=(_recall(rows, violating, new=False), _recall(rows, violating, new=True)),
    )


def _precision(rows: Iterable[tuple[Labelled, int]], *, new: bool) -> Share:
    hits = [(row, count) for row, count in rows if (row.new if new else row.old)]
    return weighted_share(
        [row.violating for row, _ in hits],
        [1 / row.inclusion for row, _ in hits],
        times=[count for _, count in hits],
    )


def _recall(
    rows: Iterable[tuple[Labelled, int]], violating: Mapping[float, int], *, new: bool
) -> Share:
    caught: Counter[float] = Counter()
    for row, count in rows:
        if row.violating and (row.new if new else row.old):
            caught[row.inclusion] += count
    hits: list[bool] = []
    weights: list[float] = []
    times: list[int] = []
    for inclusion, count in sorted(violating.items()):
        for hit, number in ((True, caught[inclusion]), (False, count - caught[inclusion])):
            if number:
                hits.append(hit)
                weights.append(1 / inclusion)
                times.append(number)
    return weighted_share(hits, weights, times=times)
