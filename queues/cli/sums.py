"""Shows how the work goes: a line a tier, each figure with what it rests on."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from engine.quality.measures import lacking

_NONE: Final = "-"
_LEGEND: Final = (
    "items        that came to it; some are brought before the panel by hand",
    "decided      by that tier alone; what people decided on appeal is theirs",
    "agreement    of pairs of blind first votes on the same item, with the interval of 95 %",
    "median time  from arrival to decision, what is still open counted in",
    "cost         active seconds that reviewers reported, at their hourly rates",
)
_HEAD: Final = ("tier", "items", "decided", "open", "agreement", "median time", "cost")
#: Seconds are told to a hundredth.
_INSTANT: Final = 0.01
_MINUTE: Final = 120.0
_HOUR: Final = 7_200.0

Answer = Mapping[str, Any]


def lines(summary: Answer) -> Iterator[str]:
    """A summary as a person reads it.

    Args:
        summary: As `GET /v1/quality/summary` answers.
    """
    simulated = summary["simulated_votes"]
    votes = sum(tier["cost"]["votes"] for tier in summary["tiers"])
    if simulated:
        share = "all" if simulated == votes else f"{simulated:,} of"
        yield f"SIMULATED REVIEWERS cast {share} {votes:,} votes: no figure here is about people."
        yield ""
    rows = [_HEAD, *(_row(tier) for tier in summary["tiers"])]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD))]
    for row in rows:
        cells = [
            cell.ljust(width) if column in {0, 4, 5, 6} else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield "  ".join(cells).rstrip()
    yield ""
    yield from _LEGEND
    appeals = summary["appeals"]
    if appeals["filed"]:
        yield ""
        yield (
            f"appeals: {appeals['filed']:,} filed, {appeals['upheld']:,} upheld,"
            f" {appeals['overturned']:,} overturned, {appeals['open']:,} open"
        )


def _row(tier: Answer) -> tuple[str, ...]:
    return (
        str(tier["tier"]),
        f"{tier['items']:,}",
        f"{tier['decided']:,}",
        f"{tier['open']:,}",
        _agreement(tier["agreement"]),
        _time(tier["seconds"]),
        _cost(tier["cost"]),
    )


def _agreement(measure: Answer | None) -> str:
    if measure is None:
        return _NONE
    if measure["state"] != "known":
        return _unknown(measure)
    between = f"{measure['low']:.0%} to {measure['high']:.0%}"
    return f"{measure['value']:.1%} ({between}, n {measure['n']:,})"


def _time(measure: Answer) -> str:
    if measure["state"] != "known":
        return _unknown(measure)
    return f"{_duration(measure['value'])} (n {measure['n']:,})"


def _cost(cost: Answer) -> str:
    if not cost["votes"]:
        return _NONE
    each = cost["per_decision"]
    per_decision = "" if each is None else f"{each:,.2f} a decision, "
    untimed = cost["votes"] - cost["timed"]
    left_out = f", {untimed:,} without a time" if untimed else ""
    return f"{cost['amount']:,.2f} ({per_decision}{cost['votes']:,} votes{left_out})"


def _unknown(measure: Answer) -> str:
    if measure["state"] == "insufficient_data":
        return lacking(measure["n"], measure["needs"])
    return f"{str(measure['state']).replace('_', ' ')} (n {measure['n']:,})"


def _duration(seconds: float) -> str:
    if seconds < _INSTANT:
        return "at once"
    if seconds < _MINUTE:
        return f"{seconds:.2f} s" if seconds < 1 else f"{seconds:.1f} s"
    return f"{seconds / 60:.1f} min" if seconds < _HOUR else f"{seconds / 3600:.1f} h"
