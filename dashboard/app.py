"""The script that Streamlit runs for each look at a page."""

from pathlib import Path
from typing import Final

import streamlit as st

from dashboard.formats import literal
from dashboard.going import go
from dashboard.navigation import navigation
from dashboard.person import Person, enter
from dashboard.states import boundary

_ICON: Final = str(Path(__file__).with_name("icon.png"))


def main() -> None:
    """Show whoever is signed in the page they asked for."""
    st.set_page_config(page_title="Tierwise", page_icon=_ICON, layout="wide")
    with boundary():
        person = enter()
        page = navigation(person)
        _margin(person)
        page.run()


def _margin(person: Person) -> None:
    with st.sidebar:
        roles = ", ".join(role.replace("_", " ") for role in person.roles)
        st.caption(f"{literal(person.shown)} · {roles}")
        if st.button("Sign out", icon=":material/logout:", type="tertiary"):
            go("/sign-out")


main()
