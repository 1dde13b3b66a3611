"""What was measured, against what was to be reached."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

_WIDTHS: Final = (56, 14, 14)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number, and the bound it has to keep."""

    name: str
    value: float
    unit: str
    at_most: float | None = None
    at_least: float | None = None
    """Neither bound: for information."""
    note: str | None = None

    @property
    def reached(self) -> bool | None:
        """Whether it keeps its bound; None: it has none."""
        if self.at_most is not None:
            return self.value <= self.at_most
        return None if self.at_least is None else self.value >= self.at_least

    @property
    def target(self) -> str:
        """The bound in words."""
        if self.at_most is not None:
            return f"≤ {amount(self.at_most)} {self.unit}"
        return "" if self.at_least is None else f"≥ {amount(self.at_least)} {self.unit}"

    @property
    def shown(self) -> str:
        """The value with its unit."""
        return f"{amount(self.value)} {self.unit}"

    @property
    def answer(self) -> str:
        """Whether it was reached, in a word."""
        return {True: "yes", False: "no", None: ""}[self.reached]

    @property
    def record(self) -> dict[str, object]:
        """As JSON has it."""
        return {
            "name": self.name,
            "value": self.value,
            "unit": self.unit,
            "at_most": self.at_most,
            "at_least": self.at_least,
            "reached": self.reached,
            "note": self.note,
        }


def amount(number: float) -> str:
    """A number with as many digits as anybody reads."""
    if number >= 100:  # noqa: PLR2004  # three digits are enough
        return f"{number:,.0f}"
    digits = 1 if number >= 10 else 2 if number >= 0.1 else 3  # noqa: PLR2004  # likewise
    shown = f"{number:.{digits}f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def markdown(figures: Sequence[Figure]) -> Iterator[str]:
    """The figures as the lines of a Markdown table."""
    yield "| work | measured | to reach | reached |"
    yield "|---|---|---|---|"
    for figure in figures:
        name = figure.name if figure.note is None else f"{figure.name} ({figure.note})"
        yield f"| {name} | {figure.shown} | {figure.target} | {figure.answer} |"


def text(figure: Figure) -> str:
    """A figure as a line on a terminal."""
    name, value, target = _WIDTHS
    columns = f"{figure.name:<{name}} {figure.shown:>{value}}   {figure.target:<{target}}"
    note = "" if figure.note is None else f"  {figure.note}"
    return f"{columns} {figure.answer}{note}".rstrip()
