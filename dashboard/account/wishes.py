"""What somebody does not want to see, and how pictures come."""

from typing import Final

import streamlit as st

from dashboard.account import calls
from dashboard.gateway import Answer, Refused
from dashboard.person import here

#: As the API takes them, and as people read them.
_BLUR: Final = {None: "As the organisation says", True: "Blurred", False: "Shown"}


def show_opted_out(me: Answer) -> None:
    """Policies whose cases never come, and a way to add one."""
    st.subheader("What I do not want to see")
    out = list(me["person"]["opted_out"])
    if out:
        st.text(f"No cases come of: {', '.join(out)}")
    else:
        st.text("Cases of all policies come.")
    left = [name for name in me["policies"] if name not in out]
    with st.form("opt-out", border=False, clear_on_submit=True):
        # No way to choose all: what is opted out of, they cannot take back themselves.
        chosen = st.multiselect(
            "Policies to opt out of", left, placeholder="Choose policies", select_all=False
        )
        if st.form_submit_button("Opt out", icon=":material/visibility_off:") and chosen:
            _change({"opted_out": [*out, *chosen]})
    st.caption(
        "It holds at once, for appeals and samples of these policies too. Nobody asks why. To be"
        " back in, ask whoever plans your work."
    )


def show_blur(me: Answer) -> None:
    """How pictures come at first."""
    st.subheader("Pictures")
    own = me["person"]["blur"]
    chosen = st.segmented_control(
        "Pictures come",
        list(_BLUR.values()),
        default=_BLUR[own],
        required=True,
        key="blur",
    )
    wanted = next(value for value, label in _BLUR.items() if label == chosen)
    if wanted is not own:
        _change({"blur": wanted})
    now = "blurred" if me["terms"]["blur"] else "shown"
    st.caption(
        f"They come {now} now." if now == "shown" else "They come blurred now, until you look."
    )


def _change(changes: dict[str, object]) -> None:
    try:
        calls.change(here().gateway, changes)
    except Refused as no:
        st.error(str(no))
    else:
        st.rerun()
