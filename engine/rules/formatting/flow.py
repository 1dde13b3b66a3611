"""Spaces inside `{ }` and `[ ]`, as one edit after another."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import yaml

from engine.rules.formatting.tokens import tokens_of

_SPACES = re.compile(r"[ \t]*")
_OPENING = (yaml.FlowMappingStartToken, yaml.FlowSequenceStartToken)
_CLOSING = (yaml.FlowMappingEndToken, yaml.FlowSequenceEndToken)


@dataclass(frozen=True, slots=True)
class Edit:
    """Text to put in place of a stretch of a document."""

    start: int
    end: int
    text: str


def apply(text: str, edits: Sequence[Edit]) -> str:
    """The text with all edits made; they may not overlap."""
    for edit in sorted(edits, key=lambda each: -each.start):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def spaced(text: str) -> str:
    """One space inside braces, none inside brackets, one after commas and colons.

    Where flow mappings stand one below the other as the lines of a list, they may be a table:
    runs of spaces that align its columns stay.
    """
    return apply(text, list(_edits(text)))


def _edits(text: str) -> Iterator[Edit]:
    depth = 0
    table = False
    before: yaml.Token | None = None
    for token in tokens_of(text):
        if depth and before is not None:
            gap = text[before.end_mark.index : token.start_mark.index]
            if _SPACES.fullmatch(gap):
                wanted = _between(before, token, gap, table=table)
                if wanted != gap:
                    yield Edit(before.end_mark.index, token.start_mark.index, wanted)
        if isinstance(token, _OPENING):
            table = isinstance(before, yaml.BlockEntryToken) if depth == 0 else table
            depth += 1
        elif isinstance(token, _CLOSING):
            depth -= 1
        before = token


def _between(before: yaml.Token, token: yaml.Token, gap: str, *, table: bool) -> str:
    """The white space that belongs between two tokens of one line."""
    if isinstance(before, _OPENING) and isinstance(token, _CLOSING):
        return ""
    if isinstance(before, yaml.FlowMappingStartToken) or isinstance(
        token, yaml.FlowMappingEndToken
    ):
        return " "
    if isinstance(before, yaml.FlowSequenceStartToken):
        return ""
    if isinstance(token, yaml.FlowSequenceEndToken | yaml.FlowEntryToken | yaml.ValueToken):
        return ""
    if isinstance(before, yaml.FlowEntryToken | yaml.ValueToken):
        return gap if table and gap else " "
    return gap
