"""Translation tables that learn a character when they first see it."""

from collections.abc import Callable

#: More distinct characters than any language uses: beyond it, texts are noise or an attack, and
#: their characters are worked out anew rather than kept.
_MOST = 50_000


class LazyTable(dict[int, str]):
    """A table for `str.translate`, filled on demand from a function of one character."""

    def __init__(self, compute: Callable[[str], str]) -> None:
        super().__init__()
        self._compute = compute

    def __missing__(self, code: int) -> str:
        found = self._compute(chr(code))
        if len(self) < _MOST:
            self[code] = found
        return found
