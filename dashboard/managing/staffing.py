"""Queues: how old cases are, what comes beside what people can decide, and what more would do."""

from collections.abc import Iterable, Mapping, Sequence
from math import ceil
from typing import Any, Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import formats
from dashboard.asking import together
from dashboard.figures import charts, drill, figure
from dashboard.figures.tables import Column, table
from dashboard.filters import one, one_of
from dashboard.gateway import Answer, now
from dashboard.managing import calls, pictures, tiles, whatif
from dashboard.managing.erlang import Seen, seen
from dashboard.managing.tiles import known, nothing
from dashboard.pages import Page, Section
from dashboard.states import empty, simulated
from engine.quality.proportions import share

_HOURS: Final = {"24 hours": 24, "3 days": 72, "7 days": 168}
_TIERS: Final = ("single", "senior")
#: Of their time at work people can be at cases so much: the rest is looking up, talking, breaks.
BUSY: Final = 0.85
_HOUR: Final = 3_600.0
_DRAWN: Final = 8
"""Queues in the field of ages: those with the most cases."""
_COLUMNS: Final = (
    Column("queue", "Queue"),
    Column("waiting", "Waiting", "count"),
    Column("overdue", "Overdue", "count"),
    Column("p50", "Wait of a new case, half", "seconds"),
    Column("p90", "Wait, nine in ten", "seconds", "Nine in ten wait shorter."),
    Column("arrived", "Arrived", "count"),
    Column("decided", "Decided", "count"),
    Column("net", "Grew by", "count", "Arrived less decided, in the window."),
    Column("on_time", "Deadlines kept", "share"),
    Column("interval", "95 % interval"),
    Column("allowed", "SLA", "seconds", "From when a case comes in to its deadline."),
    Column("handling", "Time a vote takes", "seconds"),
)


def show() -> None:
    """Filters, figures, ages, capacity, the table, and the what-if."""
    window, tier, place = _filters()
    load, standing = together(calls.workload(_HOURS[window]), calls.queues())
    mine = [each for each in load["queues"] if each["tier"] == tier]
    with place:
        name = one_of("Queue", [each["queue"] for each in mine])
    if load["simulated"]:
        simulated()
    chosen = [each for each in mine if name in (None, each["queue"])]
    if not chosen:
        empty("No case came to these people yet.", "Choose another tier, or a longer window.")
        return
    run = [each for each in load["hours"] if each["tier"] == tier and each["queue"] == name]
    carried = seen(chosen, run)
    _figures(chosen, run, carried)
    left, right = st.columns(2, gap="medium")
    with left:
        st.subheader("How old are the cases that wait?")
        _ages(chosen, load["bands"], tier)
    with right:
        st.subheader("Can people decide what comes?", help=charts.HINT)
        hour = pictures.capacity(by_hour(run, carried), key=f"capacity-{tier}-{name or 'all'}")
        drill.came(hour, "hour", tier=tier, queue=name)
    st.subheader("What if more or fewer people work?")
    whatif.show(carried, there=people_lately(run), key=f"{tier}-{name or 'all'}")
    st.subheader("Queue by queue")
    _table(chosen, standing["queues"], tier, window)


def _filters() -> tuple[str, str, DeltaGenerator]:
    places = st.columns([1, 1, 1, 3], vertical_alignment="bottom")
    with places[0]:
        window = one("Window", list(_HOURS), key="span")
    with places[1]:
        tier = one("Tier", _TIERS, key="tier")
    return window, tier, places[2]


def _figures(queues: Sequence[Answer], run: Sequence[Answer], carried: Seen) -> None:
    waiting = sum(each["waiting"] for each in queues)
    overdue = sum(each["overdue"] for each in queues)
    lately = formats.count(people_lately(run))
    tiles.row(
        [
            ("Waiting", formats.count(waiting), _grew(queues)),
            ("Overdue", formats.count(overdue), _part(overdue, waiting)),
            ("People at work", lately, "at a time, in the last full hour"),
            {
                "name": "deadlines kept",
                "measure": kept(queues),
                "unit": "share",
                "about": "Of those that fell in the window; open and overdue is a miss.",
            },
            {
                "name": "time a vote takes",
                "measure": handling(carried),
                "unit": "seconds",
                "about": "Active seconds: the page was visible, and somebody at it.",
            },
        ]
    )


