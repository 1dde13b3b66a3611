"""The keys under an item: decisions first, and what is asked for before something is sent."""

from collections.abc import Callable, Sequence

import streamlit as st

from dashboard import formats
from dashboard.desk import acts
from dashboard.desk.acts import Desk
from dashboard.desk.saying import Saying, Step
from dashboard.desk.tray import Held, Tray
from dashboard.gateway import Answer
from dashboard.showing.menus import KEYS, does, title
from dashboard.showing.reasons import title_of
from dashboard.showing.sheet import show_sheet


def show(mine: Desk, held: Held, saying: Saying) -> None:
    """The keys for a case."""
    match saying.step:
        case Step.REASON:
            _reasons(held, saying)
        case Step.SKIP:
            _skip(held)
        case Step.SURE:
            _sure(held, saying)
            # Whoever meant it may press the same key again.
            _decisions(held, saying)
        case None:
            _decisions(held, saying)
            _others(mine, held, saying)
            show_sheet([does(held.desk["menu"])], key="does")


def show_undo(tray: Tray) -> None:
    """The key that takes the newest decision back."""
    if tray.undoable:
        newest = tray.undoable[0]
        st.button(
            "Undo",
            icon=":material/undo:",
            shortcut="U",
            key=f"undo-{newest.case}",
            on_click=acts.undo,
            args=(newest.case,),
        )


def _decisions(held: Held, saying: Saying) -> None:
    menu = held.desk["menu"]
    with st.container(horizontal=True, gap="small"):
        for place, action in enumerate(menu["actions"][:KEYS], start=1):
            name = action["name"]
            st.button(
                title(name),
                shortcut=str(place),
                key=f"decide-{name}-{held.id}",
                on_click=acts.choose,
                args=(held.id, name),
            )
    st.text(_because(held.desk, saying))


def _because(desk: Answer, saying: Saying) -> str:
    reason = saying.reason or desk["case"]["reason"]
    said = f"Reason: {title_of(desk, reason)}" if reason else "Reason: you are asked for one"
    if saying.policy:
        said += f" · policy: {saying.policy}"
    marks = saying.corrections
    if marks is not None:
        said += f" · {sum(map(len, marks.values()))} corrections"
    return said


def _others(mine: Desk, held: Held, saying: Saying) -> None:
    one = held.id
    with st.container(horizontal=True, gap="small"):
        _button("Reason", "P", one, acts.step, one, Step.REASON)
        _button("Correct", "M", one, acts.correct, one, on=saying.is_correcting)
        _button("Escalate", "E", one, acts.escalate, one)
        _button("Skip", "X", one, acts.step, one, Step.SKIP)
        if not held.desk["case"]["blind"]:
            _button("Layers", "F", one, acts.filtering, on=mine.is_filtering)
        show_undo(mine.work.tray)


def _button(
    label: str, key: str, case: str, act: Callable[..., None], *args: object, on: bool = False
) -> None:
    st.button(
        label,
        shortcut=key,
        key=f"{label}-{case}",
        on_click=act,
        args=args,
        type="secondary" if on else "tertiary",
    )


def _reasons(held: Held, saying: Saying) -> None:
    reasons, own = held.desk["menu"]["reasons"], held.desk["case"]["policy"]
    if saying.under is None:
        policies = sorted(
            {each["policy"] for each in reasons}, key=lambda name: (name != own, name)
        )
        what = (
            "Under which policy?"
            if saying.action is None
            else f"{title(saying.action)}: under which policy?"
        )
        _choose(what, held.id, policies, policies, acts.under)
    else:
        found = [each for each in reasons if each["policy"] == saying.under]
        names = [each["name"] for each in found]
        _choose(
            "For which reason?", held.id, names, [each["title"] for each in found], acts.because
        )


def _skip(held: Held) -> None:
    reasons = held.desk["menu"]["skip_reasons"]
    shown = [formats.words(each).capitalize() for each in reasons]
    _choose("Why is it not for you? Others get it at once.", held.id, reasons, shown, acts.skip)


def _sure(held: Held, saying: Saying) -> None:
    st.info("That was quicker than the text can be read. Did you mean it?")
    with st.container(horizontal=True, gap="small"):
        st.button(
            f"{title(saying.action or '')}, all the same",
            shortcut="Enter",
            type="primary",
            key=f"sure-{held.id}",
            on_click=acts.sure,
            args=(held.id,),
        )
        _back(held.id)


def _choose(
    what: str, case: str, names: Sequence[str], shown: Sequence[str], act: Callable[..., None]
) -> None:
    st.markdown(f"**{what}**")
    with st.container(horizontal=True, gap="small"):
        for place, (name, label) in enumerate(zip(names, shown, strict=True), start=1):
            st.button(
                label,
                shortcut=str(place) if place <= KEYS else None,
                key=f"choose-{name}-{case}",
                on_click=act,
                args=(case, name),
            )
        _back(case)


def _back(case: str) -> None:
    st.button(
        "Back",
        shortcut="Esc",
        type="tertiary",
        key=f"back-{case}",
        on_click=acts.back,
        args=(case,),
    )
