"""The way of a release into force, and back."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from engine.rules.release import Release
from queues.errors import Conflict, NotFound, Refused
from queues.policies import releases
from queues.policies.artefacts import stored_release
from queues.policies.releases import Activated
from queues.releasing.bases import check_base, note_replaced
from queues.releasing.comparing import Compared, compared
from queues.releasing.gate import check_eyes, eyes, obstacles, set_aside, strange_to
from queues.releasing.stages import Placed, Shown, placed, shown
from queues.releasing.steps import Step, add_step, steps_of, tell
from queues.releasing.testing import Tested, tested
from queues.rollouts import Releases
from queues.store import activations, trials
from queues.store.notices import Topic, notify
from queues.store.session import Store
from queues.store.trials import Trial, TrialKind, Unit

_NOTHING: Final = "nothing is in force yet: bring it into force whole"
_ALREADY: Final = "it is in force"
_OWN: Final = "you published it yourself; somebody else has to approve it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Releasing:
    """Brings releases into force step by step."""

    store: Store
    given: Releases

    def listed(self, most: int = 100) -> list[Placed]:
        """The releases and how far each is, the last published first."""
        found = releases.listed(self.store, most)
        with self.store.read() as connection:
            return placed(connection, found, self.given.approvals)

    def show(self, name: str) -> Shown:
        """Where a release is on its way; raises NotFound."""
        with self.store.read() as connection:
            found = shown(connection, name, self.given.approvals)
        if found is None:
            what = "release"
            raise NotFound(what, name)
        return found

    def test(self, name: str, *, by: str) -> Tested:
        """How its tests come out; raises NotFound, and what opening it raises."""
        return tested(self.store, name, by=by)

    def approve(self, name: str, *, by: str, note: str | None = None) -> Shown:
        """Stand behind a release whose tests pass; to do it again changes nothing.

        Raises:
            NotFound: nobody published it.
            Conflict: its tests fail, or who approves published it.
        """
        outcome = self.test(name, by=by)
        if outcome.failed:
            why = f"{outcome.failed} of its tests fail: {', '.join(outcome.failures)}"
            raise Conflict(releases.named(name), why)
        with self.store.transaction() as connection:
            activations.lock(connection)
            if releases.author_of(connection, name) == by:
                raise Conflict(releases.named(name), _OWN)
            if by not in {s.by for s in steps_of(connection, name) if s.step is Step.APPROVED}:
                add_step(connection, name, Step.APPROVED, by=by, note=note)
        return self.show(name)

    def activate(
        self,
        name: str,
        *,
        by: str,
        note: str | None = None,
        despite: str | None = None,
        replaces: str | None = None,
    ) -> Activated:
        """Bring a release into force, for everything; what is tried ends.

        Args:
            name: The release.
            by: Who does it.
            note: What changes, for people.
            despite: Why it goes on although something speaks against it; that is written down.
            replaces: What it shall take the place of, where it was not made from that; what that
                changed is gone then, and that is written down.

        Raises:
            NotFound: nobody published it.
            Conflict: it was made from a release that is not in force any more, tests of it fail,
                cases wait in queues it does not have, or too few people stand behind it.
        """
        with self.store.read() as connection:
            releases.refuse_author(connection, name, by)
            active = releases.active_in(connection)
            if active != name:
                check_base(connection, name, active, replaces)
        self._check(name, despite, by=by)

        def check(connection: Connection, active: str | None) -> None:
            """Somebody may have been quicker since."""
            other = check_base(connection, name, active, replaces)
            if other is not None:
                note_replaced(connection, name, other, by=by, note=note)

        return releases.activate(self.store, name, by=by, note=note, check=check)

    def begin(
        self, name: str, kind: TrialKind, *, by: str, share: float = 0.0, unit: Unit = Unit.ITEM
    ) -> Trial:
        """Try a release beside the one in force.

        Args:
            name: The release.
            kind: `shadow`: it judges what is judged, and nothing comes of it. `canary`: it decides
                a share of what comes in, and has to be tested and approved for that.
            by: Who does it.
            share: Of a canary: above 0 and below 1.
            unit: What falls to a canary as a whole.

        Raises:
            NotFound: nobody published it.
            Refused: a canary has no such share.
            Conflict: it is in force, another is tried, or it speaks of queues, reasons or actions
                that the release in force does not know.
        """
        canary = kind is TrialKind.CANARY
        if canary:
            if not 0.0 < share < 1.0:
                what = "share"
                raise Refused(what, "a canary has a share above 0 and below 1")
            self._check(name, None, by=by)
        drawn = {"share": share, "unit": unit.value} if canary else {}
        with self.store.transaction() as connection:
            activations.lock(connection)
            control = self._control(connection, name)
            _refuse_second(connection, name, kind)
            if canary:
                _refuse_stranger(name, _opened(connection, name), control)
            begun = trials.begin(
                connection,
                kind=kind.value,
                release=name,
                against=control.name,
                started_by=by,
                **drawn,
            )
            tell(connection, f"release.{kind.value}", name, by, drawn)
            notify(connection, Topic.RELEASE, name)
        return begun

    def end(self, kind: TrialKind, *, by: str, why: str) -> str:
        """End what is tried; the release. Raises Conflict where nothing is."""
        with self.store.transaction() as connection:
            activations.lock(connection)
            ended = trials.end(connection, by=by, why=why, kind=kind)
            if not ended:
                what = f"the {kind.value}"
                raise Conflict(what, "there is none")
            tell(connection, "release.trial_ended", ended[0], by, {"kind": kind.value, "why": why})
            notify(connection, Topic.RELEASE, ended[0])
        return ended[0]

    def compare(self, name: str) -> Sequence[Compared]:
        """How a release does, or did, as a canary; raises NotFound where it never was one."""
        with self.store.read() as connection:
            trial = trials.last_of(connection, name, TrialKind.CANARY)
            if trial is None:
                what = "canary"
                raise NotFound(what, name)
            return compared(connection, trial, self.given)

    def _check(self, name: str, despite: str | None, *, by: str) -> None:
        """Refuse what may not act on anybody; raises NotFound and Conflict."""
        outcome = self.test(name, by=by)
        with self.store.transaction() as connection:
            author, steps = releases.author_of(connection, name), steps_of(connection, name)
            check_eyes(releases.named(name), eyes(steps, author, by), self.given.approvals)
            against = list(obstacles(connection, outcome, _opened(connection, name).policy))
            set_aside(connection, name, against, despite, by=by)

    def _control(self, connection: Connection, name: str) -> Release:
        """What is in force, beside which another is tried; raises Conflict and NotFound."""
        releases.author_of(connection, name)
        found = activations.in_force(connection, activations.Kind.RELEASE)
        if not found:
            raise Conflict(releases.named(name), _NOTHING)
        if found == (name,):
            raise Conflict(releases.named(name), _ALREADY)
        return _opened(connection, found[0])


def _opened(connection: Connection, name: str) -> Release:
    return stored_release(connection, name)


def _refuse_second(connection: Connection, name: str, kind: TrialKind) -> None:
    """One of each kind is tried at a time; raises Conflict."""
    other = trials.running(connection, kind)
    if other is not None:
        why = f"`{other.release}` is tried as {kind.value}; end that first"
        raise Conflict(releases.named(name), why)


def _refuse_stranger(name: str, release: Release, control: Release) -> None:
    """People work the cases of both by the vocabulary that is in force; raises Conflict."""
    strange = strange_to(release.policy, control.policy)
    if strange:
        why = f"the release in force does not know its {', '.join(strange)}"
        raise Conflict(releases.named(name), f"{why}; bring that into force first")
