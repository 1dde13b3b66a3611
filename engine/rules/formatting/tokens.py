"""The tokens of a document with their places, and the comments that stand between them."""

import re
from collections.abc import Iterator

import yaml
from yaml._yaml import CParser

_COMMENT = re.compile(r"(?:^|(?<=\s))#[^\n]*", re.MULTILINE)


def tokens_of(text: str) -> list[yaml.Token]:
    """All tokens that take up room, in order."""
    parser = CParser(text)
    found: list[yaml.Token] = []
    while (token := parser.get_token()) is not None:
        if token.end_mark.index > token.start_mark.index:
            found.append(token)
    return found


def gaps_of(text: str, tokens: list[yaml.Token]) -> Iterator[tuple[int, int]]:
    """Where no token stands: before the first, between any two, after the last."""
    start = 0
    for token in tokens:
        begin = token.start_mark.index
        if start <= begin:
            yield start, begin
        start = end_of(text, token)
    yield start, len(text)


def end_of(text: str, token: yaml.Token) -> int:
    """Where a token ends; that of a text in lines (`|`, `>`) ends with its last line."""
    end: int = token.end_mark.index
    if isinstance(token, yaml.ScalarToken) and token.style in ("|", ">"):
        return text.rfind("\n", 0, end) + 1 if not text[:end].endswith("\n") else end
    return end


def comments_of(text: str) -> list[str]:
    """All comments of a document, without white space around them."""
    found: list[str] = []
    for start, end in gaps_of(text, tokens_of(text)):
        comments = _COMMENT.finditer(text, max(start - 1, 0), end)
        found.extend(each[0].strip() for each in comments if each.start() >= start)
    return found
