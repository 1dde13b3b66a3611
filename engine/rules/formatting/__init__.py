"""Rule files in their usual form: only white space, the order of keys and shorthands change."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from engine.diagnostics import Diagnostic, Level, Span
from engine.rules.documents import Document, plain_text, read_documents
from engine.rules.formatting.blocks import ordered
from engine.rules.formatting.flow import apply, spaced
from engine.rules.formatting.indentation import indented
from engine.rules.formatting.meaning import difference
from engine.rules.formatting.parts import comments_in, has_content, parts_of
from engine.rules.formatting.shorthand import numeric_fields, rewritten
from engine.rules.formatting.trailing import stripped

__all__ = ["Formatted", "format_text", "numeric_fields"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Formatted:
    """A file in its usual form, or why it was left alone."""

    text: str
    """As it was where there are diagnostics."""
    changed: bool
    diagnostics: tuple[Diagnostic, ...] = ()


def format_text(file: str, text: str, *, numeric: Collection[str] = ()) -> Formatted:
    """Put a file into its usual form; it is left alone if it cannot be read or would change.

    Args:
        file: Its name, for diagnostics.
        text: Its content.
        numeric: Declared fields that hold numbers; on them alone `'>= 1'` is a threshold.
    """
    documents, mistakes = read_documents(file, text)
    if mistakes:
        return Formatted(text=text, changed=False, diagnostics=tuple(mistakes))
    result = _formatted(file, plain_text(text), frozenset(numeric))
    problem = _problem(file, documents, result)
    if problem is None and Counter(comments_in(plain_text(text))) != Counter(comments_in(result)):
        problem = _left_alone(file, "a comment would be lost")
    if problem is not None:
        return Formatted(text=text, changed=False, diagnostics=(problem,))
    return Formatted(text=result, changed=result != text)


def _problem(file: str, before: list[Document], result: str) -> Diagnostic | None:
    after, mistakes = read_documents(file, result)
    found = mistakes[0].message if mistakes else difference(before, after)
    return None if found is None else _left_alone(file, found)


def _left_alone(file: str, why: str) -> Diagnostic:
    return Diagnostic(
        code="not-formatted",
        level=Level.ERROR,
        message=f"the file was left as it is: {why}",
        span=Span(file, 1, 1),
        hint="please report this file: formatting may never change what it says",
    )


def _formatted(file: str, text: str, numeric: frozenset[str]) -> str:
    result = ""
    for comment, part in parts_of(text):
        body = _document(file, part, numeric)
        mark = f"--- {comment}".rstrip() + "\n" if result or comment else ""
        result += mark + body
    return result


def _document(file: str, text: str, numeric: frozenset[str]) -> str:
    text = text if text.endswith("\n") else f"{text}\n"
    if not has_content(text):
        return stripped(text) if text.strip() else ""
    text = spaced(text)
    text = apply(text, list(rewritten(_read(file, text), numeric)))
    text = indented(text, _read(file, text).node)
    return stripped(ordered(_read(file, text)))


def _read(file: str, text: str) -> Document:
    return read_documents(file, text)[0][0]
