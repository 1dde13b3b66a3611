"""A release that is tried beside the one in force: as a canary, or as a shadow."""

from typing import Final

import streamlit as st

from dashboard.formats import NONE, count, share, words
from dashboard.gateway import Answer, Gateway
from dashboard.states import boundary, empty
from dashboard.workbench import calls
from dashboard.workbench.sampled import SAMPLES, sampled

_EVERY: Final = "15s"
_STANDINGS: Final = {
    "go": "surely no worse",
    "stop": "surely worse",
    "wait": "too few items to tell",
}


def canary(ask: Gateway, shown: Answer) -> None:
    """How it does beside its control; looks again while it goes on."""
    running = shown["canary"]["ended_at"] is None

    @st.fragment(run_every=_EVERY if running else None)
    def figures() -> None:
        with boundary():
            found = calls.canary(ask, shown["name"])
            st.dataframe([_figure(each) for each in found], hide_index=True)
            st.caption("Limits of 95 % that hold at all looks together.")

    figures()


def shadow(ask: Gateway, shown: Answer) -> None:
    """What it would have decided otherwise; looks again while it goes on."""
    running = shown["shadow"]["ended_at"] is None

    @st.fragment(run_every=_EVERY if running else None)
    def cells() -> None:
        with boundary():
            told = calls.shadow(ask, shown["name"])
            trial = told["trial"]
            bad = f", {count(trial['unreadable'])} unreadable" if trial["unreadable"] else ""
            st.caption(f"{count(trial['judged'])} verdicts looked at{bad}")
            if not told["cells"]:
                empty("Nothing would be decided otherwise so far.", "Upkeep looks every seconds.")
                return
            sampled([_cell(each) for each in told["cells"]], key="shadow-cells")

    cells()


def _figure(each: Answer) -> dict[str, object]:
    known = each["difference"] is not None
    bounds = f" [{share(each['low'])}, {share(each['high'])}]" if known else ""
    return {
        "share of items": words(each["metric"]),
        "canary": f"{share(each['share'])} of {count(each['items'])}",
        "in force": f"{share(each['control_share'])} of {count(each['control_items'])}",
        "difference": f"{share(each['difference'])}{bounds}" if known else NONE,
        "may differ by": share(each["limit"]),
        "standing": _STANDINGS.get(each["standing"], each["standing"]),
    }


def _said(each: Answer) -> str:
    """How many of them people decided as the shadow, and otherwise."""
    if not each["precision"]["n"]:
        return NONE
    return f"{count(each['upheld'])} right, {count(each['overturned'])} wrong"


def _cell(each: Answer) -> dict[str, object]:
    return {
        "in force": f"{each['tier_before']} · {each['action_before']}",
        "shadow": f"{each['tier']} · {each['action']}",
        "items": each["items"],
        "people say": _said(each),
        SAMPLES: each["samples"],
    }
