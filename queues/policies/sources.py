"""The files that a release is made from: found in a folder, and checked before they are read."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from engine.errors import InvalidPolicy
from engine.rules.limits import FILE_BYTES
from engine.rules.reading.folder import rule_files
from engine.rules.reading.mistakes import Mistakes
from queues.errors import Refused

#: Files of one release.
MOST_FILES: Final = 5_000
#: Bytes of all files of one release together.
MOST_BYTES: Final = 64_000_000
#: Characters of the path of a file.
LONGEST_PATH: Final = 400

_ALL: Final = "sources"
_ENDINGS: Final = (".yaml", ".yml")
_UPWARD: Final = frozenset({"", ".", ".."})


def files_of(folder: Path) -> dict[str, bytes]:
    """What stands in the rule files of a folder, by their paths below it.

    Raises:
        InvalidPolicy: there is no such folder, or no rule file in it.
        Refused: a file cannot be read, or there are too many.
    """
    mistakes = Mistakes()
    found: dict[str, bytes] = {}
    size = 0
    for file, relative in rule_files(folder, mistakes):
        try:
            with file.open("rb") as stream:
                # One byte more than may be: whoever reads it says that it is too large.
                found[relative] = stream.read(FILE_BYTES + 1)
        except OSError as problem:
            raise Refused(relative, f"cannot be read: {problem.strerror}") from problem
        size += len(found[relative])
        if len(found) > MOST_FILES or size > MOST_BYTES:
            break
    if mistakes.found:
        raise InvalidPolicy(mistakes.found)
    check_sources(found)
    return found


def check_sources(contents: Mapping[str, bytes]) -> None:
    """Refuse what cannot be the files of a release, before anybody looks into them.

    Raises:
        Refused: too few, too many, too large, or at places where no rule file can be.
    """
    reason = _excess(contents)
    if reason is not None:
        raise Refused(_ALL, reason)
    for path in contents:
        reason = _misplaced(path)
        if reason is not None:
            shown = path if path.isprintable() else ascii(path)
            raise Refused(shown[:LONGEST_PATH], reason)


def _excess(contents: Mapping[str, bytes]) -> str | None:
    if not contents:
        return "there is no rule file"
    if len(contents) > MOST_FILES:
        return f"a release has {MOST_FILES:,} files at most"
    if sum(map(len, contents.values())) > MOST_BYTES:
        return f"the files of a release have {MOST_BYTES:,} bytes at most"
    return None


def _misplaced(path: str) -> str | None:
    """What is wrong with a path: reading a folder would never find it, or it leads out of it."""
    parts = path.split("/")
    if len(path) > LONGEST_PATH:
        return f"a path has {LONGEST_PATH} characters at most"
    if not path.isprintable() or "\\" in path:
        return "a path has no control characters and no `\\`"
    if not _UPWARD.isdisjoint(parts):
        return "a path leads down from the folder of the rules, such as `policies/hate.yaml`"
    if any(part.startswith(".") for part in parts):
        return "hidden files and folders are left out of releases"
    if not path.endswith(_ENDINGS):
        return "rule files end in `.yaml` or `.yml`"
    return None
