"""Leaving for an address that is not a page of the console, in the same tab."""

from typing import Final

import streamlit as st

_JS: Final = """
export default function ({ data }) {
  const { pathname, search } = window.location;
  const next = data.back ? `?next=${encodeURIComponent(pathname + search)}` : "";
  window.location.assign(data.address + next);
}
"""


def go(address: str, *, back: bool = False) -> None:
    """Have the browser go to an address of this server.

    Args:
        address: From `/` on.
        back: Whether it is told where the browser was, as `next`, to come back there.
    """
    component = st.components.v2.component("tierwise_go", js=_JS)
    component(data={"address": address, "back": back}, key=f"go-{address}")
