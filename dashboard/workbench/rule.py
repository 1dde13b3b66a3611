"""One rule: what it says, what it does and causes, what changes without it, and how it came."""

from typing import Any, Final

import streamlit as st

from dashboard.filters import window
from dashboard.formats import count, duration, measured, moment, money, words
from dashboard.gateway import Answer, Refused, now
from dashboard.person import here
from dashboard.states import empty, simulated
from dashboard.workbench import calls
from dashboard.workbench.checking import published
from dashboard.workbench.policies import InForce, action_of, condition_lines, source_of
from dashboard.workbench.sampled import SAMPLES, sampled
from dashboard.workbench.ways import go_to
from engine.diffing import compare
from engine.diffing.layouts import to_dict
from engine.rules.model import Policy, Rule, Status

#: The parameter of the address.
CHOSEN: Final = "rule"
#: Releases that are looked through for the history of a rule.
_BACK: Final = 12
_SAYS, _DOES, _CAME = "What it says", "What it does", "How it came"
_MINUTE: Final = 60.0


def one_rule(found: InForce, name: str) -> None:
    """All about a rule of the release in force."""
    with st.container(horizontal=True):
        if st.button("All rules", icon=":material/arrow_back:", key="all-rules"):
            go_to("rules")
        rule = found.policy.rules.get(name)
        if rule is None:
            empty("There is no such rule in force.", "It may have been renamed or removed.")
            return
        st.space("stretch")
        if here().may("releases.publish") and st.button(
            "Change it", icon=":material/edit_note:", key="change"
        ):
            go_to("editor", file=rule.span.file)
    st.subheader(name, anchor=False)
    st.text(rule.title or "It has no title.")
    _facts(rule)
    panels = [_SAYS, _DOES, _CAME] if here().may("quality.read") else [_SAYS, _CAME]
    panel = st.segmented_control(
        "About it",
        panels,
        default=panels[0],
        required=True,
        key="about-rule",
        label_visibility="collapsed",
        bind="query-params",
    )
    if panel == _DOES:
        _does(rule)
    elif panel == _CAME:
        _came(found, rule)
    else:
        _says(found, rule)


def _facts(rule: Rule) -> None:
    with st.container(horizontal=True, gap="small"):
        st.badge(str(rule.status), color="green" if rule.status is Status.LIVE else "gray")
        st.badge(f"tier {rule.then.tier}", color="blue")
        st.badge(words(action_of(rule)), color="blue")
        st.badge(f"{rule.severity} severity", color="gray")
        st.badge(f"priority {rule.then.priority}", color="gray")
        st.badge(rule.then.reason, color="gray")
    st.text(f"Owner: {rule.owner}")


def _says(found: InForce, rule: Rule) -> None:
    said, source = st.columns([2, 3], gap="large")
    with said:
        st.markdown("**In words**")
        st.text("\n".join(condition_lines(found.policy, rule)))
        if rule.about:
            st.text(rule.about)
        for title, names in (
            ("Markets", sorted(rule.markets)),
            ("Languages", sorted(rule.languages)),
            ("Kinds of items", sorted(rule.kinds)),
            ("Outranks", rule.outranks),
            ("Labels", rule.then.labels),
        ):
            if names:
                st.text(f"{title}: {', '.join(names)}")
        st.text(f"{len(rule.tests)} tests")
    with source:
        st.text(f"{rule.span.file}, line {rule.span.line}")
        st.code(source_of(found.files, rule.span.file, rule.span.line), language="yaml")


