"""Conditions as JSON Schema: the operators and constants each type of field takes."""

from collections.abc import Iterator, Mapping

from engine.rules.json_schema.names import Names
from engine.rules.json_schema.values import (
    LENGTH,
    SHORTHAND,
    TEXT,
    YES_NO,
    Schema,
    constant,
    described,
    listed,
    many,
    mapping,
    one_of,
    ref,
)
from engine.rules.vocabulary import Field, FieldType, Operator, operators_of
from engine.text.entry import Spelling

_LENGTHS = (Operator.LONGER_THAN, Operator.SHORTER_THAN)
_COMPARING = (
    Operator.ABOVE,
    Operator.AT_LEAST,
    Operator.BELOW,
    Operator.AT_MOST,
    Operator.IS,
    Operator.IS_NOT,
)
#: Fields that every item may have, declared or not.
_ALWAYS = ("item.kind", "item.market", "item.language")
_MISSING: Schema = {"const": "missing"}


def condition_parts(names: Names) -> dict[str, Schema]:
    """What stands under `$defs`: conditions, entries of word lists, items of tests."""
    return {
        "entry": _entry(),
        "entries": _several_entries(),
        "condition": condition(names),
        "conditions": listed(ref("condition")),
        "item": _item(names),
        **{_part(kind): _leaf(kind, constant(kind), names) for kind in FieldType},
    }


def condition(names: Names, first: Mapping[str, Schema] | None = None) -> Schema:
    """Lines that all have to hold; `first` are further keys that may stand among them."""
    properties: dict[str, Schema] = dict(first or {})
    for name, field in names.fields.items():
        properties.setdefault(name, _field(field, names))
    for word in ("any", "all", "none"):
        properties[word] = ref("conditions")
    properties["meets"] = many(one_of(names.conditions))
    for count in range(2, 10):
        properties[f"at_least_{count}_of"] = ref("conditions")
    others: Schema | bool = False
    if not names.fields:
        others = {"anyOf": [ref(_part(kind)) for kind in FieldType]}
    return mapping(properties, others=others)


def _part(kind: FieldType) -> str:
    return f"{kind.replace(' ', '-').replace('/', '-')}-condition"


def _field(field: Field, names: Names) -> Schema:
    if field.choices:
        return described(_leaf(field.type, one_of(field.choices), names), field.about)
    return described(ref(_part(field.type)), field.about)


def _leaf(kind: FieldType, value: Schema, names: Names) -> Schema:
    """What may stand after a field: a constant, or operators with theirs."""
    operators = {
        str(operator): _constant(kind, operator, value, names) for operator in operators_of(kind)
    }
    if kind is FieldType.TEXT:
        operators["spelling"] = one_of(Spelling)
        operators["except"] = ref("entries")
    return {"anyOf": [*_bare(kind, value, names), mapping(operators)]}


def _bare(kind: FieldType, value: Schema, names: Names) -> Iterator[Schema]:
    """What may stand there without an operator."""
    if kind is FieldType.TEXT:
        yield ref("entries")
    elif kind is FieldType.YES_NO:
        yield value
        yield _other_field(names)
    else:
        yield many(value)
        if kind.numeric:
            yield SHORTHAND
        if not kind.is_set:
            yield _other_field(names)


def _constant(kind: FieldType, operator: Operator, value: Schema, names: Names) -> Schema:
    if operator is Operator.IS_MISSING:
        return YES_NO
    if operator.endswith("_in"):
        return many(one_of(_lists(kind, names)))
    if operator in _LENGTHS:
        return LENGTH
    if kind is FieldType.TEXT:
        return many(TEXT) if operator is Operator.MATCHES else ref("entries")
    if operator is Operator.BETWEEN:
        return {"type": "array", "items": value, "minItems": 2, "maxItems": 2}
    return {"anyOf": [value, _other_field(names)]} if operator in _COMPARING else many(value)


def _other_field(names: Names) -> Schema:
    return mapping({"field": one_of(names.fields)}, required=("field",))


def _lists(kind: FieldType, names: Names) -> list[str]:
    """The lists that fit a field."""
    fitting = {FieldType.TEXT: ("words", "phrases"), FieldType.DOMAINS: ("domains",)}
    of = fitting.get(kind, ("ids", "hashes"))
    found = [name for name, each in names.lists.items() if each in of]
    # an empty choice would allow anything
    return found or (["(there is no such list)"] if names.lists else [])


def _entry() -> Schema:
    properties = {
        "word": TEXT,
        "phrase": TEXT,
        "spelling": one_of(Spelling),
        "except": ref("entries"),
    }
    return {"anyOf": [TEXT, mapping(properties)]}


def _several_entries() -> Schema:
    """Words; in a list even `null` is one."""
    one = ref("entry")
    return {"anyOf": [one, listed({"anyOf": [one, {"type": "null"}]})]}


def _item(names: Names) -> Schema:
    """Fields and their values, in tests."""
    anything: Schema = {"anyOf": [TEXT, {"type": "array"}]}
    if not names.fields:
        return mapping({}, others=anything)
    properties: dict[str, Schema] = dict.fromkeys(_ALWAYS, TEXT)
    properties.update({name: _value(field) for name, field in names.fields.items()})
    schema = mapping(properties)
    return {**schema, "patternProperties": {r"\.\*$": anything}, "minProperties": 0}


def _value(field: Field) -> Schema:
    value = one_of(field.choices) if field.choices else constant(field.type)
    if field.type.is_set:
        value = {"anyOf": [value, {"type": "array", "items": value}]}
    return described({"anyOf": [value, _MISSING]}, field.about)
