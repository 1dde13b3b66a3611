"""Shows how the service stands to its targets: for people, programs, browsers and spreadsheets."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape
from typing import Any, Final

import orjson

Answer = Mapping[str, Any]

_HEAD: Final = ("target", "wanted", "is", "95 %", "as seen", "n", "standing")
_SIMULATED: Final = "SIMULATED REVIEWERS cast votes: no figure here is about people."
_FIGURE_HEAD: Final = ("figure", "of", "is", "95 %", "as seen", "n")
#: Rules and models of which people saw most come first; of more a table says how many there are.
_MOST: Final = 20
_STANDINGS: Final = {
    "met": "met",
    "missed": "MISSED",
    "not_sure": "not sure",
    "insufficient_data": "insufficient data",
}
_MEASURE: Final = ("state", "value", "low", "high", "naive", "n", "needs")
_PAGE: Final = """\
<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Tierwise report</title><style>
body {{ font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; color: #1d2433 }}
table {{ border-collapse: collapse; width: 100% }}
th, td {{ padding: .5rem .75rem; border-bottom: 1px solid #d9dee8; text-align: left }}
td:nth-child(n+3) {{ font-variant-numeric: tabular-nums }}
.met {{ color: #0b6b3a }} .missed {{ color: #a4161a; font-weight: 600 }}
.not_sure, .insufficient_data {{ color: #5b6473 }} .note {{ background: #fff4d6; padding: .75rem }}
</style></head><body><h1>How the service stands to its targets</h1>
<p>{since} to {until}</p>{note}<table><thead><tr>{head}</tr></thead><tbody>
{rows}
</tbody></table>{notes}<h2>Beside them</h2><table><thead><tr>{figure_head}</tr></thead><tbody>
{figures}
</tbody></table>{more}</body></html>
"""


def in_text(report: Answer) -> str:
    """A table for a terminal."""
    return "\n".join(lines(report)) + "\n"


def lines(report: Answer) -> Iterator[str]:
    """As a person reads it.

    Args:
        report: As `GET /v1/quality/targets` answers.
    """
    if report["simulated"]:
        yield _SIMULATED
        yield ""
    yield from _table([_HEAD, *(_cells(goal) for goal in report["goals"])])
    if notes := _notes(report):
        yield ""
        yield from notes
    shown, left = _shown(report["figures"])
    if shown:
        yield ""
        yield from _table([_FIGURE_HEAD, *map(_figure_cells, shown)])
    if left:
        yield _left_out(left)


def _notes(report: Answer) -> list[str]:
    """What has to be known beside targets."""
    return [
        f"{goal['name'].replace('_', ' ').capitalize()}: {goal['note']}"
        for goal in report["goals"]
        if goal.get("note")
    ]


def _table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _shown(figures: Sequence[Answer]) -> tuple[list[Answer], int]:
    """Those a table shows, and how many rules and models are left out of it."""
    shown: list[Answer] = []
    told: dict[str, set[str]] = {}
    left: set[tuple[str, str]] = set()
    for each in figures:
        names = told.setdefault(each["of"], set())
        if each["which"] in names or len(names) < _MOST:
            names.add(each["which"])
            shown.append(each)
        else:
            left.add((each["of"], each["which"]))
    return shown, len(left)


def _left_out(left: int) -> str:
    return f"{left:,} more rules and models, of which people saw less: --format csv has all."


def in_json(report: Answer) -> str:
    """As the API answers."""
    return orjson.dumps(report, option=orjson.OPT_INDENT_2).decode() + "\n"


def in_csv(report: Answer) -> str:
    """A line for each target and each figure beside them, numbers as they are."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("name", "unit", "above", "below", *_MEASURE, "standing", "simulated"))
    for goal in report["goals"]:
        figures = [goal["measure"][key] for key in _MEASURE]
        ends = (goal["name"], goal["unit"], goal["above"], goal["below"])
        writer.writerow((*ends, *figures, goal["standing"], report["simulated"]))
    for each in report["figures"]:
        figures = [each["measure"][key] for key in _MEASURE]
        ends = (" ".join(_named(each)).rstrip(), each["unit"], None, None)
        writer.writerow((*ends, *figures, each["measure"]["state"], report["simulated"]))
    return out.getvalue()


def in_html(report: Answer) -> str:
    """A page of its own, which loads nothing."""
    note = f'<p class="note">{_SIMULATED}</p>' if report["simulated"] else ""
    shown, left = _shown(report["figures"])
    return _PAGE.format(
        since=escape(str(report["since"])),
        until=escape(str(report["until"])),
        note=note,
        head="".join(f"<th>{escape(each)}</th>" for each in _HEAD),
        rows="\n".join(_html_row(goal) for goal in report["goals"]),
        notes="".join(f"<p>{escape(each)}</p>" for each in _notes(report)),
        figure_head="".join(f"<th>{escape(each)}</th>" for each in _FIGURE_HEAD),
        figures="\n".join(map(_html_figure, shown)),
        more=f'<p class="note">{escape(_left_out(left))}</p>' if left else "",
    )


def _html_row(goal: Answer) -> str:
    *cells, standing = (escape(cell) for cell in _cells(goal))
    plain = "".join(f"<td>{cell}</td>" for cell in cells)
    return f'<tr>{plain}<td class="{goal["standing"]}">{standing}</td></tr>'


def _html_figure(figure: Answer) -> str:
    return "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in _figure_cells(figure)) + "</tr>"


def _cells(goal: Answer) -> tuple[str, ...]:
    told = _TOLD[goal["unit"]]
    name, wanted = goal["name"].replace("_", " "), _wanted(goal, told)
    return (name, wanted, *_measured(goal["measure"], told), _STANDINGS[goal["standing"]])


def _figure_cells(figure: Answer) -> tuple[str, ...]:
    name, which = _named(figure)
    return (name.replace("_", " "), which, *_measured(figure["measure"], _TOLD[figure["unit"]]))


def _named(figure: Answer) -> tuple[str, str]:
    """What it is, and of what: a rule and a model may have the same name."""
    of, which = str(figure["of"]), str(figure["which"])
    if of in {"rule", "model"}:
        return figure["name"], f"{of} {which}"
    return figure["name"], which.replace("_", " ") or of


def _measured(measure: Answer, told: Callable[[float], str]) -> tuple[str, ...]:
    known = measure["value"] is not None
    return (
        told(measure["value"]) if known else "-",
        _between(measure, told) if known else "-",
        "-" if measure["naive"] is None else told(measure["naive"]),
        f"{measure['n']:,}" if known else f"{measure['n']:,} of {measure['needs']:,}",
    )


def _wanted(goal: Answer, told: Callable[[float], str]) -> str:
    above, below = goal["above"], goal["below"]
    if above is not None and below is not None:
        return f"{told(above)} to {told(below)}"
    if above is not None:
        return f"{'at least' if goal['inclusive'] else 'over'} {told(above)}"
    return f"under {told(below)}"


def _between(measure: Answer, told: Callable[[float], str]) -> str:
    low, high = measure["low"], measure["high"]
    if low is None and high is None:
        return "-"
    return f"{'…' if low is None else told(low)} to {'…' if high is None else told(high)}"


def _share(value: float) -> str:
    return f"{value:.1%}"


def _seconds(value: float) -> str:
    return f"{value:,.1f} s" if value < 120 else f"{value / 60:,.0f} min"  # noqa: PLR2004 - two minutes


def _money(value: float) -> str:
    return f"{value:,.3f}"


def _number(value: float) -> str:
    return f"{value:,.0f}"


_TOLD: Final[Mapping[str, Callable[[float], str]]] = {
    "share": _share,
    "seconds": _seconds,
    "money": _money,
    "per_hour": _number,
    "times": _number,
}
