"""What a backtest has found, as a value and as JSON has it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from engine.backtesting.changes import Change
from engine.backtesting.figures import figures, window_of
from engine.backtesting.rules import RuleChange, rule_changes
from engine.backtesting.sums import Cell, Shown, Sums
from engine.backtesting.terms import HOURS_A_DAY, PEOPLE, Terms
from engine.errors import TierwiseError
from engine.quality.proportions import Share

Json = dict[str, object]

#: Rules that are told; the rest move less than these.
_MOST_RULES: Final = 1_000


class NothingReadable(TierwiseError):
    """No item of the log can be read by both policies."""

    def __init__(self, items: int, field: str, reason: str) -> None:
        super().__init__(items, field, reason)
        self.items = items
        self.field = field
        self.reason = reason

    def __str__(self) -> str:
        return (
            f"none of {self.items:,} items of the log can be compared, most of them because of "
            f"`{self.field}` ({self.reason}); see that both policies have the fields of the log"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixCell:
    """Items that the old policy treats one way, and the new one the same or another way."""

    cell: Cell
    items: int
    shown: tuple[Shown, ...]

    @property
    def same(self) -> bool:
        """Whether nothing changes for them."""
        return self.cell.old == self.cell.new


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """Items that one policy cannot read, for one reason."""

    by: str
    """`old` or `new`: which policy; `log`: it is no item."""
    field: str
    items: int
    shown: tuple[Shown, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A backtest."""

    old: str
    """Names of the releases."""
    new: str
    items: int
    days: float | None
    terms: Terms
    matrix: tuple[MatrixCell, ...]
    """What changes comes first, the most of it on top."""
    figures: tuple[Change, ...]
    rules: tuple[RuleChange, ...]
    rules_left_out: int
    unreadable: tuple[Unread, ...]
    regressions: tuple[Shown, ...]
    labels: int
    labels_left_out: int
    unseen: int
    notes: tuple[str, ...] = ()

    @property
    def changed(self) -> int:
        """Items whose tier or action differs."""
        return sum(cell.items for cell in self.matrix if not cell.same)

    def figure(self, name: str) -> Change | None:
        """The figure of a name."""
        return next((each for each in self.figures if each.name == name), None)


def report_of(sums: Sums, old: str, new: str, terms: Terms, notes: Sequence[str] = ()) -> Report:
    """What was found.

    Raises:
        NothingReadable: There were items, and none of them could be compared.
    """
    unreadable = _unreadable(sums)
    if unreadable and not sums.items:
        worst = unreadable[0]
        reason = worst.shown[0].told if worst.shown else ""
        raise NothingReadable(sums.unreadable.total(), worst.field, reason)
    rules = rule_changes(sums, terms)
    window = window_of(sums, terms)
    return Report(
        old=old,
        new=new,
        items=sums.items,
        days=None if window is None else window.days,
        terms=terms,
        matrix=_matrix(sums),
        figures=figures(sums, terms, same=old == new),
        rules=rules[:_MOST_RULES],
        rules_left_out=max(0, len(rules) - _MOST_RULES),
        unreadable=unreadable,
        regressions=sums.regressions,
        labels=sums.labels.total(),
        labels_left_out=sums.unweighted,
        unseen=sums.unseen,
        notes=(*notes, *_notes(sums, terms)),
    )


