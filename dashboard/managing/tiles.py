"""Plain counts beside figures: a number, and what it says in a line."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from dashboard.figures.figure import card
from dashboard.gateway import Answer

Tile = tuple[str, str, str]
"""Title, value, and a line below."""
Card = Mapping[str, Any]
"""What `figure.card` takes, by name."""


def row(drawn: Sequence[Tile | Card]) -> None:
    """Draw counts and figures beside each other, as tall as the tallest."""
    for place, each in zip(st.columns(len(drawn), gap="small"), drawn, strict=True):
        with place:
            if isinstance(each, Mapping):
                card(**each)
            else:
                _tile(*each)


def _tile(title: str, value: str, below: str) -> None:
    with st.container(border=True, height="stretch", gap="xsmall"):
        st.metric(title, value)
        st.caption(below.replace("$", "\\$").replace("[", "\\[").replace(" %", "\u00a0%"))


def known(value: float, low: float | None, high: float | None, n: int) -> dict[str, Any]:
    """A figure that was worked out here, in the form in which the API answers."""
    return {"state": "known", "value": value, "low": low, "high": high, "n": n, "needs": 0}


def nothing(n: int, needs: int) -> Answer:
    """There is none yet."""
    bounds = {"value": None, "low": None, "high": None}
    return {"state": "insufficient_data", **bounds, "n": n, "needs": needs}
