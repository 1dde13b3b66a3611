"""Tells which rules a release evaluates, and which scores a classifier fills, whenever it was."""

from collections.abc import Collection
from typing import Final

import structlog
from sqlalchemy import text

from engine.errors import InvalidModel, InvalidPolicy, InvalidRelease
from engine.rules.model import Stage, Status
from queues.errors import NotFound
from queues.policies.artefacts import stored_model, stored_release
from queues.policies.registry import figures_of
from queues.store.session import Store

_EVALUATED: Final = (Status.LIVE, Status.SHADOW)
_MODELS: Final = text("""
SELECT version, figures, CASE WHEN figures IS NULL THEN artefact END AS artefact
FROM models WHERE version = ANY(:versions)
""")
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


class ScoresOfModels:
    """The scores of classifiers, by version: chances of a label. Novelty is none of them."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[str, frozenset[str]] = {}

    def __call__(self, versions: Collection[str]) -> frozenset[str]:
        """All that these fill; nothing of one that is gone or damaged."""
        if fresh := [version for version in versions if version not in self._known]:
            self._known.update(dict.fromkeys(fresh, frozenset[str]()))
            self._known.update(self._filled(fresh))
        return frozenset[str]().union(*(self._known[version] for version in versions))

    def _filled(self, versions: Collection[str]) -> dict[str, frozenset[str]]:
        found = {}
        with self._store.read() as connection:
            rows = connection.execute(_MODELS, {"versions": list(versions)}).all()
        for row in rows:
            try:
                figures = row.figures or figures_of(stored_model(row.version, row.artefact))
            except InvalidModel as problem:
                _log.warning("scores are not known", model=row.version, problem=str(problem))
                continue
            found[row.version] = frozenset(figures)
        return found
