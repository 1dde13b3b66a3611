"""The lines of several processes, one below the other, each with the name of who wrote it."""

import os
from collections.abc import Iterable
from typing import Final, TextIO

from engine.cli.terminal import printable

OURS: Final = "tierwise"
_COLOURS: Final = (36, 32, 33, 35, 34, 96, 92, 93, 95, 94)
_BOLD: Final = 1
_LONGEST: Final = 16_384
"""In bytes: a line without an end is cut, so that nobody's line fills the memory."""


class Screen:
    """Writes whole lines; colours only where a person watches."""

    def __init__(self, stream: TextIO, names: Iterable[str], *, colour: bool | None = None) -> None:
        """Prepare for these names.

        Args:
            stream: where to.
            names: whose lines will be written.
            colour: whether names are coloured; by default on a terminal.
        """
        self.gone = False
        """Whether nobody reads any more, such as a closed terminal or the end of a pipe."""
        self._stream = stream
        known = [OURS, *names]
        self._width = max(map(len, known))
        coloured = stream.isatty() if colour is None else colour
        self._colours = (
            dict(zip(known, _palette(len(known)), strict=True)) if coloured else dict[str, int]()
        )

    def say(self, text: str, name: str = OURS) -> None:
        """Write a line; what could move the cursor is written out."""
        self._write(f"{self._prefix(name)} {printable(text.expandtabs(4))}\n")

    def show(self, text: str) -> None:
        """Write some lines of ours as they are, apart from the others."""
        self._write(f"\n{text}\n\n")

    def _write(self, text: str) -> None:
        if self.gone:
            return
        try:
            self._stream.write(text)
            self._stream.flush()
        except OSError:
            self.gone = True
            # What is left of it in the buffer would raise again when the program ends.
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self._stream.fileno())
            os.close(nowhere)

    def _prefix(self, name: str) -> str:
        padded = f"{name:<{self._width}} |"
        colour = self._colours.get(name)
        return padded if colour is None else f"\x1b[{colour}m{padded}\x1b[0m"


class Lines:
    """Cuts what comes through a pipe into lines."""

    def __init__(self) -> None:
        self._begun = b""

    def add(self, received: bytes) -> list[str]:
        """The lines that are complete by now."""
        *whole, self._begun = (self._begun + received).split(b"\n")
        if len(self._begun) > _LONGEST:
            whole.append(self._begun)
            self._begun = b""
        return [_text(line) for line in whole]

    def rest(self) -> list[str]:
        """A last line that was never ended."""
        begun, self._begun = self._begun, b""
        return [_text(begun)] if begun else []


def _text(line: bytes) -> str:
    return line.rstrip(b"\r").decode("utf-8", "replace")


def _palette(count: int) -> Iterable[int]:
    return (_BOLD, *(_COLOURS[place % len(_COLOURS)] for place in range(count - 1)))