def record_of(report: Report) -> Json:
    """The report as JSON has it; the same counts give the same bytes."""
    return {
        "old": report.old,
        "new": report.new,
        "items": report.items,
        "changed": report.changed,
        "days": report.days,
        "terms": _terms(report.terms),
        "matrix": [
            {
                "old": {"tier": each.cell.old[0], "action": each.cell.old[1]},
                "new": {"tier": each.cell.new[0], "action": each.cell.new[1]},
                "items": each.items,
                "sample": [shown.id for shown in each.shown],
            }
            for each in report.matrix
        ],
        "figures": {each.name: change_record(each) for each in report.figures},
        "rules": [_rule(each) for each in report.rules],
        "rules_left_out": report.rules_left_out,
        "golden_regressions": [
            {"id": shown.id, "change": shown.told} for shown in report.regressions
        ],
        "labels": report.labels,
        "labels_left_out": report.labels_left_out,
        "changed_unseen": report.unseen,
        "unreadable": [
            {
                "by": each.by,
                "field": each.field,
                "items": each.items,
                "examples": [{"id": shown.id, "reason": shown.told} for shown in each.shown],
            }
            for each in report.unreadable
        ],
        "notes": list(report.notes),
    }


def change_record(found: Change) -> Json:
    """A figure as JSON has it."""
    return {
        "unit": found.unit,
        "state": found.state,
        "old": found.old,
        "new": found.new,
        "change": found.change,
        "low": found.low,
        "high": found.high,
        "forecast_low": found.forecast_low,
        "forecast_high": found.forecast_high,
        "naive_change": found.naive,
        "n": found.n,
        "needs": found.needs,
    }


def _matrix(sums: Sums) -> tuple[MatrixCell, ...]:
    counts: Counter[Cell] = Counter()
    for moved, count in sums.moved.items():
        counts[Cell(moved.old.cell, moved.new.cell)] += count
    found = [
        MatrixCell(cell=cell, items=count, shown=sums.cells.get(cell, ()))
        for cell, count in counts.items()
    ]
    return tuple(sorted(found, key=lambda each: (each.same, -each.items, each.cell)))


def _unreadable(sums: Sums) -> tuple[Unread, ...]:
    found = [
        Unread(by=by, field=field, items=count, shown=sums.reasons.get((by, field), ()))
        for (by, field), count in sums.unreadable.items()
    ]
    return tuple(sorted(found, key=lambda each: (-each.items, each.by, each.field)))


def _notes(sums: Sums, terms: Terms) -> list[str]:
    notes: list[str] = []
    if not sums.items:
        notes.append("there are no items in the window, so there is nothing to compare")
    elif sums.undated and terms.hours is None:
        notes.append(
            f"{sums.undated:,} items have no `created_at`, so nothing is told by day; say how many "
            "days the log is with `--days`"
        )
    if sums.unseen:
        notes.append(
            f"{sums.unseen:,} items would be decided otherwise by the machine alone, and nobody "
            "had to be shown them (π is 0): no label can say whether that is right"
        )
    return notes


def _terms(terms: Terms) -> Json:
    return {
        "handling": {
            tier.value: {
                "seconds": terms.handling[tier].seconds,
                "rate": terms.handling[tier].rate,
                "votes": terms.handling[tier].votes,
                "spread": terms.handling[tier].spread,
                "seen": terms.handling[tier].seen,
            }
            for tier in PEOPLE
        },
        "days": None if terms.hours is None else terms.hours / HOURS_A_DAY,
        "horizon": terms.horizon,
        "on_time": terms.on_time,
        "occupancy": terms.occupancy,
        "shrinkage": terms.shrinkage,
    }


def _rule(rule: RuleChange) -> Json:
    return {
        "rule": rule.name,
        "shadow": rule.shadow,
        "old": rule.old,
        "new": rule.new,
        "gained": rule.gained,
        "lost": rule.lost,
        "minutes": _pair(rule.minutes),
        "cost": _pair(rule.cost),
        "precision": {"old": _share(rule.precision[0]), "new": _share(rule.precision[1])},
        "recall": {"old": _share(rule.recall[0]), "new": _share(rule.recall[1])},
    }


def _pair(values: tuple[float, float]) -> Mapping[str, float]:
    return {"old": values[0], "new": values[1]}


def _share(share: Share) -> Json:
    return {
        "state": share.state,
        "value": share.value,
        "low": share.low,
        "high": share.high,
        "naive": share.naive,
        "n": share.n,
        "needs": share.needs,
    }
