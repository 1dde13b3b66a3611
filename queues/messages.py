"""Puts values into the messages of a policy: text in, text out, and nothing is interpreted.

A placeholder is replaced once; what a value looks like (braces, HTML, another placeholder) means
nothing here. Who shows the text escapes it for where it is shown.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from engine.errors import InvalidItem
from engine.item import Value
from engine.rules.items import ItemReader
from engine.rules.model import Message, Policy
from engine.rules.vocabulary import Field, FieldType
from engine.rules.wording import value_text

_PLACEHOLDER: Final = re.compile(r"\{\{([^{}\n]*)\}\}")
_FALLBACK: Final = "en"
#: Longest piece of somebody's text that is quoted back, in characters.
_LONGEST: Final = 200
_UNITS: Final = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """What placeholders of one message stand for."""

    fields: Mapping[str, Value] = field(default_factory=dict)
    """Of the item, as the rules saw them."""
    match: str | None = None
    """What was found, as written."""
    reason: str | None = None
    """Title of the first reason."""
    appeal: str | None = None
    """Where to appeal."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message in one language."""

    language: str
    text: str


def render(
    message: Message,
    language: str | None,
    occasion: Occasion,
    declared: Mapping[str, Field],
) -> Rendered:
    """Write a message out.

    Args:
        message: Of the policy, in every language it has.
        language: Of the item (BCP 47). Where the message lacks it: the same without its region,
            then English, then the first by name.
        occasion: What the placeholders stand for; what is not known becomes nothing.
        declared: The fields of the vocabulary: their types say how values are written.
    """
    chosen = language_for(message, language)
    values = {
        "match": occasion.match,
        "reason.title": occasion.reason,
        "appeal.link": occasion.appeal,
    }

    def put(found: re.Match[str]) -> str:
        name = found[1].strip()
        if name in values:
            return shortened(values[name] or "", None if name == "appeal.link" else _LONGEST)
        value = occasion.fields.get(name)
        return "" if value is None else shortened(shown(value, declared.get(name)), _LONGEST)

    return Rendered(chosen, _PLACEHOLDER.sub(put, message.text[chosen]))


def message_of(policy: Policy, to: str, outcome: str) -> Message | None:
    """The message of a policy that tells somebody what came of an appeal or a report.

    Args:
        policy: In force.
        to: `author` or `reporter`.
        outcome: `upheld` or `overturned` of an appeal, `acted` or `not_acted` of a report.
    """
    fitting = (
        each for each in policy.messages.values() if (each.to, each.outcome) == (to, outcome)
    )
    return next(fitting, None)


def fields_of(
    reader: ItemReader, stored: Mapping[str, Any], always: Mapping[str, Value]
) -> Mapping[str, Value]:
    """An item as rules saw it, as far as the vocabulary of today can read it.

    Args:
        reader: Of today.
        stored: The input of a verdict: `raw`, `facts`, `signals`; empty once it was erased.
        always: What is known in any case.
    """
    raw = stored.get("raw")
    if not isinstance(raw, Mapping):
        return always
    try:
        fields = reader.read(raw).fields
    except InvalidItem:
        return always
    added = {**stored.get("facts", {}), **stored.get("signals", {})}
    sets = {name: frozenset(value) for name, value in added.items() if isinstance(value, list)}
    return {**always, **fields, **added, **sets}


def language_for(message: Message, language: str | None) -> str:
    """The language of a message that its reader understands best."""
    wanted = (language or "").replace("_", "-").casefold()
    by_name = {name.casefold(): name for name in sorted(message.text)}
    for name in (wanted, wanted.partition("-")[0], _FALLBACK):
        if name in by_name:
            return by_name[name]
    return min(message.text)


def shown(value: Value, declared: Field | None) -> str:
    """A value as a person would write it: `yes`, `50%`, `3 days`, `2026-12-31`."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return ", ".join(sorted(value)) if isinstance(value, frozenset) else value_text(value)
    match declared.type if declared is not None else None:
        case FieldType.DATE:
            return f"{datetime.fromtimestamp(value, UTC):%Y-%m-%d}"
        case FieldType.DURATION:
            return _duration(value)
        case FieldType.SHARE:
            return f"{value:.0%}"
        case _:
            return value_text(float(value)) if value != int(value) else str(int(value))


def shortened(text: str, longest: int | None) -> str:
    """A text that is not longer than allowed."""
    if longest is None or len(text) <= longest:
        return text
    return text[: longest - 1] + "…"


def _duration(seconds: float) -> str:
    for name, length in _UNITS:
        if seconds >= length:
            number = int(seconds // length)
            return f"{number} {name}{'' if number == 1 else 's'}"
    return "0 seconds"
