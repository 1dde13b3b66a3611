"""What rules catch, and what nobody else does: hits, hits alone, and what two rules share."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from engine.quality.proportions import Share, share
from engine.verdict import HitStatus

#: A match that says nothing of the rule's condition: it could not tell, or was not asked.
_NO_HIT: Final = frozenset({HitStatus.MISSING, HitStatus.EXEMPT})
#: Those that catch an item: without the others it would be treated as they ask.
_CATCHES: Final = frozenset({HitStatus.LIVE, HitStatus.UNCERTIFIED, HitStatus.MISSING})
_WOULD: Final = frozenset({HitStatus.LIVE, HitStatus.UNCERTIFIED, HitStatus.SHADOW})


@dataclass(frozen=True, slots=True, kw_only=True)
class Matches:
    """The rules of one item."""

    statuses: Mapping[str, HitStatus]
    """By rule."""
    sampled_by: tuple[str, ...] = ()
    """Rules of stage `after` that ask for a second look: they catch nothing."""
    overridden: bool = False
    """Somebody had decided about this content before."""
    part: int = 0
    """The part of the sample in which the item lies."""

    @property
    def hits(self) -> frozenset[str]:
        """The rules that matched, whatever became of the match; those of stage `after` too."""
        found = {rule for rule, status in self.statuses.items() if status not in _NO_HIT}
        return frozenset(found.union(self.sampled_by))

    def alone(self, rule: str) -> bool:
        """Whether this rule has the item, or would have, and nothing else does."""
        if self.statuses.get(rule) not in _WOULD or self.overridden:
            return False
        return not any(status in _CATCHES for name, status in self.statuses.items() if name != rule)


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """How much of a rule's hits another rule has, too."""

    rule: str
    other: str
    both: int
    share: Share
    """Of the hits of `rule` those that are hits of `other`."""


@dataclass(slots=True)
class Coverage:
    """What rules caught of some items."""

    items: int = 0
    hits: dict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    """By rule, in each part of the sample."""
    alone: Counter[str] = field(default_factory=Counter)
    statuses: dict[str, Counter[HitStatus]] = field(default_factory=lambda: defaultdict(Counter))
    """Also of rules that could not tell, or from which an item was exempt."""
    both: Counter[tuple[str, str]] = field(default_factory=Counter)
    """By two rules, in the order of their names."""

    def hits_of(self, rule: str) -> int:
        """All hits that were seen."""
        return self.hits[rule].total() if rule in self.hits else 0

    def by_part(self, rule: str) -> list[int]:
        """The same, in each part of the sample that has any."""
        return list(self.hits[rule].values()) if rule in self.hits else []

    def share_alone(self, rule: str, *, needs: int = 1) -> Share:
        """Of its hits those that nothing else caught."""
        return share(self.alone[rule], self.hits_of(rule), needs=needs)

    def overlaps(self, rule: str | None = None, *, most: int) -> list[Overlap]:
        """Of each two rules the one that the other has most of, the surest large shares first.

        Args:
            rule: Of this rule with others alone, from its side; None: of all.
            most: So many.
        """
        found = [
            self._overlap(one, other, both)
            for pair, both in self.both.items()
            for one, other in (self._smaller_first(pair),)
            if rule is None
        ]
        if rule is not None:
            found = [
                self._overlap(rule, pair[0] if pair[1] == rule else pair[1], both)
                for pair, both in self.both.items()
                if rule in pair
            ]
        # By the lower limit: one hit of one would come before nine of ten.
        found.sort(key=lambda each: (-(each.share.low or 0.0), each.rule, each.other))
        return found[:most]

    def _smaller_first(self, pair: tuple[str, str]) -> tuple[str, str]:
        one, other = pair
        return pair if self.hits_of(one) <= self.hits_of(other) else (other, one)

    def _overlap(self, rule: str, other: str, both: int) -> Overlap:
        found = share(both, self.hits_of(rule), needs=1)
        return Overlap(rule=rule, other=other, both=both, share=found)


def coverage(items: Iterable[Matches], *, of: str | None = None) -> Coverage:
    """What rules caught of some items.

    Args:
        items: Each once.
        of: Pairs with this rule alone are counted; None: all pairs.
    """
    found = Coverage()
    for each in items:
        found.items += 1
        hits = sorted(each.hits)
        for name in hits:
            found.hits[name][each.part] += 1
            found.alone[name] += each.alone(name)
        for name, status in each.statuses.items():
            found.statuses[name][status] += 1
        found.both.update(
            (one, other)
            for place, one in enumerate(hits)
            for other in hits[place + 1 :]
            if of is None or of in (one, other)
        )
    return found
