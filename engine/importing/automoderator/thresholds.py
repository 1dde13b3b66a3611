"""Checks of the source that look for no words: numbers, ages, yes and no."""

import re

from engine.importing.automoderator.fates import ByHand, Dead
from engine.importing.automoderator.fields import QUALITY
from engine.importing.automoderator.nodes import Text, Value, as_yes_no
from engine.importing.automoderator.patterns import ENDS_COUNT
from engine.importing.automoderator.searches import Place, body_field
from engine.importing.automoderator.targets import ITEM, THRESHOLDS, Target, field_of
from engine.importing.conditions import Condition, leaf, yes_no
from engine.importing.writing import Bare
from engine.rules.quantities import UNITS
from engine.rules.suggestions import shown

_COMPARISON = re.compile(r"(==?|<=?|>=?)?\s*(-?\d{1,15})\s*([A-Za-z]*)")
_LEVEL = re.compile(r"(==?|<=?|>=?)?\s*([A-Za-z]+)")
_OPERATORS = {"<": "below", ">": "above", "<=": "at_most", ">=": "at_least"}
_DEFAULT_UNIT = "day"


def flag_condition(place: Place, target: Target, key: Text, value: Value) -> Condition:
    """The condition of a check that says yes or no.

    Raises:
        ByHand: It says something else.
    """
    name = key.value.lower()
    said = as_yes_no(value)
    if said is None:
        raise ByHand(key.line, f"`{name}` is true or false; the source refuses anything else")
    field = place.words.field(field_of(target, name), place.notes, key.line)
    return yes_no(field, value=said)


def type_condition(place: Place, field: str, line: int) -> Condition:
    """The condition that an item is a post of one form, such as a poll."""
    return yes_no(place.words.field(f"item.{field}", place.notes, line), value=True)


def number_condition(place: Place, target: Target, key: Text, value: Value) -> Condition:
    """The condition of a check that takes a number.

    Raises:
        ByHand: It is no number.
    """
    name = key.value.lower()
    if name == "poll_option_count":
        return threshold_condition(place, target, key, value)
    found = _COMPARISON.fullmatch(value.value.strip()) if isinstance(value, Text) else None
    if found is None or found[1] or found[3]:
        raise ByHand(key.line, f"`{name}` takes a number; the source refuses anything else")
    number = int(found[2])
    if name == "reports":
        field = place.words.field(field_of(target, "reports"), place.notes, key.line)
        return leaf(field, "at_least", Bare(str(max(number, 0))))
    operator = "longer_than" if name == "body_longer_than" else "shorter_than"
    if number < (0 if operator == "longer_than" else 1):
        raise Dead(key.line, f"no text is {operator.replace('_', ' ')} {number} characters")
    place.notes.changed(key.line, ENDS_COUNT)
    return leaf(body_field(place, target, key.line), operator, Bare(str(number)))


def threshold_condition(place: Place, target: Target, key: Text, value: Value) -> Condition:
    """The condition of a threshold, such as `account_age: "< 2 days"`.

    Raises:
        ByHand: It cannot be read.
    """
    name = key.value.lower()
    written = value.value.strip() if isinstance(value, Text) else ""
    found = _COMPARISON.fullmatch(written)
    if found is None or (found[3] and name != "account_age"):
        message = f"`{name}: {shown(written)}` is no threshold: the source refuses the whole page"
        raise ByHand(key.line, message)
    sign = found[1] or "="
    if len(sign) > 1 and sign != "==":
        place.notes.changed(key.line, f"`{sign}` is a sign that the source refuses")
    field = place.words.field(field_of(target, THRESHOLDS.get(name, name)), place.notes, key.line)
    constant = found[2]
    if name == "account_age":
        constant = _duration(key, int(found[2]), found[3].lower())
        if sign in ("=", "=="):
            place.notes.changed(
                key.line, "no account is of an age to the second; did you mean `<`?"
            )
    return leaf(field, _OPERATORS.get(sign, "is"), Bare(constant))


def _duration(key: Text, number: int, unit: str) -> str:
    unit = unit.removesuffix("s") or _DEFAULT_UNIT
    if unit not in UNITS or unit == "second" or number < 0:
        units = ", ".join(f"`{one}s`" for one in UNITS if one != "second")
        raise ByHand(key.line, f"`account_age` takes a number and one of {units}")
    return f"{number} {unit}{'' if number == 1 else 's'}"


def quality_condition(place: Place, target: Target, key: Text, value: Value) -> Condition:
    """The condition of `contributor_quality`, such as `"< moderate"`.

    Raises:
        ByHand: There is no such level.
        Dead: No level is lower, or higher.
    """
    found = _LEVEL.fullmatch(value.value.strip()) if isinstance(value, Text) else None
    level = found[2].lower() if found is not None else ""
    if found is None or level not in QUALITY:
        levels = ", ".join(f"`{one}`" for one in QUALITY)
        raise ByHand(key.line, f"`contributor_quality` is one of {levels}")
    place_of = QUALITY.index(level)
    sign = found[1] or "="
    levels_of = {
        "<": QUALITY[:place_of],
        "<=": QUALITY[: place_of + 1],
        ">": QUALITY[place_of + 1 :],
        ">=": QUALITY[place_of:],
    }.get(sign, (level,))
    if not levels_of:
        raise Dead(key.line, f"no level is {sign} {level}")
    name = field_of(target, "contributor_quality")
    field = place.words.field(name, place.notes, key.line)
    if len(levels_of) == 1:
        return leaf(field, "is", levels_of[0])
    return leaf(field, "is_any", list(levels_of))


def discussion_condition(place: Place, target: Target, key: Text, value: Value) -> Condition:
    """The condition of `discussion_type`: a chat, or comments."""
    chat = isinstance(value, Text) and value.value.strip().lower() == "chat"
    name = f"{target.prefix if target is not ITEM else 'item'}.discussion_type"
    field = place.words.field(name, place.notes, key.line)
    return leaf(field, "is", "chat" if chat else "comments")
