"""Labelled texts for training, read from raw objects; what cannot be used is counted and named."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from math import isnan
from typing import Final

#: Bad rows that are described; of the others only the number is kept.
DESCRIBED: Final = 20

_YES: Final = frozenset({"true", "yes", "y", "1"})
_NO: Final = frozenset({"false", "no", "n", "0"})
_HALF: Final = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """Where a label stands in a row, and which value of it is the positive one."""

    path: str
    """Names with dots between them, such as `labels.toxic`."""
    positive: str | None = None
    """None: the label says yes or no by itself."""

    def __str__(self) -> str:
        return self.path if self.positive is None else f"{self.path}={self.positive}"


@dataclass(frozen=True, slots=True, kw_only=True)
class BadRow:
    """A row that could not be read."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """The rows that have at least one label."""

    labels: tuple[Label, ...]
    texts: tuple[str, ...]
    answers: tuple[tuple[bool | None, ...], ...]
    """One tuple a row, one answer a label; None where there is no label."""
    unlabelled: int
    bad: int
    bad_rows: tuple[BadRow, ...]
    """The first of the bad ones."""
    digest: str
    """Hash of the ids, texts and answers used, and of weights where there are any."""
    weights: tuple[float, ...] | None = None
    """How much each row counts in training, above 0; None: all alike. Only their ratios matter."""
    sample: tuple[float, ...] | None = None
    """How many items each row stands for (1/π), 0 outside the random sample that calibrators and
    figures are made on; None: they are made on all rows, each counting once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Where a row holds what training needs."""

    labels: tuple[Label, ...]
    text: str = "text"
    identity: str = "id"


def parse_label(written: str) -> Label:
    """`labels.toxic`, or `labels.class=hateful` where one value of several is positive."""
    path, equals, positive = written.partition("=")
    return Label(path=path, positive=positive if equals else None)


def dataset(rows: Iterable[tuple[int, Mapping[str, object] | str]], columns: Columns) -> Dataset:
    """What training can use of numbered rows; a row that could not be read is the reason why."""
    texts: list[str] = []
    answers: list[tuple[bool | None, ...]] = []
    digest = sha256()
    bad: list[BadRow] = []
    count: Counter[str] = Counter()
    for number, raw in rows:
        row = raw if isinstance(raw, str) else _row(raw, columns)
        if isinstance(row, str):
            count["bad"] += 1
            if len(bad) < DESCRIBED:
                bad.append(BadRow(line=number, reason=row))
            continue
        identity, text, answer = row
        if not any(each is not None for each in answer):
            count["unlabelled"] += 1
            continue
        texts.append(text)
        answers.append(answer)
        digest.update(json.dumps((identity or number, text, answer)).encode() + b"\n")
    return Dataset(
        labels=columns.labels,
        texts=tuple(texts),
        answers=tuple(answers),
        unlabelled=count["unlabelled"],
        bad=count["bad"],
        bad_rows=tuple(bad),
        digest=digest.hexdigest(),
    )


def _row(
    raw: Mapping[str, object], columns: Columns
) -> tuple[str | None, str, tuple[bool | None, ...]] | str:
    """Id, text and answers of a row, or what is wrong with it."""
    text = _at(raw, columns.text)
    if not isinstance(text, str):
        return f"`{columns.text}` is {_kind(text)}, expected text"
    identity = _at(raw, columns.identity)
    answers: list[bool | None] = []
    for label in columns.labels:
        value = _at(raw, label.path)
        if value is None or value == "":
            answers.append(None)
            continue
        answer = _answer(value, label)
        if answer is None:
            return _no_answer(value, label)
        answers.append(answer)
    return None if identity is None else str(identity), text, tuple(answers)


def _at(raw: Mapping[str, object], path: str) -> object:
    """The value at a path; a name with dots in it, as tables have, comes first."""
    if path in raw:
        return raw[path]
    first, dot, rest = path.partition(".")
    inner = raw.get(first) if dot else None
    return _at(inner, rest) if isinstance(inner, Mapping) else None


def _answer(value: object, label: Label) -> bool | None:
    """Whether a label is positive; None if it does not say."""
    if not isinstance(value, bool | int | float | str):
        return None
    if label.positive is not None:
        written = str(value).lower() if isinstance(value, bool) else str(value)
        return written == label.positive
    if isinstance(value, str):
        word = value.strip().casefold()
        return True if word in _YES else False if word in _NO else None
    return None if isnan(value) else value >= _HALF


def _no_answer(value: object, label: Label) -> str:
    if isinstance(value, str):
        return (
            f"`{label.path}` is `{value[:40]}`, expected yes or no; "
            f"to learn one value of several, write `{label.path}={value[:40]}`"
        )
    return f"`{label.path}` is {_kind(value)}, expected yes, no, a number or text"


def _kind(value: object) -> str:
    match value:
        case None:
            return "missing"
        case bool():
            return "yes or no"
        case int() | float():
            return "a number"
        case Mapping():
            return "an object"
        case Sequence() if not isinstance(value, str):
            return "a list"
        case _:
            return "text"
