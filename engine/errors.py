"""Every exception the engine raises on purpose; all are a TierwiseError.

- InvalidPolicy: the rule files have mistakes (carries the diagnostics)
- InvalidItem: an item cannot be read (carries field and reason)
- InvalidModel: a model file is damaged, or of another version
- CannotTrain: labelled texts do not make a classifier (carries reason and hint)
- CannotCertify: what is asked of a certificate makes no sense (carries reason and hint)
- ReusedLabels: labels that the classifier has seen were to certify it (carries purpose and ids)
- CannotImport: rules of another system cannot be brought over as asked (carries reason and hint)
- InvalidPattern: a pattern that the reader would have refused reached the engine
- InvalidFigure: what a figure would be made of is no such thing (carries what and reason)
- InvalidRelease: a compiled release file is damaged, or of another version
- InvalidInclusion: the chance at which an item had to be seen is missing or impossible
- InvalidManifest: what a model was made from cannot be read, or is not there (carries reason, ids)
- InvalidSuite: a challenge suite has mistakes (carries name, mistakes and their number)
- InvalidCandidates: items to choose from cannot be ranked (carries what and reason)
- InvalidWindow: figures of drift cannot be read (carries what and reason)
"""

from collections.abc import Sequence
from typing import Final

from engine.diagnostics import Diagnostic


class TierwiseError(Exception):
    """Something Tierwise can explain went wrong."""


class InvalidPolicy(TierwiseError):
    """The rule files have mistakes; nothing was loaded."""

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        super().__init__(diagnostics)
        self.diagnostics = tuple(diagnostics)

    def __str__(self) -> str:
        first = self.diagnostics[0]
        where = f"{first.span.file}:{first.span.line}:{first.span.column}"
        rest = f" (and {len(self.diagnostics) - 1} more)" if len(self.diagnostics) > 1 else ""
        return f"{where}: {first.message}{rest}"


class InvalidItem(TierwiseError):
    """An item cannot be read."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(field, reason)
        self.field = field
        self.reason = reason

    def __str__(self) -> str:
        return f"`{self.field}`: {self.reason}"


class InvalidModel(TierwiseError):
    """A model file is damaged, or of a version this release cannot read."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(path, reason)
        self.path = path
        self.reason = reason

    def __str__(self) -> str:
        return f"model `{self.path}`: {self.reason}"


class CannotTrain(TierwiseError):
    """The labelled texts do not make a classifier."""

    def __init__(self, reason: str, hint: str) -> None:
        super().__init__(reason, hint)
        self.reason = reason
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.reason}; {self.hint}"


class CannotCertify(TierwiseError):
    """What is asked of a certificate makes no sense."""

    def __init__(self, reason: str, hint: str) -> None:
        super().__init__(reason, hint)
        self.reason = reason
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.reason}; {self.hint}"


class ReusedLabels(TierwiseError):
    """Labels that the classifier has seen were to certify it."""

    _SHOWN: Final = 5

    def __init__(self, purpose: str, ids: Sequence[str]) -> None:
        super().__init__(purpose, ids)
        self.purpose = purpose
        self.ids = tuple(ids)

    def __str__(self) -> str:
        shown = ", ".join(f"`{each}`" for each in self.ids[: self._SHOWN])
        rest = ", …" if len(self.ids) > self._SHOWN else ""
        return (
            f"{len(self.ids)} labels were used for {self.purpose}: {shown}{rest}; "
            "draw a sample that was used for nothing else"
        )


class InvalidRelease(TierwiseError):
    """A compiled release file is damaged, or of a version this program cannot read."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(path, reason)
        self.path = path
        self.reason = reason

    def __str__(self) -> str:
        return f"release `{self.path}`: {self.reason}"


class CannotImport(TierwiseError):
    """Rules of another system cannot be brought over as asked."""

    def __init__(self, reason: str, hint: str) -> None:
        super().__init__(reason, hint)
        self.reason = reason
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.reason}; {self.hint}"


class InvalidPattern(TierwiseError):
    """A pattern that the reader would have refused reached the engine."""

    def __init__(self, source: str, reason: str) -> None:
        super().__init__(source, reason)
        self.source = source
        self.reason = reason

    def __str__(self) -> str:
        return f"pattern `{self.source}`: {self.reason}"


class InvalidFigure(TierwiseError):
    """What a figure would be made of cannot be: a share of 3, a rate below 0."""

    def __init__(self, what: str, reason: str) -> None:
        super().__init__(what, reason)
        self.what = what
        self.reason = reason

    def __str__(self) -> str:
        return f"`{self.what}`: {self.reason}"


class InvalidInclusion(TierwiseError):
    """What was seen cannot be weighted by the chance of seeing it."""

    def __init__(self, place: int | None, reason: str) -> None:
        super().__init__(place, reason)
        self.place = place
        self.reason = reason

    def __str__(self) -> str:
        where = "" if self.place is None else f" of item {self.place} (counted from 0)"
        return (
            f"inclusion probability{where}: {self.reason}; take the one that was written down when "
            "the item was routed, and leave out items that nobody could have been shown"
        )


class InvalidWindow(TierwiseError):
    """What is to be compared for drift cannot be read."""

    def __init__(self, what: str, reason: str) -> None:
        super().__init__(what, reason)
        self.what = what
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.what}: {self.reason}"


class InvalidManifest(TierwiseError):
    """What a model was made from cannot be read, or is not what it was."""

    _SHOWN: Final = 5

    def __init__(self, reason: str, ids: Sequence[str] = ()) -> None:
        super().__init__(reason, ids)
        self.reason = reason
        self.ids = tuple(ids)

    def __str__(self) -> str:
        shown = ", ".join(f"`{each}`" for each in self.ids[: self._SHOWN])
        rest = ", …" if len(self.ids) > self._SHOWN else ""
        which = f" ({len(self.ids)}: {shown}{rest})" if self.ids else ""
        return f"manifest: {self.reason}{which}; train a new model from the rows there are"


class InvalidSuite(TierwiseError):
    """Lines of a challenge suite cannot be read."""

    def __init__(self, name: str, mistakes: Sequence[tuple[int, str]], count: int) -> None:
        super().__init__(name, mistakes, count)
        self.name = name
        self.mistakes = tuple(mistakes)
        """Line and reason of the first."""
        self.count = count

    def __str__(self) -> str:
        line, reason = self.mistakes[0]
        rest = f" (and {self.count - 1} more)" if self.count > 1 else ""
        return f"suite `{self.name}`, line {line}: {reason}{rest}"


class InvalidCandidates(TierwiseError):
    """Items to choose from cannot be ranked."""

    def __init__(self, what: str, reason: str) -> None:
        super().__init__(what, reason)
        self.what = what
        self.reason = reason

    def __str__(self) -> str:
        return f"`{self.what}`: {self.reason}"
