"""Rules as labelling functions: what each says about a label, and how far it can be trusted.

Ratner et al., *VLDB* 11 (2017), 269-282. A rule is silent on most items; where it speaks it says
that the label holds (it removes for it) or does not (it exempts from it).

- coverage: share of items on which it speaks
- overlap: share of items on which it and another rule speak
- conflict: share of items on which another rule says the opposite
- precision: share of its items of which people say what it says, by 1/π
- accuracy: one-coin Dawid-Skene over all rules, without people. It takes rules to err apart from
  one another; rules that look for the same words do not, and all seem better than they are.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from engine.learning.rows import TrainingRow
from engine.quality.dawid_skene import Fit, Model, NoTruth, Truth, estimate
from engine.quality.proportions import ENOUGH, Share, weighted_share

_ONE_COIN: Final = Fit(model=Model.ONE_COIN)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleVote:
    """What a rule says of an item; that it is silent is not written down."""

    item: str
    rule: str
    says: bool
    """Whether the label holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabellingFunction:
    """What a rule does as one."""

    rule: str
    items: int
    """On which it speaks."""
    coverage: float
    overlap: float
    conflict: float
    precision: Share
    accuracy: float | None
    """None: too few rules speak, or all say the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelling:
    """All rules, and what they say together."""

    label: str
    items: int
    functions: tuple[LabellingFunction, ...]
    """By rule."""
    covered: float
    """Share of items on which any rule speaks."""
    truth: Truth | NoTruth
    """What rules say together, item by item, or why that cannot be told."""
    unknown: int
    """Votes on items that are not among those looked at: left out."""
    contradictory: int
    """Items on which a rule said both: what it says there is left out."""


def labelling(
    votes: Iterable[RuleVote],
    items: Collection[str],
    decided: Iterable[TrainingRow],
    *,
    label: str,
    needs: int = ENOUGH,
) -> Labelling:
    """What rules do as labelling functions.

    Args:
        votes: What they say, in any order; shadow rules as well.
        items: Ids of all that they were asked about.
        decided: What people say. Rows without an answer to the label or without π are left out
            of precision: they are no sample of anything.
        label: What it is about.
        needs: Decided items that a precision takes.
    """
    looked_at = frozenset(items)
    said: dict[str, dict[str, set[bool]]] = {}
    unknown = 0
    for vote in votes:
        if vote.item in looked_at:
            said.setdefault(vote.rule, {}).setdefault(vote.item, set()).add(vote.says)
        else:
            unknown += 1
    clear = {rule: _clear(its) for rule, its in sorted(said.items())}
    by_item = _by_item(clear)
    truth = estimate(
        [(item, rule, says) for rule, its in clear.items() for item, says in sorted(its.items())],
        taxonomy=(False, True),
        fit=_ONE_COIN,
    )
    people = {row.id: row for row in decided if label in row.answers and row.inclusion is not None}
    functions = (
        _function(rule, its, by_item, len(looked_at), truth, _precision(its, people, label, needs))
        for rule, its in clear.items()
    )
    return Labelling(
        label=label,
        items=len(looked_at),
        functions=tuple(functions),
        covered=len(by_item) / len(looked_at) if looked_at else 0.0,
        truth=truth,
        unknown=unknown,
        contradictory=sum(len(its) - len(clear[rule]) for rule, its in said.items()),
    )


def _clear(said: Mapping[str, set[bool]]) -> dict[str, bool]:
    """What a rule says of each item, where it does not say both."""
    return {item: True in both for item, both in said.items() if len(both) == 1}


def _by_item(clear: Mapping[str, Mapping[str, bool]]) -> dict[str, list[bool]]:
    found: dict[str, list[bool]] = {}
    for its in clear.values():
        for item, says in its.items():
            found.setdefault(item, []).append(says)
    return found


def _function(
    rule: str,
    its: Mapping[str, bool],
    by_item: Mapping[str, list[bool]],
    items: int,
    truth: Truth | NoTruth,
    precision: Share,
) -> LabellingFunction:
    rater = truth.raters.get(rule) if isinstance(truth, Truth) else None
    return LabellingFunction(
        rule=rule,
        items=len(its),
        coverage=len(its) / max(1, items),
        overlap=sum(len(by_item[item]) > 1 for item in its) / max(1, items),
        conflict=sum((not says) in by_item[item] for item, says in its.items()) / max(1, items),
        precision=precision,
        accuracy=None if rater is None else rater.accuracy,
    )


def _precision(
    its: Mapping[str, bool], people: Mapping[str, TrainingRow], label: str, needs: int
) -> Share:
    """How often people say what the rule says, told for all items on which it speaks."""
    known = [(people[item], says) for item, says in sorted(its.items()) if item in people]
    hits = [row.answers[label] == says for row, says in known]
    return weighted_share(hits, [1 / (row.inclusion or 1.0) for row, _ in known], needs=needs)
