"""Names and titles of translated rules, from the comments above them."""

import re
from collections.abc import Iterator, Sequence

from engine.importing.automoderator.marks import slug
from engine.importing.writing import one_line

_DECORATION = re.compile(r"^[\s#=*~_|+<>-]+|[\s#=*~|+<>-]+$")
_CODE = re.compile(r"~?[a-z_+#]+\d*\s*(?:\([a-z, -]+\))?:(?:\s|$)|- ['\"]|-{3}")
_WORD = re.compile(r"[^\W\d_]{2}")
_LONGEST_TITLE = 100
_LONGEST_NOTE = 400
#: Comment lines kept with a rule.
_MOST_LINES = 12


def title_of(comments: Sequence[str]) -> str | None:
    """The first comment line that reads like a title, below the heading of a section."""
    lines = list(_lines(comments))
    rulers = [place for place, line in enumerate(lines) if not line and comments[place].strip()]
    below = lines[rulers[-1] :] if rulers else lines
    for line in (*below, *lines):
        if _WORD.search(line) and not _CODE.match(line):
            return line if len(line) <= _LONGEST_TITLE else f"{line[: _LONGEST_TITLE - 1]}…"
    return None


def notes_of(comments: Sequence[str]) -> list[str]:
    """The comments, without lines that only decorate."""
    found = [line[:_LONGEST_NOTE] for line in _lines(comments) if _WORD.search(line)]
    rest = len(found) - _MOST_LINES
    return [*found[:_MOST_LINES], *([f"({rest} more lines)"] if rest > 0 else [])]


def _lines(comments: Sequence[str]) -> Iterator[str]:
    for comment in comments:
        yield _DECORATION.sub("", one_line(comment))


class Names:
    """Gives each rule of a file a name of its own."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self._taken: dict[str, int] = {}

    def name(self, title: str | None, fallback: str) -> str:
        """A name made from a title, or else from what the rule does."""
        wanted = (slug(title) if title is not None else "") or fallback
        count = self._taken.get(wanted, 0) + 1
        self._taken[wanted] = count
        name = wanted if count == 1 else f"{wanted}-{count}"
        if count > 1:
            while name in self._taken:
                count += 1
                name = f"{wanted}-{count}"
            self._taken[wanted] = count
            self._taken[name] = 1
        return f"{self.prefix}/{name}"
