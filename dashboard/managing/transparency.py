"""Appeals and transparency: what is overturned, what was stated, and all of it as files."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

import streamlit as st

from dashboard import formats
from dashboard.asking import together
from dashboard.figures import charts, drill, figure
from dashboard.figures.tables import Column, table
from dashboard.filters import one, one_of, window
from dashboard.gateway import Answer, now
from dashboard.managing import calls, sums, tiles
from dashboard.managing.exports import STATEMENTS
from dashboard.pages import Page, Section
from dashboard.person import here
from dashboard.quality.calls import filled, series, step
from dashboard.states import empty, simulated

_READ: Final = "statements.read"
_APPEAL: Final = "appeal"
_LANGUAGE: Final = "language"
_NONE: Final = "none"
_NEEDS: Final = 20
"""Answered appeals tell a share; see `GET /v1/quality/appeals`."""
_GROUPS: Final = ("policy", "tier", "queue", "language")
_AUTOMATION: Final = {
    "AUTOMATED_DECISION_FULLY": "machine alone",
    "AUTOMATED_DECISION_PARTIALLY": "people, after the machine",
    "AUTOMATED_DECISION_NOT_AUTOMATED": "people alone",
}
_COLUMNS: Final = (
    Column("name", "Of"),
    Column("filed", "Appeals", "count"),
    Column("open", "Open", "count"),
    Column("upheld", "Upheld", "count"),
    Column("overturned", "Overturned", "count"),
    Column("rate", "Overturned of answered", "share"),
    Column("interval", "95 % interval"),
)
_STATED: Final = (
    Column("policy", "Policy"),
    Column("action", "Action"),
    Column("who", "Decided by"),
    Column("category", "Category"),
    Column("source", "Noticed by"),
    Column("statements", "Statements", "count"),
    Column("low", "At least", "count"),
    Column("high", "At most", "count"),
)


def show() -> None:
    """Appeals, then statements for those who may see them."""
    places = st.columns([1, 1, 1, 3], vertical_alignment="bottom")
    with places[0]:
        since = window("30d")
    with places[1]:
        group = one("By", _GROUPS, key="by")
    may = here().may(_READ)
    asked = [calls.appeals(since), series(since, by=step(since), group=group)]
    answers = together(*asked, *([calls.statements(since)] if may else []))
    told, run = answers[0], filled(answers[1], since)
    with places[2]:
        name = one_of(group.title(), [each["name"] for each in told["by"][group]], others=True)
    if told["simulated"]:
        simulated()
    _figures(_of(told, group, name), answers[2] if may else None)
    if may and name is not None:
        st.caption(f"Statements are of everything, appeals of {formats.literal(name)} alone.")
    _appeals(told, run, group, name)
    if may:
        _statements(answers[2], since)


def _of(told: Answer, group: str, name: str | None) -> Answer:
    """Appeals of what was chosen; of all, where nothing was."""
    of_all: Answer = told["all"]
    if name is None:
        return of_all
    none = {"filed": 0, "open": 0, "upheld": 0, "overturned": 0}
    nobody = {"name": name, **none, "overturn_rate": tiles.nothing(0, _NEEDS)}
    return next((each for each in told["by"][group] if each["name"] == name), nobody)


def _figures(all_: Answer, stated: Answer | None) -> None:
    answered = all_["upheld"] + all_["overturned"]
    drawn: list[tiles.Tile | tiles.Card] = [
        ("Appeals", formats.count(all_["filed"]), f"{answered:,} answered"),
        ("Open", formats.count(all_["open"]), "wait for an answer"),
        {
            "name": "overturned",
            "measure": all_["overturn_rate"],
            "unit": "share",
            "about": "Of answered appeals. Who appeals selects themselves: this is no error rate "
            "of all decisions.",
        },
    ]
    if stated is not None:
        drawn += [
            ("Statements", formats.count(stated["all"]["value"]), _read_of(stated)),
            {
                "name": "by machine alone",
                "measure": stated["automated"],
                "unit": "share",
                "about": "Of the decisions that were stated: no person took part.",
            },
        ]
    tiles.row(drawn)


def _read_of(stated: Answer) -> str:
    """How sure the number of statements is."""
    found = stated["all"]
    if stated["whole"]:
        return "of reasons, all read"
    low, high = (formats.count(found[end]) for end in ("low", "high"))
    return f"[{low}, {high}], {found['seen']:,} read"


def _appeals(report: Answer, run: Answer, group: str, name: str | None) -> None:
    rows = [each for each in report["by"][group] if name in (None, each["name"])]
    left, right = st.columns(2, gap="medium")
    with left:
        st.subheader("What fails most often?")
        points = [
            charts.measured(each["name"] or _NONE, each["overturn_rate"], of=each["name"])
            for each in rows
        ]
        told = [each for each in points if each["value"] is not None]
        told.sort(key=lambda each: -each["value"])
        if told:
            key = "appeals-of-language" if group == _LANGUAGE else None
            title = "Overturned, of answered appeals"
            point = charts.points(told, title=title, unit="share", key=key)
            _open(point, group, "chart")
        else:
            _too_few(rows)
    with right:
        st.subheader("How many appeal?")
        point = sums.counts(
            filed(run["points"], name), title="Appeals", by=run["by"], key="appeals-over-time"
        )
        if name is None or group == _LANGUAGE:
            drill.came(point, run["by"], what="appeals", purpose=_APPEAL, language=name)
    drill.cases("Open all appeals", purpose=_APPEAL, window=st.session_state.get("window"))
    if rows:
        lines = [_row(each) for each in rows]
        opens = group == _LANGUAGE
        _open(table(lines, _COLUMNS, name=f"appeals-by-{group}", opens=opens), group, "table")


def filed(points: Sequence[Answer], name: str | None) -> list[dict[str, Any]]:
    """How many appeals were filed in each hour or day.

    Args:
        points: Of a series by group.
        name: Of the group; None: all of them together.
    """
    found: dict[str, int] = {}
    for each in points:
        if name in (None, each["name"]):
            found[each["at"]] = found.get(each["at"], 0) + each["appeals"]
    return [{"at": at, "value": appeals} for at, appeals in found.items()]


def _open(row: Mapping[str, Any] | None, group: str, place: str) -> None:
    """A way to the appeals of a language.

    Policy, tier and queue are those of the decision that is appealed: the case of an appeal has its
    own, so there is no way to ask for these.
    """
    if row is not None and group == _LANGUAGE:
        name, since = str(row["of"]), st.session_state.get("window")
        label = f"Open the appeals about {name}"
        drill.cases(label, place=place, purpose=_APPEAL, language=name, window=since)


def _too_few(rows: Sequence[Answer]) -> None:
    if not rows:
        empty("Nobody appealed in this window.", "Choose a longer one.")
        return
    near = max((each["overturn_rate"] for each in rows), key=lambda each: each["n"])
    empty(
        "Too few appeals are answered to tell.",
        f"The most of one kind are {near['n']:,} of {near['needs']:,}: choose a longer window.",
    )


def _row(each: Answer) -> dict[str, Any]:
    return {
        **each,
        "name": each["name"] or _NONE,
        "of": each["name"],
        "rate": each["overturn_rate"]["value"],
        "interval": figure.interval(each["overturn_rate"], "share"),
    }


def _statements(stated: Answer, since: datetime) -> None:
    st.subheader("What was stated, and who decided it?")
    if not stated["groups"]:
        empty(
            "No statement of reasons in this window.", "Decisions that restrict somebody have one."
        )
        return
    if not stated["whole"]:
        seen = formats.count(stated["all"]["seen"])
        st.caption(f"Told from a sample of {seen} statements, always the same; files have all.")
    rows = [_stated(each) for each in stated["groups"]]
    sums.stacked(rows)
    table(rows, _STATED, name="statements")
    _files(since)


def _stated(each: Answer) -> dict[str, Any]:
    count = each["count"]
    return {
        **each,
        "policy": each["policy"] or _NONE,
        "who": _AUTOMATION.get(each["automation"], each["automation"]),
        "category": plain(each["category"], "STATEMENT_CATEGORY_"),
        "source": plain(each["source"], "SOURCE_"),
        "statements": round(count["value"]),
        "low": round(count["low"]),
        "high": round(count["high"]),
    }


def plain(code: str | None, prefix: str) -> str:
    """A code of the Transparency Database in words: `illegal or harmful speech`."""
    return formats.words((code or "").removeprefix(prefix).lower())


def _files(since: datetime) -> None:
    """Links to all statements of the window, as the database's interface takes them."""
    given = {
        "since": since.isoformat(timespec="seconds"),
        "before": now().isoformat(timespec="seconds"),
    }
    with st.container(horizontal=True):
        for label, form in (("All statements as CSV", "csv"), ("As JSON lines", "jsonl")):
            address = f"{STATEMENTS}?{urlencode({**given, 'format': form})}"
            st.link_button(label, address, icon=":material/download:", type="tertiary")


PAGES = (
    Page(
        section=Section.QUALITY,
        title="Appeals and transparency",
        path="transparency",
        icon=":material/balance:",
        question="Which decisions do people contest with success: what fails systematically?",
        show=show,
        needs=("quality.read",),
    ),
)
