"""Conditions: mappings in which every line has to hold, and lists of which any, all or none."""

import re
from dataclasses import dataclass, field

from engine.diagnostics import Span
from engine.rules.documents import Document, Mapping, Node, Scalar, Sequence
from engine.rules.limits import CONDITION_DEPTH, CONDITION_LEAVES
from engine.rules.model import AllOf, AnyOf, AtLeastOf, Condition, Meets, NoneOf
from engine.rules.reading.leaves import leaves
from engine.rules.reading.mistakes import Mistakes
from engine.rules.reading.names import Names
from engine.rules.reading.reader import Reader
from engine.rules.reading.scalars import names as names_of
from engine.rules.reading.shapes import is_empty, lines_of, report_empty
from engine.rules.suggestions import shown

#: Keys of a condition that are not fields.
WORDS = ("any", "all", "none", "meets")
_AT_LEAST = re.compile(r"at_least_(\d+)_of")
_AT_LEAST_KEYS = tuple(f"at_least_{count}_of" for count in range(2, 10))
_ABOUT = ("title", "about", "owner")
_INSTEAD = {
    "when": "write the lines without `when:`",
    "not": "did you mean `none`?",
    "and": "did you mean `all`?",
    "or": "did you mean `any`?",
}
#: Keys of rules that slip into conditions where `then:` is forgotten, or lines stand too deep.
_OUTSIDE = {
    **dict.fromkeys(
        ("tier", "action", "while_waiting", "reason", "queue", "priority", "sla", "strikes"),
        "it belongs under `then:`",
    ),
    **dict.fromkeys(("unless", "then", "tests", "if_missing"), "it stands at the level of `when:`"),
}


@dataclass(frozen=True, slots=True)
class Named:
    """A condition with a name, and how large it is with the ones it uses written out."""

    condition: Condition
    fields: frozenset[str]
    leaves: int
    depth: int


@dataclass(slots=True)
class Uses:
    """What one condition is made of, counted while it is read."""

    fields: dict[str, Span] = field(default_factory=dict)
    """field → where it is first used, or where the condition that uses it is named."""
    leaves: int = 0
    depth: int = 0


@dataclass(slots=True)
class Conditions:
    """The named conditions of a policy, each read when it is first needed."""

    names: Names
    mistakes: Mistakes
    _found: dict[str, Named | None] = field(default_factory=dict)
    _under_way: list[str] = field(default_factory=list)

    def find(self, reader: Reader, node: Scalar) -> Named | None:
        """The condition a `meets:` names; one that does not exist, or needs itself, is noted."""
        name = node.value
        document = self.names.of("condition").get(name)
        if document is None:
            if not self.names.declared("condition", name):
                reader.unknown("condition", node, self.names.of("condition"))
            return None
        if name in self._under_way:
            circle = [*self._under_way[self._under_way.index(name) :], name]
            message = " needs ".join(f"`{one}`" for one in circle)
            reader.error("circle", f"a condition cannot need itself: {message}", node)
            return None
        if name not in self._found and len(self._under_way) < CONDITION_DEPTH:
            self._read(name, document)
        elif name not in self._found:
            message = f"conditions need each other over more than {CONDITION_DEPTH} levels"
            reader.error("too-large", message, node)
            return None
        return self._found[name]

    def read_all(self) -> dict[str, Condition]:
        """All named conditions, also those that nothing uses."""
        for document in self.names.all_of("condition"):
            if document.name not in self._found:
                self._read(document.name, document)
        found = sorted(self._found.items())
        return {name: named.condition for name, named in found if named is not None}

    def _read(self, name: str, document: Document) -> None:
        self._under_way.append(name)
        reader = Reader(document, self.names, self.mistakes)
        lines = [
            (key, value)
            for key, value in document.node.value[1:]
            if not isinstance(key, Scalar)
            or key.value not in _ABOUT
            or key.value in self.names.fields
        ]
        body = Mapping("", lines, document.node.start_mark, document.node.end_mark)
        condition, uses = read_condition(reader, self, body)
        self._under_way.pop()
        self._found[name] = (
            Named(condition, frozenset(uses.fields), uses.leaves, uses.depth)
            if condition is not None
            else None
        )


def read_condition(
    reader: Reader, conditions: Conditions, node: Node
) -> tuple[Condition | None, Uses]:
    """A condition and what it uses; None if any part of it has a mistake."""
    uses = Uses()
    tree = _Tree(reader, conditions, uses)
    condition = tree.mapping(node, 1)
    if uses.leaves > CONDITION_LEAVES or uses.depth > CONDITION_DEPTH:
        message = (
            f"with the conditions it uses this one has {uses.leaves:,} lines"
            if uses.leaves > CONDITION_LEAVES
            else f"with the conditions it uses this one is {uses.depth} levels deep"
        )
        hint = f"at most {CONDITION_LEAVES:,} lines and {CONDITION_DEPTH} levels are possible"
        reader.error("too-large", message, node, hint)
        condition = None
    return condition, uses


