"""From one page of the console to another."""

from typing import NoReturn

import streamlit as st


def go_to(path: str, **query: str) -> NoReturn:
    """Leave for another page.

    Args:
        path: Of the page, as it is in the address.
        query: Parameters that it gets.
    """
    st.switch_page(st.Page(_nothing, url_path=path), query_params=query)


def _nothing() -> None:
    """Pages are told apart by their addresses alone."""
