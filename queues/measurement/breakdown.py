"""What stands beside the targets: whose second looks overturn, idle time, and who flags wrongly."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from engine.quality.costs import with_idle_time
from engine.quality.measures import Measure
from engine.quality.operations import FalsePositives, Kind
from engine.quality.targets import Unit
from queues.measurement.false_positives import Flagging
from queues.measurement.spending import with_platform


class Of(StrEnum):
    """Of what a figure is told."""

    SECOND_LOOK = "second_look"
    TIME = "time"
    TIER = "tier"
    DUPLICATES = "duplicates"
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
    """The kind of second look, of time or of counting, the tier, the rule or the model; of the
    machine, empty."""
    unit: Unit
    measure: Measure


def costs(of_decisions: Mapping[str, tuple[Measure, float]], occupancy: float) -> Iterator[Figure]:
    """What decisions cost, of active time and with the idle time that comes with it.

    Args:
        of_decisions: By name, what people's active time costs, and what the platform does beside.
        occupancy: The share of people's paid time that is work.
    """
    for name, (active, platform) in of_decisions.items():
        for which, measure in (
            ("active", active),
            ("with_idle", with_idle_time(active, occupancy)),
        ):
            told = with_platform(measure, platform)
            yield Figure(name=name, of=Of.TIME, which=which, unit=Unit.MONEY, measure=told)


def automation(each: Measure) -> Iterator[Figure]:
    """The same as the target, with every exact duplicate counted."""
    yield Figure(
        name="automation_rate",
        of=Of.DUPLICATES,
        which="each_counted",
        unit=Unit.SHARE,
        measure=each,
    )


def upheld(by_tier: Mapping[str, Measure]) -> Iterator[Figure]:
    """How often seniors uphold what a tier decided."""
    for tier, measure in sorted(by_tier.items()):
        yield Figure(
            name="expert_validation", of=Of.TIER, which=tier, unit=Unit.SHARE, measure=measure
        )


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
