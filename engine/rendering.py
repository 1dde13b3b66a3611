"""Diagnostics as text for people, JSON for programs, SARIF for code scanners, and for GitHub."""

import json
import unicodedata
from collections.abc import Mapping, Sequence
from urllib.parse import quote

from engine.diagnostics import Diagnostic, Level, Span

_WIDEST = 160
_BEFORE_CARET = 60
_QUESTION = "did you mean"


def as_text(diagnostics: Sequence[Diagnostic], sources: Mapping[str, str | bytes]) -> str:
    """One paragraph per diagnostic, with the line it is about; empty without diagnostics.

    Args:
        diagnostics: What was found, in the order in which it is shown.
        sources: What stands in each file; a file that is not there is named without its lines.
    """
    lines_of = _Lines(sources)
    return "".join(line + "\n" for one in diagnostics for line in _paragraph(one, lines_of))


class _Lines:
    """Lines of files, split when they are first asked for."""

    def __init__(self, sources: Mapping[str, str | bytes]) -> None:
        self._sources = sources
        self._lines: dict[str, list[str]] = {}

    def at(self, span: Span) -> str | None:
        """The line a span begins in."""
        if span.file not in self._lines:
            content = self._sources.get(span.file, "")
            text = content.decode("utf-8", "replace") if isinstance(content, bytes) else content
            text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
            self._lines[span.file] = text.split("\n")
        lines = self._lines[span.file]
        line = lines[span.line - 1] if span.line <= len(lines) else ""
        return line if line.strip() else None


def _paragraph(one: Diagnostic, lines: _Lines) -> list[str]:
    place = f"{_clean(one.span.file)}:{one.span.line}:{one.span.column}"
    shown = [f"{place}  {one.level}[{one.code}]: {one.message}"]
    same_file = [span for span in one.related if span.file == one.span.file]
    other = " first here" if one.code.startswith("duplicate-") else " see here"
    label = f" {one.hint}" if one.hint is not None and one.hint.startswith(_QUESTION) else ""
    excerpt = _excerpt(one.span, lines, "^", label)
    excerpts = {span: _excerpt(span, lines, "-", other) for span in same_file}
    for _, excerpted in sorted({**excerpts, one.span: excerpt}.items()):
        shown += excerpted
    for span in one.related:
        if span not in same_file:
            shown.append(f"      {_clean(span.file)}:{span.line}:{span.column}")
            shown += _excerpt(span, lines, "-", other)
    if one.hint is not None and not (label and excerpt):
        shown.append(f"      = {one.hint}")
    return shown


def _excerpt(span: Span, lines: _Lines, sign: str, label: str) -> list[str]:
    line = lines.at(span)
    if line is None:
        return []
    start = span.column - 1
    first = max(0, start - _BEFORE_CARET) if len(line) > _WIDEST else 0
    cut = line[first : first + _WIDEST]
    before, covered = line[first:start], line[start : start + span.length]
    covered = covered[: max(first + _WIDEST - start, 1)]
    left = "…" if first else ""
    right = "…" if first + _WIDEST < len(line) else ""
    pad = " " * len(left) + "".join(_blank(char) for char in before)
    marks = sign * max(sum(_width(char) for char in covered), 1)
    return [
        f"{span.line:>5} | {left}{_clean(cut).rstrip()}{right}",
        f"      | {pad}{marks}{label}",
    ]


def _clean(text: str) -> str:
    """The text without anything that moves the cursor or turns the direction of writing."""
    return text if text.isascii() and text.isprintable() else "".join(map(_printable, text))


def _printable(char: str) -> str:
    if char == "\t" or char.isprintable():
        return char
    if char < " ":
        return chr(0x2400 + ord(char))
    return char if unicodedata.category(char) == "Zs" else "\ufffd"


def _blank(char: str) -> str:
    return "\t" if char == "\t" else " " * _width(char)


def _width(char: str) -> int:
    """How many columns a terminal gives the character."""
    if unicodedata.category(char) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in ("W", "F") else 1


def as_json(diagnostics: Sequence[Diagnostic]) -> str:
    """All facts of every diagnostic, and how many of each level there are."""
    found = [
        {
            "code": one.code,
            "level": str(one.level),
            "message": one.message,
            **_place(one.span),
            "hint": one.hint,
            "related": [_place(span) for span in one.related],
        }
        for one in diagnostics
    ]
    errors = sum(one.level is Level.ERROR for one in diagnostics)
    whole = {"diagnostics": found, "errors": errors, "warnings": len(found) - errors}
    return json.dumps(whole, indent=2, ensure_ascii=True) + "\n"


def _place(span: Span) -> dict[str, str | int]:
    return {
        "file": span.file,
        "line": span.line,
        "column": span.column,
        "length": span.length,
    }


def as_sarif(diagnostics: Sequence[Diagnostic], codes: Mapping[str, str]) -> str:
    """A SARIF 2.1.0 log with one run.

    Args:
        diagnostics: What was found.
        codes: What each code means.
    """
    used = sorted({one.code for one in diagnostics})
    rules = [{"id": code, "shortDescription": {"text": codes.get(code, code)}} for code in used]
    results = [_result(one, used.index(one.code)) for one in diagnostics]
    log = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": {"name": "tierwise", "rules": rules}},
                "columnKind": "unicodeCodePoints",
                "results": results,
            }
        ],
    }
    return json.dumps(log, indent=2, ensure_ascii=True) + "\n"


def _result(one: Diagnostic, rule: int) -> dict[str, object]:
    text = f"{one.message}; {one.hint}" if one.hint is not None else one.message
    result: dict[str, object] = {
        "ruleId": one.code,
        "ruleIndex": rule,
        "level": str(one.level),
        "message": {"text": text},
        "locations": [_location(one.span)],
    }
    if one.related:
        result["relatedLocations"] = [
            {"id": number, **_location(span)} for number, span in enumerate(one.related, start=1)
        ]
    return result


def _location(span: Span) -> dict[str, object]:
    region = {
        "startLine": span.line,
        "startColumn": span.column,
        "endColumn": span.column + span.length,
    }
    uri = quote(span.file.replace("\\", "/"), safe="/")
    return {"physicalLocation": {"artifactLocation": {"uri": uri}, "region": region}}


def as_github(diagnostics: Sequence[Diagnostic]) -> str:
    """Workflow commands that GitHub shows as annotations beside the lines."""
    return "".join(f"{_command(one)}\n" for one in diagnostics)


def _command(one: Diagnostic) -> str:
    span = one.span
    places = {
        "file": span.file,
        "line": span.line,
        "col": span.column,
        "endColumn": span.column + span.length,
        "title": one.code,
    }
    properties = ",".join(f"{name}={_property(str(value))}" for name, value in places.items())
    text = f"{one.message}\n{one.hint}" if one.hint is not None else one.message
    return f"::{one.level} {properties}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
