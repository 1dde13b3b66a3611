"""A JSON Schema of rule files, document by document, for completion and checks in an editor."""

from engine.rules.documents import KINDS
from engine.rules.json_schema.conditions import condition_parts
from engine.rules.json_schema.documents import documents
from engine.rules.json_schema.names import names_of
from engine.rules.json_schema.values import Schema, ref
from engine.rules.model import Policy

__all__ = ["Schema", "json_schema"]


def json_schema(policy: Policy | None = None) -> Schema:
    """The schema of one document (JSON Schema 2020-12); of a policy, with all names it declares."""
    names = names_of(policy)
    kinds = documents(names)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A document of a Tierwise rule file",
        "description": "The first key says what the document is.",
        "type": "object",
        "oneOf": [ref(_part(kind)) for kind in KINDS],
        "$defs": {**{_part(kind): kinds[kind] for kind in KINDS}, **condition_parts(names)},
    }


def _part(kind: str) -> str:
    return f"{kind}-document"
