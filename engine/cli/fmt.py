"""The command that writes rule files in their usual form."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer

from engine.cli.locations import rules_folder
from engine.diagnostics import Diagnostic, Level, Span
from engine.rendering import as_text
from engine.rules.formatting import Formatted, format_text, numeric_fields
from engine.rules.reading.folder import rule_files
from engine.rules.reading.mistakes import Mistakes

_STDIN = Path("-")


def fmt(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            help="Folders or files of rules, or - for standard input; by default ./rules.",
            show_default=False,
        ),
    ] = None,
    *,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; end with 1 if a file would change.")
    ] = False,
) -> None:
    """Write rule files in the usual form: indentation, order of keys, spaces, words for signs.

    Comments and the order of documents stay. Every file is read again before it is written:
    one that would mean anything else is left as it is. Ends with 1 if a file has mistakes.

    Examples:
      tierwise fmt
      tierwise fmt --check rules
      tierwise fmt - < rules/hate.yaml
    """
    if paths == [_STDIN]:
        _standard_input(check=check)
        return
    files = list(_files(paths or [rules_folder(None)]))
    texts = {file: _read(file) for file in files}
    numeric = numeric_fields(_vocabulary(texts))
    changed, broken = [], False
    for file, text in texts.items():
        result = _formatted(file.as_posix(), text, numeric)
        broken = _complain(result, file.as_posix(), text) or broken
        if result.changed:
            changed.append(file)
            if not check:
                _write(file, result.text)
    _report(changed, len(files), check=check)
    if broken or (check and changed):
        raise typer.Exit(1)


def _standard_input(*, check: bool) -> None:
    text = sys.stdin.buffer.read()
    result = _formatted("-", text, numeric_fields(_vocabulary({})))
    broken = _complain(result, "-", text)
    if not check:
        sys.stdout.buffer.write(text if broken else result.text.encode())
        sys.stdout.buffer.flush()
    if broken or (check and result.changed):
        raise typer.Exit(1)


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    mistakes = Mistakes()
    seen: set[Path] = set()
    for path in paths:
        for file, _ in rule_files(path, mistakes):
            if file not in seen:
                seen.add(file)
                yield file
    for mistake in mistakes.found:
        raise typer.BadParameter(mistake.message)


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as problem:
        message = f"`{file}` cannot be read: {problem.strerror}"
        raise typer.BadParameter(message) from problem


def _vocabulary(texts: dict[Path, bytes]) -> Iterator[tuple[str, str]]:
    """The files that may declare fields: those given, and those of ./rules."""
    around = [file for file, _ in rule_files(Path("rules"), Mistakes()) if file not in texts]
    for file, text in [*texts.items(), *((file, _read(file)) for file in around)]:
        yield file.as_posix(), text.decode("utf-8", "replace")


def _formatted(name: str, text: bytes, numeric: frozenset[str]) -> Formatted:
    try:
        decoded = text.decode()
    except UnicodeDecodeError as problem:
        line = text.count(b"\n", 0, problem.start) + 1
        mistake = Diagnostic(
            code="encoding",
            level=Level.ERROR,
            message="this file is not UTF-8",
            span=Span(name, line, 1),
            hint="save it as UTF-8",
        )
        return Formatted(text="", changed=False, diagnostics=(mistake,))
    return format_text(name, decoded, numeric=numeric)


def _complain(result: Formatted, name: str, text: bytes) -> bool:
    """Show why a file was left alone; whether it was."""
    if result.diagnostics:
        typer.echo(as_text(result.diagnostics, {name: text}), err=True, nl=False)
    return bool(result.diagnostics)


def _write(file: Path, text: str) -> None:
    """Put the new text in place of the old at once: a file is never half written."""
    target = file.resolve()
    beside = target.with_name(f".{target.name}.new")
    beside.write_bytes(text.encode())
    beside.chmod(target.stat().st_mode)
    beside.replace(target)


def _report(changed: Sequence[Path], files: int, *, check: bool) -> None:
    verb = "would be formatted" if check else "formatted"
    for file in changed:
        typer.echo(f"{file.as_posix()}: {verb}")
    typer.echo(f"{len(changed)} of {files} files {verb}")
