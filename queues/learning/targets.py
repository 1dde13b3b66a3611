"""What is to be learnt: each model that fills a score of the settings, or will."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, text

from queues.errors import Refused
from queues.learning_settings import Learning
from queues.policies.artefacts import stored_model
from queues.policies.registry import figures_of
from queues.store import activations
from queues.store.activations import Kind

_PREFIX: Final = "score."
_SCORE: Final = "score"

_IN_FORCE: Final = text("""
SELECT version, name, figures, CASE WHEN figures IS NULL THEN artefact END AS artefact
FROM models WHERE version = ANY(:versions)
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A model that learns."""

    name: str
    """What it is called; that of the champion, where there is one."""
    scores: Mapping[str, tuple[str, ...]]
    """The scores it fills, each with the policies that it learns from."""
    champion: str | None
    """The version in force; None: nothing in force fills these scores."""
    unnamed: tuple[str, ...] = ()
    """Scores that the champion fills and the settings do not name: they would be lost."""


def targets(connection: Connection, learning: Learning) -> tuple[Target, ...]:
    """What the settings want to be learnt; scores that one champion fills are learnt together.

    Raises:
        InvalidModel: what is in force cannot be read.
    """
    left = dict(learning.scores)
    names: set[str] = set()
    found: list[Target] = []
    for version, name, heads in _in_force(connection):
        names.add(name)
        mine = {head: left.pop(head) for head in heads if head in left}
        if mine:
            unnamed = tuple(head for head in heads if head not in mine)
            found.append(Target(name=name, scores=mine, champion=version, unnamed=unnamed))
    found += (_new(score, policies, names) for score, policies in left.items())
    return tuple(sorted(found, key=lambda target: target.name))


def target_of(all_targets: Iterable[Target], score: str) -> Target:
    """The one that fills a score; raises Refused where none does."""
    for target in all_targets:
        if score in target.scores:
            return target
    raise Refused(_SCORE, f"`[learning] scores` does not name `{score}`")


def _new(score: str, policies: tuple[str, ...], names: Iterable[str]) -> Target:
    short = score.removeprefix(_PREFIX)
    name = score if short in names else short
    return Target(name=name, scores={score: policies}, champion=None)


def _in_force(connection: Connection) -> list[tuple[str, str, tuple[str, ...]]]:
    """Version, name and scores of each model in force, by name."""
    versions = activations.in_force(connection, Kind.MODELS) or ()
    rows = connection.execute(_IN_FORCE, {"versions": list(versions)})
    return sorted(
        (
            row.version,
            row.name,
            tuple(row.figures or figures_of(stored_model(row.version, row.artefact))),
        )
        for row in rows
    )
