"""Words and patterns as compiled expressions of Python's `re`."""

import re
from collections.abc import Callable, Mapping, Sequence

from engine.bench.descriptions import (
    AtLeast,
    Condition,
    Description,
    Every,
    Is,
    Matches,
    Some,
    Words,
)
from engine.bench.texts import as_others_need
from engine.item import Item, Value
from tests.benchmarks.peers.peer import Judge, Peer

_Check = Callable[[str, Mapping[str, Value]], bool]


class Searches:
    """Compiled expressions by number, as engines call them that have none of their own."""

    def __init__(self) -> None:
        self.made: list[Callable[[str], object]] = []

    def add(self, condition: Words | Matches) -> int:
        """The number of the expression for words or a pattern."""
        self.made.append(re.compile(expression(condition)).search)
        return len(self.made) - 1


def expression(condition: Words | Matches) -> str:
    """Words or a pattern as a regular expression."""
    if isinstance(condition, Matches):
        return condition.pattern
    return rf"\b(?:{'|'.join(condition.any_of)})\b"


def _build(rules: Sequence[Description]) -> Judge:
    checks = [_check(rule.condition) for rule in rules]

    def judge(item: Item) -> list[int]:
        text = as_others_need(str(item.fields["text"]))
        fields = item.fields
        return [number for number, check in enumerate(checks) if check(text, fields)]

    return judge


def _check(condition: Condition) -> _Check:
    match condition:
        case Words() | Matches():
            search = re.compile(expression(condition)).search
            return lambda text, _: search(text) is not None
        case AtLeast(field=field, number=number):
            return lambda _, fields: fields[field] >= number  # type: ignore[operator]  # a number
        case Is(field=field, choice=choice):
            return lambda _, fields: fields[field] == choice
        case Every(parts=parts):
            checks = [_check(part) for part in parts]
            return lambda text, fields: all(check(text, fields) for check in checks)
        case Some(parts=parts):
            either = [_check(part) for part in parts]
            return lambda text, fields: any(check(text, fields) for check in either)


PEER = Peer(name="loop over `re`", build=_build)
