"""Regular expressions that take linear time whatever the text: RE2."""

from typing import Protocol

import re2

#: RE2's own limit for one program, in bytes.
USUAL_MEMORY = 8 << 20


class Match(Protocol):
    """Where a program matched."""

    def span(self, group: int = 0, /) -> tuple[int, int]:
        """Start and end of the match, or of a group of it, in bytes."""


class Program(Protocol):
    """A compiled regular expression over UTF-8."""

    def search(self, text: bytes, pos: int = 0, /) -> Match | None:
        """The first match at or after a position; `^` remains the start of the text."""

    def match(self, text: bytes, /) -> Match | None:
        """The match at the start of the text."""

    def fullmatch(self, text: bytes, /) -> Match | None:
        """The match of the whole text."""


class TooLarge(ValueError):
    """A program does not fit into the memory set aside for it."""


def compile_program(source: str, memory: int = USUAL_MEMORY) -> Program:
    """Compile a regular expression in RE2's syntax."""
    options = re2.Options()
    options.log_errors = False
    options.max_mem = memory
    try:
        program: Program = re2.compile(source.encode(), options)
    except re2.error as error:
        raise TooLarge(str(error)) from error
    return program
