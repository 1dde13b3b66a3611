"""Single values as JSON Schema: what a person may write for a number, a duration, a name."""

from collections.abc import Iterable, Mapping, Sequence

from engine.rules.quantities import UNITS
from engine.rules.vocabulary import FieldType

#: A schema, or a part of one.
Schema = Mapping[str, object]

_NUMBER = r"[+-]?(\d+(\.\d+)?|\.\d+)([eE][+-]?\d{1,3})?"
_SETTING: Schema = {"type": "string", "pattern": r"^\$[A-Za-z_][\w-]*$"}
_YES_NO = ("yes", "no", "true", "false", "Yes", "No", "True", "False", "YES", "NO", "TRUE", "FALSE")

TEXT: Schema = {"type": ["string", "number", "boolean"]}
"""A word or text; YAML may see a number or a truth value in it, Tierwise does not."""
WORD: Schema = {"type": ["string", "number", "boolean", "null"]}
"""A word of a list, where even `null` is a word."""
NAME: Schema = {"type": ["string", "integer"], "pattern": r"^[a-z0-9][a-z0-9_./-]*$"}
YES_NO: Schema = {"anyOf": [{"type": "boolean"}, {"enum": list(_YES_NO)}]}
NUMBER: Schema = {
    "anyOf": [{"type": "number"}, {"type": "string", "pattern": f"^{_NUMBER}$"}, _SETTING]
}
SHARE: Schema = {
    "anyOf": [
        {"type": "number", "minimum": 0, "maximum": 1},
        {"type": "string", "pattern": r"^\+?(0?\.\d+|0|0\.\d+|1|1\.0+)$"},
        {"type": "string", "pattern": r"^\+?(100(\.0+)?|\d{1,2}(\.\d+)?)\s*%$"},
        _SETTING,
    ]
}
COUNT: Schema = {
    "anyOf": [
        {"type": "integer", "minimum": 0},
        {"type": "string", "pattern": r"^\+?\d+$"},
        _SETTING,
    ]
}
_UNIT = "|".join(UNITS)
DURATION: Schema = {
    "anyOf": [
        {
            "type": "string",
            "pattern": rf"^\d+(\.\d+)?\s+({_UNIT})s?$",
            "examples": ["30 minutes", "12 hours", "3 days"],
        },
        _SETTING,
    ]
}
DATE: Schema = {
    "anyOf": [
        {
            "type": "string",
            "pattern": r"^\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}(:\d{2})?)?(\s*[A-Za-z+-][\w/:+-]*)?$",
            "examples": ["2030-12-31", "2030-12-31 18:00 Europe/Berlin"],
        },
        _SETTING,
    ]
}
LANGUAGE: Schema = {"type": ["string", "boolean"]}
LENGTH: Schema = {
    "anyOf": [
        {"type": "integer", "minimum": 0},
        {"type": "string", "pattern": r"^\d+( characters)?$"},
        _SETTING,
    ]
}
PORTION: Schema = {
    "type": "string",
    "pattern": r"^\S+\s*%?\s+of\s+(items|authors)$",
    "examples": ["2% of items", "10% of authors"],
}
SHORTHAND: Schema = {"type": "string", "pattern": r"^(>=|<=|==|!=|=|>|<)\s*\S"}

_CONSTANTS: Mapping[FieldType, Schema] = {
    FieldType.NUMBER: NUMBER,
    FieldType.SCORE: SHARE,
    FieldType.SHARE: SHARE,
    FieldType.COUNT: COUNT,
    FieldType.DURATION: DURATION,
    FieldType.DATE: DATE,
    FieldType.YES_NO: YES_NO,
}


def constant(kind: FieldType) -> Schema:
    """One value of a field."""
    return _CONSTANTS.get(kind, TEXT)


def described(schema: Schema, about: str | None) -> Schema:
    """The schema with a sentence an editor shows."""
    return {**schema, "description": about} if about else schema


def one_of(words: Iterable[str], otherwise: Schema = TEXT) -> Schema:
    """One of these words; where there are none to choose from, whatever else is possible."""
    known: list[str | int | bool] = [str(word) for word in words]
    # what YAML takes for a number or a truth value is still this word
    known += [int(word) for word in known if isinstance(word, str) and word.isdecimal()]
    known += [word == "true" for word in known if word in ("true", "false")]
    return {"enum": known} if known else otherwise


def many(item: Schema) -> Schema:
    """One value, or a list of values."""
    return {"anyOf": [item, listed(item)]}


def listed(item: Schema) -> Schema:
    """A list that is not empty."""
    return {"type": "array", "items": item, "minItems": 1}


def mapping(
    properties: Mapping[str, Schema], *, required: Sequence[str] = (), others: Schema | bool = False
) -> Schema:
    """`key: value` lines; other keys are not possible, or of one kind."""
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(required),
        "additionalProperties": others,
        "minProperties": 1,
    }


def ref(name: str) -> Schema:
    """A part of the schema that stands under `$defs`."""
    return {"$ref": f"#/$defs/{name}"}
