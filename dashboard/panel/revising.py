"""One decision of my own: what it was about, and a better one in its place, with the reason."""

import streamlit as st

from dashboard import holding
from dashboard.formats import moment
from dashboard.gateway import Answer, Refused
from dashboard.panel import calls, wording
from dashboard.panel.talk import as_desk, titles_of
from dashboard.person import here
from dashboard.showing.item import show_item
from dashboard.showing.sheet import Line, Part, show_sheet


def show(decided: Answer) -> None:
    """The item, what was said, and what can be done about it."""
    case = str(decided["case_id"])
    found = calls.look_back(here().gateway, case)
    titles = titles_of(found)
    left, right = st.columns([1.4, 1], gap="medium")
    with left:
        show_sheet([wording.appeal(found["appeal"], titles)], key=f"mine-appeal-{case}")
        show_item(as_desk(found), key=f"mine-{case}")
    with right:
        show_sheet(_parts(decided, titles), key=f"mine-said-{case}")
        if decided["undo_until"] is not None:
            _undo(case)
        elif decided["state"] == "decided":
            _revise(decided, found)
        else:
            st.caption("It counts in a moment, and can be revised then.")


def _parts(decided: Answer, titles: wording.Titles) -> list[Part]:
    lines = [Line(wording.said(decided, titles), "strong")]
    if decided["comment"]:
        lines.append(Line(decided["comment"]))
    parts = [Part(heading=f"You decided, {moment(decided['at'])}", lines=lines, lead=True)]
    revised = decided["revised"]
    if revised is not None:
        lines = [Line(wording.said(revised, titles), "strong"), Line(revised["comment"] or "")]
        parts.append(Part(heading=f"Revised, {moment(revised['at'])}", lines=lines))
    return parts


def _undo(case: str) -> None:
    if st.button("Take it back", icon=":material/undo:", shortcut="U", key=f"back-{case}"):
        try:
            holding.undo(here().gateway, case)
        except Refused as no:
            st.error(str(no))
        else:
            st.toast("It is on your review desk again.")
            st.rerun()


def _revise(decided: Answer, found: Answer) -> None:
    menu, case = found["menu"], str(decided["case_id"])
    titles = {each["name"]: str(each["title"]) for each in menu["reasons"]}
    with st.form(f"revise-{case}"):
        action = st.selectbox(
            "Decide instead",
            [each["name"] for each in menu["actions"]],
            index=None,
            placeholder="What is to be done",
            format_func=lambda name: wording.action(name).capitalize(),
        )
        reasons = st.multiselect(
            "Reasons",
            list(titles),
            format_func=lambda name: titles[name],
            placeholder="None: those of the decision that is revised",
            select_all=False,
        )
        why = st.text_area("Why do you think better of it?", max_chars=10_000)
        sent = st.form_submit_button("Revise", icon=":material/edit:", type="primary")
    if not sent:
        return
    if action is None or not why.strip():
        st.error("Choose what is to be done, and say why.")
        return
    try:
        revision = {"action": action, "reasons": reasons, "comment": why.strip()}
        calls.revise(here().gateway, case, revision)
    except Refused as no:
        st.error(str(no))
    else:
        st.rerun()
