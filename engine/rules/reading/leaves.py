"""Leaves of conditions: a field, an operator that works on it, and a constant."""

import re

from engine.diagnostics import Span
from engine.rules.documents import Mapping, Node, Scalar, Sequence
from engine.rules.model import Constant, Leaf
from engine.rules.reading import constants
from engine.rules.reading.constants import settled
from engine.rules.reading.operands import operand
from engine.rules.reading.reader import Reader
from engine.rules.reading.shapes import (
    lines_of,
)
from engine.rules.reading.texts import MODIFIERS, NO_MODIFIERS, modifiers
from engine.rules.suggestions import quoted, shown
from engine.rules.vocabulary import Field, FieldType, Operator, bare_operator, operators_of

_SHORTHAND = re.compile(r"(>=|<=|==|!=|=|>|<)\s*(\S.*)")
_SIGNS = {
    ">": Operator.ABOVE,
    ">=": Operator.AT_LEAST,
    "<": Operator.BELOW,
    "<=": Operator.AT_MOST,
    "=": Operator.IS,
    "==": Operator.IS,
    "!=": Operator.IS_NOT,
}
_OTHER_WORDS = {
    "gt": ("above",),
    "gte": ("at_least",),
    "ge": ("at_least",),
    "min": ("at_least",),
    "more_than": ("above",),
    "lt": ("below",),
    "lte": ("at_most",),
    "le": ("at_most",),
    "max": ("at_most",),
    "less_than": ("below",),
    "range": ("between",),
    "equals": ("is", "exactly"),
    "eq": ("is", "exactly"),
    "not": ("is_not", "has_none", "includes_none"),
    "in": ("is_any", "includes_any", "has_any"),
    "not_in": ("is_none", "includes_none", "has_none"),
    "contains": ("has_any", "includes_any"),
    "includes": ("includes_any", "has_any"),
    "has": ("has_any", "includes_any"),
    "regex": ("matches",),
    "exists": ("is_missing",),
}


def leaves(reader: Reader, field: Field, key: Scalar, node: Node) -> list[Leaf]:
    """The leaves of one `field: …` line; several operators are several leaves."""
    span = reader.span(key)
    if isinstance(node, Mapping):
        only_field = [one.value for one, _ in node.value if isinstance(one, Scalar)] == ["field"]
        if not only_field:
            return _operators(reader, field, span, node)
    used: list[str] = []
    found = _bare(reader, field, node, used)
    if found is None:
        return []
    operator, constant = found
    return [
        Leaf(
            field=field.name, operator=operator, constant=constant, settings=tuple(used), span=span
        )
    ]


def _bare(
    reader: Reader, field: Field, node: Node, used: list[str]
) -> tuple[Operator, Constant] | None:
    operator = bare_operator(field.type, many=isinstance(node, Sequence))
    if field.type.numeric and isinstance(node, Scalar):
        place = settled(reader, node, used)
        if place is None or not isinstance(place[1], Scalar):
            return None
        shorthand = _SHORTHAND.fullmatch(place[1].value.strip())
        if shorthand is not None:
            return _from_shorthand(place[0], field, place[1])
    constant = operand(reader, field, operator, node, used)
    return None if constant is None else (operator, constant)


def _from_shorthand(reader: Reader, field: Field, node: Scalar) -> tuple[Operator, Constant] | None:
    found = _SHORTHAND.fullmatch(node.value.strip())
    if found is None:
        return None
    operator, written = _SIGNS[found[1]], found[2]
    if node.style not in ("'", '"'):
        inclusive = {">": "at_least", "<": "at_most"}.get(found[1])
        hint = f"write `{{ {operator}: {shown(written)} }}`"
        if inclusive is not None:
            hint += f", or `{{ {inclusive}: {shown(written)} }}` to include it"
        reader.error("comparison-sign", f"`{shown(node.value)}` is no constant", node, hint)
        return None
    plain = Scalar(node.tag, written, node.start_mark, node.end_mark, "")
    value = constants.number(reader, field, plain, operator)
    return None if value is None else (operator, value)


def _operators(reader: Reader, field: Field, span: Span, node: Mapping) -> list[Leaf]:
    found: list[Leaf] = []
    lines = list(lines_of(reader, node))
    extra = NO_MODIFIERS
    if field.type is FieldType.TEXT:
        extra = modifiers(reader, lines)
        lines = [(key, value) for key, value in lines if key.value not in MODIFIERS]
    found_operators = [(_operator(reader, field, key), value) for key, value in lines]
    pairs = [(operator, value) for operator, value in found_operators if operator is not None]
    if not lines and len(node.value) == extra.count:
        message = f"no operator stands under `{field.name}`"
        reader.error("empty", message, node, f"possible here: {quoted(operators_of(field.type))}")
    extra.check(reader, [operator for operator, _ in pairs])
    for operator, value in pairs:
        used: list[str] = []
        constant = operand(reader, field, operator, value, used, extra)
        if constant is not None:
            found.append(
                Leaf(
                    field=field.name,
                    operator=operator,
                    constant=constant,
                    settings=tuple(used),
                    span=span,
                )
            )
    return found


def _other_verbs(name: str) -> tuple[str, ...]:
    """The same operator for other types of fields: `is_any` for `has_any`."""
    verb, _, rest = name.partition("_")
    if verb not in ("is", "has", "includes"):
        return ()
    return (f"includes_{rest}", f"is_{rest}", f"has_{rest}", rest)


def _operator(reader: Reader, field: Field, key: Scalar) -> Operator | None:
    possible = operators_of(field.type)
    name = key.value
    if name in possible:
        return Operator(name)
    others = _OTHER_WORDS.get(name) or _other_verbs(name)
    other = next((one for one in others if one in possible), None)
    sign = _SIGNS.get(name)
    if other is not None or sign in possible:
        hint: str | None = f"did you mean `{other or sign}`?"
    else:
        extra = MODIFIERS if field.type is FieldType.TEXT else ()
        hint = reader.mistakes.suggestion(name, (*possible, *extra))
    message = f"`{shown(name)}` does not work on `{field.name}` ({field.type})"
    reader.error("operator", message, key, hint or f"possible here: {quoted(possible)}")
    return None
