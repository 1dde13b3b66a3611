"""How items and the answers to them look: the part of the document that is written by hand."""

from typing import Final

from queues.api.problems import Json
from queues.api.routes import examples

_ITEM: Final[Json] = {
    "type": "object",
    "title": "Item",
    "description": (
        "What somebody wrote. Names are the fields that the release in force declares, dotted or"
        " as objects inside one another; values that no rule can look at are kept all the same."
    ),
    "properties": {
        "id": {
            "type": ["string", "integer", "null"],
            "minLength": 1,
            "maxLength": 512,
            "description": "Yours. The same again gets the same answer.",
        },
        "kind": {"type": ["string", "null"], "description": "Such as `post` or `comment`."},
        "text": {"type": ["string", "null"], "description": "What was written, unmodified."},
        "items": False,
    },
    "example": examples.ITEM,
}
SENT: Final[Json] = {
    "anyOf": [
        _ITEM,
        {
            "type": "object",
            "title": "Items",
            "required": ["items"],
            "additionalProperties": False,
            "properties": {"items": {"type": "array", "items": {}, "maxItems": 1_000}},
        },
        {"type": "array", "items": {}, "maxItems": 1_000},
    ]
}
_WORDS: Final[Json] = {"type": "array", "items": {"type": "string"}}
_WAIT: Final[Json] = {
    "type": ["object", "null"],
    "description": (
        "Seconds until people decide. As many cases wait shorter as longer than `p50`, and nine in"
        " ten wait shorter than `p90`; null where too little was decided to tell."
    ),
    "required": ["p50", "p90"],
    "properties": {
        "p50": {"type": "number", "minimum": 0},
        "p90": {"type": "number", "minimum": 0},
    },
}
_CASE: Final[Json] = {
    "type": "object",
    "required": ["id", "tier", "queue", "due", "place", "expected_wait"],
    "properties": {
        "id": {"type": "string", "format": "uuid"},
        "tier": {"type": "string", "enum": ["single", "senior"]},
        "queue": {"type": "string"},
        "due": {"type": "string", "format": "date-time"},
        "place": {
            "type": ["integer", "null"],
            "minimum": 1,
            "description": (
                "1 is next. By what stood in the queue some seconds ago, with all cases of about"
                " the same rank counted as before this one; null where nobody could look."
            ),
        },
        "expected_wait": _WAIT,
    },
}
ACCEPTED: Final[Json] = {
    "type": "object",
    "title": "Accepted",
    "description": "An item that is kept, with the verdict in force.",
    "required": [name for name in examples.ACCEPTED if name not in {"while_waiting", "case"}],
    "properties": {
        "id": {"type": "string", "description": "Yours."},
        "item_id": {"type": "string", "format": "uuid"},
        "state": {
            "type": "string",
            "enum": ["waiting_for_signals", "in_review", "decided", "erased"],
        },
        "tier": {"type": "string", "enum": ["none", "auto", "single", "senior"]},
        "action": {"type": "string", "description": "In force now."},
        "while_waiting": {"type": "string", "description": "The same, until people decide."},
        "case": _CASE,
        "reasons": _WORDS,
        "labels": _WORDS,
        "message": {"type": "string", "description": "For the author."},
        "rules": _WORDS | {"description": "Those that took part."},
        "override": {
            "type": "string",
            "format": "uuid",
            "description": "What was decided about this content, and stands in place of rules.",
        },
        "inclusion_probability": {"type": "number", "minimum": 0, "maximum": 1},
        "release": {"type": "string"},
        "models": _WORDS,
        "verdict_id": {"type": "string", "format": "uuid"},
        "duplicate": {"type": "boolean", "description": "Accepted before; this is how it stands."},
    },
}
_REJECTED: Final[Json] = {
    "type": "object",
    "title": "Rejected",
    "description": "An item that is not kept.",
    "required": ["id", "problem"],
    "properties": {
        "id": {"type": ["string", "null"]},
        "problem": {"$ref": "#/components/schemas/Problem"},
    },
}
RESULTS: Final[Json] = {
    "type": "object",
    "title": "Results",
    "required": ["results"],
    "properties": {"results": {"type": "array", "items": {"anyOf": [ACCEPTED, _REJECTED]}}},
}
