"""One piece of content, with the values that rules may look at."""

from collections.abc import Mapping
from dataclasses import dataclass

#: A typed value: number (also durations in seconds, dates in seconds since 1970 UTC, shares from
#: 0 to 1), yes/no, text or id, or a set.
Value = float | int | bool | str | frozenset[str]


@dataclass(frozen=True, slots=True)
class Item:
    """An item ready to be judged; `fields` holds only what arrived, typed by the vocabulary."""

    id: str
    fields: Mapping[str, Value]

    @property
    def kind(self) -> str:
        """Post, comment, image, profile and so on."""
        return str(self.fields.get("item.kind", "post"))
