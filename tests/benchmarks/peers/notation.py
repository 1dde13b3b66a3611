"""Conditions written as expressions, in the notation of each engine."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import assert_never

from engine.bench.descriptions import AtLeast, Condition, Every, Is, Matches, Some, Words
from engine.bench.texts import as_others_need
from engine.item import Item, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Notation:
    """How a language writes the parts of a condition."""

    words: Callable[[Words], str]
    matches: Callable[[Matches], str]
    every: str
    """Stands between parts that all hold."""
    some: str
    """Stands between parts of which one holds."""

    def write(self, condition: Condition) -> str:
        """A condition as an expression."""
        match condition:
            case Words():
                return self.words(condition)
            case Matches():
                return self.matches(condition)
            case AtLeast():
                return f"{variable(condition.field)} >= {float(condition.number)!r}"
            case Is():
                return f'{variable(condition.field)} == "{condition.choice}"'
            case Every():
                return self._joined(condition.parts, self.every)
            case Some():
                return self._joined(condition.parts, self.some)
        assert_never(condition)

    def _joined(self, parts: tuple[Condition, ...], between: str) -> str:
        return f"({between.join(map(self.write, parts))})"


def variable(field: str) -> str:
    """The name of a field in languages that do not take dots."""
    return field.replace(".", "_")


def variables(item: Item) -> dict[str, Value]:
    """The values of an item under these names, its text in lower case with single spaces."""
    values = {variable(name): value for name, value in item.fields.items()}
    values["text"] = as_others_need(str(item.fields["text"]))
    return values
