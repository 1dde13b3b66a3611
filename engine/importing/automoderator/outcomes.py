"""What a rule of the source does, as what a rule here asks for."""

from dataclasses import dataclass, field
from typing import Final

from engine.importing.automoderator.fates import ByHand, Dead
from engine.importing.automoderator.marks import SETTERS, label_of, told_of
from engine.importing.automoderator.messages import translated
from engine.importing.automoderator.nodes import Lines, Text, Value, as_yes_no, is_nothing
from engine.importing.automoderator.searches import Place
from engine.importing.writing import Data, one_line
from engine.rules.suggestions import shown

#: What can be done to an item.
ACTIONS: Final = ("approve", "remove", "spam", "filter", "report")
#: Of them, what spares moderators unless the rule says otherwise.
_SPARING: Final = ("remove", "spam", "filter", "report")
_TO_THE_AUTHOR: Final = ("comment", "message")
#: Keys that are kept as notes, and change nothing here.
_NOTES: Final = (
    "action_reason",
    "report_reason",
    "modmail_subject",
    "message_subject",
    "overwrite_flair",
    "comment_locked",
    "comment_stickied",
)
_TOP_ONLY: Final = (*_TO_THE_AUTHOR, "modmail", *_NOTES)
#: Everything that is an action, or says how one is done.
KEYS: Final = frozenset({"action", "priority", "moderators_exempt", *_TOP_ONLY, *SETTERS})


@dataclass(slots=True)
class Outcome:
    """What a rule does."""

    action: str | None = None
    line: int = 1
    labels: list[str] = field(default_factory=list)
    told: list[tuple[str, str]] = field(default_factory=list)
    """What the author is told, and how."""
    modmail: str | None = None
    priority: str | None = None
    spares_moderators: bool | None = None
    kept: list[str] = field(default_factory=list)
    """What is kept as text."""

    @property
    def sparing(self) -> bool:
        """Whether moderators are spared."""
        if self.spares_moderators is not None:
            return self.spares_moderators
        return self.action in _SPARING

    @property
    def does_nothing(self) -> bool:
        """Whether nothing would happen."""
        return self.action is None and not (self.labels or self.told or self.modmail)


def take(place: Place, outcome: Outcome, key: Text, value: Value, group: str = "") -> None:
    """Take a key that is an action into the outcome.

    Args:
        place: Of the rule.
        outcome: What is known so far.
        key: The key.
        value: What stands after it.
        group: The group under which it stands; empty: at the top.

    Raises:
        ByHand: The source refuses it.
    """
    name = key.value.strip().lower()
    if is_nothing(value):
        place.notes.lost(key.line, f"`{name}` says nothing")
    elif name in SETTERS:
        _set(outcome, key, value, group)
    elif name == "action":
        _act(place, outcome, key, value, group)
    elif not isinstance(value, Text):
        raise ByHand(key.line, f"`{name}` takes a single value; the source refuses anything else")
    else:
        _say(place, outcome, key, value)


def _say(place: Place, outcome: Outcome, key: Text, value: Text) -> None:
    """Take what is told to people, and what is kept for them."""
    name, said = key.value.strip().lower(), value.value
    if name in _TO_THE_AUTHOR:
        outcome.told.append((name, translated(place, said, key.line)))
    elif name == "modmail":
        outcome.modmail = said
        place.notes.left_out(
            key.line, "moderators are told; the text of the mail is kept as a note"
        )
        outcome.kept.append(f"modmail: {one_line(said)}")
    elif name == "priority":
        outcome.priority = said.strip()
        place.notes.left_out(key.line, f"`priority: {shown(said)}`: order means nothing here")
    elif name == "moderators_exempt":
        outcome.spares_moderators = as_yes_no(value)
    else:
        outcome.kept.append(f"{name}: {one_line(said)}")


def _act(place: Place, outcome: Outcome, key: Text, value: Value, group: str) -> None:
    written = value.value.strip().lower() if isinstance(value, Text) else ""
    if written not in ACTIONS:
        message = f"`action: {shown(written)}` is no action: the source refuses the whole page"
        raise ByHand(key.line, message)
    if group == "parent_submission":
        place.notes.changed(key.line, f"`{written}` is for the post above: a label for the host")
        outcome.labels.append(f"parent-{written}")
        return
    if group:
        place.notes.changed(key.line, f"`action` belongs to the rule, not under `{group}`")
    outcome.action, outcome.line = written, key.line


def _set(outcome: Outcome, key: Text, value: Value, group: str) -> None:
    name = key.value.strip().lower()
    label = label_of(name, value)
    if label is None:
        raise ByHand(key.line, f"`{name}` is true or false; the source refuses anything else")
    prefix = {"parent_submission": "parent-", "author": "author-"}.get(group, "")
    outcome.labels.append(f"{prefix}{label}")
    outcome.kept.append(told_of(f"{group} {name}".strip(), value))


def then_of(place: Place, outcome: Outcome, reason: str) -> dict[str, Data]:
    """What the rule asks for, its message left out.

    Raises:
        Dead: It does nothing.
    """
    if outcome.does_nothing:
        raise Dead(outcome.line, "it does nothing: the source drops it")
    asked: dict[str, Data] = dict(_decision(place, outcome))
    asked["reason"] = reason
    labels = list(dict.fromkeys(outcome.labels))
    if outcome.action == "spam":
        labels.append("spam")
    if labels:
        asked["label"] = labels[0] if len(labels) == 1 else labels
    if outcome.modmail is not None:
        asked["notify"] = "moderators"
    return asked


def _decision(place: Place, outcome: Outcome) -> dict[str, str]:
    if outcome.action in ("remove", "spam"):
        return {"tier": "auto", "action": "remove"}
    if outcome.action == "filter":
        return {"tier": "single", "while_waiting": "hide"}
    if outcome.action == "report":
        return {"tier": "single", "while_waiting": "keep"}
    if not outcome.labels:
        return {"tier": "auto", "action": "publish"}
    first = outcome.labels[0].removeprefix("parent-").removeprefix("author-")
    host = "set-flair" if first.startswith("flair") else "set-properties"
    return {"tier": "auto", "action": place.words.action(host)}


def message_of(place: Place, outcome: Outcome, line: int) -> str | None:
    """The text that the author is sent; None: none."""
    if not outcome.told:
        return None
    if len(outcome.told) > 1:
        message = "a comment in public and a private message are one message to the author here"
        place.notes.changed(line, message)
    elif outcome.told[0][0] == "comment":
        outcome.kept.append("the message was a comment in public")
    return "\n\n".join(text.strip("\n") for _, text in outcome.told)


def actions_in(lines: Lines) -> tuple[Lines, list[tuple[Text, Value]]]:
    """The checks of some lines, and their actions."""
    checks = [pair for pair in lines.pairs if pair[0].value.strip().lower() not in KEYS]
    actions = [pair for pair in lines.pairs if pair[0].value.strip().lower() in KEYS]
    return Lines(tuple(checks), lines.line), actions
