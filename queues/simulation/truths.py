"""What would be right for an item: from a file, or made up around what the machine suspects."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from queues.errors import Refused
from queues.simulation.chance import share


@dataclass(frozen=True, slots=True, kw_only=True)
class Right:
    """The right answer."""

    action: str
    reasons: tuple[str, ...] = ()
    """By default the one that brought the item before people."""
    policy: str | None = None
    """Under which it is judged; by default that of the rule that brought it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Truths:
    """Right answers by the sender's id of the item."""

    known: Mapping[str, Right] = field(default_factory=dict)
    suspicion: float = 0.7
    """Of items that are not known: how often the machine is right that there is something."""

    def of(self, seed: int, item: str, suspected: str) -> Right:
        """What is right for an item, the same for everybody who is asked.

        Args:
            seed: Of the simulation.
            item: The sender's id.
            suspected: The action that whoever brought it here would have taken.
        """
        found = self.known.get(item)
        if found is not None:
            return found
        guilty = share(seed, "truth", item) < self.suspicion
        return Right(action=suspected if guilty else "publish")


def truths_in(rows: Iterable[tuple[int, Mapping[str, Any]]]) -> Mapping[str, Right]:
    """Right answers of rows with `id` and `action`, perhaps `reasons` and `policy`.

    Both may stand in an object `truth`, as in sample items. Rows without an action are left out.

    Raises:
        Refused: a row has no id, or its action or reasons are no names.
    """
    return dict(_read(rows))


def _read(rows: Iterable[tuple[int, Mapping[str, Any]]]) -> Iterator[tuple[str, Right]]:
    for number, row in rows:
        inner = row.get("truth")
        truth = inner if isinstance(inner, Mapping) else row
        action, reasons = truth.get("action"), truth.get("reasons", [])
        identity = row.get("id", row.get("item.id"))
        if action is None:
            continue
        if not isinstance(identity, str) or not isinstance(action, str) or not _names(reasons):
            where = f"truth, line {number}"
            wanted = '{"id": "post-17", "action": "remove", "reasons": ["spam.commercial"]}'
            raise Refused(where, f"expected something like {wanted}")
        policy = truth.get("policy")
        yield (
            identity,
            Right(
                action=action,
                reasons=tuple(reasons),
                policy=policy if isinstance(policy, str) else None,
            ),
        )


def _names(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)
