"""The figures of each rule, from its hits, what people say of it, and what it asks of them."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from engine.quality import slices
from engine.quality.coverage import Coverage, Overlap
from engine.quality.slices import Sample
from engine.rules.model import Policy, Rule, Stage, Status
from queues.measurement.rules.answers import Answers, answers
from queues.measurement.rules.changes import Past, Step, past
from queues.measurement.rules.effort import Efforts, efforts
from queues.measurement.rules.report import RuleFigures, Shared
from queues.measurement.rules.windows import Window
from queues.sections import Rates, Wellness

#: An end that is nearer is soon.
SOON: Final = timedelta(days=14)
_EVALUATED: Final = (Status.LIVE, Status.SHADOW)
_SAMPLE: Final = "sample"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of rules beside their hits."""

    answers: dict[str, Answers]
    efforts: Efforts
    cases: Sample
    """Of which people's work was read."""
    past: Past
    """What came into force."""
    now: datetime

    def figures(
        self, rule: Rule, found: Coverage, drawn: Sample, changed: Step | None
    ) -> RuleFigures:
        """How a rule does.

        Args:
            rule: The rule.
            found: Hits that were read.
            drawn: Of which they were.
            changed: When it changed last.
        """
        said, effort = self.answers[rule.name], self.efforts.of(rule.name, self.cases)
        ends = end_of(rule)
        return RuleFigures(
            name=rule.name,
            title=rule.title,
            owner=rule.owner,
            policy=rule.policy,
            status=rule.status.value,
            tier=rule.then.tier.value,
            tests=len(rule.tests),
            ends=ends,
            ends_soon=ends is not None and ends < self.now + SOON,
            changed=changed,
            hits=slices.count(found.by_part(rule.name), drawn),
            statuses=_statuses(rule, found),
            alone=found.share_alone(rule.name),
            precision=said.precision,
            overturned_by_samples=said.overturned_by_samples,
            overturned_on_appeal=said.overturned_on_appeal,
            cases=effort.cases,
            minutes=round(effort.minutes, 2),
            cost=round(effort.cost, 4),
            untimed=effort.untimed,
        )


def known_of(
    connection: Connection,
    window: Window,
    rules: Collection[Rule],
    *,
    cases: Sample,
    rates: Rates,
    wellness: Wellness,
) -> Known:
    """What people say of rules, and what these ask of people.

    Args:
        connection: Of a look at one state.
        window: The time.
        rules: Of the release in force.
        cases: Those of which people's work is read.
        rates: What an hour costs, where a person has no rate of their own.
        wellness: Of the settings.
    """
    return Known(
        answers=answers(connection, window.span, rules),
        efforts=efforts(connection, cases, rates, wellness),
        cases=cases,
        past=past(connection),
        now=window.end,
    )


def shared_of(found: Iterable[Overlap]) -> tuple[Shared, ...]:
    """Overlaps as they are told."""
    return tuple(
        Shared(rule=each.rule, other=each.other, both=each.both, share=each.share) for each in found
    )


def silent(policy: Policy, found: Coverage, window: Window) -> Iterator[str]:
    """Rules that were evaluated in a window and were not seen to match, by name."""
    for name, rule in sorted(policy.rules.items()):
        began = rule.starts is None or rule.starts <= window.end.timestamp()
        lasted = rule.ends is None or rule.ends > window.begin.timestamp()
        if rule.status in _EVALUATED and began and lasted and not found.hits_of(name):
            yield name


def end_of(rule: Rule) -> datetime | None:
    """When a rule ends by itself."""
    return None if rule.ends is None else datetime.fromtimestamp(rule.ends, UTC)


def _statuses(rule: Rule, found: Coverage) -> dict[str, int]:
    known: dict[str, int] = {}
    if rule.name in found.statuses:
        known = {status.value: times for status, times in sorted(found.statuses[rule.name].items())}
    if rule.stage is Stage.AFTER and (asked := found.hits_of(rule.name)):
        known[_SAMPLE] = asked
    return known
