"""What comes of another number of people: the numbers may be changed, and nothing is done."""

from typing import Final

import streamlit as st

from dashboard import formats
from dashboard.managing import pictures, tiles
from dashboard.managing.erlang import Outcome, Seen, around, limits_of, outcome
from engine.quality.staffing import Load, Staffing, staffing

#: Fewer votes tell no time.
ENOUGH: Final = 20
_ON_TIME: Final = 0.8
_MINUTE: Final = 60.0
#: Numbers that were changed stand in the address, so that a link says what was asked.
_ADDRESS: Final = "query-params"


@st.fragment
def show(carried: Seen, *, there: int, key: str) -> None:
    """Numbers to change, what comes of them, and a chart of others.

    Args:
        carried: What the window says; the numbers begin with it.
        there: Who work now.
        key: Of what is looked at: for another queue the numbers begin again.
    """
    left, right = st.columns([1, 3], gap="medium")
    with left:
        people, load = _asked(carried, there, key)
    needed = staffing(load)
    ends = _ends(load, carried)
    found = outcome(people, load, per_hour=ends[0], handling=ends[1])
    with right:
        _told(found, needed, people)
        pictures.people(
            [
                _row(outcome(each, load, per_hour=ends[0], handling=ends[1]))
                for each in around(people, needed.working)
            ],
            there=people,
            needed=needed.working,
        )
    st.caption(
        "Erlang C: arrivals at random, nobody gives up, work is taken in order. "
        "Bands hold the hour as busy as it may be, and votes as slow as they may be (95 %)."
    )


def _asked(carried: Seen, there: int, key: str) -> tuple[int, Load]:
    most = max(20, 2 * there + 10)
    people = st.slider("People at work", 1, most, max(1, there), key=f"people-{key}", bind=_ADDRESS)
    arrivals, handling, within = _work(carried, key)
    shrinkage = st.slider(
        "Not there while rostered (%)",
        0,
        60,
        30,
        key=f"shrinkage-{key}",
        bind=_ADDRESS,
        help="Breaks, training, days off.",
    )
    return people, Load(
        per_hour=arrivals * carried.votes_each,
        handling=handling,
        within=within * _MINUTE,
        on_time=_ON_TIME,
        shrinkage=shrinkage / 100,
    )


def _work(carried: Seen, key: str) -> tuple[int, float, int]:
    """Cases an hour, seconds that a vote takes, and minutes until one is to be begun."""
    arrivals = st.number_input(
        "Cases an hour",
        min_value=0,
        value=carried.busiest,
        key=f"arrivals-{key}",
        bind=_ADDRESS,
        help="As in the busiest hour of the window: Erlang's formula has no rush hours.",
    )
    handling = st.number_input(
        "Seconds a vote takes",
        min_value=1.0,
        value=round(carried.handling, 1),
        key=f"handling-{key}",
        bind=_ADDRESS,
        help=None if carried.timed >= ENOUGH else "Too few votes tell it: this is a guess.",
    )
    within = st.number_input(
        "To be begun within (minutes)",
        min_value=1,
        value=max(1, round(carried.within / _MINUTE)),
        key=f"within-{key}",
        bind=_ADDRESS,
    )
    return arrivals or 0, handling or 1.0, within or 1


def _ends(load: Load, carried: Seen) -> tuple[tuple[float, float], tuple[float, float]]:
    """Intervals of what comes in an hour and of what it takes, around the numbers asked for."""
    low, high = limits_of(load.per_hour / carried.votes_each)
    told = (carried.handling_low / carried.handling, carried.handling_high / carried.handling)
    return (
        (low * carried.votes_each, high * carried.votes_each),
        (load.handling * told[0], load.handling * told[1]),
    )


def _told(found: Outcome, needed: Staffing, people: int) -> None:
    best, told, worst = found.best, found.told, found.worst
    tiles.row(
        [
            ("Mean wait", wait(told.wait), f"from {wait(best.wait)} to {wait(worst.wait)}"),
            (
                "Begun in time",
                formats.share(told.on_time),
                f"{_within(worst.on_time, best.on_time)}; wanted {formats.share(_ON_TIME)}",
            ),
            (
                "Busy",
                formats.share(told.occupancy),
                f"{_within(best.occupancy, worst.occupancy)}; 85 % at most",
            ),
            ("Needed", f"{needed.working:,} people", _advice(needed, people)),
        ]
    )


def _within(low: float, high: float) -> str:
    return f"[{formats.share(low)}, {formats.share(high)}]"


def _advice(needed: Staffing, people: int) -> str:
    lacking = needed.working - people
    rostered = f"{needed.rostered:,} rostered; "
    if lacking > 0:
        return rostered + f"{lacking:,} more than this, or route some elsewhere"
    return rostered + ("as many as this" if lacking == 0 else f"{-lacking:,} fewer than this")


def wait(seconds: float | None) -> str:
    """A mean wait; without end where more comes in than people do."""
    return "without end" if seconds is None else formats.duration(seconds)


def _row(found: Outcome) -> dict[str, float | None]:
    return {
        "people": found.told.people,
        "on_time": found.told.on_time,
        "low": found.worst.on_time,
        "high": found.best.on_time,
        "occupancy": found.told.occupancy,
        "wait": found.told.wait,
    }
