"""The checks of one target, each as a condition."""

from engine.importing.automoderator.fates import ByHand
from engine.importing.automoderator.modifiers import name_of, read_key
from engine.importing.automoderator.nodes import Items, Lines, Text, Value, as_yes_no, is_nothing
from engine.importing.automoderator.searches import Place, search_condition
from engine.importing.automoderator.targets import GROUPS, SEARCHED, THRESHOLDS, Target
from engine.importing.automoderator.thresholds import (
    discussion_condition,
    flag_condition,
    number_condition,
    quality_condition,
    threshold_condition,
)
from engine.importing.conditions import Condition, every, no, one_of
from engine.rules.suggestions import nearest, shown

#: What stands beside checks and is none.
DIRECTIVES = frozenset({"ignore_blockquotes", "satisfy_any_threshold", "overwrite_flair"})


def checks_of(place: Place, target: Target, lines: Lines) -> list[Condition]:
    """The conditions of a target; all of them have to hold.

    Args:
        place: Of the rule.
        target: What is looked at.
        lines: Its checks, without actions.

    Raises:
        Untranslated: One of them cannot be brought over.
    """
    found: list[Condition] = []
    thresholds: list[Condition] = []
    for key, value in lines.pairs:
        name = key.value.strip().lower()
        if name in DIRECTIVES:
            continue
        if target.account and (name in THRESHOLDS or name == "contributor_quality"):
            check = quality_condition if name == "contributor_quality" else threshold_condition
            thresholds.append(check(place, target, key, value))
        else:
            found.append(_check(place, target, key, value))
    any_is_enough = _says_yes(lines, "satisfy_any_threshold")
    return [*found, *([one_of(thresholds)] if any_is_enough and thresholds else thresholds)]


def _check(place: Place, target: Target, key: Text, value: Value) -> Condition:
    name = key.value.strip().lower()
    if name in target.flags:
        return flag_condition(place, target, key, value)
    if name in target.numbers:
        return number_condition(place, target, key, value)
    if name.lstrip("~") == "discussion_type" and target.numbers:
        found = discussion_condition(place, target, key, value)
        return no(found) if name.startswith("~") else found
    fields = name_of(name)
    if fields not in SEARCHED:
        raise ByHand(key.line, _unknown(name, target))
    return search_condition(place, target, read_key(key, place.notes), value)


def _unknown(name: str, target: Target) -> str:
    where = f" under `{target.key}`" if target.key else ""
    known = (*target.searched, *target.flags, *target.numbers)
    if target.account:
        known = (*known, *THRESHOLDS, "contributor_quality")
    near = nearest(name, known)
    hint = f"; did you mean `{near}`?" if near is not None and near != name else ""
    return f"`{shown(name)}` is no check{where}: the source refuses the whole page{hint}"


def group_of(place: Place, key: Text, value: Value) -> list[Condition]:
    """The conditions of a group such as `author:`, or of `author: [names]`.

    Raises:
        Untranslated: One of its checks cannot be brought over.
    """
    name = key.value.strip().lower()
    target = GROUPS[name.lstrip("~")]
    if is_nothing(value):
        place.notes.lost(key.line, f"nothing stands under `{name}`, so it asks nothing")
        return []
    if isinstance(value, Text | Items):
        names = Lines(((Text("name", plain=True, line=key.line), value),), key.line)
        condition = every(checks_of(place, target, names))
        return [no(condition) if name.startswith("~") else condition]
    if name.startswith("~"):
        raise ByHand(key.line, f"`{name}` takes names, and no checks")
    return checks_of(place, target, value)


def _says_yes(lines: Lines, name: str) -> bool:
    return any(key.value.strip().lower() == name and as_yes_no(value) for key, value in lines.pairs)
