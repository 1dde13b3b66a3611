"""An item as a blind reviewer reads it: what somebody wrote, and nothing that was found in it."""

from collections.abc import Mapping
from typing import Any, Final

#: What machines found, or how others reacted: it leans one way.
_FOUND: Final = frozenset({"counter", "points", "reports", "score"})
#: What says how old it is: gold items are older than what just came in.
_DATES: Final = frozenset({"id", "created_at"})
_ITEM: Final = "item"
_PICTURE: Final = "image"
#: Pictures, each with what a detector found in it.
_PICTURES: Final = "images"
_DETECTED: Final = frozenset({"regions", "score", "scores"})


def blind_content(raw: Mapping[str, Any]) -> dict[str, Any]:
    """What was sent about an item, without scores, reports, its id and its date.

    Args:
        raw: As senders write it, nested (`item: {id: …}`) or with dots (`item.id`).
    """
    return {name: _inside(name, value) for name, value in raw.items() if not _tells(name)}


def _tells(name: str) -> bool:
    first, _, rest = name.partition(".")
    found = not _FOUND.isdisjoint(name.split("."))
    return found or name in _DATES or (first == _ITEM and rest in _DATES)


def _inside(name: str, value: Any) -> Any:  # noqa: ANN401 - JSON
    if name == _PICTURES and isinstance(value, list):
        return [_without(each, _DETECTED) for each in value]
    if name == _PICTURE:
        return _without(value, _FOUND)
    return _without(value, _DATES) if name == _ITEM else value


def _without(value: Any, names: frozenset[str]) -> Any:  # noqa: ANN401 - JSON
    if not isinstance(value, Mapping):
        return value
    return {key: inner for key, inner in value.items() if key not in names}
