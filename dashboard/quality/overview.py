"""Overview: the targets with value, interval and state, and where they are going."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

import streamlit as st

from dashboard import formats
from dashboard.asking import together
from dashboard.figures import charts, drill, figure
from dashboard.figures.figure import Wanted
from dashboard.figures.tables import Column, table
from dashboard.filters import window
from dashboard.gateway import Answer
from dashboard.pages import Page, Section
from dashboard.quality import parts
from dashboard.quality.calls import filled, series, step, targets
from dashboard.states import empty, simulated

_ABOUT: Final[Mapping[str, str]] = {
    "automation_rate": "Final decisions that no person touched, of all.",
    "review_latency": "Median from arrival to decision where people decide; what is open counts.",
    "accuracy": "How often people, blind, say of the quality sample what the machine said.",
    "cost_per_decision": "What people and the platform cost, over all final decisions.",
    "agreement": "Observed agreement (p_a) of blind first votes.",
    "human_ai_agreement": "Blind first answers beside the machine's, weighted to all items.",
    "cases_per_hour": "3,600 over the mean of active seconds of a vote.",
    "false_positives": "Of what the machine acted on, what people would have let stand (FDR).",
    "expert_validation": "Random decisions of every tier that a senior, blind, would make, too.",
    "learning_acceleration": "Labels a random order needs, over those a chosen order needs.",
}
_ORDER: Final = ("missed", "not_sure", "insufficient_data", "met")
_DEADLINES: Final = "on_time"
_SAMPLED: Final = "wrong"
"""Told from the quality sample."""
_NAMED: Final = ("rule", "model")
_PURPOSES: Final = ("appeal", "sample")
_TRENDS: Final = (
    ("automation", "Automation rate", "share", (0.85, 0.95)),
    ("p50", "Median time to decision", "seconds", (7_200.0,)),
    (_DEADLINES, "Deadlines kept", "share", ()),
    (_SAMPLED, "Error of the machine (weighted)", "share", (0.05,)),
)


def show() -> None:
    """The targets, then the trends."""
    left, right = st.columns([1, 4], vertical_alignment="bottom")
    with left:
        since = window("7d")
    cards = st.container()
    heading, of, which = st.columns([3, 1, 1], vertical_alignment="bottom")
    heading.subheader("Trends", help=charts.HINT)
    with of:
        group = parts.group()
    with cards:
        report, run = together(targets(since), series(since, by=step(since), group=group))
        if report["simulated"]:
            simulated()
        figure.cards([_card(goal) for goal in report["goals"]])
    with right:
        _verdict(report["goals"])
    run = filled(run, since)
    with which:
        points, chosen = parts.part(run, group)
    _trends(points, run, chosen)
    st.subheader("Beside the targets")
    _beside(report)


def _verdict(goals: Sequence[Answer]) -> None:
    """How many targets stand how, in one line."""
    found = Counter(goal["standing"] for goal in goals)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        for standing in _ORDER:
            if found[standing]:
                figure.badge(standing, found[standing])
        drill.cases("Overdue cases", overdue="true", window="all", order="due")


def _card(goal: Answer) -> dict[str, Any]:
    return {
        "name": goal["name"],
        "measure": goal["measure"],
        "unit": goal["unit"],
        "wanted": Wanted(above=goal["above"], below=goal["below"]),
        "standing": goal["standing"],
        "about": " ".join(filter(None, (_ABOUT.get(goal["name"]), goal["note"]))) or None,
    }


def _trends(points: Sequence[Answer], run: Answer, chosen: Mapping[str, str]) -> None:
    """Each over time; a point opens its cases, which are those that came then."""
    if not points:
        empty("Nothing came in this window.", "Choose a longer one.")
        return
    places = st.columns(2, gap="medium")
    for place, (name, title, unit, limits) in zip((*places, *places), _TRENDS, strict=True):
        rows = [{"at": each["at"], **each[name]} for each in points]
        # Deadlines count where they fell, whenever the case came.
        opens = name != _DEADLINES
        with place:
            st.markdown(f"**{title}**")
            key = f"trend-{name}" if opens else None
            point = charts.over_time(rows, title="", unit=unit, limits=limits, key=key)
            purpose = "sample" if name == _SAMPLED else None
            drill.came(point, run["by"], place=name, purpose=purpose, **chosen)


def _beside(report: Answer) -> None:
    rows = [
        {
            "name": figure.title(each["name"]),
            "of": formats.words(each["of"]),
            "which": _which(each) or "all",
            "opens": _behind(each["of"], each["which"]),
            "value": formats.in_unit(each["measure"]["value"], each["unit"]),
            "interval": figure.interval(each["measure"], each["unit"]),
            "n": each["measure"]["n"],
        }
        for each in report["figures"]
    ]
    columns = (
        Column("name", "Figure"),
        Column("of", "Of"),
        Column("which", "Which"),
        Column("value", "Value"),
        Column("interval", "95 % interval, or why there is none"),
        Column("n", "n", "count"),
    )
    chosen = table(rows, columns, name="figures", opens=True)
    if chosen is not None and chosen["opens"]:
        since = st.session_state.get("window")
        drill.cases("Open its cases", window=since, **chosen["opens"])


def _which(told: Answer) -> str:
    """Names of rules and models are as they are."""
    which = str(told["which"])
    return which if told["of"] in _NAMED else formats.words(which)


def _behind(of: str, which: str) -> Mapping[str, str]:
    """The filter of the cases that a figure is told from; empty: nothing chooses them."""
    if of == "rule" and which:
        return {"rule": which}
    if of == "second_look" and which in _PURPOSES:
        return {"purpose": which}
    return {}


PAGES = (
    Page(
        section=Section.QUALITY,
        title="Overview",
        path="overview",
        icon=":material/dashboard:",
        question="Is it safe today?",
        show=show,
        needs=("quality.read",),
    ),
)
