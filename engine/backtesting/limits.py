"""Limits that a change of policy must keep, such as `cost_per_day > +50`: a gate.

A limit says what is too much: a figure, an operator (`>`, `>=`, `<`, `<=`) and a bound.

- Without a sign the bound is about the figure under the new policy: `error > 5%`.
- With a sign it is about the change: `cost_per_day > +50`, `automation < -2%`.
- A per cent of a share is a hundredth of all items: `automation < -2%` are two points less. Of an
  amount with a sign it is a part of what it was: `cost_per_day > +10%`.
- What cannot be told cannot be kept: the limit fails, and says what is missing.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import ge, gt, le, lt
from typing import Final

from engine.backtesting.report import Report
from engine.errors import TierwiseError
from engine.quality.measures import State

_OPERATORS: Final[Mapping[str, Callable[[float, float], bool]]] = {
    ">=": ge,
    "<=": le,
    ">": gt,
    "<": lt,
}
_FORM: Final = re.compile(
    r"\s*(?P<figure>[a-z_]+(?:\.\S+?)?)\s*(?P<operator>>=|<=|>|<)\s*"
    r"(?P<sign>[+-]?)(?P<number>\d+(?:\.\d+)?|\.\d+)(?P<percent>\s*%)?\s*"
)
_PERCENT: Final = 100.0
_BY_RULE: Final = ("precision", "recall", "matches")
#: Names that limits may ask for beside those of figures.
COUNTS: Final = ("changed_items", "unreadable")


class InvalidLimit(TierwiseError):
    """A limit cannot be read."""

    def __init__(self, written: str, reason: str) -> None:
        super().__init__(written, reason)
        self.written = written
        self.reason = reason

    def __str__(self) -> str:
        return f"limit `{self.written}`: {self.reason}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """What is too much."""

    written: str
    figure: str
    operator: str
    bound: float
    """With its sign; a per cent as a hundredth."""
    change: bool
    """Whether it is about the change."""
    percent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """A limit that is not kept."""

    limit: Limit
    found: float | None
    """None: it cannot be told."""
    why: str


@dataclass(frozen=True, slots=True)
class _Value:
    old: float | None
    new: float | None
    share: bool
    why: str = ""


def limit_of(written: str) -> Limit:
    """Read a limit.

    Raises:
        InvalidLimit: It is none.
    """
    match = _FORM.fullmatch(written)
    if match is None:
        reason = (
            "expected a figure, an operator and a bound, such as `cost_per_day > +50`, "
            "`automation < -2%` or `error > 5%`"
        )
        raise InvalidLimit(written, reason)
    percent = match["percent"] is not None
    number = float(match["number"]) / (_PERCENT if percent else 1.0)
    return Limit(
        written=written.strip(),
        figure=match["figure"],
        operator=match["operator"],
        bound=-number if match["sign"] == "-" else number,
        change=bool(match["sign"]),
        percent=percent,
    )


def check_names(limits: list[Limit], report: Report) -> None:
    """Raise InvalidLimit where there is no such figure."""
    names = [*(each.name for each in report.figures), *COUNTS]
    for limit in limits:
        kind, dot, _ = limit.figure.partition(".")
        if limit.figure not in names and not (dot and kind in _BY_RULE):
            known = ", ".join([*names, *(f"{kind}.RULE" for kind in _BY_RULE)])
            raise InvalidLimit(limit.written, f"there is no such figure; there are {known}")


def broken(limit: Limit, report: Report) -> Broken | None:
    """What is wrong with a limit; None: it is kept."""
    value = _value(limit.figure, report)
    if value.new is None or (limit.change and value.old is None):
        return Broken(limit=limit, found=None, why=value.why)
    found = value.new
    if limit.change:
        old = value.old or 0.0
        found = value.new - old
        if limit.percent and not value.share:
            if not old:
                grows = found > 0
                found = float("inf") if grows else 0.0
            else:
                found = found / old
    if not _OPERATORS[limit.operator](found, limit.bound):
        return None
    return Broken(limit=limit, found=found, why=f"it is {_written(found, limit, value)}")


def _written(found: float, limit: Limit, value: _Value) -> str:
    sign = "+" if limit.change else ""
    if value.share or limit.percent:
        return f"{found * _PERCENT:{sign}.2f}%"
    return f"{found:{sign},.2f}"


def _value(name: str, report: Report) -> _Value:
    figure = report.figure(name)
    if figure is not None:
        lacking = figure.state is not State.KNOWN
        why = (
            f"it cannot be told from {figure.n:,}: it takes {figure.needs:,}, and what is told by "
            "day the date of each item"
        )
        old = figure.old
        return _Value(old, figure.new, figure.unit == "share", why if lacking else "")
    if name == "changed_items":
        return _Value(0, report.changed, share=False)
    if name == "unreadable":
        return _Value(0, sum(each.items for each in report.unreadable), share=False)
    return _of_rule(name, report)


def _of_rule(name: str, report: Report) -> _Value:
    kind, _, rule = name.partition(".")
    row = next((each for each in report.rules if each.name == rule and not each.shadow), None)
    if row is None:
        return _Value(None, None, share=False, why=f"rule `{rule}` matched nothing")
    if kind == "matches":
        return _Value(row.old, row.new, share=False)
    old, new = row.precision if kind == "precision" else row.recall
    why = f"it cannot be told from {new.n:,} labels, and takes {new.needs:,}"
    return _Value(old.value, new.value, share=True, why=why)
