"""Reviewers: how each decides, with intervals, so that nobody is ranked by luck."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import streamlit as st

from dashboard import formats
from dashboard.asking import together
from dashboard.figures import charts, drill, figure
from dashboard.figures.tables import Column, table
from dashboard.filters import window
from dashboard.gateway import Answer
from dashboard.pages import Page, Section
from dashboard.quality.calls import reviewers
from dashboard.states import empty, simulated

_COLUMNS: Final = (
    Column("reviewer", "Reviewer"),
    Column("who", "Who"),
    Column("look", "Look at"),
    Column("votes", "Votes", "count"),
    Column("hours", "Active hours", "number"),
    Column("per_hour", "An hour", "number", "Votes in an active hour"),
    Column("per_hour_within", "within"),
    Column("gold", "On gold", "share", "Posterior"),
    Column("gold_within", "within"),
    Column("answered", "Gold items", "count"),
    Column("beside", "As others say", "share", "Blind, without the own vote"),
    Column("beside_within", "within"),
    Column("expected", "All would", "share", "What all reach where it is as hard"),
    Column("sensitivity", "Acts rightly", "share", "Of what breaks a rule, by all votes together"),
    Column("sensitivity_within", "within"),
    Column("specificity", "Lets stand rightly", "share", "Of what breaks none, likewise"),
    Column("specificity_within", "within"),
    Column("alone", "Alone", "count", "Against two who agree"),
    Column("by_chance", "by chance", "number", "So often somebody stands alone by chance"),
    Column("gap", "Anchoring", "share", "More often as the machine says, seeing what it says"),
    Column("gap_within", "within"),
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
    st.markdown("**How often right on gold (posterior)**", help=charts.HINT)
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
    point = charts.points(
        rows, title="right", unit="share", limits=(report["target"],), key="on-gold"
    )
    _open(point, "Open the gold items of", purpose="gold")
    prior = report["prior"]
    mean, strength = prior["prior"]["mean"], prior["prior"]["strength"]
    learnt = "learnt from them" if prior["learnt"] else "of the settings"
    st.caption(f"Prior {learnt}: {formats.share(mean)}, worth {formats.number(strength)} answers.")


def _beside(everybody: Sequence[Answer]) -> None:
    st.markdown("**As others say of the same (blind)**", help=charts.HINT)
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
    point = charts.points(told, title="as most others", unit="share", key="beside-others")
    _open(point, "Open the cases of")


def _open(
    row: Mapping[str, Any] | None, what: str, *, purpose: str | None = None, place: str = ""
) -> None:
    """A way to the cases of the reviewer who was chosen."""
    if row is not None:
        name, since = str(row["name"]), st.session_state.get("window")
        drill.cases(f"{what} {name}", place=place, reviewer=name, purpose=purpose, window=since)


def _all(report: Answer, everybody: Sequence[Answer]) -> None:
    st.subheader("Everybody")
    if report["read"] >= _MOST:
        st.caption(
            f"What others and the machine say is told from the newest {report['read']:,} first"
            f" votes; there are {report['votes']:,} votes in all."
        )
    chosen = table([_line(each) for each in everybody], _COLUMNS, name="reviewers", opens=True)
    if chosen is not None:
        _open({"name": chosen["reviewer"]}, "Open the cases of", place="table")


def _line(each: Answer) -> Mapping[str, Any]:
    told = {
        "per_hour": each["per_hour"],
        "beside": each["beside"],
        "sensitivity": each["erring"]["sensitivity"],
        "specificity": each["erring"]["specificity"],
        "gap": each["anchoring"]["gap"],
    }
    units = {"per_hour": "number"}
    return {
        **{name: measure["value"] for name, measure in told.items()},
        **{
            f"{name}_within": figure.interval(measure, units.get(name, "share"))
            for name, measure in told.items()
        },
        **_gold(each["gold"]),
        "reviewer": each["reviewer"],
        "who": _who(each),
        "look": _why(each) or _NOBODY,
        "votes": each["votes"],
        "hours": each["hours"],
        "expected": each["expected"],
        "alone": each["alone"],
        "by_chance": each["alone_by_chance"],
        "points": each["exposure"]["points"],
        "limit": each["exposure"]["limit"],
    }


def _gold(told: Answer) -> Mapping[str, Any]:
    """The posterior of whoever answered any; of others it is the prior, and tells nothing."""
    if not told["answered"]:
        return {"answered": 0}
    mean, low, high = (told["accuracy"][end] for end in ("mean", "low", "high"))
    within = f"[{formats.share(low)}, {formats.share(high)}]"
    return {"gold": mean, "gold_within": within, "answered": told["answered"]}


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
