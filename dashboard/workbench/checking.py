"""What the engine says about rule files: mistakes with their places, and how the tests come out."""

import re
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

from engine.diagnostics import Diagnostic, Level
from engine.proving import proved
from engine.rules import lints
from engine.rules.model import Policy
from engine.rules.reading import read_policy
from engine.rules.release import Release
from engine.rules.testing import Standing, Trial

#: What a failing test is among findings: it keeps nothing from being published.
TEST: Final = "test"
_MEANT: Final = re.compile(r"^did you mean `([^`\s]+)`\?$")
_ORDER: Final = {str(Level.ERROR): 0, TEST: 1, str(Level.WARNING): 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something that is wrong at a place; its line and column are those of `tierwise lint`."""

    level: str
    """`error`, `warning` or `test`."""
    path: str
    line: int
    column: int
    length: int
    message: str
    hint: str | None = None
    mends: tuple[str, ...] = ()
    """What may stand there instead."""


@dataclass(frozen=True, kw_only=True)
class Checked:
    """Rule files that were looked at."""

    policy: Policy | None
    """None: there are errors."""
    diagnostics: tuple[Diagnostic, ...]
    """In the order of their places."""
    seconds: float
    """Of the processor, that it took: how busy the machine is otherwise makes no difference."""

    @property
    def errors(self) -> int:
        """Mistakes that keep a release from being made."""
        return sum(each.level is Level.ERROR for each in self.diagnostics)

    @cached_property
    def release(self) -> Release:
        """Ready to judge; only without errors."""
        assert self.policy is not None  # noqa: S101 - whoever asks has looked
        return Release.of(self.policy)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tested:
    """How the tests of rule files came out."""

    trials: tuple[Trial, ...]
    seconds: float
    """Of the processor, with making the release."""

    @property
    def failed(self) -> tuple[Trial, ...]:
        """Those that fail and were not known to."""
        return tuple(each for each in self.trials if each.standing is Standing.FAILED)

    @property
    def says(self) -> str:
        """In a few words."""
        counts = Counter(each.standing for each in self.trials)
        gaps = counts[Standing.KNOWN_GAP]
        known = f", {gaps} known gaps" if gaps else ""
        passed = counts[Standing.PASSED] + counts[Standing.CLOSED]
        return f"{passed} tests pass, {counts[Standing.FAILED]} fail{known}"


def check(files: Mapping[str, str], *, now: float) -> Checked:
    """Read rule files, and say what is wrong with them."""
    started = time.thread_time()
    policy, found = read_policy(files)
    if policy is not None:
        found = [*found, *lints.check(policy, now=now)]
    found.sort(key=lambda each: (each.span, each.code, each.message))
    return Checked(policy=policy, diagnostics=tuple(found), seconds=time.thread_time() - started)


def run_tests(checked: Checked, *, now: float) -> Tested:
    """Run the tests that stand beside the rules; only without errors."""
    started = time.thread_time()
    trials = proved(checked.release, now=now)
    return Tested(trials=trials, seconds=time.thread_time() - started)


@lru_cache(maxsize=16)
def _published(name: str) -> list[Checked]:
    """A place for what was read of a release, which never changes."""
    del name
    return []


def published(name: str, files: Mapping[str, str], *, now: float) -> Checked:
    """A release that was published, read once in this process.

    Args:
        name: Of the release: the hash of its files.
        files: Its files, which whoever asks may see.
        now: The day on which it is first looked at.
    """
    place = _published(name)
    if not place:
        place.append(check(files, now=now))
    return place[0]


def findings(checked: Checked, tested: Tested | None) -> list[Finding]:
    """What is wrong: errors, then tests that fail, then what an author can hardly mean."""
    found = [*map(_finding, checked.diagnostics)]
    if tested is not None:
        found += map(_failure, tested.failed)
    return sorted(found, key=lambda each: _ORDER[each.level])


def _finding(one: Diagnostic) -> Finding:
    return Finding(
        level=str(one.level),
        path=one.span.file,
        line=one.span.line,
        column=one.span.column,
        length=one.span.length,
        message=one.message,
        hint=one.hint,
        mends=tuple(_mends(one)),
    )


def _mends(one: Diagnostic) -> Iterator[str]:
    """Names that were probably meant, where nothing but a name stands."""
    meant = _MEANT.match(one.hint or "")
    if meant is not None and one.span.length > 1:
        yield meant[1]


def _failure(trial: Trial) -> Finding:
    wrong = "; ".join(f"expected {each.expected}, got {each.got}" for each in trial.differences)
    return Finding(
        level=TEST,
        path=trial.span.file,
        line=trial.span.line,
        column=trial.span.column,
        length=trial.span.length,
        message=f"{trial.owner}: {trial.label}: {wrong}",
        hint="\n".join(trial.why) or None,
    )
