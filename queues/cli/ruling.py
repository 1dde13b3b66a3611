"""How rules do, as a person reads it."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from engine.quality.measures import Measure, State
from engine.quality.slices import Count
from queues.measurement.rules import (
    Matrix,
    Reading,
    RuleFigures,
    RuleList,
    RulePage,
    ShadowPage,
    Shared,
)

_HEAD: Final = (
    *("rule", "status", "tier", "hits", "alone", "precision", "overturned", "appeals"),
    *("cases", "minutes", "cost", "changed"),
)
_SIMULATED: Final = "SIMULATED REVIEWERS cast votes: no figure of people is about people."
_NONE: Final = "nothing differs"


def of_all(found: RuleList) -> Iterator[str]:
    """A table of all rules, and what stands out."""
    yield from _reading(found.reading)
    yield ""
    yield from _table([_HEAD, *map(_cells, found.rules)])
    ending = [rule for rule in found.rules if rule.ends_soon]
    if ending:
        yield ""
        yield "end soon, or ended: " + ", ".join(
            f"{rule.name} ({rule.ends:%Y-%m-%d})" for rule in ending
        )
    verb = "matched nothing" if found.reading.whole else "not seen to match"
    for title, names in (
        (f"rules that {verb}", found.silent_rules),
        (f"lists that {verb}", found.silent_lists),
        ("lists of which verdicts do not tell", found.untold_lists),
    ):
        if names:
            yield ""
            yield f"{title}: {', '.join(names)}"
    yield from _overlaps(found.overlaps)


def of_one(page: RulePage) -> Iterator[str]:
    """One rule, line by line."""
    yield from _reading(page.reading)
    yield ""
    yield from _lines(page.rule)
    yield from _overlaps(page.overlaps)
    if page.without is not None:
        yield ""
        yield "without it:"
        yield from _matrix(page.without)


def of_shadow(page: ShadowPage) -> Iterator[str]:
    """What a shadow rule would have done."""
    beside = "the verdicts that were given"
    if page.compare_with is not None:
        beside = f"rule {page.compare_with}"
    yield ""
    yield f"in the shadow, beside {beside}: {_count(page.hits)} hits"
    yield f"  right in {_measure(page.precision)} of what it matches"
    if page.precision_of_other is not None:
        yield f"  {page.compare_with} in {_measure(page.precision_of_other)}"
    yield from _matrix(page.matrix)


def _reading(reading: Reading) -> Iterator[str]:
    read = "all read" if reading.whole else f"{reading.items.seen:,} of them read"
    yield (
        f"release {reading.release}, {reading.since:%Y-%m-%d %H:%M} to"
        f" {reading.until:%Y-%m-%d %H:%M} UTC, {_count(reading.items)} items, {read}"
    )
    if reading.simulated:
        yield _SIMULATED


def _cells(rule: RuleFigures) -> Sequence[str]:
    return (
        rule.name,
        rule.status,
        rule.tier,
        _count(rule.hits),
        _short(rule.alone),
        _short(rule.precision),
        _short(rule.overturned_by_samples),
        _short(rule.overturned_on_appeal),
        _count(rule.cases),
        f"{rule.minutes:,.1f}",
        f"{rule.cost:,.2f}",
        "" if rule.changed is None else f"{rule.changed.at:%Y-%m-%d}",
    )


def _lines(rule: RuleFigures) -> Iterator[str]:
    yield f"{rule.name}  {rule.status}  {rule.tier}  {rule.title or ''}".rstrip()
    yield f"  policy {rule.policy}, owner {rule.owner}, {rule.tests:,} tests"
    if rule.ends is not None:
        yield f"  ends {rule.ends:%Y-%m-%d %H:%M} UTC{', soon or over' if rule.ends_soon else ''}"
    if rule.changed is None:
        yield "  has not changed for long"
    else:
        changed = rule.changed
        yield f"  changed by {changed.by} with {changed.release}, {changed.at:%Y-%m-%d %H:%M} UTC"
    statuses = ", ".join(f"{name} {times:,}" for name, times in rule.statuses.items())
    yield f"  hits {_count(rule.hits)}{f' (read: {statuses})' if statuses else ''}"
    for title, measure in (
        ("nothing else caught", rule.alone),
        ("right in", rule.precision),
        ("overturned by samples", rule.overturned_by_samples),
        ("overturned on appeal", rule.overturned_on_appeal),
    ):
        yield f"  {title} {_measure(measure)}"
    untimed = f"; {rule.untimed:,} votes tell no time" if rule.untimed else ""
    yield (
        f"  asked people about {_count(rule.cases)} cases: {rule.minutes:,.1f} minutes,"
        f" {rule.cost:,.2f} of money{untimed}"
    )


def _overlaps(found: Iterable[Shared]) -> Iterator[str]:
    for place, each in enumerate(found):
        if not place:
            yield ""
            yield "what rules share:"
        yield f"  {_short(each.share)} of {each.rule} is of {each.other} too ({each.both:,} items)"


def _matrix(found: Matrix) -> Iterator[str]:
    more = f", {found.unreadable:,} unreadable" if found.unreadable else ""
    yield (
        f"  {found.looked_at - found.same:,} of {found.looked_at:,} items differ{more};"
        f" right in {_measure(found.precision)}"
    )
    for cell in found.cells:
        before, after = f"{cell.tier_before} {cell.action_before}", f"{cell.tier} {cell.action}"
        such = f", such as {cell.samples[0]}" if cell.samples else ""
        yield (
            f"  {cell.items:>8,}  {before} -> {after}: people upheld {cell.upheld:,},"
            f" overturned {cell.overturned:,}{such}"
        )
    if not found.cells:
        yield f"  {_NONE}"


def _count(count: Count) -> str:
    """A number, or about how many with the interval."""
    if count.low == count.high:
        return f"{count.value:,.0f}"
    return f"~{count.value:,.0f} ({count.low:,.0f} to {count.high:,.0f})"


def _short(measure: Measure) -> str:
    return "-" if measure.value is None else f"{measure.value:.0%}"


def _measure(measure: Measure) -> str:
    if measure.state is State.INSUFFICIENT_DATA:
        return f"(insufficient data: {measure.n:,} of {measure.needs:,})"
    return (
        f"{measure.value or 0:.1%} [{measure.low or 0:.1%}, {measure.high or 0:.1%}] of"
        f" {measure.n:,}"
    )


def _table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
