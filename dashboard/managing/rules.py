"""Rules: how right each is, how much it matches and costs, and which have had their day."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import streamlit as st

from dashboard import formats
from dashboard.asking import together
from dashboard.figures import charts, drill, figure
from dashboard.figures.tables import Column, table
from dashboard.filters import one_of, window
from dashboard.gateway import Answer
from dashboard.managing import calls, tiles
from dashboard.managing.retiring import listed
from dashboard.pages import Page, Section
from dashboard.states import empty, simulated

_DRAWN: Final = 15
"""Bars and points of a chart: more cannot be read."""
_WANTED: Final = 0.95
"""One less the target of false positives."""
_COLUMNS: Final = (
    Column("name", "Rule"),
    Column("why", "Retire?", about="What figures say against it; nothing: it earns its keep."),
    Column("policy", "Policy"),
    Column("status", "Status"),
    Column("tier", "Tier"),
    Column("hits", "Hits", "count"),
    Column(
        "precision", "Precision", "share", "Of what it matches, how often it is right; weighted."
    ),
    Column("interval", "95 % interval"),
    Column("alone", "Alone", "share", "Of its hits, what nothing else caught."),
    Column("samples", "Overturned by samples", "share"),
    Column("appeals", "Overturned on appeal", "share"),
    Column("cases", "Cases", "count"),
    Column("minutes", "Minutes", "number", "Of people, on its cases."),
    Column("cost", "Cost", "money"),
    Column("ends", "Ends", "moment"),
    Column("changed", "Changed", "moment", "The last release that changed what it means."),
    Column("owner", "Owner"),
)
_OVERLAPS: Final = (
    Column("rule", "Of the hits of"),
    Column("share", "This share", "share"),
    Column("interval", "95 % interval"),
    Column("other", "Is matched by"),
    Column("both", "Both, as read", "count"),
)


def show() -> None:
    """Figures of all rules, what stands out, and each in a table."""
    places = st.columns([1, 1, 1, 3], vertical_alignment="bottom")
    with places[0]:
        since = window("30d")
    (report,) = together(calls.rules(since))
    with places[1]:
        policy = one_of("Policy", [rule["policy"] for rule in report["rules"]])
    with places[2]:
        status = one_of("Status", [rule["status"] for rule in report["rules"]])
    if report["reading"]["simulated"]:
        simulated()
    rules = [
        rule
        for rule in report["rules"]
        if policy in (None, rule["policy"]) and status in (None, rule["status"])
    ]
    if not rules:
        empty("No such rule is in force.", "Choose other filters, or bring a release into force.")
        return
    whole = report["reading"]["whole"]
    why = listed(rules, report["silent_rules"], whole=whole)
    _figures(rules, why, report)
    _charts(rules)
    st.subheader("Rule by rule")
    _table(rules, why)
    _shared(report, {rule["name"] for rule in rules})
    _lists(report)


def _figures(rules: Sequence[Answer], why: Mapping[str, str], report: Answer) -> None:
    live = sum(rule["status"] == "live" for rule in rules)
    silent = sum(rule["name"] in report["silent_rules"] for rule in rules)
    ends = [rule for rule in rules if rule["ends_soon"]]
    items = report["reading"]["items"]
    read = "all read" if report["reading"]["whole"] else f"{formats.count(items['seen'])} read"
    tiles.row(
        [
            ("Rules in force", formats.count(len(rules)), f"{live:,} live"),
            ("May be retired", formats.count(len(why)), "see why in the table"),
            (
                "Matched nothing",
                formats.count(silent),
                f"of {formats.count(items['value'])} items, {read}",
            ),
            ("End soon", formats.count(len(ends)), "within two weeks, or over"),
            (
                "People's time",
                formats.duration(60 * sum(rule["minutes"] for rule in rules)),
                f"{formats.money(sum(rule['cost'] for rule in rules))} at their rates",
            ),
        ]
    )


def _charts(rules: Sequence[Answer]) -> None:
    left, right = st.columns(2, gap="medium")
    known = [rule for rule in rules if rule["precision"]["state"] == "known"]
    known.sort(key=lambda rule: rule["precision"]["value"])
    with left:
        st.subheader("Which are wrong most often?", help=charts.HINT)
        if known:
            point = charts.points(
                [
                    charts.measured(rule["name"], rule["precision"], group=rule["tier"])
                    for rule in known[:_DRAWN]
                ],
                title="Precision",
                unit="share",
                limits=(_WANTED,),
                key="precision",
            )
            _open(point, "precision")
        else:
            _unknown(rules)
    dear = sorted(rules, key=lambda rule: -rule["cost"])[:_DRAWN]
    with right:
        st.subheader("Which cost most?", help=charts.HINT)
        bar = charts.bars(
            [
                {"name": rule["name"], "value": rule["cost"], "n": rule["cases"]["seen"]}
                for rule in dear
                if rule["cost"]
            ],
            title="Cost of people's time",
            unit="money",
            key="costs",
        )
        _open(bar, "costs")


def _open(row: Mapping[str, Any] | None, place: str) -> None:
    """Ways to a rule that was chosen, and to its cases."""
    if row is None:
        return
    name, since = str(row["name"]), st.session_state.get("window")
    with st.container(horizontal=True):
        drill.link("rules", f"All about {name}", icon=":material/rule:", place=place, rule=name)
        drill.cases(f"Cases of {name}", place=place, rule=name, window=since)


def _unknown(rules: Sequence[Answer]) -> None:
    near = max(rules, key=lambda rule: rule["precision"]["n"])
    found = near["precision"]
    empty(
        "No rule has enough blind answers yet.",
        f"The nearest has {found['n']:,} of {found['needs']:,}: sample more of what rules match.",
    )


def _table(rules: Sequence[Answer], why: Mapping[str, str]) -> None:
    rows = [row(rule, why.get(rule["name"], "")) for rule in rules]
    rows.sort(key=lambda each: (not each["why"], -each["cost"], -each["hits"]))
    _open(table(rows, _COLUMNS, name="rules", opens=True), "table")


def row(rule: Answer, why: str) -> dict[str, Any]:
    """A rule as the table has it."""
    return {
        **{name: rule[name] for name in ("name", "policy", "status", "tier", "owner", "ends")},
        "why": why,
        "hits": rule["hits"]["value"],
        "precision": rule["precision"]["value"],
        "interval": figure.interval(rule["precision"], "share"),
        "alone": rule["alone"]["value"],
        "samples": rule["overturned_by_samples"]["value"],
        "appeals": rule["overturned_on_appeal"]["value"],
        "cases": rule["cases"]["value"],
        "minutes": rule["minutes"],
        "cost": rule["cost"],
        "changed": None if rule["changed"] is None else rule["changed"]["at"],
    }


def _shared(report: Answer, names: set[str]) -> None:
    rows = [
        {
            **each,
            "share": each["share"]["value"],
            "interval": figure.interval(each["share"], "share"),
        }
        for each in report["overlaps"]
        if each["rule"] in names or each["other"] in names
    ]
    st.subheader("Which do the same?")
    if rows:
        chosen = table(rows, _OVERLAPS, name="overlaps", opens=True)
        _open(None if chosen is None else {"name": chosen["rule"]}, "overlaps")
    else:
        empty("No two rules matched the same item.", "There is no overlap to take away.")


def _lists(report: Answer) -> None:
    st.subheader("Which lists found nothing?")
    rows = [
        {"name": name, "found": found}
        for found, names in (
            ("nothing", report["silent_lists"]),
            ("untold", report["untold_lists"]),
        )
        for name in names
    ]
    if not rows:
        empty("Every list found something.", "None has to be looked at.")
        return
    about = "Untold: it stands in exceptions, counters or points, of which traces tell nothing."
    table(rows, (Column("name", "List"), Column("found", "Found", about=about)), name="lists")


PAGES = (
    Page(
        section=Section.QUALITY,
        title="Rule health",
        path="rule-health",
        icon=":material/rule_settings:",
        question="Which rules are right, which cost more than they catch: which to retire?",
        show=show,
        needs=("quality.read",),
    ),
)
