"""One of a few things, as the address has it."""

from collections.abc import Sequence

import streamlit as st


def one(label: str, options: Sequence[str], *, key: str) -> str:
    """What was chosen, by default the first; other pages may have the same key and other options.

    Args:
        label: As it is shown.
        options: As they are shown, so they stand in the address.
        key: The parameter of the address.
    """
    # Streamlit keeps what was chosen on another page, whatever there is to choose here.
    if st.session_state.get(key, options[0]) not in options:
        del st.session_state[key]
    return st.selectbox(label, options, key=key, bind="query-params") or options[0]
