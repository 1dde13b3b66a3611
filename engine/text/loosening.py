"""A folded text as tolerant spelling sees it: without accents, in canonical letters."""

from engine.text.accents import without_accents
from engine.text.folding import Folded
from engine.text.letters import canonical
from engine.text.spelled_out import Run, spelled_out

#: Stands at both ends of a text: no word character, and in no entry.
EDGE = "\U000bffff"


class Spelled:
    """The letters of all spelled-out runs of a text, an edge after each run."""

    __slots__ = ("letters", "positions", "subject")

    def __init__(self, runs: list[Run], letters: str) -> None:
        self.letters = "".join(
            "".join([letters[place] for place in run.positions]) + EDGE for run in runs
        )
        """The canonical letters."""
        self.subject = self.letters.encode()
        """The same, as the regular expressions read them."""
        self.positions = [place for run in runs for place in (*run.positions, -1)]
        """Where each of them stands in the text."""


class Loosened:
    """A text without accents, the same in canonical letters, and the way back."""

    __slots__ = ("_folded", "_spelled", "_starts", "letters", "subject", "text")

    _spelled: Spelled

    def __init__(self, folded: Folded) -> None:
        self._folded = folded
        self.text, self._starts = without_accents(folded.text)
        self.letters = canonical(self.text)
        """The canonical letters."""
        self.subject = f"{EDGE}{self.letters}{EDGE}".encode()
        """The canonical letters between two edges, as the regular expressions read them."""

    @property
    def spelled(self) -> Spelled:
        """What is written letter by letter; worked out once."""
        try:
            return self._spelled
        except AttributeError:
            self._spelled = Spelled(spelled_out(self.text), self.letters)
            return self._spelled

    @property
    def is_moved(self) -> bool:
        """Whether accents were left out, so that places differ from those in the plain text."""
        return self._starts is not None

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """Where the characters from `start` to `end` stand in the original text."""
        if self._starts is not None:
            start, end = self._starts[start], self._starts[end]
        return self._folded.origin(start, end)


def loosen(folded: Folded) -> Loosened:
    """The text as tolerant spelling sees it; worked out once."""
    try:
        return folded.loosened
    except AttributeError:
        folded.loosened = Loosened(folded)
        return folded.loosened
