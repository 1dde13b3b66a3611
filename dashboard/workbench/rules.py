"""The release in force: rules, lists, markets, vocabulary."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

import streamlit as st

from dashboard.filters import one_of
from dashboard.formats import count
from dashboard.pages import Page, Section
from dashboard.states import empty
from dashboard.workbench.policies import (
    InForce,
    entries_of,
    found_in,
    in_force,
    list_rows,
    market_rows,
    rule_rows,
    vocabulary_rows,
)
from dashboard.workbench.rule import CHOSEN, one_rule
from dashboard.workbench.ways import go_to

_ROW: Final = 36
"""Pixels of a row of a table."""
_RULES, _LISTS, _MARKETS, _WORDS = "Rules", "Lists", "Markets", "Vocabulary"


def show() -> None:
    """What the rules say now, or one of them."""
    found = in_force()
    if found is None:
        empty(
            "No release is in force, or it does not load.",
            "Publish one, and bring it into force.",
        )
        return
    chosen = st.query_params.get(CHOSEN)
    if chosen is not None:
        one_rule(found, chosen)
        return
    policy = found.policy
    st.caption(
        f"Release `{found.name}`: {count(len(policy.rules))} rules, {count(len(policy.lists))} "
        f"lists, {count(len(policy.vocabulary.fields))} fields"
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kind = st.segmented_control(
            "Show",
            [_RULES, _LISTS, _MARKETS, _WORDS],
            default=_RULES,
            required=True,
            key="show",
            bind="query-params",
        )
        words = st.text_input("Search", key="find", bind="query-params", type="search") or ""
    if kind == _LISTS:
        _lists(found, words)
    elif kind == _MARKETS:
        _table(found_in(market_rows(policy), words), "market")
    elif kind == _WORDS:
        for title, rows in vocabulary_rows(policy).items():
            st.markdown(f"**{title}**")
            _table(found_in(rows, words), title.lower())
    else:
        _rules(found, words)


def _rules(found: InForce, words: str) -> None:
    rows: Sequence[Mapping[str, Any]] = rule_rows(found.policy)
    with st.container(horizontal=True):
        for name in ("tier", "status", "policy", "owner"):
            wanted = one_of(name.title(), (row[name] for row in rows))
            rows = [row for row in rows if wanted in {None, row[name]}]
    rows = found_in(rows, words)
    number = _table(rows, "rule", height=560, chosen=True)
    if number is not None:
        go_to("rules", **{CHOSEN: str(rows[number]["rule"])})


def _lists(found: InForce, words: str) -> None:
    rows = found_in(list_rows(found.policy), words)
    number = _table(rows, f"list {words}", chosen=True)
    if number is None:
        st.caption("Choose a list to see its entries.")
        return
    each = found.policy.lists[rows[number]["list"]]
    st.text(f"{each.name}: {each.about or each.title or ''}")
    entries = entries_of(each)
    if entries:
        st.dataframe({"entry": entries}, hide_index=True, width=480)
    else:
        empty("It has no entries here.", f"They come from: {each.source}.")


def _table(
    rows: Sequence[Mapping[str, Any]], key: str, *, height: int = 320, chosen: bool = False
) -> int | None:
    """A table; the number of the row that was chosen."""
    if not rows:
        empty("Nothing here fits.", "Search for less, or take filters away.")
        return None
    tall: int | Literal["auto"] = height if len(rows) * _ROW > height else "auto"
    if not chosen:
        st.dataframe(list(rows), hide_index=True, height=tall, key=f"table {key}")
        return None
    picked: Any = st.dataframe(
        list(rows),
        hide_index=True,
        height=tall,
        key=f"table {key}",
        on_select="rerun",
        selection_mode="single-row",
    )
    return next(iter(picked.selection.rows), None)


PAGES: Final = (
    Page(
        section=Section.POLICY,
        title="Policy",
        path="rules",
        icon=":material/policy:",
        question="What do the rules in force say, and how does each of them do?",
        show=show,
        needs=("releases.read",),
    ),
)
