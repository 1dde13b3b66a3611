"""What this process judges with: the release and models in force, taken into use when they change.

A change is opened and warmed beside the one in use, which goes on until the new one is ready and
takes its place at once. What cannot be opened never takes it.
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

import structlog

from engine.classify.ensemble import Ensemble
from engine.errors import InvalidModel, InvalidPolicy, InvalidRelease
from engine.rules.garbage import spare_what_lasts
from engine.rules.release import Release
from queues.errors import NotFound, Unavailable
from queues.listening import Listener
from queues.policies.artefacts import stored_ensemble, stored_release
from queues.store import activations, trials
from queues.store.activations import Kind
from queues.store.notices import Topic
from queues.store.session import Store
from queues.store.trials import Trial, TrialKind
from queues.watching import Watcher

#: Seconds between looks at what is in force, where no notice comes.
POLL: Final = 5.0
#: Looks until something that failed is tried again, at most: they double each time.
_LONGEST_PAUSE: Final = 64
#: Seconds after which senders should try again while there is no release.
_RETRY_AFTER: Final = 5.0
_RELEASE: Final = "release"
_NONE: Final = "none is in force: publish one and activate it"
#: Why something stored cannot be taken into use, however often one tries.
_UNUSABLE: Final = (InvalidModel, InvalidPolicy, InvalidRelease, NotFound, ValueError)

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A release that is tried on a share of the traffic."""

    release: Release
    trial: Trial


@dataclass(frozen=True, slots=True, kw_only=True)
class Active:
    """A release and the classifiers beside it, ready for items."""

    release: Release
    name: str
    classifiers: Ensemble | None
    models: tuple[str, ...] = ()
    """The versions of the classifiers."""
    canary: Candidate | None = None
    """What judges a share of the traffic in its place."""

    @property
    def fills(self) -> Mapping[str, str]:
        """Field → version of the classifier that fills it."""
        known = () if self.classifiers is None else self.classifiers.classifiers
        return {signal: each.version for each in known for signal in each.signals}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """What is in force by the book."""

    name: str
    models: tuple[str, ...]
    canary: Trial | None


class InForce:
    """Holds what is in force; any thread may ask."""

    def __init__(
        self, store: Store, *, listener: Listener | None = None, poll: float = POLL
    ) -> None:
        """Prepare; nothing is read yet.

        Args:
            store: Where releases and models are.
            listener: Tells of changes at once; to be started by whoever made it. Without one they
                are noticed by polling.
            poll: Seconds between looks all the same, as notices can be lost.
        """
        self._store = store
        self._active: Active | None = None
        self._taken: _Wanted | None = None
        self._failed: _Wanted | None = None
        self._told: Callable[[], None] | None = None
        self._blocked: str | None = None
        self._lame: str | None = None
        self._pause = self._looks = 1
        self._refreshing = threading.Lock()
        self._watcher = Watcher("what is in force", self._follow, poll=poll)
        if listener is not None:
            for topic in (Topic.RELEASE, Topic.MODELS):
                listener.subscribe(topic, self._watcher.wake, missed=self._watcher.wake)

    @property
    def active(self) -> Active:
        """What to judge with.

        Raises:
            Unavailable: no release is in force, or none could be opened yet.
        """
        if self._active is None:
            self.refresh()
        active = self._active
        if active is None:
            raise Unavailable(_RELEASE, self._blocked or _NONE, _RETRY_AFTER)
        return active

    @property
    def blocked(self) -> str | None:
        """Why the release and models in force by the book are not in use here; None: they are."""
        return self._blocked

    @property
    def trouble(self) -> str | None:
        """Likewise, and of a canary: what is in force judges its share then. None: all is used."""
        return self._blocked or self._lame

    @property
    def standing(self) -> tuple[str | None, tuple[str, ...]]:
        """The names of the release and the models in use here, for `presence`."""
        active = self._active
        return (None, ()) if active is None else (active.name, active.models)

    def refresh(self) -> None:
        """Take into use what is in force, unless it is already; waits until that is done.

        Raises:
            Unavailable: the database is away; what is in use stays.
        """
        with self._refreshing:
            self._refresh(again=True)

    def tell(self, told: Callable[[], None]) -> None:
        """Have somebody told each time that something else was taken into use."""
        self._told = told

    def watch(self) -> None:
        """Follow changes from now on, in a thread of its own; to be called after any fork."""
        self._watcher.start()

    def close(self) -> None:
        """Stop following; what is in use stays usable."""
        self._watcher.close()

    def _follow(self) -> None:
        with self._refreshing:
            self._refresh(again=False)

    def _refresh(self, *, again: bool) -> None:
        """Look once; `again`: try what failed before too."""
        with self._store.read() as connection:
            names = activations.in_force(connection, Kind.RELEASE)
            models = activations.in_force(connection, Kind.MODELS) or ()
            canary = trials.running(connection, TrialKind.CANARY)
        if not names:
            return
        wanted = _Wanted(name=names[0], models=models, canary=canary)
        if wanted == self._taken and self._lame is None:
            self._failed = self._blocked = None
        elif again or wanted != self._failed or self._due():
            self._take(wanted)

    def _due(self) -> bool:
        """Whether what failed is tried again at this look."""
        self._looks -= 1
        return self._looks <= 0

    def _fail(self, wanted: _Wanted, why: str) -> None:
        """Try it again later: this process may have been short of something, or get an update."""
        self._pause = min(2 * self._pause, _LONGEST_PAUSE) if wanted == self._failed else 1
        self._failed, self._looks = wanted, self._pause
        _log.error("release refused", reason=why, in_use=self.standing[0])

    def _take(self, wanted: _Wanted) -> None:
        try:
            active = self._opened(wanted)
        except _UNUSABLE as problem:
            self._blocked = f"`{wanted.name}` cannot be used: {problem}"
            self._fail(wanted, self._blocked)
            self._tell()
            return
        candidate, self._lame = self._candidate(wanted.canary)
        active = replace(active, canary=candidate)
        self._blocked = None
        if self._lame is None:
            self._failed = None
        else:
            self._fail(wanted, self._lame)
        replaced, changed = self._active is not None, active != self._active
        self._active, self._taken = active, wanted
        if changed:
            spare_what_lasts(replaced=replaced)
            _log.info("release in use", release=active.name, models=active.models)
        self._tell()

    def _tell(self) -> None:
        if self._told is not None:
            self._told()

    def _opened(self, wanted: _Wanted) -> Active:
        """Open what is wanted, but not again what is in use already."""
        used = self._active
        if used is not None and used.name == wanted.name:
            release = used.release
        else:
            release = self._release(wanted.name)
        if used is not None and used.models == wanted.models:
            classifiers = used.classifiers
        else:
            classifiers = self._ensemble(wanted.models)
        return Active(
            release=release,
            name=wanted.name,
            classifiers=classifiers,
            models=wanted.models,
        )

    def _candidate(self, trial: Trial | None) -> tuple[Candidate | None, str | None]:
        """A canary, or why it has no share here; what is in force judges instead."""
        if trial is None:
            return None, None
        used = None if self._active is None else self._active.canary
        if used is not None and used.trial.id == trial.id:
            return used, None
        try:
            return Candidate(release=self._release(trial.release), trial=trial), None
        except _UNUSABLE as problem:
            return None, f"the canary `{trial.release}` cannot be used: {problem}"

    def _release(self, name: str) -> Release:
        with self._store.read() as connection:
            release = stored_release(connection, name)
        release.warm()
        return release

    def _ensemble(self, models: tuple[str, ...]) -> Ensemble | None:
        with self._store.read() as connection:
            return stored_ensemble(connection, models)
