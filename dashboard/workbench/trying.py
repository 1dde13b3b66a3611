"""One item tried against rule files: the verdict, what each rule saw, and what nearly matched."""

from collections.abc import Mapping
from typing import Any, Final

import orjson
import streamlit as st

from dashboard.gateway import now
from dashboard.workbench.checking import Checked
from engine.cli.explanations import Explained, in_words
from engine.errors import InvalidItem
from engine.rules.items import ItemReader

_SAMPLE: Final = """{
  "kind": "post",
  "text": "Write a text here.",
  "score.hate": 0.9
}"""
_JSON, _FIELDS = "JSON", "Fields"
_NAMELESS: Final = "try"
#: Rows that are shown at once, and pixels of a table with more.
_MANY: Final = 8
_TALL: Final = 290
_MARKS: Final = {"    + ": "    ✓ ", "    - ": "    ✗ ", "    ? ": "    ? "}


class NoItem(Exception):
    """What was written is no item; says why."""


def trying(draft: Checked, before: Checked, name: str) -> None:
    """Ask for an item, and show what comes of it.

    Args:
        draft: Without errors.
        before: The release that it began as.
        name: Of that.
    """
    wanted, shown = st.columns([2, 3], gap="large")
    with wanted:
        cells = _wanted_as_fields()
        raw: Mapping[str, object] | None = None
        try:
            raw = _from_fields(draft) if cells else _from_json()
        except NoItem as problem:
            st.error(str(problem), icon=":material/data_object:")
        st.caption(
            "Scores and counters are those that you write: no classifier is asked, and nothing is "
            "stored or counted."
        )
    with shown:
        if raw is not None:
            _explained(draft, before, name, raw, cells=cells)


def verdict_of(checked: Checked, raw: Mapping[str, object], *, cells: bool = False) -> Explained:
    """What is decided about an item, and why.

    Args:
        checked: Rule files without errors.
        raw: The item; without an id it gets one.
        cells: All values are texts, as in a CSV file.

    Raises:
        InvalidItem: it cannot be read.
    """
    release, at = checked.release, now().timestamp()
    named = raw if raw.get("id") is not None else {**raw, "id": _NAMELESS}
    item = ItemReader(release.policy.vocabulary, cells=cells).read(named)
    return Explained(
        policy=release.policy,
        item=item,
        verdict=release.evaluate(item, now=at),
        reports=release.explain(item),
        now=at,
    )


def decision_lines(explained: Explained) -> tuple[list[str], list[str]]:
    """What is decided, and the rules that match with what each of their conditions saw."""
    lines = list(in_words(explained, every_rule=False))
    parts: list[list[str]] = [[]]
    for line in lines:
        if line:
            parts[-1].append(_marked(line))
        else:
            parts.append([])
    decision, *rest = parts
    return decision, rest[0][1:] if explained.verdict.hits else []


def near_misses(explained: Explained) -> list[dict[str, str]]:
    """Rules that one condition keeps from matching, then those that cannot tell."""
    told = {hit.rule for hit in explained.verdict.hits}
    looked_at = [
        each
        for each in explained.reports
        if each.rule not in told and each.in_scope and explained.is_active(each)
    ]
    near = [(each, "near miss") for each in looked_at if each.near_miss]
    near += [(each, "cannot tell") for each in looked_at if each.outcome is None]
    return [
        {"rule": each.rule, "is a": what, "not so": " · ".join(each.missing)} for each, what in near
    ]


def _marked(line: str) -> str:
    return _MARKS.get(line[:6], line[:6]) + line[6:]


def _wanted_as_fields() -> bool:
    chosen = st.segmented_control(
        "The item as", [_JSON, _FIELDS], default=_JSON, required=True, key="try-as"
    )
    return chosen == _FIELDS


def _from_json() -> Mapping[str, object]:
    written = st.text_area("Item", _SAMPLE, height=260, key="try-json") or ""
    return item_in(written)


def item_in(written: str) -> Mapping[str, object]:
    """The item that stands in a text; raises NoItem."""
    try:
        raw: Any = orjson.loads(written)
    except orjson.JSONDecodeError as problem:
        message = f"This is no JSON: {problem.msg}, line {problem.lineno}, column {problem.colno}."
        raise NoItem(message) from problem
    if not isinstance(raw, dict):
        message = 'Write one object, such as {"text": "…"}.'
        raise NoItem(message)
    return raw


def _from_fields(draft: Checked) -> Mapping[str, object]:
    assert draft.policy is not None  # noqa: S101 - as `trying` says
    names = sorted({"text", "id", *draft.policy.vocabulary.fields})
    rows = st.data_editor(
        [{"field": "text", "value": "Write a text here."}],
        num_rows="dynamic",
        hide_index=True,
        key="try-fields",
        column_config={
            "field": st.column_config.SelectboxColumn("Field", options=names, required=True),
            "value": st.column_config.TextColumn("Value", width="large"),
        },
    )
    return {row["field"]: row["value"] or "" for row in rows if row["field"]}


def _explained(
    draft: Checked, before: Checked, name: str, raw: Mapping[str, object], *, cells: bool
) -> None:
    ours, theirs = st.columns(2)
    with theirs, st.container(border=True):
        st.markdown(f"**Release `{name}`**")
        try:
            st.text("\n".join(decision_lines(verdict_of(before, raw, cells=cells))[0]))
        except InvalidItem as problem:
            st.text(f"It cannot read this item: {problem}")
    with ours, st.container(border=True):
        st.markdown("**Draft**")
        try:
            explained = verdict_of(draft, raw, cells=cells)
        except InvalidItem as problem:
            st.text(f"It cannot read this item: {problem}")
            return
        decision, hits = decision_lines(explained)
        st.text("\n".join(decision))
    st.markdown("**Rules that match**")
    st.text("\n".join(hits) or "None of them.")
    near = near_misses(explained)
    if near:
        st.markdown("**Near misses**, one condition short, and rules that cannot tell")
        st.dataframe(near, hide_index=True, height="auto" if len(near) < _MANY else _TALL)
