"""Writes what was counted of a part down, and reads it again: the same sums, whoever adds them."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Final

import orjson

from engine.backtesting.sums import (
    Cell,
    Due,
    Found,
    Label,
    Labelled,
    Led,
    Moved,
    Rule,
    Shown,
    Side,
    Sums,
)
from engine.verdict import Tier

if TYPE_CHECKING:
    from collections import Counter

#: Counters by name, and how a key of each is made from what was written.
_KEYS: Final[dict[str, Callable[[Any], Any]]] = {
    "moved": lambda key: Moved(key[0], _side(key[1]), _side(key[2])),
    "found": lambda key: Found(Rule(*key[0]), key[1], key[2]),
    "led": lambda key: Led(key[0], Tier(key[1]), key[2]),
    "due": lambda key: Due(Tier(key[0]), key[1], key[2]),
    "labels": lambda key: Label(*key),
    "labelled": lambda key: Labelled(Rule(*key[0]), *key[1:]),
    "golden": tuple,
    "unreadable": tuple,
}
_NUMBERS: Final = ("undated", "unweighted", "unseen")


def written(sums: Sums) -> bytes:
    """The sums as JSON."""
    record: dict[str, object] = {
        name: [[key, count] for key, count in sorted(getattr(sums, name).items())] for name in _KEYS
    }
    record |= {name: getattr(sums, name) for name in _NUMBERS}
    record["cells"] = [[key, shown] for key, shown in sorted(sums.cells.items())]
    record["reasons"] = [[key, shown] for key, shown in sorted(sums.reasons.items())]
    record["regressions"] = sums.regressions
    record["span"] = sums.span
    # Named tuples are lists in JSON.
    return orjson.dumps(record, default=list)


def read(text: bytes | str) -> Sums:
    """The sums that `written` wrote."""
    record = orjson.loads(text)
    sums = Sums(**{name: record[name] for name in _NUMBERS})
    for name, key_of in _KEYS.items():
        into: Counter[Any] = getattr(sums, name)
        for key, count in record[name]:
            into[key_of(key)] = count
    for (old, new), shown in record["cells"]:
        cell = Cell((Tier(old[0]), old[1]), (Tier(new[0]), new[1]))
        sums.cells[cell] = _shown(shown)
    for (by, field), shown in record["reasons"]:
        sums.reasons[by, field] = _shown(shown)
    sums.regressions = _shown(record["regressions"])
    sums.reach(record["span"] and tuple(record["span"]))
    return sums


def _side(written: Any) -> Side:  # noqa: ANN401  # JSON
    return Side(Tier(written[0]), *written[1:])


def _shown(written: Iterable[Any]) -> tuple[Shown, ...]:
    return tuple(Shown(*each) for each in written)
