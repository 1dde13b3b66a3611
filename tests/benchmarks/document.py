"""Puts the tables between two marks of a document."""

from pathlib import Path
from typing import Final

START: Final = "<!-- bench:start -->"
END: Final = "<!-- bench:end -->"


def insert(path: Path, lines: str) -> bool:
    """Replace what stands between the marks; False: they are not there."""
    text = path.read_text(encoding="utf-8")
    before, start, rest = text.partition(START)
    _, end, after = rest.partition(END)
    if not start or not end:
        return False
    path.write_text(f"{before}{START}\n{lines}\n{END}{after}", encoding="utf-8")
    return True
