"""What may be written where in rule files, small enough to be sent to a browser."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from engine.rules.documents import KINDS
from engine.rules.json_schema import Schema, json_schema
from engine.rules.model import Policy

_YES_NO: Final = ("yes", "no")
_REF: Final = "#/$defs/"
_CHOICES: Final = ("anyOf", "oneOf")


def completions(policy: Policy | None) -> dict[str, Any]:
    """The JSON Schema of rule files, flattened: nodes by number.

    A node has `keys` (name → node), `values`, `members` (the node of what a list holds) and
    `others` (the node of what stands under any other key), as far as there are any. `kinds` has
    the node of each document.
    """
    schema = json_schema(policy)
    parts: Mapping[str, Schema] = schema["$defs"]  # type: ignore[assignment]  # as JSON Schema has it
    nodes = _Nodes(parts)
    kinds = {kind: nodes.of([parts[f"{kind}-document"]]) for kind in KINDS}
    return {"kinds": kinds, "nodes": nodes.made}


class _Nodes:
    """Numbers what may stand at a place; places where the same may stand share a number."""

    def __init__(self, parts: Mapping[str, Schema]) -> None:
        self._parts = parts
        self._known: dict[object, int] = {}
        self.made: list[dict[str, Any]] = []

    def of(self, schemas: list[Schema]) -> int:
        """The number of the place for which these hold, one or another."""
        plain = list(self._plain(schemas, set()))
        words = tuple(dict.fromkeys(word for each in plain for word in _values(each)))
        deep = [
            each for each in plain if {"properties", "items", "additionalProperties"} & set(each)
        ]
        key: object = words if not deep else frozenset(id(each) for each in plain)
        if key not in self._known:
            self._known[key] = len(self.made)
            node: dict[str, Any] = {"values": list(words)} if words else {}
            self.made.append(node)
            self._fill(node, deep)
        return self._known[key]

    def _fill(self, node: dict[str, Any], schemas: list[Schema]) -> None:
        keys: dict[str, list[Schema]] = {}
        members: list[Schema] = []
        others: list[Schema] = []
        for each in schemas:
            properties: Mapping[str, Schema] = each.get("properties", {})  # type: ignore[assignment]
            for name, schema in properties.items():
                keys.setdefault(name, []).append(schema)
            members += _parts_of(each.get("items"))
            others += _parts_of(each.get("additionalProperties"))
        if keys:
            node["keys"] = {name: self.of(found) for name, found in keys.items()}
        if members:
            node["members"] = self.of(members)
        if others:
            node["others"] = self.of(others)

    def _plain(self, schemas: list[Schema], seen: set[str]) -> Iterator[Schema]:
        """The schemas that say something themselves."""
        for schema in schemas:
            reference = schema.get("$ref")
            if isinstance(reference, str):
                if reference not in seen:
                    yield from self._plain(
                        [self._parts[reference.removeprefix(_REF)]], {*seen, reference}
                    )
                continue
            yield schema
            for choice in _CHOICES:
                yield from self._plain(schema.get(choice, []), seen)  # type: ignore[arg-type]


def _values(schema: Schema) -> Iterator[str]:
    """Words that may stand there."""
    given: list[object] = [schema["const"]] if "const" in schema else []
    given += schema.get("enum", [])  # type: ignore[arg-type]  # as JSON Schema has it
    given += schema.get("examples", [])  # type: ignore[arg-type]
    words = [word for word in given if isinstance(word, str)]
    if schema.get("type") == "boolean" or {"true", "false"} <= set(words):
        words = list(_YES_NO)
    yield from words


def _parts_of(schema: object) -> list[Schema]:
    return [schema] if isinstance(schema, Mapping) else []