def _part(overdue: int, waiting: int) -> str:
    return f"{formats.share(overdue / waiting if waiting else 0.0)} of what waits"


def _grew(queues: Iterable[Answer]) -> str:
    net = sum(each["arrived"] - each["decided"] for each in queues)
    return f"{abs(net):,} {'more' if net >= 0 else 'fewer'} than when the window began"


def kept(queues: Iterable[Answer]) -> Mapping[str, Any]:
    """Deadlines that were kept, of all queues together, as the API tells a share."""
    told = list(queues)
    found = share(sum(each["kept"] for each in told), sum(each["due"] for each in told))
    if found.value is None:
        return nothing(found.n, found.needs)
    return known(found.value, found.low, found.high, found.n)


def handling(carried: Seen) -> Mapping[str, Any]:
    """Seconds that a vote takes, with its interval, as the API tells a figure."""
    if carried.timed < whatif.ENOUGH:
        return nothing(carried.timed, whatif.ENOUGH)
    return known(carried.handling, carried.handling_low, carried.handling_high, carried.timed)


def over(run: Sequence[Answer]) -> Sequence[Answer]:
    """Hours that are over; the running one, if it is the only."""
    running = f"{now():%Y-%m-%dT%H}"
    return [hour for hour in run if not hour["at"].startswith(running)] or run


def people_lately(run: Sequence[Answer]) -> int:
    """How many were at work at a time in the last full hour in which anybody was."""
    worked = [hour["present"] for hour in over(run) if hour["present"]]
    return ceil(worked[-1]) if worked else 0


def by_hour(run: Sequence[Answer], carried: Seen) -> list[dict[str, Any]]:
    """Hours with what the people who were there could decide."""
    each = _HOUR * BUSY / (carried.handling * carried.votes_each)
    return [
        {
            **{name: hour[name] for name in ("at", "arrived", "decided", "present")},
            "capacity": round(hour["present"] * each),
        }
        for hour in over(run)
    ]


def bands_of(ends: Sequence[float]) -> list[str]:
    """Names of bands of age, by where they end; the last has no end."""
    said = [short(each) for each in ends]
    return [*said, f"> {said[-1]}"]


def short(seconds: float) -> str:
    """A round time as short as it gets: `15m`, `4h`, `3d`."""
    for length, unit in ((86_400.0, "d"), (_HOUR, "h"), (60.0, "m")):
        if seconds >= length:
            return f"{seconds / length:g}{unit}"
    return f"{seconds:g}s"


def _ages(queues: Sequence[Answer], ends: Sequence[float], tier: str) -> None:
    bands = bands_of(ends)
    rows = [
        {"queue": each["queue"], "band": band, "value": cases}
        for each in sorted(queues, key=lambda each: -each["waiting"])[:_DRAWN]
        for band, cases in zip(bands, each["ages"], strict=True)
    ]
    picked = pictures.ages(rows, bands, key=f"ages-{tier}")
    drill.cases(
        "Open the cases that wait" if picked is None else f"Open what waits in {picked}",
        tier=tier,
        queue=picked,
        state="open",
        window="all",
    )


def _table(queues: Sequence[Answer], standings: Sequence[Answer], tier: str, window: str) -> None:
    waits = {
        each["queue"]: each["expected_wait"] or {} for each in standings if each["tier"] == tier
    }
    rows = [
        {
            **each,
            "net": each["arrived"] - each["decided"],
            "on_time": each["on_time"]["value"],
            "interval": figure.interval(each["on_time"], "share"),
            "p50": waits.get(each["queue"], {}).get("p50"),
            "p90": waits.get(each["queue"], {}).get("p90"),
        }
        for each in queues
    ]
    chosen = table(rows, _COLUMNS, name="queues", opens=True)
    if chosen is not None:
        queue = str(chosen["queue"])
        drill.cases(f"Open the cases of {queue}", tier=tier, queue=queue, window=window)
        drill.cases(
            f"Open what waits in {queue}",
            place="table",
            tier=tier,
            queue=queue,
            state="open",
            window="all",
        )


PAGES = (
    Page(
        section=Section.QUALITY,
        title="Queues",
        path="queues-and-staffing",
        icon=":material/groups:",
        question="Does work pile up: staff, or reroute?",
        show=show,
        needs=("quality.read", "cases.read"),
    ),
)
