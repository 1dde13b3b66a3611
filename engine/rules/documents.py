"""YAML text as documents: each composed alone, nothing resolved, every value knowing its place."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from operator import is_
from typing import TYPE_CHECKING

import yaml
from yaml._yaml import CParser

from engine.diagnostics import Diagnostic, Level, Span
from engine.rules.limits import DOCUMENT_DEPTH, DOCUMENT_VALUES
from engine.rules.suggestions import nearest, quoted
from engine.rules.syntax import refused_character, syntax_mistake, yaml_features

if TYPE_CHECKING:

    class Node(yaml.Node):
        """A value that knows its place."""

        value: object
        start_mark: yaml.Mark
        end_mark: yaml.Mark

    class Scalar(Node):
        """A single value, as text; `style` is its quote, `|`, `>`, or empty."""

        value: str
        style: str

        def __init__(
            self, tag: str, value: str, start: yaml.Mark, end: yaml.Mark, style: str
        ) -> None: ...

    class Sequence(Node):
        """A list."""

        value: list[Node]

    class Mapping(Node):
        """Keys and values, in order."""

        value: list[tuple[Node, Node]]

        def __init__(
            self, tag: str, value: list[tuple[Node, Node]], start: yaml.Mark, end: yaml.Mark
        ) -> None: ...

else:
    Node, Scalar = yaml.Node, yaml.ScalarNode
    Sequence, Mapping = yaml.SequenceNode, yaml.MappingNode

#: The first key of a document says what it is.
KINDS = (
    "rule",
    "variant",
    "list",
    "condition",
    "counter",
    "points",
    "exempt",
    "message",
    "fixture",
    "test",
    "file",
    "field",
    "reason",
    "queue",
    "action",
)

_SEPARATOR = re.compile(r"^---(?:[ \t]+#.*|[ \t]*)$", re.MULTILINE)
_CONTENT = re.compile(r"^[ \t]*[^#\s]", re.MULTILINE)
#: Beyond this, keys stand at most at column 13.
_DEEP = "\n" + " " * 12
_COMMENT = re.compile(r"\s*((?:[ \t]*#[^\n]*\n)+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One document of a file. Places inside `node` count from the document's first line."""

    kind: str
    name: str
    node: Mapping
    file: str
    span: Span
    """Its first key and name."""
    line: int
    """How many lines of the file stand before it."""
    text: str
    comment: str | None = None
    """The comment lines above its first key, without the `#`."""

    def span_of(self, node: Node) -> Span:
        """Where a value stands in the file; of several lines only the first is covered."""
        start, end = node.start_mark, node.end_mark
        if start.line == end.line:
            length = end.column - start.column
        else:
            stop = self.text.find("\n", start.index)
            line = self.text[start.index : stop if stop >= 0 else len(self.text)]
            length = len(line.split(" #", maxsplit=1)[0].rstrip())
        return Span(self.file, self.line + start.line + 1, start.column + 1, max(length, 1))

    def span_at(self, index: int, length: int = 1) -> Span:
        """Where the character `index` of the document's text stands in the file."""
        line = self.text.count("\n", 0, index)
        column = index - (self.text.rfind("\n", 0, index) + 1)
        return Span(self.file, self.line + line + 1, column + 1, max(length, 1))


class _TooLarge(Exception):
    def __init__(self, mark: yaml.Mark, code: str, message: str) -> None:
        super().__init__(mark, code, message)
        self.mark = mark
        self.code = code
        self.message = message


class _Composer(CParser):
    """Composes nodes without giving any scalar a type.

    It is called back for every value of a file, so the callbacks are built-in functions that take
    any arguments and do nothing: Python functions in their place double the time.
    """

    resolve = "".format
    descend_resolver = is_
    ascend_resolver = bool

    def __init__(self, text: str) -> None:
        CParser.__init__(self, text)


