"""Constants after an operator: of its field's type, one or several, or the names of lists."""

from engine.rules.documents import Mapping, Node, Sequence
from engine.rules.model import Constant, FieldRef, ListRefs
from engine.rules.reading import constants
from engine.rules.reading.constants import settled
from engine.rules.reading.reader import Reader
from engine.rules.reading.scalars import names, scalar
from engine.rules.reading.shapes import (
    items_of,
    keys_of,
)
from engine.rules.reading.texts import NO_MODIFIERS, Modifiers, text_constant
from engine.rules.vocabulary import Field, FieldType, Operator

_MANY = (
    Operator.IS_ANY,
    Operator.IS_NONE,
    Operator.INCLUDES_ANY,
    Operator.INCLUDES_ALL,
    Operator.INCLUDES_NONE,
)
_LISTS = (
    Operator.IS_ANY_IN,
    Operator.IS_NONE_IN,
    Operator.INCLUDES_ANY_IN,
    Operator.ALL_IN,
    Operator.NONE_IN,
    Operator.HAS_ANY_IN,
    Operator.HAS_NONE_IN,
)


def operand(
    reader: Reader,
    field: Field,
    operator: Operator,
    node: Node,
    used: list[str],
    extra: Modifiers = NO_MODIFIERS,
) -> Constant | None:
    """The constant of one operator; None: it has a mistake. Settings are added to `used`."""
    if operator in _LISTS:
        return _lists(reader, field, node, extra)
    if field.type is FieldType.TEXT and operator is not Operator.IS_MISSING:
        return text_constant(reader, operator, node, extra, used)
    if field.type is FieldType.YES_NO or operator is Operator.IS_MISSING:
        place = settled(reader, node, used)
        return constants.yes_no(*place) if place is not None else None
    if isinstance(node, Mapping):
        return _other_field(reader, field, operator, node)
    if field.type.numeric:
        return _numeric(reader, field, operator, node, used)
    return _names(reader, field, operator, node, used)


def _numeric(
    reader: Reader, field: Field, operator: Operator, node: Node, used: list[str]
) -> Constant | None:
    if operator is Operator.BETWEEN:
        return _between(reader, field, node, used)
    if operator in _MANY:
        found = [_number(reader, field, operator, item, used) for item in items_of(reader, node)]
        return tuple(one for one in found if one is not None) if None not in found else None
    return _number(reader, field, operator, node, used)


def _number(
    reader: Reader, field: Field, operator: Operator, node: Node, used: list[str]
) -> float | None:
    place = settled(reader, node, used)
    return constants.number(place[0], field, place[1], operator) if place is not None else None


def _between(reader: Reader, field: Field, node: Node, used: list[str]) -> Constant | None:
    items = node.value if isinstance(node, Sequence) else []
    if len(items) != len(("low", "high")):
        hint = "write `between: [low, high]`"
        reader.error("between", "`between` takes two values", node, hint)
        return None
    low, high = (_number(reader, field, Operator.BETWEEN, item, used) for item in items)
    if low is None or high is None:
        return None
    if low > high:
        hint = "put the smaller value first"
        reader.error("between", "nothing lies between a value and a smaller one", node, hint)
        return None
    return (low, high)


def _names(
    reader: Reader, field: Field, operator: Operator, node: Node, used: list[str]
) -> Constant | None:
    many = operator in _MANY
    if not many and isinstance(node, Sequence):
        instead = "is_any" if operator is Operator.IS else "is_none"
        message = f"`{operator}` takes one value, not a list"
        reader.error("shape", message, node, f"did you mean `{instead}`?")
        return None
    found: list[str] = []
    complete = True
    for item in items_of(reader, node):
        place = settled(reader, item, used)
        one = constants.name(place[0], field, place[1]) if place is not None else None
        complete = complete and one is not None
        if one is not None and one not in found:
            found.append(one)
    return tuple(found) if complete and found else None


def _other_field(
    reader: Reader, field: Field, operator: Operator, node: Mapping
) -> FieldRef | None:
    keys = keys_of(reader, node, ("field",))
    written = scalar(reader, keys.get("field")) if keys else None
    if written is None:
        return None
    other = reader.names.fields.get(written.value)
    if other is None:
        if not reader.names.declared("field", written.value):
            reader.unknown("field", written, reader.names.fields)
        return None
    if operator in _MANY or operator is Operator.BETWEEN or field.type.is_set:
        message = f"`{operator}` does not compare with another field"
        reader.error("operator", message, node, "name the values themselves")
        return None
    if _comparable(field.type) != _comparable(other.type):
        message = (
            f"`{field.name}` ({field.type}) cannot be compared with `{other.name}` ({other.type})"
        )
        reader.error("operator", message, written)
        return None
    return FieldRef(other.name)


def _comparable(kind: FieldType) -> str:
    if kind in (FieldType.NUMBER, FieldType.SCORE, FieldType.SHARE, FieldType.COUNT):
        return "number"
    return "name" if kind in (FieldType.CHOICE, FieldType.TEXT_ID) else str(kind)


def _fitting(kind: FieldType) -> tuple[str, ...]:
    if kind is FieldType.TEXT:
        return ("words", "phrases")
    return ("domains",) if kind is FieldType.DOMAINS else ("ids", "hashes")


def _lists(reader: Reader, field: Field, node: Node, extra: Modifiers) -> ListRefs | None:
    if isinstance(node, Mapping):
        reader.error("shape", "names of lists should stand here", node, "write `[my-list]`")
        return None
    kinds = reader.names.list_kinds
    found: list[str] = []
    for one in names(reader, node):
        if one.value not in kinds:
            if not reader.names.declared("list", one.value):
                reader.unknown("list", one, kinds)
        elif kinds[one.value] not in _fitting(field.type):
            message = f"`{one.value}` is a list of {kinds[one.value]}, and `{field.name}` "
            message += f"({field.type}) takes one of {' or '.join(_fitting(field.type))}"
            reader.error("list-type", message, one)
        else:
            found.append(one.value)
    return ListRefs(tuple(found), extra.exceptions) if found else None
