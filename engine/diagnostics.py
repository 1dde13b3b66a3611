"""What is wrong with a policy file, where, and what to do: one value for every output format."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How much a diagnostic matters."""

    #: The release does not load.
    ERROR = "error"
    #: The release loads; somebody should look.
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A place in a file: 1-based line and column in characters, and how many of them it covers."""

    file: str
    line: int
    column: int
    length: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostic:
    """One finding. Text is lower case, without a full stop, with names in backticks."""

    code: str
    """A lasting name such as `unknown-field`, listed in `rules/README.md`."""
    level: Level
    message: str
    span: Span
    hint: str | None = None
    """What to do, such as "did you mean `score.hate`?"."""
    related: tuple[Span, ...] = ()
    """Other places a person has to see, such as the first of two equal keys."""
