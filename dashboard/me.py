"""Who I am here: my roles, my shift, what I do not want to see."""

import streamlit as st

from dashboard.pages import Page, Section
from dashboard.person import here


def show() -> None:
    """The account of whoever is signed in."""
    person = here()
    st.write(person.shown)
    st.write(", ".join(person.roles))


PAGES = (
    Page(
        section=Section.ME,
        title="My account",
        path="me",
        icon=":material/person:",
        question="Who am I here, when do I work, and what do I not want to see?",
        show=show,
    ),
)
