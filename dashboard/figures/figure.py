"""A figure as a card: what it is, its value with interval, what is wanted, and how it stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import streamlit as st

from dashboard import formats

_Colour = Literal["red", "orange", "green", "gray", "blue"]


@dataclass(frozen=True, slots=True)
class _Mark:
    word: str
    icon: str
    colour: _Colour


_KNOWN: Final = "known"
#: Why there is none, as `state` of a measure says it.
_WHY: Final[Mapping[str, str]] = {
    "insufficient_data": "insufficient data",
    "one_category": "all said the same",
    "one_bin": "all in one bin",
    "rare_category": "too rare to tell",
    "no_words": "no words",
    "not_reached": "more than half still wait",
}
_MARKS: Final[Mapping[str, _Mark]] = {
    "met": _Mark("met", ":material/check_circle:", "green"),
    "missed": _Mark("missed", ":material/cancel:", "red"),
    "not_sure": _Mark("not sure yet", ":material/help:", "orange"),
    "insufficient_data": _Mark("insufficient data", ":material/hourglass_empty:", "gray"),
    "alarm": _Mark("alarm", ":material/notifications_active:", "red"),
    "steady": _Mark("steady", ":material/check_circle:", "green"),
}
_OTHER: Final = ":material/info:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Where a figure is to be; None: no limit on that side."""

    above: float | None = None
    below: float | None = None


def card(
    name: str,
    measure: Mapping[str, Any] | None,
    unit: str,
    *,
    wanted: Wanted | None = None,
    standing: str | None = None,
    about: str | None = None,
) -> None:
    """Draw one.

    Args:
        name: In words, or as the API calls it.
        measure: `state`, `value`, `low`, `high`, `n` and `needs`, as the API answers; None: there
            is none.
        unit: `share`, `seconds`, `money`, `count`, else it is a bare number.
        wanted: The target.
        standing: As the API judges it: `met`, `missed`, `not_sure`, `insufficient_data`.
        about: What it means, for whoever asks.
    """
    with st.container(border=True, height="stretch", gap="xsmall"):
        st.metric(title(name), value(measure, unit), help=about)
        st.caption("  \n".join(_below(measure, unit, wanted)))
        if standing is not None:
            badge(standing)


def cards(drawn: Sequence[Mapping[str, Any]], *, columns: int = 5) -> None:
    """Draw several beside each other; each is what `card` takes, by name.

    Args:
        drawn: In order.
        columns: How many in a row.
    """
    for first in range(0, len(drawn), columns):
        row = drawn[first : first + columns]
        places = st.columns(columns, gap="small")
        for place, each in zip(places, row, strict=False):
            with place:
                card(**each)


def badge(standing: str, times: int | None = None) -> None:
    """How something stands, as icon and word: never by colour alone.

    Args:
        standing: As of `card`.
        times: How many things stand so; None: it is one.
    """
    found = _MARKS.get(standing, _Mark(formats.words(standing), _OTHER, "gray"))
    said = found.word if times is None else f"{times:,} {found.word}"
    st.badge(said, icon=found.icon, color=found.colour)


def word(standing: str) -> str:
    """How something stands, for a cell of a table: `met`, `not sure yet`."""
    return _MARKS[standing].word if standing in _MARKS else formats.words(standing)


def title(name: str) -> str:
    """A name as a heading: `human_ai_agreement` as `Human AI agreement`."""
    said = formats.words(name).replace("human ai", "human-AI")
    return said[:1].upper() + said[1:]


def value(measure: Mapping[str, Any] | None, unit: str) -> str:
    """The value alone, or a dash: why there is none stands below."""
    return formats.in_unit(None if measure is None else measure["value"], unit)


def interval(measure: Mapping[str, Any] | None, unit: str) -> str:
    """`[85.1 %, 88.9 %]`, or why there is none and how much it takes."""
    if measure is None:
        return "not told here"
    if measure["state"] != _KNOWN:
        why = _WHY.get(measure["state"], formats.words(measure["state"]))
        short = measure["n"] < measure["needs"]
        return f"{why}: {measure['n']:,} of {measure['needs']:,}" if short else why
    if measure["low"] is None and measure["high"] is None:
        return "no interval"
    low, high = (formats.in_unit(measure[end], unit) for end in ("low", "high"))
    return f"[{low}, {high}]"


def target(wanted: Wanted | None, unit: str) -> str:
    """`target 85.0 % to 95.0 %`, `target < 2 h 00 min`; empty: there is none."""
    if wanted is None or (wanted.above is None and wanted.below is None):
        return ""
    above, below = (formats.in_unit(each, unit) for each in (wanted.above, wanted.below))
    if wanted.above is None:
        return f"target < {below}"
    return f"target > {above}" if wanted.below is None else f"target {above} to {below}"


def _below(measure: Mapping[str, Any] | None, unit: str, wanted: Wanted | None) -> list[str]:
    """Lines of Markdown: interval, target and n, and what was seen where the value is weighted."""
    known = measure is not None and measure["state"] == _KNOWN
    lines = [interval(measure, unit), target(wanted, unit)]
    if known and measure is not None:
        lines[0] += f" · n\u00a0=\u00a0{formats.count(measure['n'])}"
        if measure.get("naive") is not None:
            lines.append(f"{formats.in_unit(measure['naive'], unit)} of what was seen")
    return [_plain(each) for each in lines if each]


def _plain(line: str) -> str:
    """No formula, no link, and no number without its unit on the line before."""
    return line.replace("$", "\\$").replace("[", "\\[").replace(" %", "\u00a0%")
