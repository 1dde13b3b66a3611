"""Puts charts on pages, unchecked: a check takes half their time, and a test has all of them."""

from typing import Any

import altair as alt
import streamlit as st
from altair.utils import schemapi

schemapi.disable_debug_mode()
# The colours of the page are put in by Streamlit; Altair's own theme has sizes that do not fit it.
alt.theme.enable("none")


def put(chart: alt.TopLevelMixin, *, height: int, key: str | None, picks: str = "") -> Any:  # noqa: ANN401 - as Streamlit has it
    """Put a chart where the page is.

    Args:
        chart: Of rows that are in it, as `alt.InlineData`.
        height: In pixels.
        key: Of the chart; None: nothing can be chosen.
        picks: The parameter in which it says what was chosen.

    Returns:
        What was chosen: rows with the fields of the parameter, the first one first.
    """
    spec = chart.to_dict(validate=False) | {"height": height}
    if key is None:
        st.vega_lite_chart(spec=spec, width="stretch")
        return []
    event = st.vega_lite_chart(
        spec=spec, width="stretch", key=key, on_select="rerun", selection_mode=picks
    )
    return event.get("selection", {}).get(picks, [])