def _does(rule: Rule) -> None:
    with st.container(width=220):
        since = window("30d").isoformat()
    ask = here().gateway
    with st.spinner("Reading what it did…"):
        told = calls.rule(ask, rule.name, since)
    if told["reading"]["simulated"]:
        simulated()
    figures = told["rule"]
    _figures(figures)
    if told["overlaps"]:
        st.markdown("**Rules that match what it matches**")
        st.dataframe(
            [
                {
                    "rule": each["other"] if each["rule"] == rule.name else each["rule"],
                    "both": each["both"],
                    "share": measured(each["share"], "share"),
                    "of the hits of": each["rule"],
                }
                for each in told["overlaps"]
            ],
            hide_index=True,
        )
    if told["without"] is not None:
        st.markdown("**What changes without it**")
        _matrix(told["without"], "with it", "without it")
    if rule.status is Status.SHADOW:
        st.markdown("**What it would do if it was live**")
        try:
            _matrix(calls.shadow_rule(ask, rule.name, since)["matrix"], "now", "live")
        except Refused as no:
            st.text(str(no))


def _figures(figures: Answer) -> None:
    hits = figures["hits"]
    between = (
        "" if hits["low"] == hits["high"] else f" [{count(hits['low'])}, {count(hits['high'])}]"
    )
    rows = [
        ("Hits", f"{count(hits['value'])}{between}"),
        ("Precision", measured(figures["precision"], "share")),
        ("Only it caught", measured(figures["alone"], "share")),
        ("Overturned by samples", measured(figures["overturned_by_samples"], "share")),
        ("Overturned on appeal", measured(figures["overturned_on_appeal"], "share")),
        ("Cases", count(figures["cases"]["value"])),
        ("Reviewers spent", duration(figures["minutes"] * _MINUTE)),
        ("That cost", money(figures["cost"])),
    ]
    for start in (0, 4):
        for place, (label, value) in zip(st.columns(4), rows[start : start + 4], strict=True):
            with place, st.container(border=True):
                st.caption(label)
                st.markdown(f"**{value}**".replace("$", "\\$"))


def _matrix(matrix: Answer, before: str, after: str) -> None:
    st.caption(
        f"{count(matrix['looked_at'])} items looked at, {count(matrix['same'])} of them treated "
        f"the same; right in {measured(matrix['precision'], 'share')}"
    )
    if not matrix["cells"]:
        empty("Nothing would be treated otherwise.", "Other rules do the same with these items.")
        return
    sampled([_cell(each, before, after) for each in matrix["cells"]], key=f"matrix {after}")


def _cell(each: Answer, before: str, after: str) -> dict[str, Any]:
    return {
        before: f"{each['tier_before']} · {each['action_before']}",
        after: f"{each['tier']} · {each['action']}",
        "items": each["items"],
        "upheld": each["upheld"],
        "overturned": each["overturned"],
        "right in": measured(each["precision"], "share"),
        SAMPLES: each["samples"],
    }


def _came(found: InForce, rule: Rule) -> None:
    with st.spinner("Looking through releases…"):
        rows = history(found, rule.name)
    if not rows:
        empty("No release changed it.", f"The last {_BACK} releases were looked through.")
        return
    for each in rows:
        with st.container(border=True, gap="xsmall"):
            st.markdown(f"Release `{each['name']}` · {moment(each['published_at'])}")
            st.text(f"{each['published_by']}: {each['message']}")
            st.text("\n".join(each["lines"]))
    st.caption(f"The last {_BACK} releases that were published, each beside the one before.")


def history(found: InForce, name: str) -> list[dict[str, Any]]:
    """What the last releases changed of a rule, the last first."""
    listed = found.listed[:_BACK]
    policies = [_policy(str(each["name"])) for each in listed]
    rows = []
    for number, each in enumerate(listed):
        new = policies[number]
        if new is None:
            continue
        if number + 1 < len(listed):
            old = policies[number + 1]
            lines = [] if old is None else _lines(old, new, name)
        else:
            lines = [f"{name}: it was there"] if name in new.rules else []
        if lines:
            rows.append({**each, "lines": lines})
    return rows


def _policy(release: str) -> Policy | None:
    """What a release says, read once in this process."""
    files = calls.files(here().gateway, release)
    return published(release, files, now=now().timestamp()).policy


def _lines(old: Policy, new: Policy, name: str) -> list[str]:
    return [
        line
        for rule in to_dict(compare(old, new))["rules"]
        if name in {rule["name"], rule["was"]}
        for line in rule["lines"]
    ]
