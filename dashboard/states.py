"""What a page shows where there is nothing to show: nobody, no answer, a refusal, no data."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import streamlit as st

from dashboard.formats import literal
from dashboard.gateway import Refused, SignedOut, Unreachable
from dashboard.going import go


@contextmanager
def boundary() -> Iterator[None]:
    """Whatever the service could not answer is said in place of what was to come."""
    try:
        yield
    except SignedOut:
        signed_out()
    except Unreachable:
        st.error("The service does not answer. What you did last may not have arrived.")
        st.button("Try again", icon=":material/refresh:", key="again")
        st.stop()
    except Refused as no:
        # It names what somebody sent.
        st.error(literal(str(no)))
        st.stop()


def signed_out() -> NoReturn:
    """The session is over: the browser goes where it gets another, and comes back here."""
    st.info("Your session is over. Sign in again; what you wrote as a draft is kept.")
    go("/sign-out", back=True)
    st.stop()


def empty(what: str, then: str) -> None:
    """Nothing is there, and that is no mistake.

    Args:
        what: What is missing, as a sentence.
        then: What to do next, as a sentence.
    """
    with st.container(border=True, horizontal_alignment="center"):
        st.markdown(f"**{what}**")
        st.caption(then)


def simulated() -> None:
    """Says that figures on this page come from people who are not there."""
    st.warning(
        "Simulated reviewers decided here: these figures show how Tierwise works, not how your "
        "people do.",
        icon=":material/smart_toy:",
    )
