"""White space that nobody sees: at the ends of lines, and above and below a document."""

import re

import yaml

from engine.rules.formatting.tokens import end_of, tokens_of

_KEEPS = re.compile(r"[|>]\d?\+")


def stripped(text: str) -> str:
    """The text without white space at the ends of lines, but for lines inside a text."""
    lines = text.split("\n")
    tokens = tokens_of(text)
    kept: set[int] = set()
    for token in tokens:
        if isinstance(token, yaml.ScalarToken) and token.style:
            first = token.start_mark.line + (token.style in ("|", ">"))
            kept.update(range(first, text.count("\n", 0, end_of(text, token))))
    cleaned = [line if number in kept else line.rstrip() for number, line in enumerate(lines)]
    result = "\n".join(cleaned).lstrip("\n")
    # `|+` keeps the empty lines below it
    keeps = bool(tokens) and _KEEPS.match(text, tokens[-1].start_mark.index)
    return result if keeps else result.rstrip("\n") + "\n"
