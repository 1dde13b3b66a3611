"""What backtests forecast of a release, beside what happened under it."""

from typing import Final

import streamlit as st

from dashboard.formats import NONE, in_unit, moment, words
from dashboard.gateway import Answer, Gateway
from dashboard.workbench import calls

_HELD: Final = {True: "as forecast", False: "outside"}


def foreseen(ask: Gateway, name: str) -> None:
    """A table for the last forecast of a release, and for older ones where somebody opens them."""
    found = calls.forecasts(ask, name)
    if not found:
        return
    st.markdown("**Forecast, and what happened**")
    _forecast(found[0])
    for each in found[1:]:
        with st.expander(f"Forecast of {moment(each['made_at'])}"):
            _forecast(each)


def _forecast(each: Answer) -> None:
    begun = "" if each["begun"] is None else f" It came into force {moment(each['begun'])}."
    wait = "" if each["obstacle"] is None else f" Not compared yet: {each['obstacle']}."
    st.text(f"Made {moment(each['made_at'])} by {each['made_by']}.{begun}{wait}")
    st.dataframe([_row(figure) for figure in each["figures"]], hide_index=True)


def _row(figure: Answer) -> dict[str, str]:
    unit, happened = str(figure["unit"]), figure["happened"]
    low, high = (in_unit(figure[end], unit) for end in ("low", "high"))
    held = None if happened is None else figure["low"] <= happened <= figure["high"]
    return {
        "figure": words(figure["name"]),
        "forecast": f"{in_unit(figure['value'], unit)} [{low}, {high}]",
        "happened": in_unit(happened, unit),
        "so": NONE if held is None else _HELD[held],
    }
