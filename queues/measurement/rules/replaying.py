"""What becomes of stored items if one rule is another one: judged once more, and compared."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from engine.errors import InvalidItem
from engine.quality.coverage import Matches
from engine.quality.effects import UNTOUCHED, Effect, Treatment
from engine.rules.model import Rule, Status
from engine.rules.release import Release
from engine.verdict import HitStatus, Tier
from queues.judging import Judge
from queues.measurement.rules.hits import Seen, Subject

#: A rule asks for something, or would.
_ASKS = frozenset({HitStatus.LIVE, HitStatus.UNCERTIFIED, HitStatus.SHADOW})


@dataclass(slots=True)
class Effects:
    """What a change does to items."""

    found: list[Effect]
    unreadable: int = 0
    """Items that are erased, or that the vocabulary of the release does not have."""


class Replay:
    """The release in force, and the same with one rule in another state."""

    def __init__(self, release: Release, rule: str, status: Status) -> None:
        """Compile the release that would be.

        Args:
            release: In force.
            rule: One of its rules.
            status: The state in which it would be; `retired`: as if it was not there.
        """
        policy = release.policy
        changed = replace(policy.rules[rule], status=status)
        self._as_is = Judge(release)
        self._changed = Judge(Release.of(replace(policy, rules={**policy.rules, rule: changed})))

    def effects(self, subjects: Iterable[Subject]) -> Effects:
        """What becomes of these items, with the values that they had."""
        told = Effects([])
        for each in subjects:
            effect = self._effect(each)
            if effect is None:
                told.unreadable += 1
            else:
                told.found.append(effect)
        return told

    def _effect(self, subject: Subject) -> Effect | None:
        if "raw" not in subject.input:  # it is erased
            return None
        try:
            # Not what was decided: by another release, or while a classifier failed, that was
            # another thing for other reasons.
            before = _treated(self._as_is, subject)
            after = _treated(self._changed, subject)
        except InvalidItem:
            return None
        return _effect(subject, before, after)


def compared(items: Iterable[Seen | Subject], rule: Rule, other: Rule) -> Effects:
    """What one rule asks for beside what another asks for, by what stands in traces."""
    return Effects(
        [_effect(each, _asked(each.matches, other), _asked(each.matches, rule)) for each in items]
    )


def _treated(judge: Judge, subject: Subject) -> Treatment:
    verdict = judge.verdict_on(subject.input, subject.at)
    return Treatment(verdict.tier, verdict.action)


def _asked(matches: Matches, rule: Rule) -> Treatment:
    """What a rule by itself asks for."""
    if matches.statuses.get(rule.name) not in _ASKS:
        return UNTOUCHED
    then = rule.then
    return Treatment(then.tier, then.action if then.tier is Tier.AUTO else then.while_waiting)


def _effect(item: Seen | Subject, before: Treatment, after: Treatment) -> Effect:
    effect = Effect(item=str(item.item), before=before, after=after)
    if isinstance(item, Seen) or item.violating is None:
        return effect
    return replace(effect, violating=item.violating, weight=1 / item.inclusion)
