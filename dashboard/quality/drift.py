"""Drift: what has moved between two windows, and whether it matters."""

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
from dashboard.quality.calls import drift
from dashboard.states import simulated

_SMALL: Final = 0.1
_LARGE: Final = 0.25
_SCORES: Final = (
    Column("field", "Score"),
    Column("state", "State"),
    Column("psi", "PSI", "number", "Population stability index; 0.1 and 0.25 are conventions"),
    Column("null_mean", "PSI by chance", "number"),
    Column("ks", "KS", "number", "Largest distance of the two distributions"),
    Column("js_distance", "JS", "number", "Jensen-Shannon distance"),
    Column("wasserstein", "Wasserstein", "number"),
    Column("n", "n", "count"),
    Column("needs", "Needs", "count"),
)
_LABELS: Final = (
    Column("policy", "Policy"),
    Column("state", "State"),
    Column("before", "Breaks a rule, before"),
    Column("now", "Now"),
    Column("cramers_v", "Cramér's V", "number"),
    Column("js_distance", "JS", "number"),
    Column("p_value", "p", "number"),
    Column("n", "n", "count"),
    Column("needs", "Needs", "count"),
)
_RULES: Final = (
    Column("rule", "Rule"),
    Column("state", "State"),
    Column("before", "Matched, before", "share"),
    Column("now", "Now", "share"),
    Column("ratio", "Ratio", "number"),
    Column("adjusted", "p, adjusted", "number"),
    Column("n", "n", "count"),
    Column("needs", "Needs", "count"),
)


def show() -> None:
    """Alarms, the error that was expected against what was found, then each thing that can move."""
    left, _ = st.columns([1, 4])
    with left:
        since = window("1d")
    (report,) = together(drift(since))
    if report["simulated"]:
        simulated()
    with st.container(horizontal=True):
        st.caption(_windows(report))
    _alarms(report["alarms"], report)
    _performance(report["performance"])
    scores, labels, words, rules = st.tabs(
        ["Scores", "Labels", "Vocabulary", "Rules"], key="moved", bind="query-params"
    )
    with scores:
        _scores(report["scores"])
    with labels:
        _labels(report["labels"])
    with words:
        _words(report["vocabulary"])
    with rules:
        _rules(report["rules"])


def _windows(report: Answer) -> str:
    told = []
    for name, label in (("current", "Now"), ("reference", "Before")):
        each = report[name]
        span = f"{formats.moment(each['since'])} to {formats.moment(each['until'])}"
        about = "" if each["whole"] else "about "
        count = f"{each['read']:,} of {about}{each['verdicts']:,} verdicts read"
        told.append(f"{label}: {span}, {count}")
    return " · ".join(told)


def _alarms(alarms: Sequence[Answer], report: Answer) -> None:
    if not alarms:
        every = [*report["scores"], *report["labels"], report["vocabulary"], *report["rules"]]
        known = sum(each["standing"]["state"] == "known" for each in every)
        with st.container(horizontal=True):
            figure.badge("steady" if known else "insufficient_data")
            st.text(f"No alarm. {known:,} of {len(every):,} figures can be told.")
        return
    for each in alarms:
        with st.container(horizontal=True, border=True, vertical_alignment="center"):
            figure.badge("alarm")
            since = f", since {formats.moment(each['raised_at'])}" if each["raised_at"] else ""
            st.text(f"{each['kind']} {each['name'] or ''}: {each['says']}{since}")
            if each["kind"] == "rule":
                drill.cases("Cases", rule=each["name"], window=st.session_state.get("window"))


def _performance(told: Answer) -> None:
    """What the machine expects of itself beside what people find: their gap is concept drift."""
    st.subheader("Error of the machine: expected and found")
    newest = told["windows"][-1] if told["windows"] else None
    figure.cards(
        [
            {
                "name": "Expected (CBPE)",
                "measure": _measure(told["expected"], told["expected"]),
                "unit": "share",
                "about": "From its own probabilities: needs calibration, blind to new meanings.",
            },
            {
                "name": "Found by the quality sample",
                "measure": newest and _measure(newest, newest["error"]),
                "unit": "share",
                "about": "Of the last window; weighted by 1/π.",
                "wanted": figure.Wanted(below=told["limit"]),
            },
            {
                "name": "Gap",
                "measure": _measure(told["gap"], told["gap"]),
                "unit": "share",
                "standing": "alarm" if told["gap"]["alarm"] else None,
                "about": "Found less expected: the sign of concept drift.",
            },
        ],
        columns=3,
    )
    _beside(told)


