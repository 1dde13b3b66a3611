"""Runs the tests of a release that is stored, once: neither its rules nor its tests ever change."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import func, select

from engine.proving import proved
from engine.rules.testing import Standing, Trial
from queues.policies.artefacts import stored_release
from queues.releasing.steps import Step, add_step, steps_of
from queues.store.session import Store

#: Failures that are named.
_NAMED: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Tested:
    """How the tests of a release came out."""

    passed: int
    failed: int
    known_gaps: int
    failures: tuple[str, ...]
    """The first of them: file, line, rule and test."""
    at: datetime

    @property
    def says(self) -> str:
        """In a few words."""
        return f"{self.passed} passed, {self.failed} failed, {self.known_gaps} known gaps"


def tested(store: Store, name: str, *, by: str) -> Tested:
    """How the tests of a release came out; they are run if that was never done.

    Raises:
        NotFound: nobody published it.
        InvalidPolicy, InvalidRelease: it cannot be opened.
    """
    known = last_tested(store, name)
    if known is not None:
        return known
    with store.read() as connection:
        release = stored_release(connection, name)
        now: datetime = connection.execute(select(func.now())).scalar_one()
    details = _details(proved(release, now=now.timestamp()))
    with store.transaction() as connection:
        add_step(connection, name, Step.TESTED, by=by, details=details)
    return _tested(details, now)


def last_tested(store: Store, name: str) -> Tested | None:
    """How its tests came out; None: they were never run."""
    with store.read() as connection:
        steps = steps_of(connection, name)
    found = [each for each in steps if each.step is Step.TESTED and each.details is not None]
    return _tested(found[-1].details or {}, found[-1].at) if found else None


def _details(trials: tuple[Trial, ...]) -> dict[str, Any]:
    failed = [each for each in trials if each.standing is Standing.FAILED]
    gaps = sum(each.standing is Standing.KNOWN_GAP for each in trials)
    return {
        "passed": len(trials) - len(failed) - gaps,
        "failed": len(failed),
        "known_gaps": gaps,
        "failures": [
            f"{each.span.file}:{each.span.line} {each.owner}: {each.label}"
            for each in failed[:_NAMED]
        ],
    }


def _tested(details: Mapping[str, Any], at: datetime) -> Tested:
    return Tested(**{**details, "failures": tuple(details["failures"])}, at=at)
