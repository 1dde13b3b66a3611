"""Leaving for an address that is not a page of the console, in the same tab."""

from typing import Final

import streamlit as st

_JS: Final = """
export default function ({ data }) {
  window.location.assign(data.address);
}
"""


def go(address: str) -> None:
    """Have the browser go to an address of this server."""
    component = st.components.v2.component("tierwise_go", js=_JS)
    component(data={"address": address}, key=f"go-{address}")
