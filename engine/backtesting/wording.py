"""A report for people: as text for a terminal, or as Markdown for a pull request."""

from collections.abc import Iterator, Sequence
from typing import Final

from engine.backtesting.changes import Change
from engine.backtesting.report import MatrixCell, Report, Unread
from engine.backtesting.rules import RuleChange
from engine.quality.measures import State, lacking
from engine.quality.proportions import Share

_MOST_CELLS: Final = 20
_MOST_RULES: Final = 20
_NOTHING: Final = "-"
_HUNDRED: Final = 100.0

Rows = list[list[str]]


def text(report: Report) -> Iterator[str]:
    """The report as lines for a terminal."""
    yield from _head(report)
    for title, rows in _tables(report):
        yield ""
        yield title
        yield from _columns(rows)
    yield from _tail(report)


def markdown(report: Report) -> Iterator[str]:
    """The report as lines of Markdown."""
    yield f"## Backtest {report.old} → {report.new}"
    yield ""
    yield from _head(report)
    for title, rows in _tables(report):
        yield ""
        yield f"**{title}**"
        yield ""
        yield _row(rows[0])
        yield "|" + "---|" * len(rows[0])
        yield from map(_row, rows[1:])
    yield from _tail(report)


def _head(report: Report) -> Iterator[str]:
    days = "" if report.days is None else f" of {report.days:,.1f} days"
    yield f"{report.items:,} items{days}, release {report.old} → {report.new}"
    if report.old == report.new:
        yield "both policies are the same: nothing differs"
    else:
        share = report.changed / report.items if report.items else 0.0
        yield f"{report.changed:,} items ({share:.2%}) would get another tier or action"


def _tables(report: Report) -> Iterator[tuple[str, Rows]]:
    if report.matrix:
        yield "Matrix: tier and action, old → new", [*_cells(report.matrix)]
    if report.items:
        yield "Change, with its interval of 95 %, and the forecast", [*_figures(report.figures)]
    if report.rules:
        yield "Rules that gain or lose", [*_rules(report.rules)]
    if any(_known(rule) for rule in report.rules):
        yield "How often rules are right, by labels (1/π)", [*_right(report.rules)]
    if report.regressions:
        rows = [
            ["item", "label: old → new"],
            *([each.id, each.told] for each in report.regressions),
        ]
        yield "Golden items that the machine would newly get wrong", rows
    if report.unreadable:
        yield "Items that cannot be read, and are left out", [*_unread(report.unreadable)]


def _cells(cells: Sequence[MatrixCell]) -> Iterator[list[str]]:
    yield ["old", "new", "items", "such as"]
    for each in cells[:_MOST_CELLS]:
        (old, was), (new, now) = each.cell
        shown = ", ".join(shown.id for shown in each.shown)
        same = "(same)" if each.same else f"{new} {now}"
        yield [f"{old} {was}", same, f"{each.items:,}", shown]
    if len(cells) > _MOST_CELLS:
        yield [f"and {len(cells) - _MOST_CELLS} more", "", "", ""]


def _figures(figures: Sequence[Change]) -> Iterator[list[str]]:
    yield ["figure", "old", "new", "change", "from", "to", "forecast", "naive"]
    for each in figures:
        if not each.n and each.name == "golden_regressions":
            continue  # there are none, so there is nothing to say
        if each.state is not State.KNOWN:
            yield [
                each.name,
                *[_NOTHING] * 5,
                lacking(each.n, each.needs),
                "",
            ]
            continue
        forecast = _NOTHING
        if each.forecast_low is not None:
            low, high = (
                amount(each.forecast_low, each.unit),
                amount(each.forecast_high, each.unit),
            )
            forecast = f"{low} to {high}"
        yield [
            each.name,
            amount(each.old, each.unit),
            amount(each.new, each.unit),
            amount(each.change, each.unit, sign="+"),
            amount(each.low, each.unit, sign="+"),
            amount(each.high, each.unit, sign="+"),
            forecast,
            "" if each.naive is None else amount(each.naive, each.unit, sign="+"),
        ]


def _rules(rules: Sequence[RuleChange]) -> Iterator[list[str]]:
    yield ["rule", "old", "new", "gained", "lost", "minutes", "cost"]
    moving = [rule for rule in rules if rule.moved or rule.minutes[0] != rule.minutes[1]]
    for rule in moving[:_MOST_RULES]:
        yield [
            _named(rule),
            f"{rule.old:,}",
            f"{rule.new:,}",
            f"+{rule.gained:,}",
            f"-{rule.lost:,}",
            f"{rule.minutes[1] - rule.minutes[0]:+,.1f}",
            f"{rule.cost[1] - rule.cost[0]:+,.2f}",
        ]
    if not moving:
        yield ["none", "", "", "", "", "", ""]
    if len(moving) > _MOST_RULES:
        yield [f"and {len(moving) - _MOST_RULES} more", "", "", "", "", "", ""]


def _right(rules: Sequence[RuleChange]) -> Iterator[list[str]]:
    yield ["rule", "precision old", "new", "naive", "recall old", "new", "naive"]
    for rule in [rule for rule in rules if _known(rule)][:_MOST_RULES]:
        (p_old, p_new), (r_old, r_new) = rule.precision, rule.recall
        naive = [amount(share.naive, "share") for share in (p_new, r_new)]
        yield [
            _named(rule),
            *(_share(p_old), _share(p_new), naive[0]),
            *(_share(r_old), _share(r_new), naive[1]),
        ]


def _known(rule: RuleChange) -> bool:
    return any(share.state is State.KNOWN for share in (*rule.precision, *rule.recall))


def _unread(unreadable: Sequence[Unread]) -> Iterator[list[str]]:
    yield ["by", "field", "items", "such as", "why"]
    for each in unreadable:
        shown = ", ".join(shown.id for shown in each.shown)
        why = each.shown[0].told if each.shown else ""
        yield [each.by, each.field, f"{each.items:,}", shown, why]


def _tail(report: Report) -> Iterator[str]:
    if report.labels or report.labels_left_out:
        yield ""
        left = f", {report.labels_left_out:,} left out" if report.labels_left_out else ""
        yield f"{report.labels:,} items have a label{left}"
    for note in report.notes:
        yield f"note: {note}"


def _named(rule: RuleChange) -> str:
    return f"{rule.name} (shadow)" if rule.shadow else rule.name


def _share(share: Share) -> str:
    if share.value is None or share.low is None or share.high is None:
        return _NOTHING
    return f"{share.value:.1%} [{share.low:.1%}, {share.high:.1%}]"


def amount(value: float | None, unit: str, sign: str = "") -> str:
    """A number of a figure as people read it."""
    if value is None:
        return _NOTHING
    if unit == "share":
        return f"{value * _HUNDRED:{sign}.2f}%"
    if unit in ("people", "items"):
        return f"{value:{sign},.0f}"
    return f"{value:{sign},.2f}"


def _columns(rows: Rows) -> Iterator[str]:
    """Rows with their columns below one another; numbers stand to the right."""
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    right = [
        all(row[place][:1] in "+-0123456789" for row in rows[1:]) for place in range(len(widths))
    ]
    for row in rows:
        cells = [
            cell.rjust(width) if number else cell.ljust(width)
            for cell, width, number in zip(row, widths, right, strict=True)
        ]
        yield ("  " + "  ".join(cells)).rstrip()


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"
