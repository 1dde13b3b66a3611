"""A backtest of a release: what it would have done with what came."""

from typing import Any, Final

import streamlit as st

from dashboard.formats import NONE, count, in_unit, words
from dashboard.gateway import Answer, Gateway
from dashboard.states import boundary, empty
from dashboard.workbench import calls
from dashboard.workbench.foreseen import foreseen
from dashboard.workbench.sampled import SAMPLES, sampled
from engine.quality.measures import lacking

_ASKED: Final = "backtest"
_EVERY: Final = "2s"
_RUNNING: Final = "running"


def replaying(ask: Gateway, name: str) -> None:
    """Ask for a backtest, and show how far it is and what it found; it can be left."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        days = st.selectbox("Days back", [1, 7, 30, 90], index=2, key="backtest-days", width=140)
        if st.button("Try it on what came", icon=":material/history:", key="backtest-run"):
            st.query_params[_ASKED] = str(calls.backtest(ask, name, float(days or 30))["id"])
    asked = st.query_params.get(_ASKED)
    if asked is None:
        empty("No backtest was asked for here.", "It says what would have been decided otherwise.")
    else:
        _asked(ask, asked, name)
    foreseen(ask, name)


def _asked(ask: Gateway, asked: str, name: str) -> None:
    found = calls.backtested(ask, asked)
    if found["new"] != name:
        empty("The last backtest was of another release.", "Ask for one of this.")
    elif found["state"] == _RUNNING:
        _progress(ask, asked)
    else:
        _report(found)


@st.fragment(run_every=_EVERY)
def _progress(ask: Gateway, asked: str) -> None:
    with boundary():
        found = calls.backtested(ask, asked)
        if found["state"] != _RUNNING:
            st.rerun()
        parts = max(int(found["parts"]), 1)
        done = f"{count(found['parts_done'])} of {count(found['parts'])} parts"
        st.progress(min(found["parts_done"] / parts, 1.0), text=done)
        st.caption("This page can be left; its address leads back here.")


def _report(found: Answer) -> None:
    report = found["report"]
    if report is None:
        st.warning(f"There is no report: {found['problem'] or found['state']}")
        return
    st.markdown(
        f"**{count(report['changed'])} of {count(report['items'])} items** would be decided "
        f"otherwise than by `{report['old']}`"
    )
    # What changes comes first, the most frequent of it first.
    cells = sorted(report["matrix"], key=lambda each: each["old"] == each["new"])
    sampled([_cell(each) for each in cells], key="backtest-cells")
    st.dataframe([_figure(name, each) for name, each in report["figures"].items()], hide_index=True)
    for note in report["notes"]:
        st.caption(note)


def _cell(each: Answer) -> dict[str, object]:
    return {
        "before": f"{each['old']['tier']} · {each['old']['action']}",
        "after": f"{each['new']['tier']} · {each['new']['action']}",
        "items": each["items"],
        SAMPLES: each["sample"],
    }


def _figure(name: str, each: Answer) -> dict[str, Any]:
    unit = str(each["unit"])
    return {
        "figure": words(name),
        "before": in_unit(each["old"], unit),
        "after": in_unit(each["new"], unit),
        "change": _interval(each, "change", "low", "high", unit),
        "forecast": _range(each["forecast_low"], each["forecast_high"], unit),
        "n": count(each["n"]),
    }


def _interval(each: Answer, value: str, low: str, high: str, unit: str) -> str:
    if each[value] is None:
        return lacking(each["n"], each["needs"])
    bounds = _range(each[low], each[high], unit)
    return f"{in_unit(each[value], unit)} {bounds}"


def _range(low: float | None, high: float | None, unit: str) -> str:
    return NONE if low is None else f"[{in_unit(low, unit)}, {in_unit(high, unit)}]"
