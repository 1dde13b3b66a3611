"""An item and what happened to it. What people wrote is shown as text and as nothing else."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import streamlit as st

from dashboard import formats
from dashboard.figures import drill
from dashboard.figures.tables import Column, table
from dashboard.gateway import Answer

_DECISIONS: Final = (
    Column("at", "When", "moment"),
    Column("made_by", "By"),
    Column("tier", "Tier"),
    Column("action", "Action"),
    Column("reasons", "Reasons"),
    Column("policy", "Policy"),
    Column("enforcement", "Enforcement"),
)
_CASES: Final = (
    Column("enqueued_at", "Came", "moment"),
    Column("purpose", "Purpose"),
    Column("tier", "Tier"),
    Column("queue", "Queue"),
    Column("state", "State"),
    Column("rule", "Rule"),
    Column("closed_at", "Closed", "moment"),
)
_VERDICTS: Final = (
    Column("at", "When", "moment"),
    Column("cause", "Because"),
    Column("release", "Release"),
    Column("tier", "Tier"),
    Column("action", "Action"),
    Column("inclusion_probability", "Chance to be looked at", "share"),
)
_CASE_OF: Final = {"decisions": "case_id", "cases": "id"}
"""What a row of a part calls its case."""
_LONG: Final = 120
"""Characters: longer texts are shown whole, below each other."""


def show(item: Answer) -> None:
    """The item, then its decisions, cases and verdicts."""
    kind, language = item["kind"], item["language"] or "no language"
    st.caption(
        f"{formats.literal(kind)} · {formats.literal(language)} · came"
        f" {formats.moment(item['received_at'])} · {formats.words(item['state'])}"
    )
    if item["hidden"]:
        st.info("What was found and decided is hidden: you may be asked to decide about it.")
    _content(item["content"])
    tabs = st.tabs(["Decisions", "Cases", "Verdicts"])
    parts = (("decisions", _DECISIONS), ("cases", _CASES), ("verdicts", _VERDICTS))
    for tab, (name, columns) in zip(tabs, parts, strict=True):
        with tab:
            rows = item[name]
            if name == "decisions" and item["decision"] is not None:
                rows = [*(each for each in rows if each["id"] != item["decision"]["id"])]
                rows.append(item["decision"])
            _part(rows, columns, name)


def _part(rows: Sequence[Mapping[str, Any]], columns: Sequence[Column], name: str) -> None:
    if not rows:
        st.caption("None.")
        return
    own = _CASE_OF.get(name)
    chosen = table(rows, columns, name=f"item-{name}", opens=own is not None)
    if own is not None and chosen is not None and chosen[own]:
        drill.link("case", "Open its case", icon=":material/description:", case=str(chosen[own]))


def _content(content: object) -> None:
    if content is None:
        st.caption("Its content is erased.")
        return
    short = []
    for name, value in _flat(content, ""):
        if len(value) > _LONG or "\n" in value or name == "text":
            with st.container(border=True):
                # A name that whoever sent it has chosen.
                st.caption(formats.literal(formats.words(name)))
                st.text(value)
        else:
            short.append({"field": name, "value": value})
    if short:
        with st.expander("Other fields"):
            st.dataframe(short, hide_index=True)


def _flat(value: object, name: str) -> Iterator[tuple[str, str]]:
    """Fields by their whole names, such as `author.id`."""
    if isinstance(value, Mapping):
        for key, each in value.items():
            yield from _flat(each, f"{name}.{key}" if name else str(key))
    elif isinstance(value, list):
        yield name, ", ".join(map(str, value))
    elif value is not None:
        yield name, str(value)
