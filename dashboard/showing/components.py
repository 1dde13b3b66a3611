"""Components of ours: they run in the page, and set text as text, never as HTML."""

from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st


@cache
def component(module: Path) -> Any:  # noqa: ANN401 - Streamlit tells what it is to its own checks alone
    """The component beside a module, registered once in this process.

    Args:
        module: Such as `item.py`. `item.js` beside it has a default export that draws `data` into
            `parentElement`, anew with each look at the page; what people wrote is set as
            `textContent`, nothing else. `item.css`, if there is one, stands in the page for all:
            names of its classes begin with `tw-`.
    """
    styles = module.with_suffix(".css")
    return st.components.v2.component(
        f"tierwise_{module.stem}",
        js=module.with_suffix(".js").read_text("utf-8"),
        css=styles.read_text("utf-8") if styles.is_file() else None,
        isolate_styles=False,
    )
