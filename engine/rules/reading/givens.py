"""Items as tests and fixtures write them: values by field, `missing`, and names ending in `.*`."""

from engine.item import Value
from engine.rules.documents import Mapping, Node, Scalar
from engine.rules.reading import constants
from engine.rules.reading.mistakes import Mistakes
from engine.rules.reading.names import Names
from engine.rules.reading.reader import Reader
from engine.rules.reading.shapes import keys_of, lines_of, require
from engine.rules.suggestions import shown
from engine.rules.vocabulary import Field, FieldType

#: What an item brings; None: taken away.
Given = dict[str, Value | None]

_ALWAYS = ("item.kind", "item.market", "item.language")
_COMPUTED = ("counter.*", "points.*")


def given(reader: Reader, node: Node | None) -> Given:
    """The values of an item; a name beats a wildcard, whatever their order."""
    if node is None:
        return {}
    if not isinstance(node, Mapping):
        hint = "write `{ score.hate: 0.97 }`"
        reader.error("shape", "fields and their values should stand here", node, hint)
        return {}
    named: Given = {}
    wild: Given = {}
    for key, value in lines_of(reader, node):
        if key.value.endswith("*"):
            wild.update(_wildcard(reader, key, value))
        else:
            _one(reader, key, value, named)
    return {**wild, **named} if wild else named


def given_row(reader: Reader, columns: list[Scalar], values: list[Node]) -> Given:
    """The values of one row of a table."""
    pairs: list[tuple[Node, Node]] = list(zip(columns, values, strict=True))
    row = reader.document.node
    return given(reader, Mapping("", pairs, row.start_mark, row.end_mark))


def _one(reader: Reader, key: Scalar, node: Node, found: Given) -> None:
    field = _field(reader, key)
    if field is None:
        return
    if is_missing(node):
        found[key.value] = None
        return
    value = constants.value(reader, field, node)
    if value is not None:
        found[key.value] = value


def is_missing(node: Node) -> bool:
    """Whether `missing` was written, without quotes."""
    return isinstance(node, Scalar) and node.value == "missing" and node.style not in ("'", '"')


def _field(reader: Reader, key: Scalar) -> Field | None:
    name = key.value
    field = reader.names.fields.get(name)
    if field is None and not reader.names.declared("field", name):
        if name in _ALWAYS:
            return Field(name=name, type=FieldType.TEXT_ID, span=reader.document.span)
        kind, _, rest = name.partition(".")
        if kind not in ("counter", "points") or not reader.names.declared(kind, rest):
            reader.unknown("field", key, reader.names.fields)
    return field


def _wildcard(reader: Reader, key: Scalar, node: Node) -> Given:
    fields = reader.names.fields
    prefix = key.value.removesuffix("*")
    covered = sorted(name for name in fields if name.startswith(prefix) and prefix.endswith("."))
    if not covered and key.value not in _COMPUTED:
        if reader.names.of("field"):
            message = f"no field begins with `{shown(prefix)}`"
            prefixes = {f"{name.rsplit('.', 1)[0]}.*" for name in fields if "." in name}
            hint = reader.mistakes.suggestion(key.value, prefixes)
            reader.error("unknown-field", message, key, hint)
        return {}
    found: Given = {}
    before = len(reader.mistakes.found)
    for name in covered:
        if is_missing(node):
            found[name] = None
            continue
        value = constants.value(reader, fields[name], node)
        if value is not None:
            found[name] = value
        if len(reader.mistakes.found) > before:
            break
    return found


def read_fixtures(names: Names, mistakes: Mistakes) -> dict[str, Given]:
    """All fixtures."""
    found: dict[str, Given] = {}
    for document in names.all_of("fixture"):
        reader = Reader(document, names, mistakes)
        keys = keys_of(reader, document.node, ("fixture", "item", "title", "about")) or {}
        require(reader, keys, ("item",), document.node)
        found[document.name] = given(reader, keys.get("item"))
    return found
