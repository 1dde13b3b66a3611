"""A file cut into its documents, with the comments that stand beside and between them."""

import re
from collections.abc import Iterator

from engine.rules.formatting.tokens import comments_of

_SEPARATOR = re.compile(r"^---(?:[ \t]+(#.*)|[ \t]*)$", re.MULTILINE)
_CONTENT = re.compile(r"^[ \t]*[^#\s]", re.MULTILINE)


def has_content(text: str) -> bool:
    """Whether there is anything but comments."""
    return _CONTENT.search(text) is not None


def parts_of(text: str) -> list[tuple[str, str]]:
    """Documents, each with the comment on the line `---` above it.

    Comments between two such lines go to the document below, or at the end to the one above.
    """
    found: list[tuple[str, str]] = []
    waiting = ""
    for comment, part in _split(text):
        if has_content(part):
            found.append((comment, waiting + part.lstrip("\n")))
            waiting = ""
        else:
            waiting += "".join(f"{each}\n" for each in (comment, part.strip("\n")) if each)
    if waiting:
        comment, last = found.pop() if found else ("", "")
        found.append((comment, f"{last}\n{waiting}" if last else waiting))
    return found


def comments_in(text: str) -> Iterator[str]:
    """All comments of a file, also those between documents."""
    for comment, part in _split(text):
        if comment:
            yield comment.strip()
        yield from comments_of(part)


def _split(text: str) -> Iterator[tuple[str, str]]:
    start, comment = 0, ""
    for separator in _SEPARATOR.finditer(text):
        yield comment, text[start : separator.start()]
        start, comment = separator.end() + 1, separator[1] or ""
    yield comment, text[start:]
