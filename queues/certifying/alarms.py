"""Alarms of drift, as far as they speak against labels of a rule.

A promise is one for items like those sampled, so an alarm speaks against labels that are older than
itself: about the rule, its policy, a score it asks for, or everything. What was labelled since then
is what is there now, and an alarm that stays on says nothing against it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text

from engine.rules.fingerprints import Fingerprints
from engine.rules.model import Policy
from queues.ids import id_floor

_ALL: Final = "all"
_RAISED: Final = text("""
SELECT kind, name, says, raised_at, cleared_at IS NULL AS is_on FROM alarms
WHERE cleared_at IS NULL OR raised_at >= now() - make_interval(secs => :kept)
ORDER BY raised_at DESC
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """An alarm."""

    kind: str
    """score, label, error, gap or rule."""
    name: str
    """The field, policy or rule; `all` where there is none."""
    says: str
    """What has moved, in words."""
    raised_at: datetime
    is_on: bool

    @property
    def words(self) -> str:
        """What is said of a certificate that it ends."""
        return f"{self.kind} {self.name}: {self.says}"


class Alarms:
    """The alarms that are on, and those of late that are not."""

    def __init__(
        self, connection: Connection, policy: Callable[[], Policy], *, kept: float
    ) -> None:
        """Read them.

        Args:
            connection: Of a unit of work.
            policy: In force; asked only where there is an alarm.
            kept: Seconds that certificates last, and what is over counts.
        """
        rows = connection.execute(_RAISED, {"kept": kept}).mappings()
        self._raised = tuple(Raised(**row) for row in rows)
        self._policy = policy

    def against(self, rule: str, since: UUID, issued: datetime) -> Raised | None:
        """The newest alarm that speaks against a certificate.

        Args:
            rule: Its rule.
            since: Its labels are of cases from this one on.
            issued: When it was.
        """
        return next(
            (
                alarm
                for alarm in self._about(rule)
                if alarm.raised_at >= issued or (alarm.is_on and id_floor(alarm.raised_at) > since)
            ),
            None,
        )

    def after(self, rule: str, since: UUID) -> UUID | None:
        """From which case on labels count, as an alarm came after the first; None: from the first.

        Args:
            rule: Of which.
            since: The first case that counts so far.
        """
        newest = next(self._about(rule), None)
        floor = None if newest is None else id_floor(newest.raised_at)
        return floor if floor is not None and floor > since else None

    def _about(self, rule: str) -> Iterator[Raised]:
        """Those that a rule has to do with, the newest first."""
        if self._raised:
            names = self._names(rule)
            yield from (each for each in self._raised if (each.kind, each.name) in names)

    def _names(self, rule: str) -> set[tuple[str, str]]:
        policy, prints = self._rules
        found = {("rule", rule), *((kind, _ALL) for kind in ("label", "error", "gap"))}
        if rule in policy.rules:
            found.add(("label", policy.rules[rule].policy))
            found |= {("score", name) for name in prints.of(rule).scores}
        return found

    @cached_property
    def _rules(self) -> tuple[Policy, Fingerprints]:
        policy = self._policy()
        return policy, Fingerprints(policy)
