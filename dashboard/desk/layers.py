"""Layers: what each rule marked, shown or not."""

import streamlit as st

from dashboard.desk.tray import Held


def choose(held: Held, hidden: frozenset[str]) -> frozenset[str]:
    """Choose which rules' marks are shown; those that are hidden.

    Args:
        held: The case on the desk.
        hidden: Rules that are hidden by now, also of other cases.
    """
    rules = [ground["rule"] for ground in held.desk["grounds"]]
    if not rules:
        st.caption("Nothing is marked here.")
        return hidden
    numbers = {rule: number for number, rule in enumerate(rules, start=1)}
    shown = st.pills(
        "Marks of",
        rules,
        selection_mode="multi",
        default=[rule for rule in rules if rule not in hidden],
        format_func=lambda rule: f"{numbers[rule]} {rule}",
        key=f"layers-{held.id}",
    )
    return (hidden - set(rules)) | (set(rules) - set(shown))
