"""What two releases differ in, in words: the gravest first."""

from typing import Any, Final

import streamlit as st

from dashboard.gateway import Answer
from dashboard.states import empty

#: By the names that the engine gives weights.
_WEIGHTS: Final = {
    "acts": ("Can act on more, or more strictly, before anybody looks", ":material/gavel:"),
    "asks": ("Gives people more or other work", ":material/groups:"),
    "less": ("Catches less, or is milder", ":material/remove_moderator:"),
    "quiet": ("Does nothing else to anybody", ":material/notes:"),
}


def differences(told: Answer) -> None:
    """Show what `engine.diffing.layouts.to_dict` says, as the API answers it too."""
    if told["same"]:
        empty("Both say the same.", "Comments and order of files make no difference.")
        return
    summary = str(told["summary"])
    st.write(f"{summary[:1].upper()}{summary[1:]}.")
    for weight, (title, icon) in _WEIGHTS.items():
        rules = [each for each in told["rules"] if each["weight"] == weight]
        _section(f"{icon} {title}", rules)
    _section(":material/share: What rules share", told["shared"])
    _section(":material/dictionary: Vocabulary", told["vocabulary"])
    breaches = [{"lines": [_breach(each)]} for each in told["breaches"]]
    _section(":material/warning: Stored items and cases may stumble over", breaches)


def _section(title: str, things: list[dict[str, Any]]) -> None:
    if not things:
        return
    st.markdown(f"**{title}** ({len(things)})")
    with st.container(border=True, gap="xsmall"):
        for each in things:
            st.text("\n".join(each["lines"]))


def _breach(each: Answer) -> str:
    return f"{each['kind']} {each['name']}: {each['why']}"
