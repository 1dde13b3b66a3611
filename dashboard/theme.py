"""How pages look: colours, sizes and type, in light and dark; charts take theirs from here too."""

from typing import Any, Final

import streamlit as st

#: Colour-blind safe (Okabe and Ito, 2008), darkened or lightened for the ground they stand on.
_LIGHT: Final = ("#2455C3", "#D55E00", "#00795B", "#B2478A", "#8A6D00", "#3C8DBC", "#6B6B6B")
_DARK: Final = ("#7EA6FF", "#FF9A52", "#3CC9A0", "#E58BC4", "#E3C441", "#79C3EA", "#B5B5B5")


def _scheme(name: str, colours: tuple[str, ...], **of: str) -> dict[str, Any]:
    return {
        f"theme.{name}.primaryColor": colours[0],
        f"theme.{name}.linkColor": colours[0],
        f"theme.{name}.chartCategoricalColors": list(colours),
        **{f"theme.{name}.{key}": value for key, value in of.items()},
    }


#: For Streamlit. Type is what every system has: nothing is loaded.
OPTIONS: Final[dict[str, Any]] = {
    "theme.baseRadius": "8px",
    "theme.paddingTop": "2.5rem",
    "theme.baseFontSize": 15,
    "theme.headingFontSizes": ["1.75rem", "1.3rem", "1.1rem", "1rem", "0.95rem", "0.9rem"],
    "theme.metricValueFontSize": "1.6rem",
    "theme.showWidgetBorder": True,
    "theme.showSidebarBorder": True,
    **_scheme(
        "light",
        _LIGHT,
        backgroundColor="#FFFFFF",
        secondaryBackgroundColor="#F4F6F9",
        textColor="#1C2430",
        borderColor="#D5DAE1",
    ),
    **_scheme(
        "dark",
        _DARK,
        backgroundColor="#12161C",
        secondaryBackgroundColor="#1B212A",
        textColor="#E7EBF1",
        borderColor="#333D4A",
    ),
}


def ink() -> str:
    """The colour of text in a chart, on the ground of whoever looks: charts know light alone."""
    scheme = "dark" if st.context.theme.type == "dark" else "light"
    return str(OPTIONS[f"theme.{scheme}.textColor"])
