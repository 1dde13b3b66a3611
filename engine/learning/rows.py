"""What people decided, as rows to learn from: confirmations as well as corrections.

A record that cannot be one is left out and named: it must neither stop the others nor be used.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from math import isfinite


class Feedback(StrEnum):
    """How an answer came about."""

    #: People saw what the machine would do, and it was right.
    CONFIRMED = "confirmed"
    #: People decided otherwise than the machine would.
    CORRECTED = "corrected"
    #: People answered without a verdict to confirm: blind, or from elsewhere.
    LABELLED = "labelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingRow:
    """A text and what people said about it."""

    id: str
    text: str
    answers: Mapping[str, bool]
    """By label; a label that is not there was not asked about."""
    at: float
    """When the last answer was given, in seconds since 1970."""
    feedback: Feedback
    came: float | None = None
    """When the item came in, in the same seconds; None: not known."""
    group: str | None = None
    """Of duplicates; None: it has none."""
    uncertainty: float | None = None
    """How unsure the machine was when it judged the item, from 0 to 1; None: not known."""
    inclusion: float | None = None
    """π: the chance at which people had to see the item, above 0 and up to 1, as it was written
    down when the item was routed. None: it is no part of a random sample (gold, sent in by hand);
    it can be trained on, and says nothing about all items."""


class Problem(StrEnum):
    """Why a row was left out."""

    NO_TEXT = "no text"
    NO_ANSWER = "no answer to a known label"
    CLOCK = "clocks out of order"
    INCLUSION = "impossible inclusion probability"
    UNCERTAINTY = "impossible uncertainty"
    DUPLICATE = "id comes more than once, with different content"
    REPEATED = "the same row again"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A row that was left out."""

    id: str
    problem: Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Rows to learn from, by time and then id, and what was left out."""

    rows: tuple[TrainingRow, ...]
    labels: tuple[str, ...]
    """What can be learnt, in the order of the taxonomy."""
    refused: tuple[Refused, ...] = ()
    unknown: Mapping[str, int] = field(default_factory=dict)
    """Labels that the taxonomy does not know, and how many answers to them were left out."""

    @property
    def problems(self) -> Mapping[Problem, int]:
        """How many rows were left out, by reason."""
        return Counter(each.problem for each in self.refused)


def collect(records: Iterable[TrainingRow], taxonomy: Sequence[str], *, now: float) -> Rows:
    """The rows that can be used, in an order that does not depend on how they came.

    Args:
        records: As they are stored. Of an id that comes more than once nothing is used, unless all
            of them are the same: nobody could tell which one holds.
        taxonomy: The labels there are. Answers to others are left out and counted.
        now: The moment, in seconds since 1970; nothing can have been answered after it.
    """
    known, unknown = frozenset(taxonomy), Counter[str]()
    alike: dict[str, list[TrainingRow]] = {}
    for record in records:
        unknown.update(label for label in record.answers if label not in known)
        alike.setdefault(record.id, []).append(_of(record, known))
    rows: list[TrainingRow] = []
    refused: list[Refused] = []
    for name, copies in alike.items():
        row = copies[0]
        problem = Problem.DUPLICATE if any(each != row for each in copies) else _problem(row, now)
        left_out = copies if problem else copies[1:]
        refused += [Refused(id=name, problem=problem or Problem.REPEATED) for _ in left_out]
        if problem is None:
            rows.append(row)
    return Rows(
        rows=tuple(sorted(rows, key=lambda row: (row.at, row.id))),
        labels=tuple(taxonomy),
        refused=tuple(sorted(refused, key=lambda each: (each.id, each.problem))),
        unknown=dict(sorted(unknown.items())),
    )


def _of(record: TrainingRow, known: Collection[str]) -> TrainingRow:
    """The record with the answers to labels that there are."""
    answers = {label: answer for label, answer in record.answers.items() if label in known}
    return record if len(answers) == len(record.answers) else replace(record, answers=answers)


def _problem(row: TrainingRow, now: float) -> Problem | None:
    """Why a row cannot be used."""
    if not row.text.strip():
        return Problem.NO_TEXT
    if not row.answers:
        return Problem.NO_ANSWER
    if not (isfinite(row.at) and row.at <= now and _before(row.came, row.at)):
        return Problem.CLOCK
    if row.inclusion is not None and not 0 < row.inclusion <= 1:
        return Problem.INCLUSION
    if row.uncertainty is not None and not 0 <= row.uncertainty <= 1:
        return Problem.UNCERTAINTY
    return None


def _before(came: float | None, at: float) -> bool:
    """Whether an item was there when it was decided; nan was not."""
    return came is None or (isfinite(came) and came <= at)
