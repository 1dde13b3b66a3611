"""Tells which rules a release evaluates, also one that is not in force any more."""

from typing import Final

import structlog

from engine.errors import InvalidPolicy, InvalidRelease
from engine.rules.model import Stage, Status
from queues.errors import NotFound
from queues.policies.artefacts import stored_release
from queues.store.session import Store

_EVALUATED: Final = (Status.LIVE, Status.SHADOW)
_log = structlog.get_logger(__name__)


class RulesOfReleases:
    """The rules of releases, by name; each release is opened once."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[str, frozenset[str]] = {}

    def __call__(self, release: str) -> frozenset[str]:
        """The rules that are evaluated on items; none where the release is gone or damaged."""
        if release not in self._known:
            self._known[release] = self._opened(release)
        return self._known[release]

    def _opened(self, release: str) -> frozenset[str]:
        try:
            with self._store.read() as connection:
                rules = stored_release(connection, release).policy.rules
        except (NotFound, InvalidPolicy, InvalidRelease) as problem:
            _log.warning("rules are not known", release=release, problem=str(problem))
            return frozenset()
        return frozenset(
            name
            for name, rule in rules.items()
            if rule.status in _EVALUATED and rule.stage is Stage.ITEM
        )
