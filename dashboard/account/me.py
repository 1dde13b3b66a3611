"""Who I am here: my roles, my shift, what I do not want to see."""

import streamlit as st

from dashboard.account import calls
from dashboard.account.presence import show_exposure, show_presence
from dashboard.account.sessions import show_sessions
from dashboard.account.wishes import show_blur, show_opted_out
from dashboard.formats import words
from dashboard.gateway import Answer, Refused
from dashboard.person import here

_ALL = "all"


def show() -> None:
    """The account of whoever is signed in."""
    person = here()
    me = person.me
    reviews = person.may("cases.decide")
    if reviews:
        left, right = st.columns(2)
        with left.container(border=True, height="stretch"):
            show_presence(me)
        with right.container(border=True, height="stretch"):
            show_exposure(calls.exposure(person.gateway))
        left, right = st.columns(2)
        with left.container(border=True, height="stretch"):
            show_opted_out(me)
        with right.container(border=True, height="stretch"):
            show_blur(me)
    left, right = st.columns(2)
    with left.container(border=True, height="stretch"):
        _who(me["person"])
    with right.container(border=True, height="stretch"):
        show_sessions(me["session"], calls.sessions(person.gateway))


def _who(account: Answer) -> None:
    st.subheader("Who I am")
    with st.form("name", border=False):
        name = st.text_input("What others see", account["display_name"], max_chars=100)
        if st.form_submit_button("Save") and name != account["display_name"]:
            try:
                calls.change(here().gateway, {"display_name": name})
            except Refused as no:
                st.error(str(no))
            else:
                st.rerun()
    rows = {
        "Signs in as": account["name"],
        "Roles": ", ".join(map(words, account["roles"])),
        "Languages": ", ".join(account["languages"]) or _ALL,
        "Policies": ", ".join(account["policies"]) or _ALL,
        "Time zone": account["time_zone"],
        "Shifts": _shifts(account),
    }
    for label, value in rows.items():
        term, said = st.columns([1, 2])
        term.caption(label)
        said.text(value)
    st.caption("All but the name is set by whoever plans your work.")


def _shifts(account: Answer) -> str:
    found = [f"{each['day'].title()} {each['start']}-{each['end']}" for each in account["shifts"]]
    return ", ".join(found) or "any time"
