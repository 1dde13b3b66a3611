"""YAML text as documents: each composed alone, nothing resolved, every value knowing its place."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from operator import is_
from typing import TYPE_CHECKING, TypeAlias

import yaml
from yaml._yaml import CParser

from engine.diagnostics import Diagnostic, Level, Span
from engine.rules.limits import DOCUMENT_DEPTH, DOCUMENT_VALUES
from engine.rules.suggestions import nearest, quoted, shown
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

#: The lines of a mapping.
Pairs: TypeAlias = "list[tuple[Node, Node]]"

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

#: Kinds that are no key of any other document.
_NEVER_INSIDE = frozenset(KINDS) - {
    "message",
    "reason",
    "queue",
    "action",
    "condition",
    "fixture",
}

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
        return Span(self.file, self.line + start.line + 1, start.column + 1, length or 1)

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
    for line, part in parts(plain_text(text)):
        node, problems = _composed(file, line, part)
        mistakes.extend(problems)
        if isinstance(node, Mapping):
            runs = _runs(node.value)
            for run in [one for one in runs if len(one) > 1] or runs:
                _read_run(_Part(file, line, part), run, documents, mistakes)
        elif node is not None:
            mistakes.append(_no_mapping(_Part(file, line, part), node))
    return documents, mistakes


def parts(text: str) -> Iterator[tuple[int, str]]:
    """The text between the lines `---`, and how many lines stand before it."""
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


def _composed(file: str, line: int, text: str) -> tuple[Node | None, list[Diagnostic]]:
    mistakes = refused_character(file, line, text) or yaml_features(file, line, text)
    if mistakes:
        return None, mistakes
    composer = _Composer(text) if _surely_small(text) else _BoundedComposer(text)
    try:
        node = composer.get_single_node()
    except _TooLarge as large:
        span = Span(file, line + large.mark.line + 1, large.mark.column + 1)
        return None, [_error(large.code, large.message, span, "split it into several documents")]
    except yaml.MarkedYAMLError as problem:
        return None, [syntax_mistake(file, line, text, problem)]
    return node, []  # type: ignore[return-value]  # nodes that come from text have marks


@dataclass(frozen=True, slots=True)
class _Part:
    """The text of one document, before it is known what it is."""

    file: str
    line: int
    text: str

    def span_of(self, node: Node) -> Span:
        """The place where a value begins, and the rest of it on that line."""
        start, end = node.start_mark, node.end_mark
        length = end.column - start.column if end.line == start.line else 1
        return Span(self.file, self.line + start.line + 1, start.column + 1, max(length, 1))


def _no_mapping(part: _Part, node: Node) -> Diagnostic:
    place = part.span_of(node)
    message = "a document is a row of `key: value` lines"
    hint = "begin with what it is and its name, such as `rule: my-rule`"
    if isinstance(node, Sequence):
        hint = "leave out the `-` at the beginning, and put a line `---` between documents"
    return _error("shape", message, Span(place.file, place.line, place.column), hint)


def _runs(pairs: Pairs) -> list[Pairs]:
    """The pairs of one document; more than one run where a line `---` was forgotten."""
    starts = [0]
    kind = pairs[0][0].value if pairs else ""
    for number, (key, value) in enumerate(pairs):
        if number == 0 or not isinstance(key, Scalar) or not isinstance(value, Scalar):
            continue
        if kind in KINDS and (key.value == kind or key.value in _NEVER_INSIDE):
            starts.append(number)
            kind = key.value
    return [pairs[start:end] for start, end in zip(starts, [*starts[1:], None], strict=True)]


def _read_run(
    part: _Part, pairs: Pairs, documents: list[Document], mistakes: list[Diagnostic]
) -> None:
    if not pairs:
        mistakes.append(
            _error("empty", "this document is empty", Span(part.file, part.line + 1, 1))
        )
        return
    key = pairs[0][0]
    if documents and documents[-1].line == part.line:
        message = f"`{key.value}:` begins a new document"
        hint = "put a line `---` above it"
        mistakes.append(_error("separator", message, part.span_of(key), hint))
    kind, pairs = _kind(part, pairs, mistakes)
    if kind is not None:
        document = _document(part, kind, pairs, mistakes)
        if document is not None:
            documents.append(document)


def _kind(part: _Part, pairs: Pairs, mistakes: list[Diagnostic]) -> tuple[str | None, Pairs]:
    """What the document is, with that key in front; a slip is noted, and read as it was meant."""
    first = pairs[0][0]
    kind = first.value if isinstance(first, Scalar) else ""
    if kind in KINDS:
        return kind, pairs
    place = part.span_of(first)
    if kind == "ladder":
        message = "`ladder` is not supported yet"
        mistakes.append(_error("not-supported", message, place, "write one rule per band"))
        return None, pairs
    for pair in pairs[1:]:
        if isinstance(pair[0], Scalar) and pair[0].value in KINDS and isinstance(pair[1], Scalar):
            later = pair[0].value
            message = f"the first key says what a document is, and `{shown(kind)}` does not"
            mistakes.append(_error("unknown-kind", message, place, f"put `{later}:` first"))
            return later, [pair, *(other for other in pairs if other is not pair)]
    near = nearest(kind, KINDS)
    hint = f"did you mean `{near}`?" if near else "a document begins with one of " + quoted(KINDS)
    message = f"there is no kind of document `{shown(kind)}`"
    mistakes.append(_error("unknown-kind", message, place, hint))
    if near is not None and isinstance(first, Scalar):
        meant = Scalar("", near, first.start_mark, first.end_mark, "")
        pairs = [(meant, pairs[0][1]), *pairs[1:]]
    return near, pairs


def _document(part: _Part, kind: str, pairs: Pairs, mistakes: list[Diagnostic]) -> Document | None:
    key, value = pairs[0]
    place = part.span_of(key)
    if not isinstance(value, Scalar) or not value.value.strip():
        message = f"a name has to stand after `{kind}:`"
        mistakes.append(_error("empty", message, place, f"give it a name: `{kind}: my-{kind}`"))
        return None
    length = place.length
    if value.end_mark.line == key.start_mark.line:
        length = value.end_mark.column - key.start_mark.column
    return Document(
        kind=kind,
        name=value.value.strip(),
        node=Mapping("", pairs, key.start_mark, pairs[-1][1].end_mark),
        file=part.file,
        span=Span(part.file, place.line, place.column, length),
        line=part.line,
        text=part.text,
        comment=_comment(part.text) if "#" in part.text[: key.start_mark.index] else None,
    )


def _comment(text: str) -> str | None:
    found = _COMMENT.match(text)
    if found is None:
        return None
    return "\n".join(line.strip().lstrip("#").strip() for line in found[1].strip().split("\n"))


def _error(code: str, message: str, span: Span, hint: str | None = None) -> Diagnostic:
    return Diagnostic(code=code, level=Level.ERROR, message=message, span=span, hint=hint)
