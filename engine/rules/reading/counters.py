"""`counter` and `points` documents: what is computed from items before rules look at them."""

from engine.rules import quantities
from engine.rules.documents import Document, Node, Sequence
from engine.rules.model import Counter, Points, PointsLine
from engine.rules.reading.conditions import Conditions, Uses, read_condition
from engine.rules.reading.reader import Reader
from engine.rules.reading.scalars import duration, optional, quantity, scalar, text
from engine.rules.reading.scope import kinds
from engine.rules.reading.shapes import is_empty, keys_of, report_empty, require
from engine.rules.vocabulary import FieldType

_COUNTER_KEYS = (
    "counter",
    "title",
    "about",
    "owner",
    "counts",
    "where",
    "per",
    "distinct",
    "within",
)
_POINTS_KEYS = ("points", "title", "about", "owner", "add")
_KEYED = (FieldType.CHOICE, FieldType.TEXT_ID, FieldType.SET, FieldType.DOMAINS)


def read_counters(conditions: Conditions) -> dict[str, Counter]:
    """All counters."""
    found: dict[str, Counter] = {}
    for document in conditions.names.all_of("counter"):
        one = _counter(Reader(document, conditions.names, conditions.mistakes), conditions)
        if one is not None:
            found[one.name] = one
    return found


def _counter(reader: Reader, conditions: Conditions) -> Counter | None:
    document = reader.document
    keys = keys_of(reader, document.node, _COUNTER_KEYS)
    if keys is None:
        return None
    require(reader, keys, ("per", "within"), document.node)
    where = None
    node = keys.get("where")
    if node is not None:
        where, uses = read_condition(reader, conditions, node)
        _refuse(reader, uses, ("counter.", "points.", "decision."), "a counter")
    return Counter(
        name=document.name,
        about=optional(reader, keys, "about"),
        kinds=kinds(reader, keys.get("counts")),
        where=where,
        per=_key(reader, keys.get("per")) or "",
        distinct=_key(reader, keys.get("distinct")),
        within=duration(reader, keys.get("within")) or 0.0,
        span=document.span,
    )


def _refuse(reader: Reader, uses: Uses, prefixes: tuple[str, ...], who: str) -> None:
    for name, span in uses.fields.items():
        if name.startswith(prefixes):
            code = "stage" if name.startswith("decision.") else "circle"
            reader.mistakes.add(code, f"{who} cannot use `{name}`, which is known only later", span)


def _key(reader: Reader, node: Node | None) -> str | None:
    found = scalar(reader, node)
    if found is None:
        return None
    field = reader.names.fields.get(found.value)
    if field is None:
        if not reader.names.declared("field", found.value):
            reader.unknown("field", found, reader.names.fields)
        return None
    if field.type not in _KEYED:
        message = f"nothing can be counted per `{field.name}` ({field.type})"
        reader.error("operator", message, found, "name a field that holds ids or sets")
        return None
    return field.name


def read_points(conditions: Conditions) -> tuple[dict[str, Points], dict[str, Uses]]:
    """All tables of points, and which fields each of them uses."""
    found: dict[str, Points] = {}
    uses: dict[str, Uses] = {}
    for document in conditions.names.all_of("points"):
        reader = Reader(document, conditions.names, conditions.mistakes)
        used = uses[document.name] = Uses()
        found[document.name] = _points(reader, document, conditions, used)
        _refuse(reader, used, ("decision.",), "a table of points")
    return found, uses


def _points(reader: Reader, document: Document, conditions: Conditions, used: Uses) -> Points:
    keys = keys_of(reader, document.node, _POINTS_KEYS) or {}
    require(reader, keys, ("add",), document.node)
    node = keys.get("add")
    lines: list[PointsLine] = []
    if isinstance(node, Sequence):
        if not node.value:
            reader.error("empty-list", "the list is empty", node)
        for item in node.value:
            if is_empty(item):
                report_empty(reader, item, None)
                continue
            line = _line(reader, item, conditions, used)
            if line is not None:
                lines.append(line)
    elif node is not None:
        hint = "begin each line with `-`: `- { points: 2, because: …, when: { … } }`"
        reader.error("shape", "`add:` takes a list of lines", node, hint)
    title = optional(reader, keys, "title")
    return Points(name=document.name, title=title, lines=tuple(lines), span=document.span)


def _line(reader: Reader, node: Node, conditions: Conditions, used: Uses) -> PointsLine | None:
    keys = keys_of(reader, node, ("points", "because", "when"))
    if keys is None:
        return None
    require(reader, keys, ("points", "because", "when"), node)
    points = quantity(reader, keys.get("points"), quantities.number)
    because = text(reader, keys.get("because"))
    when = keys.get("when")
    if when is None:
        return None
    condition, uses = read_condition(reader, conditions, when)
    for name, span in uses.fields.items():
        used.fields.setdefault(name, span)
    if condition is None or points is None or because is None:
        return None
    return PointsLine(points=points, because=because, when=condition, span=reader.span(node))