def _beside(told: Answer) -> None:
    """Both over time, where there is anything that was found."""
    windows, expected = told["windows"], told["expected"]
    found = [
        {"at": each["until"], "name": "found", **_ends(each["error"]), "n": _n(each)}
        for each in windows
    ]
    if all(row["value"] is None for row in found):
        return
    same = {"name": "expected", **_ends(expected), "n": _n(expected)}
    rows = [*found, *({"at": each["until"], **same} for each in windows)]
    charts.over_time(rows, title="error", unit="share", limits=(told["limit"],), zero=True)


def _measure(told: Answer, ends: Answer | None) -> Mapping[str, Any]:
    """A figure of drift as others are: its state stands apart here."""
    state = told["standing"]
    return {"state": state["state"], "n": state["n"], "needs": state["needs"], **_ends(ends)}


def _ends(told: Answer | None) -> dict[str, float | None]:
    return {end: None if told is None else told[end] for end in ("value", "low", "high")}


def _scores(told: Sequence[Answer]) -> None:
    rows = [
        {"name": each["field"], "value": each["psi"], "low": None, "high": None, "n": _n(each)}
        for each in told
        if each["psi"] is not None
    ]
    if rows:
        charts.bars(rows, title="PSI", unit="number", limits=(_SMALL, _LARGE))
    table([{**each, **_state(each)} for each in told], _SCORES, name="drift-scores")


def _labels(told: Sequence[Answer]) -> None:
    rows = [
        {
            **each,
            **_state(each),
            "policy": each["policy"] or "all",
            "of": each["policy"],
            "before": _share(each["before"]),
            "now": _share(each["now"]),
        }
        for each in told
    ]
    chosen = table(rows, _LABELS, name="drift-labels", opens=True)
    if chosen is not None and chosen["of"]:
        policy, since = str(chosen["of"]), st.session_state.get("window")
        drill.cases(f"Open the cases of {policy}", policy=policy, window=since)


def _words(told: Answer) -> None:
    state = told["standing"]
    measure = {"state": state["state"], "n": state["n"], "needs": state["needs"]}
    out = told["out_of_vocabulary"]
    figure.cards(
        [
            {
                "name": "Words that were not there before",
                "measure": {**measure, "value": out, "low": None, "high": None},
                "unit": "share",
            },
            {
                "name": "How well then is told from now (AUC)",
                "measure": {
                    **measure,
                    "value": told["auc"],
                    "low": told["low"],
                    "high": told["high"],
                },
                "unit": "number",
                "about": "0.5: nobody can tell them apart. 1: everybody can.",
            },
        ],
        columns=3,
    )


def _rules(told: Sequence[Answer]) -> None:
    rows = [{**each, **_state(each)} for each in told]
    chosen = table(rows, _RULES, name="drift-rules", opens=True)
    if chosen is not None:
        rule = str(chosen["rule"])
        drill.cases(f"Open the cases of {rule}", rule=rule, window=st.session_state.get("window"))


def _state(each: Answer) -> Mapping[str, object]:
    state = each["standing"]
    if state["state"] != "known":
        word = figure.word(state["state"])
    elif each["alarm"]:
        word = "alarm"
    else:
        word = str(each.get("size") or each.get("change") or "steady")
    return {"state": word, "n": state["n"], "needs": state["needs"]}


def _n(each: Answer) -> int:
    return int(each["standing"]["n"])


def _share(told: Answer | None) -> str:
    if told is None:
        return formats.NONE
    low, high = formats.share(told["low"]), formats.share(told["high"])
    return f"{formats.share(told['value'])} [{low}, {high}]"


PAGES = (
    Page(
        section=Section.QUALITY,
        title="Drift",
        path="drift",
        icon=":material/trending_up:",
        question="Has what comes in, or what is decided, moved so far that a model needs training?",
        show=show,
        needs=("quality.read",),
    ),
)
