"""Agreement: how far people agree, by policy and over time, and the cases on which they differ."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final

import streamlit as st

from dashboard import formats
from dashboard.asking import together
from dashboard.figures import charts, drill, field, figure
from dashboard.figures.figure import Wanted
from dashboard.figures.tables import Column, table
from dashboard.filters import one_of, window
from dashboard.gateway import Answer
from dashboard.pages import Page, Section
from dashboard.quality.calls import agreement, few, step
from dashboard.states import empty, simulated

_TARGET: Final = 0.85
_COEFFICIENTS: Final = (
    ("observed", "Observed agreement", "p_a"),
    ("alpha", "Krippendorff's alpha", "alpha"),
    ("kappa", "Fleiss' kappa", "kappa"),
    ("ac1", "Gwet's AC1", "AC1"),
)
_ABOUT: Final[Mapping[str, str]] = {
    "observed": "How often two people say the same. The target is about this figure.",
    "alpha": "Agreement beyond chance: 1 at most, 0 as by chance.",
    "kappa": "The same; small where one action is rare, whatever people do.",
    "ac1": "The same; it stays high where one action is rare.",
}
_BY: Final[Mapping[str, str]] = {
    "policies": "Policy",
    "queues": "Queue",
    "languages": "Language",
}
_NONE: Final = "none"


def show() -> None:
    """Figures together, over time, by policy; then on what people differ."""
    left, middle, _ = st.columns([1, 1, 3])
    with left:
        since = window("30d")
    wanted = st.query_params.get("policy") or None
    by = step(since)
    asked = [agreement(since, by=by)]
    if wanted is not None:
        asked.append(agreement(since, by=by, policy=wanted))
    everything, *of_policy = together(*asked)
    with middle:
        policy = one_of("Policy", [each["name"] for each in everything["policies"]])
    report = of_policy[0] if of_policy and policy == wanted else everything
    if policy is not None and policy != wanted:
        (report,) = together(agreement(since, by=by, policy=policy))
    if by == "day" and few(report["points"], since):
        (report,) = together(agreement(since, by="hour", policy=policy))
    if report["simulated"]:
        simulated()
    _together(report["overall"])
    if not report["overall"]["items"]:
        empty(
            "No two people have looked at the same thing yet.",
            "Second looks (review.overlap) and panels bring such votes.",
        )
        return
    _over_time(report, policy)
    _differing(report, policy)
    _apart(report, policy)


def _together(told: Answer) -> None:
    cards: list[dict[str, Any]] = [
        {
            "name": label,
            "measure": told[name],
            "unit": "share" if name == "observed" else "number",
            "about": _ABOUT[name],
        }
        for name, label, _ in _COEFFICIENTS
    ]
    cards[0] |= {"wanted": Wanted(above=_TARGET), "standing": _standing(told["observed"])}
    figure.cards(cards, columns=4)
    said = ", ".join(
        f"{formats.literal(action)} {formats.share(share)}"
        for action, share in sorted(told["prevalence"].items(), key=lambda each: -each[1])
    )
    if said:
        word = (
            f"Beyond chance: {told['strength']}, by the lower limit of kappa. "
            if told["strength"]
            else ""
        )
        st.caption(f"{word}Prevalence: {said}.")


def _standing(measure: Answer) -> str:
    """Met or missed where all of the interval is."""
    if measure["state"] != "known" or measure["low"] is None:
        return "insufficient_data" if measure["state"] == "insufficient_data" else "not_sure"
    if measure["low"] > _TARGET:
        return "met"
    return "missed" if measure["high"] <= _TARGET else "not_sure"


def _over_time(report: Answer, policy: str | None) -> None:
    left, right = st.columns(2, gap="medium")
    points = report["points"]
    with left:
        st.markdown("**Over time**", help=charts.HINT)
        rows = [
            {"at": each["at"], **each["told"][name], "name": label}
            for each in points
            for name, _, label in _COEFFICIENTS
        ]
        point = charts.over_time(
            rows, title="", unit="number", limits=(_TARGET,), key="agreed-over-time"
        )
        drill.came(point, report["by"], policy=policy)
    with right:
        st.markdown("**Prevalence: what people chose**")
        chosen = [
            {"at": each["at"], "name": action, "value": share, "n": each["told"]["ratings"]}
            for each in points
            for action, share in each["told"]["prevalence"].items()
        ]
        charts.over_time(chosen, title="", unit="share", zero=True)


def _differing(report: Answer, policy: str | None) -> None:
    """What two people said of the same thing, as a field; a cell opens its cases."""
    st.subheader("On what people differ")
    left, right = st.columns([3, 2], gap="large")
    with left:
        st.caption("Items on which one person chose this, and another that. Choose a cell.")
        chosen = field.heat(
            confused(report["confusion"]),
            down="one chose",
            across="another chose",
            key=f"confusion-{policy or 'all'}",
            quiet_diagonal=True,
        )
    with right:
        if chosen is None:
            empty("No cell is chosen.", "A click on a cell shows where it comes from.")
        else:
            _behind(report["confusion"], *chosen, policy)


def confused(confusion: Sequence[Answer]) -> list[Mapping[str, Any]]:
    """Both halves of the field, over all policies."""
    items: dict[tuple[str, str], int] = defaultdict(int)
    for cell in confusion:
        for key in {(cell["first"], cell["second"]), (cell["second"], cell["first"])}:
            items[key] += cell["items"]
    actions = sorted({one for one, _ in items})
    return [
        {"down": one, "across": other, "value": items.get((one, other), 0)}
        for one in actions
        for other in actions
    ]


def _behind(confusion: Sequence[Answer], one: str, other: str, policy: str | None) -> None:
    """By policy, with a link to the cases of each."""
    found = [each for each in confusion if {each["first"], each["second"]} == {one, other}]
    if not found:
        empty("No item is like that.", "Choose another cell.")
        return
    st.markdown(f"**{formats.literal(one)} and {formats.literal(other)}**")
    since = st.session_state.get("window")
    drill.cases("Open all of them", said=one, also=other, policy=policy, window=since)
    for each in found:
        label = f"{each['policy'] or _NONE}: {formats.count(each['items'])} items"
        if each["policy"]:
            drill.cases(label, said=one, also=other, policy=each["policy"], window=since)
        else:
            # Nobody can ask for cases without a policy.
            st.text(label)


def _apart(report: Answer, policy: str | None) -> None:
    st.subheader("Which policy to clarify")
    by = st.segmented_control(
        "By",
        list(_BY),
        default="policies",
        format_func=lambda each: _BY[each],
        key="apart",
        bind="query-params",
        label_visibility="collapsed",
    )
    chosen = by or "policies"
    told = report[chosen]
    rows = [
        charts.measured(each["name"] or _NONE, each["observed"], of=each["name"]) for each in told
    ]
    left, right = st.columns([2, 3], gap="medium")
    with left:
        point = charts.points(
            rows,
            title="p_a, with its interval",
            unit="share",
            limits=(_TARGET,),
            key=f"apart-{chosen}",
        )
        _open(point, chosen, policy, "chart")
    with right:
        columns = _columns(_BY[chosen])
        lines = [_line(each) for each in told]
        line = table(lines, columns, name=f"agreement-by-{chosen}", opens=True)
        _open(line, chosen, policy, "table")


def _open(row: Mapping[str, Any] | None, by: str, policy: str | None, place: str) -> None:
    """A way to the cases of what was chosen: a policy, a queue or a language."""
    if row is not None:
        filters = {"policy": policy, _BY[by].lower(): row["of"]}
        since = st.session_state.get("window")
        drill.cases(f"Open the cases of {row['of']}", place=place, window=since, **filters)


def _line(told: Answer) -> Mapping[str, Any]:
    values = {name: told[name]["value"] for name, _, _ in _COEFFICIENTS}
    return {
        "name": told["name"] or _NONE,
        "of": told["name"],
        **values,
        "interval": figure.interval(told["observed"], "share"),
        "items": told["items"],
        "strength": told["strength"] or formats.NONE,
    }


def _columns(first: str) -> Sequence[Column]:
    return (
        Column("name", first),
        Column("observed", "p_a", "share", _ABOUT["observed"]),
        Column("interval", "95 % interval"),
        Column("alpha", "alpha", "number", _ABOUT["alpha"]),
        Column("kappa", "kappa", "number", _ABOUT["kappa"]),
        Column("ac1", "AC1", "number", _ABOUT["ac1"]),
        Column("items", "Items", "count"),
        Column("strength", "Beyond chance", about="Landis and Koch, by the lower limit of kappa"),
    )


PAGES = (
    Page(
        section=Section.QUALITY,
        title="Agreement",
        path="agreement",
        icon=":material/handshake:",
        question="How far do people agree, and which policy needs to be clarified?",
        show=show,
        needs=("quality.read",),
    ),
)
