"""The command that compares two policies by meaning."""

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, assert_never

import orjson
import typer

from engine.cli.terminal import printable
from engine.diagnostics import Diagnostic, Level
from engine.diffing import Difference, compare
from engine.diffing.layouts import as_markdown, as_text, to_dict
from engine.errors import TierwiseError
from engine.rendering import as_text as diagnostics_text
from engine.rules.model import Policy
from engine.rules.reading import read_policy
from engine.rules.reading.folder import rule_files
from engine.rules.reading.mistakes import Mistakes
from queues.cli.revisions import Revision, files_at, find_revision
from queues.errors import Refused

if TYPE_CHECKING:
    from queues.store.session import Store

#: Where rules usually are, below where one works.
_USUAL: Final = "rules"
_DIFFERS: Final = 1
_UNREADABLE: Final = 2


class Layout(StrEnum):
    """How a difference is shown."""

    #: For people.
    TEXT = "text"
    #: One object.
    JSON = "json"
    #: For a comment on a pull request.
    MARKDOWN = "markdown"


@dataclass(frozen=True, slots=True)
class _Sources:
    """One of the two: what it is called, and its files by name."""

    title: str
    files: Mapping[str, bytes]


def diff(
    old: Annotated[str, typer.Argument(help="A folder, REV:PATH or REV of git, or a release.")],
    new: Annotated[str, typer.Argument(help="The same, for what it is compared with.")],
    *,
    layout: Annotated[
        Layout, typer.Option("--format", help="For people, programs or a pull request.")
    ] = Layout.TEXT,
    exit_zero: Annotated[
        bool, typer.Option("--exit-zero", help="End with 0 where the two differ too.")
    ] = False,
) -> None:
    """Say what two policies differ in, by meaning: order, comments and files make no difference.

    REV alone means the folder it is compared with, else ./rules. A release is named by six or more
    of its first digits, or as `in-force`; only releases need a database. A folder goes before a
    revision of that name, a revision before a release. Ends with 1 if the two differ, with 2 if
    one cannot be read.

    Examples:
      tierwise diff main:rules rules
      tierwise diff HEAD~1 HEAD --format markdown
      tierwise diff in-force rules
      tierwise diff 4f1c9a0b7d2e 9b1e77 --format json
    """
    # a short process with millions of lasting values: looking for garbage finds none
    gc.disable()
    try:
        sides = _sources(old, new), _sources(new, old)
    except TierwiseError as problem:
        typer.echo(f"tierwise: {printable(str(problem))}", err=True)
        raise typer.Exit(_UNREADABLE) from problem
    before, after = _policies(*sides)
    difference = compare(before, after)
    for line in _shown(difference, sides[0].title, sides[1].title, layout):
        typer.echo(line)
    if not difference.empty and not exit_zero:
        raise typer.Exit(_DIFFERS)


def _shown(difference: Difference, old: str, new: str, layout: Layout) -> Iterator[str]:
    match layout:
        case Layout.TEXT:
            yield from map(printable, as_text(difference, old, new))
        case Layout.MARKDOWN:
            yield from as_markdown(difference, old, new)
        case Layout.JSON:
            record = {"old": old, "new": new, **to_dict(difference)}
            yield orjson.dumps(record, option=orjson.OPT_INDENT_2).decode()
        case _:
            assert_never(layout)


def _policies(old: _Sources, new: _Sources) -> tuple[Policy, Policy]:
    """Both policies; where one has mistakes, those of both are shown and the command ends."""
    (before, wrong), (after, also) = read_policy(old.files), read_policy(new.files)
    if before is not None and after is not None:
        return before, after
    errors: list[Diagnostic] = [each for each in (*wrong, *also) if each.level is Level.ERROR]
    told = diagnostics_text(errors, {**old.files, **new.files})
    typer.echo(told, err=True, nl=False)
    raise typer.Exit(_UNREADABLE)


def _sources(written: str, other: str) -> _Sources:
    """The files that are meant: of a folder, a revision or a release."""
    place = Path(written)
    if place.exists():
        return _Sources(written, _folder(place))
    beside = Path(other)
    revision = find_revision(written, beside=beside if beside.exists() else None, usual=_USUAL)
    if revision is not None:
        return _of_revision(revision)
    return _release(written)


def _of_revision(revision: Revision) -> _Sources:
    return _Sources(revision.title, files_at(revision))


def _folder(place: Path) -> dict[str, bytes]:
    mistakes = Mistakes()
    found: dict[str, bytes] = {}
    for file, _ in rule_files(place, mistakes):
        try:
            found[file.as_posix()] = file.read_bytes()
        except OSError as problem:
            raise Refused(file.as_posix(), f"cannot be read: {problem.strerror}") from problem
    for mistake in mistakes.found:
        raise Refused(place.as_posix(), mistake.message)
    return found


def _release(written: str) -> _Sources:
    # Only releases need a database, and all that is loaded for one.
    from queues.policies import releases  # noqa: PLC0415 - as said
    from queues.policies.differences import full_name, is_name  # noqa: PLC0415 - as said

    if not is_name(written):
        raise Refused(written, "is no folder, no git revision and no release")
    with _store() as store:
        name = full_name(store, written)
        sources = releases.sources_of(store, name)
    return _Sources(
        f"release {name}", {f"{name}:{path}": text.encode() for path, text in sources.items()}
    )


@contextmanager
def _store() -> "Iterator[Store]":
    from queues.cli.acting import services  # noqa: PLC0415 - as said

    with services() as here:
        yield here.store
