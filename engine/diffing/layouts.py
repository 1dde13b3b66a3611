"""A difference for a terminal, for a pull request, and as plain values for programs."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from engine.diagnostics import Span
from engine.diffing.difference import (
    Change,
    Difference,
    RuleDifference,
    SharedDifference,
    Weight,
)
from engine.diffing.wording import WEIGHTS, Wording, summary

#: Words of a list that people are shown.
MOST_WORDS: Final = 12
_SHARED: Final = "What rules share"
_VOCABULARY: Final = "Vocabulary"
_BREACHES: Final = "Stored items and cases may stumble over"
_SAME: Final = "both say the same"


def as_text(difference: Difference, old: str, new: str) -> Iterator[str]:
    """Lines for a terminal; each of a rule begins with its name."""
    yield f"{old} → {new}"
    if difference.empty:
        yield _SAME
        return
    yield summary(difference.counts)
    for title, lines in _sections(difference):
        yield ""
        yield f"{title}:"
        yield from (f"  {line}" for line in lines)


def as_markdown(difference: Difference, old: str, new: str) -> Iterator[str]:
    """Lines for a comment; what stands in policies is code, so that it is nothing else."""
    yield f"### {_code(old)} → {_code(new)}"
    yield ""
    if difference.empty:
        yield f"{_SAME.capitalize()}."
        return
    yield f"{summary(difference.counts).capitalize()}."
    for title, lines in _sections(difference):
        yield ""
        yield f"**{title}**"
        yield ""
        yield from (f"- {_code(line)}" for line in lines)


def to_dict(difference: Difference, most: int | None = None) -> dict[str, Any]:
    """Plain values, as JSON has them.

    Args:
        difference: What differs.
        most: Words of a change that are listed, beside their number; None: all.
    """
    written = _Records(difference, most)
    return {
        "same": difference.empty,
        "compatible": difference.compatible,
        "summary": summary(difference.counts),
        "counts": {weight.value: count for weight, count in difference.counts.items()},
        "rules": [written.rule(each) for each in difference.rules],
        "shared": [written.shared(each) for each in difference.shared],
        "vocabulary": [written.shared(each) for each in difference.vocabulary],
        "breaches": [
            {"kind": each.kind.value, "name": each.name, "why": each.why}
            for each in difference.breaches
        ],
    }


def _sections(difference: Difference) -> Iterator[tuple[str, Sequence[str]]]:
    wording = Wording(difference.types, MOST_WORDS)
    for weight in Weight:
        rules = [each for each in difference.rules if each.weight is weight]
        if rules:
            yield WEIGHTS[weight][0], [line for each in rules for line in wording.rule(each)]
    for title, things in ((_SHARED, difference.shared), (_VOCABULARY, difference.vocabulary)):
        if things:
            yield title, [line for each in things for line in wording.shared(each)]
    if difference.breaches:
        yield _BREACHES, [f"{each.kind} `{each.name}`: {each.why}" for each in difference.breaches]


def _code(text: str) -> str:
    """A text as a code span, whatever is in it."""
    line = "".join(char if char.isprintable() else " " for char in text)
    longest = max((len(run) for run in _ticks(line)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if longest else ""
    return f"{fence}{pad}{line}{pad}{fence}"


def _ticks(line: str) -> Iterator[str]:
    run = ""
    for char in f"{line} ":
        if char == "`":
            run += char
        elif run:
            yield run
            run = ""


class _Records:
    """Writes parts of a difference as plain values."""

    def __init__(self, difference: Difference, most: int | None) -> None:
        self._wording = Wording(difference.types, MOST_WORDS)
        self._most = most

    def rule(self, each: RuleDifference) -> dict[str, Any]:
        rule = each.rule
        return {
            "name": each.name,
            "was": each.was,
            "fate": each.fate.value,
            "direction": each.direction.value,
            "weight": each.weight.value,
            "tier": rule.then.tier.value,
            "status": rule.status.value,
            "place": _place(rule.span),
            "through": [{"kind": kind.value, "name": name} for kind, name in each.through],
            "changes": [self.change(change) for change in each.changes],
            "lines": list(self._wording.rule(each)),
        }

    def shared(self, each: SharedDifference) -> dict[str, Any]:
        return {
            "kind": each.kind.value,
            "name": each.name,
            "was": each.was,
            "fate": each.fate.value,
            "place": None if each.span is None else _place(each.span),
            "changes": [self.change(change) for change in each.changes],
            "rules": list(each.rules),
            "lines": list(self._wording.shared(each)),
        }

    def change(self, change: Change) -> dict[str, Any]:
        said = self._wording.side
        added, removed = (
            [self._wording.member(each) for each in members[: self._most]]
            for members in (change.added, change.removed)
        )
        return {
            "aspect": change.aspect,
            "under": list(change.under),
            "old": said(change, change.old),
            "new": said(change, change.new),
            "added": added,
            "removed": removed,
            "added_count": len(change.added),
            "removed_count": len(change.removed),
            "direction": change.direction.value,
            "stricter": change.stricter,
            "text": self._wording.change(change),
        }


def _place(span: Span) -> str:
    return f"{span.file}:{span.line}:{span.column}"
