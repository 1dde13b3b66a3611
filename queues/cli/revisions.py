"""Rule files as they stand in a revision of git; the working tree is not touched."""

import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from shutil import which
from typing import Final

from queues.errors import NotFound, Refused
from queues.policies.sources import MOST_BYTES, MOST_FILES

_ENDINGS: Final = (".yaml", ".yml")
_LINK: Final = "120000"
_BLOB: Final = "blob"
_PLACE: Final = "place in git called"
_GIT: Final = "git"
_SHORT: Final = 10
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """A folder, or a file, of a revision."""

    written: str
    """As it was named, with the path from the top of the repository."""
    commit: str
    """In short, for people."""
    tree: str
    """The object that holds the folder, or the file."""
    within: Path
    """Some folder of the repository."""

    @property
    def title(self) -> str:
        """What it is called in a heading."""
        return f"{self.written} ({self.commit})"


def find_revision(written: str, *, beside: Path | None, usual: str) -> Revision | None:
    """The revision that is meant by `REV:PATH` or `REV`; None: git knows no such revision.

    Args:
        written: What was typed. `PATH` counts from the top of the repository, `./PATH` from here.
        beside: The folder or file that it is compared with: `REV` alone means that one.
        usual: The path that `REV` alone means otherwise, from here.

    Raises:
        NotFound: the revision is there, and has nothing at the path.
    """
    if which(_GIT) is None or _CONTROL.search(written) or written.startswith("-"):
        return None
    revision, colon, path = written.partition(":")
    within = Path()
    if not colon:
        within, path = _meant(beside, usual)
    commit = _object(within, f"{revision}^{{commit}}") if revision else None
    if commit is None:
        return None
    tree = _object(within, f"{revision}:{path}")
    if tree is None:
        place = f"{revision}:{path}"
        raise NotFound(_PLACE, place)
    top = _said(within, "rev-parse", "--show-prefix") if path.startswith("./") else ""
    whole = f"{top}{path.removeprefix('./')}".rstrip("/")
    return Revision(written=f"{revision}:{whole}", commit=commit[:_SHORT], tree=tree, within=within)


def files_at(revision: Revision) -> dict[str, bytes]:
    """What stands in the rule files of a revision, by the names that `git show` knows them by.

    Raises:
        Refused: there is no rule file, one is a link, or there are too many.
    """
    if _said(revision.within, "cat-file", "-t", revision.tree) == _BLOB:
        return dict(_contents(revision, {revision.written: revision.tree}))
    objects = dict(_listed(revision))
    if not objects:
        raise Refused(revision.written, "there is no rule file (.yaml or .yml) in it")
    return dict(_contents(revision, objects))


def _meant(beside: Path | None, usual: str) -> tuple[Path, str]:
    if beside is None:
        return Path(), f"./{usual}"
    return (beside, "./") if beside.is_dir() else (beside.parent, f"./{beside.name}")


def _listed(revision: Revision) -> Iterator[tuple[str, str]]:
    """Names and objects of rule files; hidden ones are left out, as they are in a folder."""
    listed = _run(revision.within, "ls-tree", "-r", "-l", "-z", "--full-tree", revision.tree)
    files = size = 0
    separator = "" if revision.written.endswith(":") else "/"
    for line in listed.decode("utf-8", "surrogateescape").split("\0"):
        about, _, path = line.partition("\t")
        hidden = any(part.startswith(".") for part in path.split("/"))
        if not path.endswith(_ENDINGS) or hidden:
            continue
        mode, kind, name, bytes_ = about.split()
        if kind != _BLOB:
            continue
        if mode == _LINK:
            raise Refused(path, "is a link, and git keeps only where it leads")
        files, size = files + 1, size + int(bytes_)
        if files > MOST_FILES or size > MOST_BYTES:
            reason = f"has more than {MOST_FILES:,} files or {MOST_BYTES:,} bytes of rules"
            raise Refused(revision.written, reason)
        yield f"{revision.written}{separator}{path}", name


def _contents(revision: Revision, objects: Mapping[str, str]) -> Iterator[tuple[str, bytes]]:
    asked = "".join(f"{name}\n" for name in objects.values()).encode()
    answer = _run(revision.within, "cat-file", "--batch", given=asked)
    place = 0
    for path in objects:
        head = answer.index(b"\n", place)
        size = int(answer[place:head].split()[-1])
        place = head + 1 + size + 1
        yield path, answer[head + 1 : place - 1]


def _object(within: Path, name: str) -> str | None:
    """The object of a name; None: git knows none."""
    found = _git(within, ("rev-parse", "--verify", "--quiet", "--end-of-options", name))
    return found.stdout.decode().strip() if found.returncode == 0 else None


def _said(within: Path, *words: str) -> str:
    return _run(within, *words).decode("utf-8", "surrogateescape").strip()


def _run(within: Path, *words: str, given: bytes = b"") -> bytes:
    done = _git(within, words, given)
    if done.returncode != 0:
        said = done.stderr.decode("utf-8", "replace").strip()
        raise Refused(_GIT, said or f"`{words[0]}` ended with {done.returncode}")
    return done.stdout


def _git(
    within: Path, words: Sequence[str], given: bytes = b""
) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(  # noqa: S603 - a fixed program; what was typed is no option
        [_GIT, "-C", str(within), *words],
        input=given,
        capture_output=True,
        check=False,
    )
