"""An item as a blind reviewer reads it: what somebody wrote, and nothing that was found in it."""

from collections.abc import Mapping
from typing import Any, Final

#: What machines found, or how others reacted: it leans one way.
_FOUND: Final = frozenset({"counter", "points", "reports", "score"})
#: What says how old it is: gold items are older than what just came in.
_DATES: Final = frozenset({"id", "created_at"})
_ITEM: Final = "item"


def blind_content(raw: Mapping[str, Any]) -> dict[str, Any]:
    """What was sent about an item, without scores, reports, its id and its date.

    Args:
        raw: As senders write it, nested (`item: {id: …}`) or with dots (`item.id`).
    """
    return {name: _inside(name, value) for name, value in raw.items() if not _tells(name)}


def _tells(name: str) -> bool:
    first, _, rest = name.partition(".")
    return first in _FOUND or name in _DATES or (first == _ITEM and rest in _DATES)


def _inside(name: str, value: Any) -> Any:  # noqa: ANN401 - JSON
    if name != _ITEM or not isinstance(value, Mapping):
        return value
    return {key: inner for key, inner in value.items() if key not in _DATES}
