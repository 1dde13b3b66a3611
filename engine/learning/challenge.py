"""Challenge suites: cases that probe one behaviour each, and how a classifier does on them.

After HateCheck (Röttger et al., ACL 2021). A mean over many texts hides what a model cannot do; a
suite shows it function by function. Its cases are no sample of anything: the rates are about them.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

import numpy as np

from engine.classify.protocol import Classifier
from engine.errors import InvalidFigure, InvalidSuite

#: Mistakes of a suite that are described.
_DESCRIBED: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A text, and what has to be said of it."""

    id: str
    text: str
    expected: bool
    """Whether the label holds."""
    function: str
    """What it probes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """Cases about one label."""

    name: str
    label: str
    cases: tuple[Case, ...]

    @property
    def digest(self) -> str:
        """SHA-256 of label and cases, hexadecimal."""
        parts = [(case.id, case.text, case.expected, case.function) for case in self.cases]
        return sha256(json.dumps((self.label, parts)).encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionResult:
    """How a classifier does on one function."""

    function: str
    cases: int
    failed: tuple[str, ...]
    """Ids of the cases it got wrong, in the order of the suite."""

    @property
    def right(self) -> int:
        """Cases it got right."""
        return self.cases - len(self.failed)

    @property
    def rate(self) -> float:
        """Share of cases it got right."""
        return self.right / self.cases


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """How a classifier does on a suite."""

    suite: str
    """Its name."""
    label: str
    digest: str
    """Of the suite."""
    functions: tuple[FunctionResult, ...]
    """By name."""

    @property
    def rate(self) -> float:
        """Share of all cases it got right."""
        return sum(each.right for each in self.functions) / sum(
            each.cases for each in self.functions
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What one function lost and won from champion to challenger."""

    function: str
    cases: int
    before: int
    """Cases the champion got right."""
    after: int
    """Cases the challenger got right."""
    lost: tuple[str, ...]
    """Ids that only the champion got right."""

    @property
    def fall(self) -> float:
        """By how much the share of right cases fell; below 0 where it rose."""
        return (self.before - self.after) / self.cases


def read_suite(lines: Iterable[str], *, name: str, label: str) -> Suite:
    """A suite from JSON lines; blank lines are left out.

    A line has `id`, `text`, `expected` (true or false) and `function`; or the form of HateCheck,
    where `labels` has the label and `meta.functionality` the function.

    Args:
        lines: Of a file.
        name: What people call the suite.
        label: What its cases are about.

    Raises:
        InvalidSuite: Lines cannot be read, an id comes twice, or there are no cases.
    """
    cases: list[Case] = []
    mistakes: list[tuple[int, str]] = []
    ids: dict[str, int] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        case = _read(line, label)
        if isinstance(case, Case) and case.id in ids:
            case = f"`id` is that of line {ids[case.id]}"
        if isinstance(case, str):
            mistakes.append((number, case))
            continue
        ids[case.id] = number
        cases.append(case)
    if not cases and not mistakes:
        mistakes.append((1, "there are no cases"))
    if mistakes:
        raise InvalidSuite(name, mistakes[:_DESCRIBED], len(mistakes))
    return Suite(name=name, label=label, cases=tuple(cases))


def run(suite: Suite, classifier: Classifier, signal: str, *, threshold: float = 0.5) -> Results:
    """How a classifier does on a suite: a chance of `threshold` or more says that the label holds.

    Raises:
        InvalidFigure: It has no score for a case.
    """
    scores = np.asarray(classifier.score([case.text for case in suite.cases])[signal])
    if np.isnan(scores).any():
        what = f"suite {suite.name}"
        raise InvalidFigure(what, f"`{signal}` is missing for {np.isnan(scores).sum()} cases")
    failed: dict[str, list[str]] = {case.function: [] for case in suite.cases}
    count = dict.fromkeys(failed, 0)
    for case, says in zip(suite.cases, scores >= threshold, strict=True):
        count[case.function] += 1
        if says != case.expected:
            failed[case.function].append(case.id)
    return Results(
        suite=suite.name,
        label=suite.label,
        digest=suite.digest,
        functions=tuple(
            FunctionResult(function=name, cases=count[name], failed=tuple(failed[name]))
            for name in sorted(failed)
        ),
    )


def changes(champion: Results, challenger: Results) -> tuple[Change, ...]:
    """Function by function, what changes.

    Raises:
        InvalidFigure: They were run on different suites.
    """
    if champion.digest != challenger.digest:
        what = f"suite {challenger.suite}"
        raise InvalidFigure(what, "champion and challenger were run on different cases of it")
    return tuple(
        Change(
            function=before.function,
            cases=before.cases,
            before=before.right,
            after=after.right,
            lost=tuple(each for each in after.failed if each not in frozenset(before.failed)),
        )
        for before, after in zip(champion.functions, challenger.functions, strict=True)
    )


def _read(line: str, label: str) -> Case | str:
    """A case, or what is wrong with its line; the text is never quoted."""
    try:
        raw = json.loads(line)
    except (ValueError, RecursionError):
        return "it is no JSON"
    if not isinstance(raw, dict):
        return "it is no object"
    found = _fields(raw, label)
    for name in ("id", "text", "function"):
        if not isinstance(found[name], str) or not found[name].strip():
            return f"`{name}` is missing or no text"
    if not isinstance(found["expected"], bool):
        return "`expected` is missing, or neither true nor false"
    return Case(**found)


def _fields(raw: Mapping[str, Any], label: str) -> dict[str, Any]:
    """What a case is made of, in either form."""
    found = {name: raw.get(name) for name in ("id", "text", "expected", "function")}
    labels, meta = raw.get("labels"), raw.get("meta")
    if "expected" not in raw and isinstance(labels, Mapping):
        found["expected"] = labels.get(label)
    if "function" not in raw and isinstance(meta, Mapping):
        found["function"] = meta.get("functionality")
    return found
