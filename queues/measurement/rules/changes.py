"""When each rule changed last: the last release that came into force with another meaning of it."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import pairwise
from typing import Final

import structlog
from sqlalchemy import Connection, text

from engine.diffing import changes_meaning, compare
from engine.errors import InvalidPolicy
from engine.rules.model import Policy
from queues.errors import NotFound

#: Releases of the past that are looked at.
MOST_STEPS: Final = 30
#: Pairs of releases of which it is known what differs: releases never change.
_MOST_KNOWN: Final = 500
_STEPS: Final = text("""
SELECT names[1] AS release, by, at FROM activations WHERE kind = 'release'
ORDER BY id DESC LIMIT :most
""")
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A release that came into force."""

    release: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What came into force."""

    steps: tuple[Step, ...]
    """The last first."""
    whole: bool
    """Whether they begin with the first release of all."""


@dataclass(frozen=True, slots=True)
class Changes:
    """Knows in which releases rules changed."""

    policy_of: Callable[[str], Policy]
    """The rules of a stored release; raises NotFound, InvalidPolicy."""
    _known: dict[tuple[str, str], frozenset[str]]

    @classmethod
    def by(cls, policy_of: Callable[[str], Policy]) -> "Changes":
        """Nothing is known yet."""
        # Two releases are compared, and then one of them with the next.
        return cls(lru_cache(maxsize=2)(policy_of), {})

    def last(self, past: Past, rules: Collection[str]) -> dict[str, Step]:
        """When each of these rules changed last, or came; one that is not there: long ago."""
        found: dict[str, Step] = {}
        left = set(rules)
        for later, before in pairwise(past.steps):
            changed = self._between(before.release, later.release)
            if changed is None:
                return found
            found |= dict.fromkeys(left & changed, later)
            left -= changed
            if not left:
                return found
        if past.whole and past.steps:
            found |= dict.fromkeys(left, past.steps[-1])
        return found

    def _between(self, before: str, later: str) -> frozenset[str] | None:
        """Rules of the later one that mean something else than before; None: nobody can tell."""
        known = self._known.get((before, later))
        if known is None and (known := self._compared(before, later)) is not None:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            self._known[before, later] = known
        return known

    def _compared(self, before: str, later: str) -> frozenset[str] | None:
        try:
            difference = compare(self.policy_of(before), self.policy_of(later))
        except (InvalidPolicy, NotFound) as problem:
            _log.warning("rules are not known", release=before, problem=str(problem))
            return None
        return frozenset(each.name for each in difference.rules if changes_meaning(each))


def past(connection: Connection) -> Past:
    """What came into force of late; a release that came back is a step of its own."""
    rows = connection.execute(_STEPS, {"most": MOST_STEPS + 1}).all()
    found = (Step(release=row.release, by=row.by, at=row.at) for row in rows)
    return Past(steps=tuple(_distinct(found)), whole=len(rows) <= MOST_STEPS)


def _distinct(found: Iterator[Step]) -> Iterator[Step]:
    """Of the same release several times in a row the first time: nothing changed after that."""
    last: Step | None = None
    for each in found:
        if last is not None and each.release != last.release:
            yield last
        last = each
    if last is not None:
        yield last
