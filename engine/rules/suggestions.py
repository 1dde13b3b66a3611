"""What a person probably meant: the nearest of the names that are valid at a place."""

import unicodedata
from collections.abc import Iterable

_SHOWN = 60
#: What is longer is a pasted text, no typing mistake.
_LONGEST = 80


def shown(text: str) -> str:
    """A value for a message: one line, short, nothing in it that moves the cursor."""
    cut = text[: _SHOWN * 2]
    clean = "".join(_visible(char) for char in cut)
    return clean if len(clean) <= _SHOWN and len(text) == len(cut) else clean[: _SHOWN - 1] + "…"


def _visible(char: str) -> str:
    if char == "\n":
        return " "
    if char == "`":
        return "'"
    if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp"):
        return f"\\u{ord(char):04x}" if char > "\xff" else f"\\x{ord(char):02x}"
    return char


def quoted(names: Iterable[str]) -> str:
    """Names in backticks, with commas."""
    return ", ".join(f"`{shown(name)}`" for name in names)


def nearest(name: str, candidates: Iterable[str]) -> str | None:
    """The candidate with the least typing mistakes, None where none is near."""
    lowered = name.lower()
    allowed = max(1, min(4, len(name) // 3))
    if not name or len(name) > _LONGEST:
        return None
    best: tuple[int, str] | None = None
    for candidate in candidates:
        if abs(len(candidate) - len(name)) > allowed:
            continue
        found = _distance(lowered, candidate.lower(), allowed)
        if found <= allowed and (best is None or (found, candidate) < best):
            best = (found, candidate)
            allowed = max(found, 0)
    if best is not None:
        return best[1]
    return _last_part(lowered, candidates)


def _last_part(name: str, candidates: Iterable[str]) -> str | None:
    ends = [one for one in candidates if one.endswith((f".{name}", f"-{name}", f"_{name}"))]
    return ends[0] if len(ends) == 1 else None


def _distance(left: str, right: str, limit: int) -> int:
    """Insertions, deletions, replacements and swaps of neighbours; `limit + 1` if more."""
    if left == right:
        return 0
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, one in enumerate(left, start=1):
        earlier, before, row = before, row, [i] + [0] * len(right)
        for j, other in enumerate(right, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (one != other))
            if i > 1 and j > 1 and one == right[j - 2] and left[i - 2] == other:
                cost = min(cost, earlier[j - 2] + 1)
            row[j] = cost
        if min(row) > limit:
            return limit + 1
    return row[-1]
