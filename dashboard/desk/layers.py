"""Layers: what rules marked and detectors found, shown or not."""

from dataclasses import dataclass, replace

import streamlit as st

from dashboard.desk.tray import Held
from dashboard.gateway import Answer
from dashboard.showing.reasons import title_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Layers:
    """What is shown of what was found, in this and all other cases."""

    rules: frozenset[str] = frozenset()
    """Those whose marks are hidden."""
    labels: frozenset[str | None] = frozenset()
    """Those of regions that are hidden."""
    least: float = 0.0
    """Confidence of a region below which it is hidden."""

    def shows(self, region: Answer) -> bool:
        """Whether a region of a picture is shown."""
        confidence = region["confidence"]
        return region["label"] not in self.labels and (
            confidence is None or confidence >= self.least
        )


def choose(held: Held, layers: Layers) -> Layers:
    """Choose what is shown.

    Args:
        held: The case on the desk.
        layers: What is hidden by now.
    """
    rules = [ground["rule"] for ground in held.desk["grounds"]]
    regions = [each for picture in held.desk["pictures"] for each in picture["regions"]]
    if not rules and not regions:
        st.caption("Nothing is marked here.")
        return layers
    if rules:
        layers = _rules(held, rules, layers)
    return _regions(held, regions, layers) if regions else layers


def _rules(held: Held, rules: list[str], layers: Layers) -> Layers:
    numbers = {rule: number for number, rule in enumerate(rules, start=1)}
    shown = st.pills(
        "Marks of",
        rules,
        selection_mode="multi",
        default=[rule for rule in rules if rule not in layers.rules],
        format_func=lambda rule: f"{numbers[rule]} {rule}",
        key=f"layers-{held.id}",
    )
    return replace(layers, rules=(layers.rules - set(rules)) | (set(rules) - set(shown)))


def _regions(held: Held, regions: list[Answer], layers: Layers) -> Layers:
    labels = list(dict.fromkeys(each["label"] for each in regions))
    left, right = st.columns([2, 1])
    with left:
        shown = st.pills(
            "Regions of",
            labels,
            selection_mode="multi",
            default=[label for label in labels if label not in layers.labels],
            format_func=lambda name: _shown(held, name),
            key=f"regions-{held.id}",
        )
    with right:
        least = st.slider("Confidence at least", 0.0, 1.0, layers.least, key=f"least-{held.id}")
    hidden = (layers.labels - set(labels)) | (set(labels) - set(shown))
    return replace(layers, labels=hidden, least=least)


def _shown(held: Held, label: str | None) -> str:
    """A label that came with the item, as a choice: its own words would be read as Markdown."""
    known = {each["name"] for each in held.desk["menu"]["reasons"]}
    if label is None:
        return "no label"
    return title_of(held.desk, label) if label in known else "a label the policy does not have"
