"""Puts the tables between two marks of a document."""

from pathlib import Path
from typing import Final

#: What the tables are called in the marks around them.
ENGINE: Final = "bench"
SERVICE: Final = "service"
PEOPLE: Final = "people"
QUALITY: Final = "quality"
ROLLUPS: Final = "rollups"
RELEASES: Final = "releases"
CONSOLE: Final = "console"
RETRAINING: Final = "retraining"


def insert(path: Path, name: str, lines: str) -> bool:
    """Replace what stands between the marks of a name; False: they are not there."""
    first, last = f"<!-- {name}:start -->", f"<!-- {name}:end -->"
    text = path.read_text(encoding="utf-8")
    before, start, rest = text.partition(first)
    _, end, after = rest.partition(last)
    if not start or not end:
        return False
    path.write_text(f"{before}{first}\n{lines}\n{last}{after}", encoding="utf-8")
    return True
