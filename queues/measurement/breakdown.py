"""What stands beside the targets: whose second looks overturn, idle time, and who flags wrongly."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from engine.quality.costs import with_idle_time
from engine.quality.measures import Measure
from engine.quality.operations import FalsePositives, Kind
from engine.quality.targets import Unit
from queues.measurement.false_positives import Flagging


class Of(StrEnum):
    """Of what a figure is told."""

    SECOND_LOOK = "second_look"
    TIME = "time"
    MACHINE = "machine"
    RULE = "rule"
    MODEL = "model"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A figure that has no target of its own."""

    name: str
    """Such as `overturn_rate`."""
    of: Of
    which: str
    """The kind of second look, of time, the rule or the model; of the machine, empty."""
    unit: Unit
    measure: Measure


def costs(of_decisions: Mapping[str, Measure], occupancy: float) -> Iterator[Figure]:
    """What decisions cost, of active time and with the idle time that comes with it.

    Args:
        of_decisions: Costs of active time by name.
        occupancy: The share of paid time that is work.
    """
    for name, active in of_decisions.items():
        for which, measure in (
            ("active", active),
            ("with_idle", with_idle_time(active, occupancy)),
        ):
            yield Figure(name=name, of=Of.TIME, which=which, unit=Unit.MONEY, measure=measure)


def second_looks(found: Mapping[Kind, Measure]) -> Iterator[Figure]:
    """What second looks overturned, by kind."""
    for kind, measure in found.items():
        yield Figure(
            name="overturn_rate",
            of=Of.SECOND_LOOK,
            which=kind.value,
            unit=Unit.SHARE,
            measure=measure,
        )


def wrongly_flagged(found: Flagging) -> Iterator[Figure]:
    """FDR and FPR: of the machine, then of rules and of models, those people saw most of first."""
    yield from _both(Of.MACHINE, [("", found.machine)])
    yield from _both(Of.RULE, _most_seen(found.rules))
    yield from _both(Of.MODEL, _most_seen(found.models))


def _most_seen(found: Mapping[str, FalsePositives]) -> list[tuple[str, FalsePositives]]:
    return sorted(found.items(), key=lambda each: (-each[1].fdr.n, each[0]))


def _both(of: Of, found: Iterable[tuple[str, FalsePositives]]) -> Iterator[Figure]:
    for which, each in found:
        for name, measure in (
            ("false_discovery_rate", each.fdr),
            ("false_positive_rate", each.fpr),
        ):
            yield Figure(name=name, of=of, which=which, unit=Unit.SHARE, measure=measure)
