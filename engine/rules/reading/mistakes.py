"""Collects what is wrong while files are read."""

from collections.abc import Collection, Sequence

from engine.diagnostics import Diagnostic, Level, Span
from engine.rules.limits import DIAGNOSTICS_PER_FILE, SUGGESTIONS
from engine.rules.suggestions import nearest


class Mistakes:
    """All findings of one run."""

    def __init__(self) -> None:
        self.found: list[Diagnostic] = []
        self._searches = SUGGESTIONS
        self._told: set[str] = set()

    def add(
        self,
        code: str,
        message: str,
        span: Span,
        hint: str | None = None,
        *,
        level: Level = Level.ERROR,
        related: tuple[Span, ...] = (),
    ) -> None:
        """Note one finding."""
        self.found.append(
            Diagnostic(
                code=code, level=level, message=message, span=span, hint=hint, related=related
            )
        )

    def suggestion(self, name: str, candidates: Collection[str]) -> str | None:
        """The question whether a nearby name was meant; None if there is none."""
        near = self.near(name, candidates)
        return f"did you mean `{near}`?" if near is not None else None

    def near(self, name: str, candidates: Collection[str]) -> str | None:
        """The nearest name; None if there is none, or if enough were searched in this run."""
        self._searches -= 1
        return nearest(name, candidates) if self._searches >= 0 else None

    def first_of(self, topic: str) -> bool:
        """Whether nothing was said about a topic yet; from now on something is."""
        first = topic not in self._told
        self._told.add(topic)
        return first

    def sorted(self) -> list[Diagnostic]:
        """The findings by place, each once, a flood from one file cut short."""
        return _cut(sorted(set(self.found), key=_place))


def _place(one: Diagnostic) -> tuple[Span, str, str]:
    return one.span, one.code, one.message


def _cut(found: Sequence[Diagnostic]) -> list[Diagnostic]:
    kept: list[Diagnostic] = []
    counts: dict[str, int] = {}
    last: dict[str, Diagnostic] = {}
    for one in found:
        file = one.span.file
        counts[file] = counts.get(file, 0) + 1
        if counts[file] <= DIAGNOSTICS_PER_FILE:
            kept.append(one)
        last[file] = one
    for file, count in counts.items():
        if count > DIAGNOSTICS_PER_FILE:
            message = f"{count - DIAGNOSTICS_PER_FILE:,} more mistakes in this file are not shown"
            span = last[file].span
            level = Level.ERROR if any(one.level is Level.ERROR for one in found) else Level.WARNING
            kept.append(
                Diagnostic(code="too-many-mistakes", level=level, message=message, span=span)
            )
    return sorted(kept, key=_place)