class _BoundedComposer(_Composer):
    """Also stops at the limits of depth and size."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.depth = 0
        self.values = 0

    def descend_resolver(self, parent: Node | None, _index: object) -> None:  # type: ignore[override]  # any callable will do
        self.depth += 1
        self.values += 1
        if parent is not None and self.depth > DOCUMENT_DEPTH:
            message = f"nothing may stand more than {DOCUMENT_DEPTH} levels deep"
            raise _TooLarge(parent.start_mark, "too-deep", message)
        if parent is not None and self.values > DOCUMENT_VALUES:
            message = f"this document has more than {DOCUMENT_VALUES:,} values"
            raise _TooLarge(parent.start_mark, "too-large", message)

    def ascend_resolver(self) -> None:  # type: ignore[override]  # any callable will do
        self.depth -= 1


def _surely_small(text: str) -> bool:
    """Whether the limits cannot be reached, judged by signs alone.

    Every level needs a bracket, or stands at least a column to the right of the one around it.
    """
    return (
        text.count("[") + text.count("{") <= DOCUMENT_DEPTH - 18
        and len(text) < DOCUMENT_VALUES
        and _DEEP not in text
        and "- -" not in text
        and "? " not in text
    )


def lines_of(text: str) -> list[str]:
    """The lines of a file as positions count them: ended by LF, CR LF or CR, nothing else."""
    return plain_text(text).split("\n")


def plain_text(text: str) -> str:
    """The text without a byte order mark, its lines ended by LF."""
    text = text.removeprefix("\ufeff")
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def read_documents(file: str, text: str) -> tuple[list[Document], list[Diagnostic]]:
    """All documents of a file; one that is not YAML is reported, and only that one is lost."""
    documents: list[Document] = []
    mistakes: list[Diagnostic] = []
    for line, part in _parts(plain_text(text)):
        found = _read_document(file, line, part)
        if isinstance(found, Document):
            documents.append(found)
        else:
            mistakes.extend(found)
    return documents, mistakes


def _parts(text: str) -> Iterator[tuple[int, str]]:
    start = line = 0
    for separator in _SEPARATOR.finditer(text):
        part = text[start : separator.start()]
        if _CONTENT.search(part):
            yield line, part
        line += part.count("\n") + 1
        start = separator.end() + 1
    part = text[start:]
    if _CONTENT.search(part):
        yield line, part


def _read_document(file: str, line: int, text: str) -> Document | list[Diagnostic]:
    mistakes = refused_character(file, line, text) or yaml_features(file, line, text)
    if mistakes:
        return mistakes
    composer = _Composer(text) if _surely_small(text) else _BoundedComposer(text)
    try:
        node: Node | None = composer.get_single_node()  # type: ignore[assignment]  # ours, with marks
    except _TooLarge as large:
        span = Span(file, line + large.mark.line + 1, large.mark.column + 1)
        return [_error(large.code, large.message, span, "split it into several documents")]
    except yaml.MarkedYAMLError as problem:
        return [syntax_mistake(file, line, text, problem)]
    if node is None:
        return []
    return _named(file, line, text, node)


def _named(file: str, line: int, text: str, node: Node) -> Document | list[Diagnostic]:
    first = Span(file, line + node.start_mark.line + 1, node.start_mark.column + 1)
    if not isinstance(node, Mapping):
        message = "a document is a row of `key: value` lines"
        hint = (
            "leave out the `-` at the beginning, and put a line `---` between documents"
            if isinstance(node, Sequence)
            else "begin with what it is and its name, such as `rule: my-rule`"
        )
        return [_error("shape", message, first, hint)]
    if not node.value:
        return [_error("empty", "this document is empty", first)]
    key, value = node.value[0]
    end = key.end_mark if isinstance(key, Scalar) else key.start_mark
    first = Span(file, first.line, first.column, max(end.column - key.start_mark.column, 1))
    kind = key.value if isinstance(key, Scalar) else ""
    if kind not in KINDS:
        return [_unknown_kind(kind, node, first)]
    if not isinstance(value, Scalar) or not value.value.strip():
        message = f"a name has to stand after `{kind}:`"
        return [_error("empty", message, first, f"give it a name: `{kind}: my-{kind}`")]
    length = max(value.end_mark.column - key.start_mark.column, 1)
    if value.end_mark.line != key.start_mark.line:
        length = first.length
    return Document(
        kind=kind,
        name=value.value.strip(),
        node=node,
        file=file,
        span=Span(file, first.line, first.column, length),
        line=line,
        text=text,
        comment=_comment(text) if "#" in text[: key.start_mark.index] else None,
    )


def _unknown_kind(kind: str, node: Mapping, span: Span) -> Diagnostic:
    if kind == "ladder":
        message = "`ladder` is not supported yet"
        return _error("not-supported", message, span, "write one rule per band")
    keys = [key.value for key, _ in node.value[1:] if isinstance(key, Scalar)]
    later = next((key for key in keys if key in KINDS), None)
    if later is not None:
        message = f"the first key says what a document is, and `{kind}` is no kind of document"
        return _error("unknown-kind", message, span, f"put `{later}:` first")
    near = nearest(kind, KINDS)
    hint = f"did you mean `{near}`?" if near else "a document begins with one of " + quoted(KINDS)
    return _error("unknown-kind", f"there is no kind of document `{kind}`", span, hint)


def _comment(text: str) -> str | None:
    found = _COMMENT.match(text)
    if found is None:
        return None
    return "\n".join(line.strip().lstrip("#").strip() for line in found[1].strip().split("\n"))


def _error(code: str, message: str, span: Span, hint: str | None = None) -> Diagnostic:
    return Diagnostic(code=code, level=Level.ERROR, message=message, span=span, hint=hint)
