"""Rules described so plainly that every engine can be given the same ones."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The text has one of these words, as a whole word. All are lower-case ASCII."""

    any_of: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matches:
    """The text matches a regular expression, somewhere, ignoring case."""

    pattern: str
    example: str
    """A text that matches."""
    literals: tuple[str, ...] = ()
    """A text without any of these cannot match; empty: no literal is certain."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AtLeast:
    """A number is so large or larger."""

    field: str
    number: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Is:
    """A choice is this one."""

    field: str
    choice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Every:
    """Every part holds."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Some:
    """One part holds, or more."""

    parts: tuple["Condition", ...]


Condition = Words | Matches | AtLeast | Is | Every | Some


class Kind(StrEnum):
    """What a rule is made of."""

    #: A few words, any of which is enough.
    WORDS = "words"
    #: A regular expression.
    PATTERN = "pattern"
    #: Numbers that have to be large together.
    THRESHOLDS = "thresholds"
    #: Words or patterns together with numbers.
    COMPOUND = "compound"


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """A rule."""

    name: str
    kind: Kind
    condition: Condition


def example(condition: Condition) -> Mapping[str, str | float]:
    """Values for which a condition holds."""
    match condition:
        case Words():
            return {"text": condition.any_of[0]}
        case Matches():
            return {"text": condition.example}
        case AtLeast():
            return {condition.field: condition.number}
        case Is():
            return {condition.field: condition.choice}
        case Some():
            return example(condition.parts[0])
        case Every():
            return _together([example(part) for part in condition.parts])
    assert_never(condition)


def _together(examples: list[Mapping[str, str | float]]) -> Mapping[str, str | float]:
    """All values; of a number the largest, and all texts one after another."""
    found: dict[str, str | float] = {}
    for values in examples:
        for name, value in values.items():
            known = found.get(name, value)
            if isinstance(value, str) or isinstance(known, str):
                both = known if known == value else f"{known} {value}"
                found[name] = value if name not in found else both
            else:
                found[name] = max(known, value)
    return found
