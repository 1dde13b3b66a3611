"""Models: the champion beside its challenger, what the gate said, and how fast the loop turns."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import streamlit as st

from dashboard import formats
from dashboard.asking import together
from dashboard.figures import charts, figure
from dashboard.figures.tables import Column, table
from dashboard.filters import one
from dashboard.gateway import Answer
from dashboard.managing import calls
from dashboard.managing.gate import challenges, comparisons, head_figures, suites
from dashboard.pages import Page, Section
from dashboard.person import here
from dashboard.states import empty, simulated

_ACTIVATE: Final = "models.activate"
_TRAIN: Final = "models.train"
_SHORT: Final = 12
"""Digits of a version that people read."""
_MODELS: Final = (
    Column("version", "Version"),
    Column("name", "Model"),
    Column("state", "State"),
    Column("aliases", "Is"),
    Column("auroc", "AUROC", "number"),
    Column("macro_f1", "Macro F1", "number"),
    Column("accuracy", "Accuracy", "share"),
    Column("calibration_error", "Calibration error", "share"),
    Column("rows", "Texts", "count", "That it was measured on, held out."),
    Column("published_at", "Published", "moment"),
    Column("published_by", "By"),
)
_RUNS: Final = (
    Column("asked_at", "Asked", "moment"),
    Column("name", "Model"),
    Column("state", "State"),
    Column("trigger", "Why"),
    Column("labels", "New decisions", "count"),
    Column("rows", "Learnt from", "count"),
    Column("challenger", "Version"),
    Column("took", "Took", "seconds"),
    Column("reasons", "Reasons"),
)
_JUDGED: Final = (
    Column("label", "Label"),
    Column("champion", "Champion", "number"),
    Column("challenger", "Challenger", "number"),
    Column("gain", "Gain", "number", "Above 0 the challenger is better."),
    Column("interval", "95 % interval"),
    Column("rows", "Texts", "count"),
    Column("calibration", "Calibration error", "share", "Of the challenger."),
)


def show() -> None:
    """Each model by name, then trainings and all versions."""
    listed, runs, fed = together(calls.models(), calls.trainings(), calls.feedback())
    if fed["simulated"]:
        simulated()
    models = listed["models"]
    if not models:
        empty("There is no model.", "Publish one: `tierwise model publish FOLDER`.")
        return
    names = sorted({each["name"] for each in models})
    name = names[0] if len(names) == 1 else one("Model", names, key="model")
    mine = [each for each in models if each["name"] == name]
    champion, challenger = (_with(mine, alias) for alias in ("champion", "challenger"))
    _feedback(name, fed["models"], runs["trainings"])
    st.subheader("Who decides, and who would?")
    _sides(champion, challenger)
    judged = challenger or champion
    if judged is not None:
        _gate(judged)
    if challenger is not None:
        _promote(challenger, models)
    st.subheader("Trainings")
    _runs([each for each in runs["trainings"] if each["name"] == name])
    st.subheader("All versions")
    table([_version(each) for each in mine], _MODELS, name="models")


def _with(models: Sequence[Answer], alias: str) -> Answer | None:
    return next((each for each in models if alias in each["aliases"]), None)


def _feedback(name: str, fed: Sequence[Answer], runs: Sequence[Answer]) -> None:
    """How long until what people decide is in force, and what became of the last training."""
    found: Mapping[str, Any] = next((each for each in fed if each["name"] == name), {})
    last: Mapping[str, Any] = next((each for each in runs if each["name"] == name), {})
    if not found:
        empty(
            "This model came as a file: nothing was learnt here.",
            "Name its score in `[learning] scores`, and it learns from what people decide.",
        )
        return
    places = st.columns(4, gap="small")
    about = "From a decision of people to the first model in force that contains it."
    for place, title, part in zip(
        places, ("half is known after", "nine tenths after"), ("p50", "p90"), strict=False
    ):
        with place:
            figure.card(title, found[part], "seconds", about=about)
    with places[2], st.container(border=True, height="stretch", gap="xsmall"):
        st.metric("Decisions it contains", formats.count(found["live"]))
        st.caption(f"of {found['labels']:,} in 90 days")
    with places[3], st.container(border=True, height="stretch", gap="xsmall"):
        st.metric("Last training", formats.words(str(last.get("state", "none"))))
        st.caption(formats.moment(last.get("ended_at") or last.get("asked_at")))


def _sides(champion: Answer | None, challenger: Answer | None) -> None:
    for place, title, model in zip(
        st.columns(2, gap="medium"),
        ("Champion: in force", "Challenger: the last to try"),
        (champion, challenger),
        strict=True,
    ):
        with place:
            st.markdown(f"**{title}**")
            if model is None:
                empty("There is none.", "A training makes one, and the gate lets it in or not.")
            else:
                _side(model)


def _side(model: Answer) -> None:
    since = formats.moment(model["published_at"])
    st.caption(f"`{model['version'][:_SHORT]}` · {formats.words(model['state'])} · {since}")
    for signal, told in sorted((model["figures"] or {}).items()):
        texts = f"{told['rows']:,} texts, {told['positives']:,} of them yes"
        st.caption(f"{formats.literal(signal)}: measured on {texts}")
        figure.cards(head_figures(told), columns=2)


def _gate(model: Answer) -> None:
    """What the gate said of the model that tried last."""
    st.subheader("What did the gate say?")
    learnt = calls.model(model["version"])["learnt"]
    if learnt is None:
        empty("The gate was not asked.", "This model came as a file: somebody published it.")
        return
    if learnt["state"] == "promoted":
        st.badge("let in", icon=":material/check_circle:", color="green")
    else:
        st.badge(formats.words(learnt["state"]), icon=":material/cancel:", color="red")
    _say(learnt["reasons"])
    if learnt["remarks"]:
        with st.expander(f"What did not decide ({len(learnt['remarks'])})"):
            _say(learnt["remarks"])
    table(comparisons(learnt["judged"]), _JUDGED, name="comparisons")
    st.subheader("Which functions of the challenge suite hold?")
    for suite in suites(learnt["judged"]):
        st.caption(formats.literal(suite))
        charts.points(challenges(learnt["judged"], suite), title="Right", unit="share")


def _say(sentences: Sequence[str]) -> None:
    """As text: names of functions are those of files that somebody wrote."""
    st.text("\n".join(f"· {each.replace('`', '')}" for each in sentences))


def _promote(challenger: Answer, models: Sequence[Answer]) -> None:
    if not here().may(_ACTIVATE):
        return
    with st.popover("Bring the challenger into force", icon=":material/upgrade:"):
        st.text("It takes the place of the champion at once, whatever the gate said.")
        note = st.text_input("Why", max_chars=2_000, key="promote-why")
        if st.button("Bring into force", type="primary", disabled=not note.strip(), key="promote"):
            others = [
                each["version"]
                for each in models
                if each["active"] and each["name"] != challenger["name"]
            ]
            calls.bring_into_force([*others, challenger["version"]], note)
            st.rerun()


def _runs(runs: Sequence[Answer]) -> None:
    if here().may(_TRAIN) and st.button("Train now", icon=":material/model_training:", key="train"):
        calls.train(None)
        st.toast("A worker trains when it is free.")
    if not runs:
        empty("Nothing was trained yet.", "It starts by itself after enough decisions, or by hand.")
        return
    table([_run(each) for each in runs], _RUNS, name="trainings")


def _run(run: Answer) -> dict[str, Any]:
    return {
        **run,
        "state": formats.words(run["state"]),
        "challenger": (run["challenger"] or "")[:_SHORT],
        "took": _took(run["started_at"], run["ended_at"]),
    }


def _took(begun: str | None, ended: str | None) -> float | None:
    if begun is None or ended is None:
        return None
    return (datetime.fromisoformat(ended) - datetime.fromisoformat(begun)).total_seconds()


def _version(model: Answer) -> dict[str, Any]:
    """A line of the table: of several scores the first."""
    told: Mapping[str, Any] = next(iter((model["figures"] or {}).values()), {})
    names = ("auroc", "macro_f1", "accuracy", "calibration_error")
    return {
        **model,
        "version": model["version"][:_SHORT],
        "state": formats.words(model["state"]),
        "rows": told.get("rows"),
        **{name: (told.get(name) or {}).get("mean") for name in names},
    }


PAGES = (
    Page(
        section=Section.QUALITY,
        title="Models",
        path="models",
        icon=":material/model_training:",
        question="Is the challenger better, everywhere it matters: promote it?",
        show=show,
        needs=("quality.read", "models.read"),
    ),
)
