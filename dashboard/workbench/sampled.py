"""A matrix of what would be decided otherwise, whose rows open some of the items behind them."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import streamlit as st

from dashboard.caseload import calls, history
from dashboard.formats import literal
from dashboard.gateway import Refused

#: In a row, and not shown: items that are some of those it counts.
SAMPLES: Final = "samples"


def sampled(rows: Sequence[Mapping[str, Any]], *, key: str) -> None:
    """The matrix, and one of the items of the row that was chosen.

    Args:
        rows: What each column of a row says, and under `SAMPLES` ids of some of its items.
        key: Another one for each matrix.
    """
    shown = [{name: said for name, said in row.items() if name != SAMPLES} for row in rows]
    chosen: Any = st.dataframe(
        shown,
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row",
        # A row that is chosen stays chosen by its number, whatever it counts by then.
        key=f"{key} {len(rows)}",
    )
    places = chosen.selection.rows
    if not places or places[0] >= len(rows):
        st.caption("Choose a row to see some of its items. That you read one is in the audit.")
        return
    items = list(rows[places[0]][SAMPLES])
    item = st.pills("Some of them", items, format_func=literal, key=f"{key} items {places[0]}")
    if item is not None:
        _item(item)


def _item(identity: str) -> None:
    try:
        found = calls.item(identity)
    except Refused as no:
        st.text(str(no))
    else:
        history.show(found)
