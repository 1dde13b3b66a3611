"""All names that the documents of a policy declare, and which of them went lost with a mistake."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from engine.rules.documents import KINDS, Document, parts, plain_text
from engine.rules.limits import NAME_LENGTH
from engine.rules.reading.mistakes import Mistakes
from engine.rules.vocabulary import BUILT_IN_ACTIONS, Action, Field, Queue, Reason

NAME = re.compile(r"[a-z0-9][a-z0-9_./-]*")
_FREE_NAMES = frozenset({"file", "test"})
#: Documents of these kinds share one row of names.
_SAME_ROW = {"variant": "rule"}
_HEAD = re.compile(rf"^({'|'.join(KINDS)}):[ \t]+([^\s#]+)", re.MULTILINE)
_ANY_HEAD = re.compile(r"^([^\s#:]*)[ \t:]+([^\s#]+)", re.MULTILINE)


@dataclass(slots=True)
class Names:
    """What may be named, by kind; filled while the vocabulary is read."""

    documents: dict[str, dict[str, Document]] = field(default_factory=dict)
    """kind → name → the first document that declares it; variants stand among the rules."""
    repeated: list[Document] = field(default_factory=list)
    """Documents whose name was taken; read before the first ones, so that those stand."""
    lost: set[tuple[str, str]] = field(default_factory=set)
    """(kind, name) of documents that could not be read: naming them is no second mistake."""
    fields: dict[str, Field] = field(default_factory=dict)
    reasons: dict[str, Reason] = field(default_factory=dict)
    queues: dict[str, Queue] = field(default_factory=dict)
    actions: dict[str, Action] = field(default_factory=lambda: dict(BUILT_IN_ACTIONS))
    list_kinds: dict[str, str] = field(default_factory=dict)
    """list → what it is a list of."""

    def of(self, kind: str) -> Mapping[str, Document]:
        """The documents of a kind by name."""
        return self.documents.get(kind, {})

    def all_of(self, kind: str) -> Iterable[Document]:
        """The documents of a kind in order of name; of rules, those that are not variants."""
        found = self.of(_SAME_ROW.get(kind, kind))
        own = [found[name] for name in sorted(found) if found[name].kind == kind]
        return [*(one for one in self.repeated if one.kind == kind), *own]

    def declared(self, kind: str, name: str) -> bool:
        """Whether a document declares the name, even one that could not be read."""
        return name in self.of(kind) or (kind, name) in self.lost


def index(
    documents: Iterable[Document], texts_with_losses: Mapping[str, str], mistakes: Mistakes
) -> Names:
    """The names of all documents; the second of two equal ones is reported, and read as well."""
    names = Names()
    for document in documents:
        _check_name(document, mistakes)
        kind = _SAME_ROW.get(document.kind, document.kind)
        row = names.documents.setdefault(kind, {})
        if document.kind == "file":
            row.setdefault(document.file, document)
            continue
        first = row.setdefault(document.name, document)
        if first is not document:
            names.repeated.append(document)
            where = f"on line {first.span.line}"
            if first.file != document.file:
                where = f"in {first.file} on line {first.span.line}"
            mistakes.add(
                "duplicate-id",
                f"there is already a {first.kind} `{document.name}` {where}",
                document.span,
                "give one of the two another name",
                related=(first.span,),
            )
    _add_lost(names, texts_with_losses)
    return names


def _add_lost(names: Names, texts: Mapping[str, str]) -> None:
    """What the documents that could not be read declare, as far as can be seen."""
    for file, text in texts.items():
        for kind, written in _HEAD.findall(text):
            name = file if kind == "file" else written.strip("'\"")
            row = _SAME_ROW.get(kind, kind)
            if name not in names.of(row):
                names.lost.add((row, name))
        for _, part in parts(plain_text(text)):
            head = _ANY_HEAD.search(part)
            if head is not None and head[1] not in KINDS:
                names.lost.update((kind, head[2].strip("'\"")) for kind in KINDS)
                names.lost.add(("file", file))


def _check_name(document: Document, mistakes: Mistakes) -> None:
    name = document.name
    if len(name) > NAME_LENGTH:
        message = f"a name has at most {NAME_LENGTH} characters, this one has {len(name)}"
        mistakes.add("name", message, document.span)
    elif document.kind not in _FREE_NAMES and NAME.fullmatch(name) is None:
        value = document.node.value[0][1]
        letters = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
        proposal = re.sub(r"[^a-z0-9_./-]+", "-", letters).strip("-_./")
        hint = f"did you mean `{proposal}`?" if NAME.fullmatch(proposal) else None
        message = "a name is made of lower-case letters, digits, `-`, `_`, `.` and `/`"
        mistakes.add("name", message, document.span_of(value), hint)
