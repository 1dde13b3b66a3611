"""JsonLogic, with words in its own `in` and patterns by an operation of Python's `re`."""

from collections.abc import Sequence
from typing import assert_never

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
from engine.bench.stock import TOKEN
from engine.item import Item
from tests.benchmarks.peers.notation import variable, variables
from tests.benchmarks.peers.peer import Judge, Peer
from tests.benchmarks.peers.regular import Searches

Logic = dict[str, object]


def _build(rules: Sequence[Description]) -> Judge:
    from json_logic import jsonLogic  # noqa: PLC0415  # it need not be installed
    from json_logic.builtins import BUILTINS  # noqa: PLC0415  # likewise

    searches = Searches()
    logics = [_logic(rule.condition, searches) for rule in rules]
    made = searches.made

    def judge(item: Item) -> list[int]:
        values: dict[str, object] = {**variables(item)}
        text = str(values["text"])
        values["tokens"] = list(set(TOKEN.findall(text)))
        operations = {**BUILTINS, "found": lambda _, number: made[number](text) is not None}
        return [
            number for number, logic in enumerate(logics) if jsonLogic(logic, values, operations)
        ]

    return judge


def _logic(condition: Condition, searches: Searches) -> Logic:
    match condition:
        case Words():
            return {"or": [{"in": [word, {"var": "tokens"}]} for word in condition.any_of]}
        case Matches():
            return {"found": [searches.add(condition)]}
        case AtLeast():
            return {">=": [{"var": variable(condition.field)}, condition.number]}
        case Is():
            return {"==": [{"var": variable(condition.field)}, condition.choice]}
        case Every():
            return {"and": [_logic(part, searches) for part in condition.parts]}
        case Some():
            return {"or": [_logic(part, searches) for part in condition.parts]}
    assert_never(condition)


PEER = Peer(name="JsonLogic (panzi)", build=_build, module="json_logic")
