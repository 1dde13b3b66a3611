"""Automation: what the machine decides alone, how often it errs, and what it has yet to earn."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

import streamlit as st

from dashboard import formats
from dashboard.asking import together
from dashboard.figures import charts, drill, figure
from dashboard.figures.tables import Column, table
from dashboard.filters import keep_known, one, window
from dashboard.gateway import Answer
from dashboard.pages import Page, Section
from dashboard.quality import parts, zones
from dashboard.quality.calls import certificates, filled, series, step
from dashboard.states import empty, simulated
from engine.certifying import Terms, progress_by_looks

_WANTED: Final = (0.85, 0.95)
_LIMITS: Final = (0.1, 0.05, 0.02, 0.01, 0.005)
_SHARES: Final = (0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
_ERROR: Final = 0.05
_SAMPLE: Final = "sample"
"""Of what the error is told."""
_EARNED: Final = frozenset({"certified", "suspended"})
_COLUMNS: Final = (
    Column("rule", "Rule"),
    Column("policy", "Policy"),
    Column("action", "Action"),
    Column("state", "State"),
    Column("labels", "Labels", "count", "Blind answers of people that count"),
    Column("errors", "Errors", "count"),
    Column("upper", "Error at most", "share", "Upper limit at the confidence asked for"),
    Column("needed", "Labels to go", "count"),
    Column("days", "Days to go", "number", "At the pace at which labels come"),
    Column("waiting", "Waiting", "count"),
    Column("expires", "Expires", "moment"),
    Column("withheld", "Not in", about="Languages in which people look all the same"),
    Column("why", "Why"),
)


def show() -> None:
    """The share and its error over time, certificates, and what could be otherwise."""
    left, of, which, _ = st.columns([1, 1, 1, 2])
    with left:
        since = window("30d")
    with of:
        group = parts.group()
    run, held = together(series(since, by=step(since), group=group), certificates())
    run = filled(run, since)
    with which:
        points, chosen = parts.part(run, group)
    if run["simulated"]:
        simulated()
    if not points:
        empty("Nothing came in this window.", "Choose a longer one.")
    else:
        _share(points, run, chosen)
    _certificates(held)
    _otherwise(held)
    zones.show()


def _share(points: Sequence[Answer], run: Answer, chosen: Mapping[str, str]) -> None:
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown("**Decided by the machine alone**", help=charts.HINT)
        rows = [{"at": each["at"], **each["automation"]} for each in points]
        point = charts.over_time(rows, title="", unit="share", limits=_WANTED, key="automated")
        drill.came(point, run["by"], place="automated", **chosen)
    with right:
        st.markdown("**Its error: weighted to all items, and as people saw it**")
        found = [
            {"at": each["at"], "name": label, **each[name]}
            for each in points
            for name, label in (("wrong", "of all items"), ("wrong_as_seen", "of what was seen"))
        ]
        point = charts.over_time(
            found, title="", unit="share", limits=(_ERROR,), zero=True, key="errors"
        )
        drill.came(point, run["by"], place="errors", purpose=_SAMPLE, **chosen)
    _days_apart(points, run, chosen)


def _days_apart(points: Sequence[Answer], run: Answer, chosen: Mapping[str, str]) -> None:
    """Whether the machine errs more on days on which it decides more."""
    st.markdown(f"**Error against coverage, {run['by']} by {run['by']}**")
    point = charts.against(
        [
            {
                "at": each["at"],
                "x": each["automation"]["value"],
                **{end: each["wrong"][end] for end in ("value", "low", "high", "n")},
                "name": formats.moment(each["at"]),
            }
            for each in points
        ],
        across="decided by the machine alone",
        up="error of the machine",
        limits=(_ERROR,),
        key="against",
    )
    drill.came(point, run["by"], place="against", purpose=_SAMPLE, **chosen)


def _certificates(held: Answer) -> None:
    st.subheader("Certificates")
    rules: Sequence[Answer] = held["rules"]
    with st.container(horizontal=True, vertical_alignment="center"):
        for state, times in sorted(Counter(each["state"] for each in rules).items()):
            figure.badge(state, times)
    st.text(held["words"])
    if not rules:
        empty("No rule decides by itself.", "Rules of the tier `auto` can be certified.")
        return
    rows = [
        {
            **each,
            "state": figure.word(each["state"]),
            "withheld": ", ".join(name or "not told" for name in sorted(each["withheld"])),
        }
        for each in rules
    ]
    chosen = table(rows, _COLUMNS, name="certificates", opens=True)
    if chosen is not None:
        rule = str(chosen["rule"])
        drill.cases(f"Open the cases of {rule}", rule=rule, window=st.session_state.get("window"))


def _otherwise(held: Answer) -> None:
    """What another error limit, or another share of blind looks, would take."""
    st.subheader("What another limit or sample would take")
    rules = {each["rule"]: each for each in held["rules"]}
    if not rules:
        return
    places = st.columns([2, 1, 1, 2])
    with places[0]:
        keep_known("rule", rules)
        rule = st.selectbox("Rule", list(rules), key="rule", bind="query-params")
    with places[1]:
        limit = _share_of("Error limit", _LIMITS, held["error_limit"], key="limit")
    with places[2]:
        share = _share_of("Share of blind looks", _SHARES, held["blind_share"], key="looks")
    told = what_if(rules[rule], held, limit=limit, share=share)
    with places[3]:
        st.metric("Days to a certificate", _days(told["days"]))
    if told["missing"] is None:
        st.caption(f"Out of reach: its error is too near {formats.share(limit)}, or above it.")
        return
    st.caption(
        f"If errors go on as so far, the test at {told['labels']:,} labels would pass at"
        f" {formats.share(limit)}; {told['missing']:,} are missing. The pace is that of the rule"
        " now, times the share of looks."
    )


def what_if(rule: Answer, held: Answer, *, limit: float, share: float) -> Mapping[str, Any]:
    """What a certificate takes at another limit and another share of blind looks.

    Args:
        rule: As `GET /v1/certificates` tells it.
        held: All of that answer.
        limit: Of the error, from 0 to 1.
        share: Of cases that are decided blind, from 0 to 1.
    """
    if rule["state"] in _EARNED and limit >= held["error_limit"]:
        return {"labels": rule["labels"], "missing": 0, "days": 0.0}
    pace = rule["expected"] / rule["days"] if rule["days"] and rule["expected"] else 0.0
    blind = held["blind_share"]
    found = progress_by_looks(
        rule["labels"],
        rule["errors"],
        Terms(limit=limit, doubt=1 - held["confidence"]),
        spent=rule["spent"],
        before=rule["before"],
        per_day=pace * share / blind if blind > 0 else 0.0,
    )
    labels = None if found.missing is None else rule["labels"] + found.missing
    return {"labels": labels, "missing": found.missing, "days": found.days}


def _share_of(label: str, usual: Sequence[float], given: float, *, key: str) -> float:
    """One of some shares, by default that of the settings; the address has it as it is shown."""
    shown = {formats.share(each): each for each in sorted({*usual, given})}
    return shown[one(label, list(shown), key=key, first=formats.share(given))]


def _days(days: float | None) -> str:
    return "nobody can tell" if days is None else formats.number(days)


PAGES = (
    Page(
        section=Section.QUALITY,
        title="Automation",
        path="automation",
        icon=":material/smart_toy:",
        question="How much may the machine decide alone, and what would another limit change?",
        show=show,
        needs=("quality.read",),
    ),
)
