"""Releases: what was submitted, how far it is, and what is done about it."""

from typing import Any, Final

import streamlit as st

from dashboard.formats import moment
from dashboard.gateway import Answer
from dashboard.pages import Page, Section
from dashboard.person import here
from dashboard.states import empty
from dashboard.workbench import calls
from dashboard.workbench.deeds import deeds
from dashboard.workbench.differences import differences
from dashboard.workbench.journal import journal
from dashboard.workbench.replaying import replaying
from dashboard.workbench.stages import stages
from dashboard.workbench.trials import canary, shadow

_WORDS, _WHO, _CANARY, _SHADOW, _REPLAYED = (
    "What differs",
    "Who did what",
    "Canary",
    "Shadow",
    "Backtest",
)
_CHOSEN: Final = "release"
#: Rows that the list shows at once, and pixels of a list with more.
_MANY: Final = 7
_TALL: Final = 250


def show() -> None:
    """All releases, and the one that was chosen."""
    listed = calls.releases(here().gateway)
    if not listed:
        empty(
            "There is no release yet.",
            "Publish one from a folder of rules: tierwise release publish.",
        )
        return
    _list(listed)
    names = [str(each["name"]) for each in listed]
    name = st.query_params.get(_CHOSEN, "")
    if name not in names:
        name = calls.in_force(listed) or names[0]
    _release(name, listed)


def _list(listed: list[Answer]) -> None:
    rows = [
        {
            "release": each["name"],
            "stage": each["stage"],
            "message": each["message"],
            "published by": each["published_by"],
            "published": moment(each["published_at"]),
        }
        for each in listed
    ]
    chosen: Any = st.dataframe(
        rows,
        hide_index=True,
        height="auto" if len(rows) < _MANY else _TALL,
        on_select="rerun",
        selection_mode="single-row",
        # A row that is chosen stays chosen by its number: it would be another release by now.
        key=f"releases {rows[0]['release']}",
        column_config={"message": st.column_config.TextColumn(width="large")},
    )
    if chosen.selection.rows:
        st.query_params[_CHOSEN] = str(rows[chosen.selection.rows[0]]["release"])


def _release(name: str, listed: list[Answer]) -> None:
    person = here()
    shown = calls.progress(person.gateway, name)
    active = calls.in_force(listed)
    st.subheader(f"Release `{name}`", anchor=False)
    stages(shown)
    st.text(str(shown["message"]) or "Nobody said what changes.")
    st.text(f"Published by {shown['published_by']}, {moment(shown['published_at'])}")
    deeds(person, shown)
    panels = [_WORDS, _WHO]
    panels += [_CANARY] if shown["canary"] else []
    panels += [_SHADOW] if shown["shadow"] else []
    panels += [_REPLAYED] if person.may("backtests.run") and name != active else []
    panel = st.segmented_control(
        "About it",
        panels,
        default=_WORDS,
        required=True,
        key=f"about {name}",
        label_visibility="collapsed",
    )
    match panel:
        case "Who did what":
            journal(shown)
        case "Canary":
            canary(person.gateway, shown)
        case "Shadow":
            shadow(person.gateway, shown)
        case "Backtest":
            replaying(person.gateway, name)
        case _:
            _differs(name, active, listed)


def _differs(name: str, active: str | None, listed: list[Answer]) -> None:
    others = [str(each["name"]) for each in listed if each["name"] != name]
    if not others:
        empty("It is the only release.", "Submit a draft to see what differs.")
        return
    usual = active if active in others else others[0]
    against = st.selectbox(
        "Compared with",
        others,
        index=others.index(usual),
        format_func=lambda each: f"{each} (in force)" if each == active else each,
        key=f"against {name}",
        width=280,
    )
    differences(calls.diff(here().gateway, name, against))


PAGES = (
    Page(
        section=Section.POLICY,
        title="Releases",
        path="releases",
        icon=":material/rocket_launch:",
        question="What is on its way into force, what does it change, and who stands behind it?",
        show=show,
        needs=("releases.read",),
    ),
)
