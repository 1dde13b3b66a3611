"""How often machine, rules and models are wrong to flag: FDR and FPR, over all items.

- The machine, and each model: items that it decided alone, as the quality sample sees them. What it
  acted on was flagged; the items of a model are those that were judged with it.
- A rule: all items. What it matched was flagged, whatever became of the match; samples and reviews
  say what people found.

Weighted by 1/(π · b), b the share of looks that were blind, as all that is told of looks.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, Row, text

from engine.quality.operations import FalsePositives
from engine.quality.proportions import Share, weighted_share
from queues.measurement.looks import Look, Looks
from queues.measurement.rollups import reading
from queues.measurement.rollups.spans import Span

#: So much of a version tells it apart.
_SHOWN: Final = 12
_NAMES: Final = text("SELECT version, name FROM models WHERE version = ANY(:versions)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Flagging:
    """How often each is wrong to flag."""

    machine: FalsePositives
    rules: Mapping[str, FalsePositives]
    """By name: of those that matched something people looked at."""
    models: Mapping[str, FalsePositives]
    """By name and beginning of their version."""


@dataclass(slots=True)
class _Table:
    """Items by whether they were flagged and what people found, and by their chance."""

    right: Counter[float] = field(default_factory=Counter)
    """Flagged, and people found so."""
    wrong: Counter[float] = field(default_factory=Counter)
    """Flagged, and people let it stand."""
    fine: Counter[float] = field(default_factory=Counter)
    """People let it stand, flagged or not."""

    def add(self, row: Any, *, flagged: bool) -> None:  # noqa: ANN401 - a look, or a row like one
        if not row.found:
            self.fine[row.inclusion] += row.times
        if flagged:
            (self.right if row.found else self.wrong)[row.inclusion] += row.times

    def told(self) -> FalsePositives:
        """Both shares."""
        passed = self.fine - self.wrong
        return FalsePositives(fdr=_share(self.wrong, self.right), fpr=_share(self.wrong, passed))


def flagging(connection: Connection, span: Span, looks: Looks) -> Flagging:
    """How often machine, rules and models are wrong to flag.

    Args:
        connection: Within a transaction.
        span: Of what came when.
        looks: All blind first answers of the span.
    """
    rows = reading.flags(connection, span, looks.shares)
    return Flagging(
        machine=of_machine(looks.each),
        rules=_of_rules(looks.each, rows),
        models=_of_models(connection, rows),
    )


def of_machine(looks: Iterable[Look]) -> FalsePositives:
    """Of what the machine decided alone, by the quality sample's looks among these."""
    table = _Table()
    for look in looks:
        if look.sampled:
            table.add(look, flagged=look.acted)
    return table.told()


def _of_rules(looks: Iterable[Look], rows: Iterable[Row[Any]]) -> dict[str, FalsePositives]:
    fine = Counter[float]()
    for look in looks:
        if not look.found:
            fine[look.inclusion] += look.times
    tables: defaultdict[str, _Table] = defaultdict(lambda: _Table(fine=fine))
    for row in rows:
        if row.kind == "rule":
            table = tables[row.name]
            (table.right if row.found else table.wrong)[row.inclusion] += row.times
    return {name: table.told() for name, table in sorted(tables.items())}


def _of_models(connection: Connection, rows: Iterable[Row[Any]]) -> dict[str, FalsePositives]:
    tables: defaultdict[str, _Table] = defaultdict(_Table)
    for row in rows:
        if row.kind == "model" and row.sampled:
            tables[row.name].add(row, flagged=row.acted)
    found = connection.execute(_NAMES, {"versions": sorted(tables)}).all()
    names = {row.version: f"{row.name}@{row.version[:_SHOWN]}" for row in found}
    return {
        names.get(version, version): table.told()
        for version, table in sorted(tables.items(), key=lambda each: names.get(each[0], each[0]))
    }


def _share(hits: Counter[float], others: Counter[float]) -> Share:
    """The share of hits of both, each item by its chance."""
    rows = [(True, *each) for each in sorted(hits.items())]
    rows += [(False, *each) for each in sorted(others.items())]
    return weighted_share(
        [hit for hit, _, _ in rows],
        [1 / inclusion for _, inclusion, _ in rows],
        times=[times for _, _, times in rows],
    )