@dataclass(frozen=True, slots=True)
class _Tree:
    """Reads one tree."""

    reader: Reader
    conditions: Conditions
    uses: Uses

    def mapping(self, node: Node, depth: int) -> Condition | None:
        """Lines that all have to hold."""
        reader = self.reader
        self.uses.depth = max(self.uses.depth, depth)
        if not isinstance(node, Mapping):
            hint: str | None = "write `all:` or `any:` above a list of conditions"
            if isinstance(node, Scalar):
                named = reader.names.declared("condition", node.value)
                hint = f"did you mean `meets: {node.value}`?" if named else None
            reader.error("shape", "`field: …` lines should stand here", node, hint)
            return None
        if not node.value:
            reader.error("empty", "there is no condition here", node)
            return None
        lines = list(lines_of(reader, node))
        if lines and self._belongs_outside(lines):
            return None
        entries = [self._entry(key, value, depth) for key, value in lines]
        if len(entries) < len(node.value) or not all(entries):
            return None
        parts = [part for entry in entries for part in entry]
        if len(parts) == 1:
            return parts[0]
        return AllOf(parts=tuple(parts), span=reader.span(node.value[0][0]))

    def _belongs_outside(self, lines: list[tuple[Scalar, Node]]) -> bool:
        """Whether keys of the rule have slipped into its condition; the first one is noted."""
        fields = self.reader.names.fields
        slipped = [key for key, _ in lines if key.value in _OUTSIDE and key.value not in fields]
        if slipped:
            for key, value in lines:
                if key not in slipped:
                    self._entry(key, value, 1)
            message = f"`{slipped[0].value}` is no part of a condition"
            self.reader.error("unknown-key", message, slipped[0], _OUTSIDE[slipped[0].value])
        return bool(slipped)

    def _entry(self, key: Scalar, value: Node, depth: int) -> list[Condition]:
        name = key.value
        declared = self.reader.names.fields.get(name)
        if declared is not None:
            self.uses.fields.setdefault(name, self.reader.span(key))
            found = leaves(self.reader, declared, key, value)
            self.uses.leaves += len(found)
            return list(found)
        if name == "meets":
            return self._meets(key, value, depth)
        if name in WORDS:
            return self._group(key, value, depth)
        at_least = _AT_LEAST.fullmatch(name)
        if at_least is not None:
            return self._at_least(key, value, int(at_least[1][:3]), depth)
        self._unknown_field(key)
        if name in _INSTEAD:
            self._look_inside(key, value, depth)
        return []

    def _look_inside(self, key: Scalar, value: Node, depth: int) -> None:
        """Checks what stands under a word that is no field but was meant as a group."""
        if isinstance(value, Sequence):
            self._parts(key, value, depth)
        elif isinstance(value, Mapping):
            self.mapping(value, depth + 1)

    def _parts(self, key: Scalar, value: Node, depth: int) -> tuple[Condition, ...] | None:
        reader = self.reader
        if not isinstance(value, Sequence):
            message = f"`{key.value}:` takes a list of conditions"
            reader.error("shape", message, key, "begin each of its lines with `-`")
            return None
        if not value.value:
            reader.error("empty-list", "the list is empty", value)
            return None
        parts: list[Condition] = []
        for item in value.value:
            if is_empty(item):
                report_empty(reader, item, None)
                continue
            one = self.mapping(item, depth + 1)
            if one is not None:
                parts.append(one)
        return tuple(parts) if len(parts) == len(value.value) else None

    def _group(self, key: Scalar, value: Node, depth: int) -> list[Condition]:
        parts = self._parts(key, value, depth)
        if parts is None:
            return []
        span = self.reader.span(key)
        if key.value == "any":
            return [AnyOf(parts=parts, span=span)]
        if key.value == "none":
            return [NoneOf(parts=parts, span=span)]
        return [AllOf(parts=parts, span=span)]

    def _at_least(self, key: Scalar, value: Node, count: int, depth: int) -> list[Condition]:
        parts = self._parts(key, value, depth)
        if key.value not in _AT_LEAST_KEYS:
            hint = "use `any:`" if count == 1 else None
            message = f"`{shown(key.value)}`: the number goes from 2 to 9"
            self.reader.error("unknown-key", message, key, hint)
            return []
        if isinstance(value, Sequence) and 0 < len(value.value) < count:
            message = f"`{key.value}` has only {len(value.value)} conditions, so it never holds"
            self.reader.error("range", message, key)
            return []
        if parts is None:
            return []
        return [AtLeastOf(count=count, parts=parts, span=self.reader.span(key))]

    def _meets(self, key: Scalar, value: Node, depth: int) -> list[Condition]:
        if isinstance(value, Mapping):
            hint = "write `meets: my-condition` or `meets: [one, two]`"
            self.reader.error("shape", "names of conditions should stand here", value, hint)
            return []
        found: list[Condition] = []
        nodes = names_of(self.reader, value)
        for node in nodes:
            named = self.conditions.find(self.reader, node)
            if named is None:
                continue
            span = self.reader.span(node)
            for name in named.fields:
                self.uses.fields.setdefault(name, span)
            self.uses.leaves += named.leaves
            self.uses.depth = max(self.uses.depth, depth + named.depth)
            found.append(Meets(name=node.value, condition=named.condition, span=span))
        del key
        return found if len(found) == len(nodes) else []

    def _unknown_computed(self, key: Scalar, kind: str, name: str) -> None:
        names = self.reader.names
        if not names.declared(kind, name):
            near = self.reader.mistakes.suggestion(name, names.of(kind))
            hint = near.replace("`", f"`{kind}.", 1) if near else None
            what = "are no" if kind == "points" else "is no"
            self.reader.error(f"unknown-{kind}", f"there {what} {kind} `{shown(name)}`", key, hint)

    def _unknown_field(self, key: Scalar) -> None:
        reader = self.reader
        fields = reader.names.fields
        name = key.value
        if reader.names.declared("field", name):
            return
        kind, _, rest = name.partition(".")
        if kind in ("counter", "points"):
            self._unknown_computed(key, kind, rest)
            return
        if not reader.names.of("field"):
            reader.none_declared("field", key)
            return
        hint = reader.mistakes.suggestion(name, (*fields, *WORDS, *_AT_LEAST_KEYS))
        if hint is None and reader.names.declared("condition", name):
            hint = f"did you mean `meets: {name}`?"
        hint = _INSTEAD.get(name, hint)
        reader.error("unknown-field", f"there is no field `{shown(name)}`", key, hint)
