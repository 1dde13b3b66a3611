"""One document while it is read: where its values stand, which settings hold, what is wrong."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from engine.diagnostics import Level, Span
from engine.rules.documents import Document, Node, Scalar
from engine.rules.reading.mistakes import Mistakes
from engine.rules.reading.names import Names
from engine.rules.suggestions import quoted, shown

_SETTING = re.compile(r"\$([A-Za-z_][\w-]*)", re.ASCII)
_MOST_LISTED = 12
_VOCABULARY = ("field", "reason", "queue")


@dataclass(frozen=True, slots=True)
class Setting:
    """A value with a name, for use as `$name`."""

    document: Document
    key: Scalar
    node: Scalar

    @property
    def text(self) -> str:
        """The value as written."""
        return self.node.value


@dataclass(frozen=True, slots=True)
class Reader:
    """What reading a document needs to know, and where it leaves its findings."""

    document: Document
    names: Names
    mistakes: Mistakes
    settings: Mapping[str, Setting] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    """Names of the settings that were used."""

    def span(self, node: Node) -> Span:
        """Where a value stands."""
        return self.document.span_of(node)

    def error(self, code: str, message: str, node: Node, hint: str | None = None) -> None:
        """Note a mistake at a value."""
        self.mistakes.add(code, message, self.document.span_of(node), hint)

    def warn(self, code: str, message: str, node: Node, hint: str | None = None) -> None:
        """Note something at a value that a person should look at."""
        span = self.document.span_of(node)
        self.mistakes.add(code, message, span, hint, level=Level.WARNING)

    def unknown(self, what: str, node: Scalar, candidates: Collection[str]) -> None:
        """Note a name that does not exist, with the nearest that does."""
        if what in _VOCABULARY and not candidates:
            self.none_declared(what, node)
            return
        hint = self.mistakes.suggestion(node.value, candidates)
        if hint is None and 0 < len(candidates) <= _MOST_LISTED:
            hint = f"possible here: {quoted(sorted(candidates))}"
        code = f"unknown-{what.rsplit(' ', maxsplit=1)[-1]}"
        self.error(code, f"there is no {what} `{shown(node.value)}`", node, hint)

    def none_declared(self, kind: str, node: Scalar) -> None:
        """Note, once for all, that the files with a part of the vocabulary are not there."""
        if self.mistakes.first_of(kind):
            message = f"there is no {kind} `{shown(node.value)}`: these files declare none at all"
            hint = "check the whole folder, with the files that declare the vocabulary"
            self.error(f"unknown-{kind}", message, node, hint)

    def resolved(self, node: Node, *, strict: bool = True) -> "tuple[Reader, Node] | None":
        """The value itself, or what stands behind `$name`, with the reader of its document.

        None: there is no such setting, which is noted unless `strict` is off.
        """
        if not isinstance(node, Scalar) or not node.value.startswith("$"):
            return self, node
        found = _SETTING.fullmatch(node.value)
        if found is None or (not strict and (found[1] not in self.settings or node.style)):
            return self, node
        setting = self.settings.get(found[1])
        if setting is None:
            self._no_setting(found[1], node)
            return None
        self.used.add(found[1])
        return replace(self, document=setting.document, settings={}), setting.node

    def _no_setting(self, name: str, node: Scalar) -> None:
        lost = self.names.lost
        if ("file", self.document.file) in lost or ("setting", name) in lost:
            return
        hint = self.mistakes.suggestion(name, tuple(self.settings))
        if self.document.kind not in ("rule", "variant"):
            hint = "only rules and their variants have settings: write the value itself"
        elif hint is not None:
            hint = hint.replace("`", "`$", 1)
        elif not self.settings:
            hint = f"declare it: `settings: {{ {name}: … }}`"
        self.error("unknown-setting", f"there is no setting `${name}`", node, hint)
