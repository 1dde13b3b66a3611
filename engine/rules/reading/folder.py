"""Finds the rule files of folders, and reads them."""

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from engine.diagnostics import Diagnostic, Span
from engine.rules.limits import FILE_BYTES
from engine.rules.model import Policy
from engine.rules.reading.mistakes import Mistakes
from engine.rules.reading.policy import Source, assemble

_ENDINGS = (".yaml", ".yml")


def read_policy(sources: Mapping[str, str | bytes]) -> tuple[Policy | None, list[Diagnostic]]:
    """The policy these files make, and every mistake in them; with an error there is no policy.

    Args:
        sources: What stands in each file, by the name that diagnostics call it.
    """
    files = [
        Source(
            name,
            name,
            content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content,
        )
        for name, content in sources.items()
    ]
    return assemble(files, Mistakes())


def read_folder(paths: Sequence[Path]) -> tuple[Policy | None, list[Diagnostic]]:
    """The policy of all rule files in these folders (or of single files), as `read_policy`.

    Files end in `.yaml` or `.yml`; hidden ones are left out. Paths count for the name of the
    release from the folder given, so the same files have the same name wherever they lie.
    """
    mistakes = Mistakes()
    sources = [
        source
        for path in paths
        for file, relative in rule_files(path, mistakes)
        if (source := _source(file, relative, mistakes)) is not None
    ]
    unique = {source.file: source for source in sources}
    return assemble(list(unique.values()), mistakes)


def rule_files(path: Path, mistakes: Mistakes) -> Iterator[tuple[Path, str]]:
    """The rule files under a path in order, and their paths below it."""
    if path.is_file():
        yield path, path.name
        return
    if not path.is_dir():
        mistakes.add("unreadable", f"there is no file or folder `{path}`", Span(str(path), 1, 1))
        return
    any_found = False
    for folder, folders, files in os.walk(path):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if name.endswith(_ENDINGS) and not name.startswith("."):
                any_found = True
                file = Path(folder) / name
                yield file, file.relative_to(path).as_posix()
    if not any_found:
        message = f"there is no rule file in `{path}`"
        hint = "rule files end in `.yaml` or `.yml`"
        mistakes.add("empty-folder", message, Span(str(path), 1, 1), hint)


def _source(file: Path, relative: str, mistakes: Mistakes) -> Source | None:
    try:
        with file.open("rb") as stream:
            content = stream.read(FILE_BYTES + 1)
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        span = Span(file.as_posix(), 1, 1)
        mistakes.add("unreadable", f"this file cannot be read: {reason}", span)
        return None
    return Source(file.as_posix(), relative, content)
