"""Reviewers: how each decides, with intervals, so that nobody is ranked by luck."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import streamlit as st

from dashboard import formats
from dashboard.figures import charts, drill, figure
from dashboard.figures.tables import Column, table
from dashboard.filters import window
from dashboard.gateway import Answer
from dashboard.pages import Page, Section
from dashboard.quality.calls import reviewers, together
from dashboard.states import empty, simulated

_COLUMNS: Final = (
    Column("reviewer", "Reviewer"),
    Column("who", "Who"),
    Column("look", "Look at"),
    Column("votes", "Votes", "count"),
    Column("hours", "Active hours", "number"),
    Column("per_hour", "An hour", about="Votes in an active hour"),
    Column("gold", "On gold", about="Posterior with its 95 % interval"),
    Column("answered", "Gold items", "count"),
    Column("beside", "As others say", about="Blind, without the own vote"),
    Column("expected", "All would", "share", "What all reach where it is as hard"),
    Column("sensitivity", "Acts rightly", about="Of what breaks a rule, estimated from all votes"),
    Column("specificity", "Lets stand rightly", about="Of what breaks none, likewise"),
    Column("alone", "Alone", about="Against two who agree, and by chance"),
    Column("gap", "Anchoring", about="How much more often they say what they see the machine say"),
    Column("points", "Exposure", "count", "Points since the shift began, or in 24 hours"),
    Column("limit", "of", "count"),
)
_NOBODY: Final = "-"
#: So many votes are read one by one; see `GET /v1/quality/reviewers`.
_MOST: Final = 20_000


def show() -> None:
    """Who to look at, the posterior of each, and a table of all."""
    left, _ = st.columns([1, 4])
    with left:
        since = window("30d")
    (report,) = together(reviewers(since))
    if report["simulated"]:
        simulated()
    everybody: Sequence[Answer] = report["reviewers"]
    if not everybody:
        empty("Nobody has voted yet.", "Figures come with votes; a longer window may have some.")
        return
    _anchoring(report)
    _attention(everybody)
    left, right = st.columns(2, gap="large")
    with left:
        _on_gold(report)
    with right:
        _beside(everybody)
    _all(report, everybody)


def _anchoring(report: Answer) -> None:
    meter = report["anchoring"]
    figure.cards(
        [
            {
                "name": "As the machine says, seeing it",
                "measure": meter["shown"],
                "unit": "share",
                "about": "Reviews by one person, in queues where chance decides who sees it.",
            },
            {"name": "As the machine says, blind", "measure": meter["blind"], "unit": "share"},
            {
                "name": "Anchoring",
                "measure": meter["gap"],
                "unit": "share",
                "about": "The difference: above 0, people follow the machine.",
            },
        ],
        columns=3,
    )


def _attention(everybody: Sequence[Answer]) -> None:
    """Whoever is probably below the target, or stands alone more often than chance has it."""
    found = [each for each in everybody if _why(each)]
    st.subheader("Coach or rest")
    if not found:
        st.caption("Nobody stands out by more than chance.")
        return
    since = st.session_state.get("window")
    for each in found:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.text(f"{each['reviewer']}: {_why(each)}")
            drill.cases("Cases", reviewer=each["reviewer"], window=since)


def _why(each: Answer) -> str:
    said = []
    if each["gold"]["alert"]:
        said.append("probably below the target on gold")
    if each["stands_out"]:
        said.append("alone more often than chance has it: careless, or right")
    limit = each["exposure"]["limit"]
    if limit is not None and each["exposure"]["points"] >= limit:
        said.append("has seen as much as a shift allows")
    return "; ".join(said)


def _on_gold(report: Answer) -> None:
    st.markdown("**How often right on gold (posterior)**")
    known = [each for each in report["reviewers"] if each["gold"]["answered"]]
    if not known:
        empty(
            "Nobody has answered a gold item.",
            "A queue with `gold: { from: gold-items, one_in: 25 }` hands them out.",
        )
        return
    rows = [
        {
            "name": each["reviewer"],
            "value": each["gold"]["accuracy"]["mean"],
            "low": each["gold"]["accuracy"]["low"],
            "high": each["gold"]["accuracy"]["high"],
            "n": each["gold"]["answered"],
            "group": _who(each),
        }
        for each in sorted(known, key=lambda each: each["gold"]["accuracy"]["mean"])
    ]
    charts.points(rows, title="right", unit="share", limits=(report["target"],))
    prior = report["prior"]
    mean, strength = prior["prior"]["mean"], prior["prior"]["strength"]
    learnt = "learnt from them" if prior["learnt"] else "of the settings"
    st.caption(f"Prior {learnt}: {formats.share(mean)}, worth {formats.number(strength)} answers.")


def _beside(everybody: Sequence[Answer]) -> None:
    st.markdown("**As others say of the same (blind)**")
    rows = [
        charts.measured(each["reviewer"], each["beside"], group=_who(each)) for each in everybody
    ]
    told = sorted(
        (row for row in rows if row["value"] is not None), key=lambda row: float(row["value"])
    )
    if not told:
        most = max((each["beside"]["n"] for each in everybody), default=0)
        needs = everybody[0]["beside"]["needs"]
        empty("Too few looked at the same.", f"It takes {needs} votes of one; the most are {most}.")
        return
    charts.points(told, title="as most others", unit="share")


def _all(report: Answer, everybody: Sequence[Answer]) -> None:
    st.subheader("Everybody")
    if report["read"] >= _MOST:
        st.caption(
            f"What others and the machine say is told from the newest {report['read']:,} first"
            f" votes; there are {report['votes']:,} votes in all."
        )
    chosen = table([_line(each) for each in everybody], _COLUMNS, name="reviewers", opens=True)
    if chosen is not None:
        name = str(chosen["reviewer"])
        since = st.session_state.get("window")
        drill.cases(f"Open the cases of {name}", reviewer=name, window=since)


def _line(each: Answer) -> Mapping[str, Any]:
    gold = each["gold"]["accuracy"]
    alone = each["alone"]
    return {
        "reviewer": each["reviewer"],
        "who": _who(each),
        "look": _why(each) or _NOBODY,
        "votes": each["votes"],
        "hours": each["hours"],
        "per_hour": _with_interval(each["per_hour"], "number"),
        "gold": _posterior(gold) if each["gold"]["answered"] else _NOBODY,
        "answered": each["gold"]["answered"],
        "beside": _with_interval(each["beside"], "share"),
        "expected": each["expected"],
        "sensitivity": _with_interval(each["erring"]["sensitivity"], "share"),
        "specificity": _with_interval(each["erring"]["specificity"], "share"),
        "alone": _NOBODY if alone is None else f"{alone} ({each['alone_by_chance']:.1f} by chance)",
        "gap": _with_interval(each["anchoring"]["gap"], "share"),
        "points": each["exposure"]["points"],
        "limit": each["exposure"]["limit"],
    }


def _posterior(told: Answer) -> str:
    mean, low, high = (formats.share(told[end]) for end in ("mean", "low", "high"))
    return f"{mean} [{low}, {high}]"


def _with_interval(measure: Answer, unit: str) -> str:
    if measure["state"] != "known":
        return f"{measure['n']:,} of {measure['needs']:,}"
    return f"{figure.value(measure, unit)} {figure.interval(measure, unit)}"


def _who(each: Answer) -> str:
    return "simulated" if each["simulated"] else "person"


PAGES = (
    Page(
        section=Section.QUALITY,
        title="Reviewers",
        path="reviewers",
        icon=":material/groups:",
        question="Whom to coach, and who needs a rest?",
        show=show,
        needs=("quality.read",),
    ),
)
