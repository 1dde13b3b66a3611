"""Which rules of the machine may act by themselves, for whoever judges, and as it is stored."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Protocol

from engine.item import Item

#: Where the input of a verdict says which rules were allowed to act.
PERMISSIONS: Final = "permissions"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Which rules of the machine may act at a moment."""

    withheld: Mapping[str, str]
    """Those that may not, each with why."""
    records: Mapping[str, Mapping[str, object]]
    """Of each rule of the machine what is stored with a verdict that it has a say in."""
    languages: Mapping[str, "Standing"] = field(default_factory=dict)
    """How it is in languages in which it is otherwise; in lower case, empty: not told."""

    def of(self, item: Item) -> "Standing":
        """How it stands for an item."""
        if not self.languages:
            return self
        told = item.fields.get("item.language")
        return self.languages.get(told.lower() if isinstance(told, str) else "", self)


class Licence(Protocol):
    """Knows which rules of one release may act by themselves."""

    def at(self, moment: datetime) -> Standing:
        """How it stands at a moment; whatever cannot be told may not act."""


def withheld_of(stored: Mapping[str, object]) -> dict[str, str]:
    """The rules that were not allowed to act when an input was judged, each with why."""
    permissions = mapping(stored.get(PERMISSIONS, {"rules": {}}))
    told = {name: mapping(record) for name, record in mapping(permissions["rules"]).items()}
    return {name: str(record["why"]) for name, record in told.items() if not record["acts"]}


def mapping(value: object) -> Mapping[str, object]:
    """A part of a stored input that is an object."""
    assert isinstance(value, Mapping)  # noqa: S101 - the form in which `_input` writes
    return value
