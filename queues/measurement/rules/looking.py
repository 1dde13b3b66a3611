"""Tells how rules do: all of them, one with what changes without it, and what a shadow would do."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import Connection

from engine.quality import effects, slices
from engine.quality.coverage import coverage
from engine.quality.effects import cells, precision_of
from engine.quality.slices import Count, Sample
from engine.rules.model import Policy, Rule, Status
from engine.rules.release import Release
from engine.rules.suggestions import nearest
from queues.errors import Conflict, NotFound
from queues.measurement.rules import figures, hits
from queues.measurement.rules.changes import Changes
from queues.measurement.rules.figures import Known, known_of, shared_of
from queues.measurement.rules.hits import Seen, Subject
from queues.measurement.rules.mentions import Mentions
from queues.measurement.rules.replaying import Effects, Replay, compared
from queues.measurement.rules.report import Cell, Matrix, Reading, RuleList, RulePage, ShadowPage
from queues.measurement.rules.windows import Bounds, Since, Window, window_of
from queues.sections import Rates, Wellness
from queues.store.session import Store

#: Pairs of rules that are shown.
_PAIRS: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """What was read of some rules."""

    window: Window
    drawn: Sample
    """Of verdicts."""
    items: Count
    seen: list[Seen]
    """Verdicts that the rules stand in."""
    subjects: list[Subject]
    """Some of them, with what they were made from."""
    judged: list[Subject]
    """Such verdicts about whose items people decided."""
    known: Known


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleReports:
    """Tells how the rules of the release in force do."""

    store: Store
    release: Callable[[], Release]
    """The one in force; raises Unavailable."""
    changes: Changes
    rates: Rates
    """What an hour costs, where a person has no rate of their own."""
    wellness: Wellness
    bounds: Bounds = field(default_factory=Bounds)

    def listed(self, since: Since = None) -> RuleList:
        """How all rules do.

        Args:
            since: Items that came before are left out; None: of the last 30 days.

        Raises:
            Unavailable: no release is in force, or the database is away.
        """
        release = self.release()
        rules, mentions = release.policy.rules, Mentions.of(release.policy)
        with self.store.read() as connection:
            window = window_of(connection, since)
            drawn = window.verdicts(connection, self.bounds.items)
            seen = hits.seen(connection, drawn, mentions.note)
            known = self._known(connection, window, tuple(rules.values()))
        found = coverage(each.matches for each in seen)
        changed = self.changes.last(known.past, rules)
        items = slices.count(list(Counter(each.matches.part for each in seen).values()), drawn)
        return RuleList(
            reading=_reading(release, window, drawn, items, known),
            rules=tuple(
                known.figures(rules[name], found, drawn, changed.get(name))
                for name in sorted(rules)
            ),
            overlaps=shared_of(found.overlaps(most=_PAIRS)),
            silent_rules=tuple(figures.silent(release.policy, found, window)),
            silent_lists=mentions.silent,
            untold_lists=mentions.untold(release.policy),
        )

    def shown(self, name: str, since: Since = None) -> RulePage:
        """All about one rule.

        Args:
            name: Of the release in force.
            since: As of `listed`.

        Raises:
            NotFound: it has no such rule.
            Unavailable: as `listed`.
        """
        release = self.release()
        rule = _named(release.policy, name)
        read = self._read([rule], since)
        without = None
        if rule.status is Status.LIVE:
            without = _replayed(Replay(release, name, Status.RETIRED), read)
        found = coverage((each.matches for each in read.seen), of=name)
        changed = self.changes.last(read.known.past, [name])
        return RulePage(
            reading=_reading(release, read.window, read.drawn, read.items, read.known),
            rule=read.known.figures(rule, found, read.drawn, changed.get(name)),
            overlaps=shared_of(found.overlaps(name, most=_PAIRS)),
            without=without,
        )

    def shadow(self, name: str, since: Since = None) -> ShadowPage:
        """What a shadow rule would have done: only what differs.

        Args:
            name: Of the release in force.
            since: As of `listed`.

        Raises:
            NotFound: it has no such rule.
            Conflict: the rule is no shadow.
            Unavailable: as `listed`.
        """
        release = self.release()
        rule = _named(release.policy, name)
        if rule.status is not Status.SHADOW:
            what = f"rule `{name}`"
            raise Conflict(
                what, f"is `{rule.status}`, and only a `shadow` would have done something"
            )
        other = None if rule.compare_with is None else _named(release.policy, rule.compare_with)
        read = self._read([rule] if other is None else [rule, other], since)
        if other is None:
            matrix = _replayed(Replay(release, name, Status.LIVE), read)
        else:
            matrix = _matrix(compared(read.seen, rule, other), compared(read.judged, rule, other))
        found = coverage((each.matches for each in read.seen), of=name)
        said = read.known.answers
        return ShadowPage(
            reading=_reading(release, read.window, read.drawn, read.items, read.known),
            rule=name,
            compare_with=rule.compare_with,
            ends=figures.end_of(rule),
            hits=slices.count(found.by_part(name), read.drawn),
            precision=said[name].precision,
            precision_of_other=None if other is None else said[other.name].precision,
            matrix=matrix,
        )

    def _read(self, rules: Sequence[Rule], since: Since) -> _Read:
        names = [rule.name for rule in rules]
        most, salt = self.bounds.replayed, names[0]
        with self.store.read() as connection:
            window = window_of(connection, since)
            drawn = self._narrowed(connection, window, names)
            seen = hits.seen_of(connection, drawn, names)
            cases = window.of_cases(connection, self.bounds.cases)
            return _Read(
                window=window,
                drawn=drawn,
                items=hits.count(connection, drawn),
                seen=seen,
                subjects=hits.subjects(connection, seen, most=most, salt=salt),
                judged=hits.judged(connection, cases, names, most=most),
                known=self._known(connection, window, rules),
            )

    def _narrowed(self, connection: Connection, window: Window, names: Sequence[str]) -> Sample:
        """So much of the window that there are not too many hits of these rules."""
        drawn = window.verdicts(connection, self.bounds.searched)
        many = hits.count_of(connection, drawn, names)
        more = slices.halvings_for(many, self.bounds.hits)
        if not more:
            return drawn
        return slices.sample(drawn.begin, drawn.end, halvings=drawn.halvings + more)

    def _known(self, connection: Connection, window: Window, rules: Sequence[Rule]) -> Known:
        return known_of(
            connection,
            window,
            rules,
            cases=window.of_cases(connection, self.bounds.cases),
            rates=self.rates,
            wellness=self.wellness,
        )


def _named(policy: Policy, name: str) -> Rule:
    rule = policy.rules.get(name)
    if rule is None:
        what = "rule"
        raise NotFound(what, name, meant=nearest(name, sorted(policy.rules)))
    return rule


def _replayed(replay: Replay, read: _Read) -> Matrix:
    return _matrix(replay.effects(read.subjects), replay.effects(read.judged))


def _matrix(counted: Effects, judged: Effects) -> Matrix:
    """What differs: items as they came say how often, those that people decided who is right."""
    differing = [each for each in judged.found if each.before != each.after]
    return Matrix(
        looked_at=len(counted.found),
        unreadable=counted.unreadable,
        same=sum(each.before == each.after for each in counted.found),
        judged=len(differing),
        precision=precision_of(differing),
        cells=tuple(map(_cell, cells(counted.found, differing))),
    )


def _cell(found: effects.Cell) -> Cell:
    return Cell(
        tier_before=found.before.tier.value,
        action_before=found.before.action,
        tier=found.after.tier.value,
        action=found.after.action,
        items=found.items,
        samples=found.samples,
        upheld=found.upheld,
        overturned=found.overturned,
        precision=found.precision,
    )


def _reading(
    release: Release, window: Window, drawn: Sample, items: Count, known: Known
) -> Reading:
    return Reading(
        since=window.begin,
        until=window.end,
        release=release.name,
        items=items,
        whole=drawn.whole,
        simulated=known.efforts.simulated,
    )
