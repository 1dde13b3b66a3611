"""Conditions that are to be written: leaves and groups, put into the shortest form."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from engine.importing.writing import Bare, Data


@dataclass(frozen=True, slots=True)
class Leaf:
    """A field, and what is asked of it; several operators have to hold together."""

    field: str
    tests: tuple[tuple[str, Data], ...]


@dataclass(frozen=True, slots=True)
class Group:
    """`any`, `all` or `none` of several conditions."""

    word: str
    parts: tuple["Condition", ...]


Condition = Leaf | Group

#: Holds for every item.
ALWAYS = Group("all", ())
#: Holds for none.
NEVER = Group("any", ())


def leaf(field: str, operator: str, constant: Data) -> Leaf:
    """A condition with one operator."""
    return Leaf(field, ((operator, constant),))


def yes_no(field: str, *, value: bool) -> Leaf:
    """A condition on a yes/no field."""
    return Leaf(field, (("is", Bare("yes" if value else "no")),))


def every(parts: Iterable[Condition]) -> Condition:
    """All of these."""
    found: list[Condition] = []
    for part in parts:
        if part == NEVER:
            return NEVER
        inner = part.parts if isinstance(part, Group) and part.word == "all" else (part,)
        found += [one for one in inner if one not in found]
    return found[0] if len(found) == 1 else Group("all", tuple(found))


def one_of(parts: Iterable[Condition]) -> Condition:
    """Any of these."""
    found: list[Condition] = []
    for part in parts:
        if part == ALWAYS:
            return ALWAYS
        inner = part.parts if isinstance(part, Group) and part.word == "any" else (part,)
        found += [one for one in inner if one not in found]
    return found[0] if len(found) == 1 else Group("any", tuple(found))


def no(part: Condition) -> Condition:
    """Not this."""
    if part in (ALWAYS, NEVER):
        return NEVER if part == ALWAYS else ALWAYS
    if isinstance(part, Group) and part.word == "any":
        return replace(part, word="none")
    return Group("none", (part,))


def data_of(parts: Sequence[Condition]) -> dict[str, Data]:
    """The lines of a mapping in which all of these have to hold."""
    lines: dict[str, Data] = {}
    rest: list[Data] = []
    for part in parts:
        key, value = _line(part)
        if key in lines or (key == "all" and rest):
            rest.append({key: value})
        else:
            lines[key] = value
    if not rest:
        return lines
    if isinstance(lines.get("all"), list):
        rest = [{"all": lines.pop("all")}, *rest]
    return {**lines, "all": rest}


def _line(part: Condition) -> tuple[str, Data]:
    if isinstance(part, Leaf):
        if len(part.tests) == 1 and part.tests[0][0] == "is":
            return part.field, part.tests[0][1]
        return part.field, dict(part.tests)
    return part.word, [data_of(_lines_of(one)) for one in part.parts]


def _lines_of(part: Condition) -> Sequence[Condition]:
    return part.parts if isinstance(part, Group) and part.word == "all" else (part,)
