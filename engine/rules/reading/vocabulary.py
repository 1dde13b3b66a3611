"""`field`, `reason` and `action` documents: the words that rules are made of."""

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.item import Value
from engine.rules.documents import Document
from engine.rules.model import Condition
from engine.rules.reading import constants
from engine.rules.reading.conditions import WORDS, Conditions, Uses, read_condition
from engine.rules.reading.mistakes import Mistakes
from engine.rules.reading.names import Names
from engine.rules.reading.reader import Reader
from engine.rules.reading.scalars import choice, names, text
from engine.rules.reading.shapes import Keys, keys_of, require
from engine.rules.vocabulary import BUILT_IN_ACTIONS, Action, Field, FieldType, Reason

if TYPE_CHECKING:
    from engine.diagnostics import Span

#: How the type of a field is written.
TYPES = {
    **{str(kind): kind for kind in FieldType},
    "set of text ids": FieldType.SET,
    "set of ids": FieldType.SET,
}
_RESERVED = (*WORDS, "not", "field", "match", "reason.title", "appeal.link", "expect", "name")
_COMPUTED = ("counter.", "points.")


def read_fields(names_: Names, mistakes: Mistakes) -> None:
    """All declared fields, and one for each counter and each table of points."""
    for document in names_.all_of("field"):
        found = _field(Reader(document, names_, mistakes))
        if found is None:
            names_.lost.add(("field", document.name))
        else:
            names_.fields[document.name] = found
    for kind, numeric in (("counter", FieldType.COUNT), ("points", FieldType.NUMBER)):
        for document in names_.all_of(kind):
            name = f"{kind}.{document.name}"
            names_.fields[name] = Field(name=name, type=numeric, span=document.span)


def _field(reader: Reader) -> Field | None:
    document = reader.document
    allowed = ("field", "type", "about", "choices", "missing", "present_when")
    keys = keys_of(reader, document.node, allowed)
    if keys is None or not _free(reader, document):
        return None
    require(reader, keys, ("type",), document.node)
    kind = choice(reader, keys.get("type"), TYPES) if keys.get("type") else None
    if kind is None:
        return None
    field = Field(
        name=document.name,
        type=TYPES[kind],
        about=text(reader, keys["about"]) if keys.get("about") else None,
        choices=_choices(reader, keys, TYPES[kind]),
        span=document.span,
    )
    return replace(field, missing=_missing(reader, keys, field))


def _free(reader: Reader, document: Document) -> bool:
    name = document.name
    if name in _RESERVED or name.startswith("at_least_"):
        message = f"`{name}` has a meaning of its own and cannot be a field"
    elif name.startswith(_COMPUTED):
        kind = name.split(".")[0]
        message = f"`{kind}.` begins the names of what `{kind}:` documents compute"
    else:
        return True
    reader.mistakes.add("name", message, document.span, "choose another name")
    return False


def _choices(reader: Reader, keys: Keys, kind: FieldType) -> tuple[str, ...]:
    node = keys.get("choices")
    if node is None:
        if kind is FieldType.CHOICE and "choices" not in keys:
            require(reader, keys, ("choices",), reader.document.node)
        return ()
    if kind is not FieldType.CHOICE:
        reader.error("no-effect", f"a field of type `{kind}` has no choices", node)
        return ()
    return tuple(one.value for one in names(reader, node))


def _missing(reader: Reader, keys: Keys, field: Field) -> Value | None:
    node = keys.get("missing")
    return constants.value(reader, field, node) if node is not None else None


def read_presence(names_: Names, mistakes: Mistakes, conditions: Conditions) -> dict[str, Uses]:
    """Puts `present_when` into the fields, and tells which fields each of them looks at."""
    found: dict[str, Uses] = {}
    for document in names_.all_of("field"):
        reader = Reader(document, names_, mistakes)
        for key, node in document.node.value:
            if getattr(key, "value", None) != "present_when" or not node.value:
                continue
            condition, uses = read_condition(reader, conditions, node)
            _refuse_computed(reader, uses)
            found[document.name] = uses
            _set_presence(names_, document.name, condition)
            break
    return found


def _set_presence(names_: Names, name: str, condition: Condition | None) -> None:
    field = names_.fields.get(name)
    if field is not None:
        names_.fields[name] = replace(field, present_when=condition)


def _refuse_computed(reader: Reader, uses: Uses) -> None:
    for name, span in uses.fields.items():
        if name.startswith((*_COMPUTED, "decision.")):
            message = f"`present_when` cannot use `{name}`"
            hint = "whether a field can apply follows from the item itself"
            reader.mistakes.add("circle", message, span, hint)


def read_reasons(names_: Names, mistakes: Mistakes) -> None:
    """All reasons."""
    for document in names_.all_of("reason"):
        reader = Reader(document, names_, mistakes)
        keys = keys_of(reader, document.node, ("reason", "title", "policy", "about")) or {}
        require(reader, keys, ("title", "policy"), document.node)
        names_.reasons[document.name] = Reason(
            name=document.name,
            title=text(reader, keys.get("title")) or "",
            policy=text(reader, keys.get("policy")) or "",
            span=document.span,
        )


def read_actions(names_: Names, mistakes: Mistakes) -> None:
    """The built-in actions, and those that are declared between them."""
    declared: dict[str, list[tuple[str, str | None, str | None, Span]]] = {}
    for document in names_.all_of("action"):
        reader = Reader(document, names_, mistakes)
        allowed = ("action", "title", "about", "stricter_than", "held_as")
        keys = keys_of(reader, document.node, allowed) or {}
        if document.name in BUILT_IN_ACTIONS or document.name == "keep":
            message = f"the action `{document.name}` is built in"
            mistakes.add("duplicate-id", message, document.span, "choose another name")
            continue
        require(reader, keys, ("stricter_than",), document.node)
        below = choice(reader, keys.get("stricter_than"), BUILT_IN_ACTIONS)
        held = choice(reader, keys.get("held_as"), BUILT_IN_ACTIONS)
        about = text(reader, keys["about"]) if keys.get("about") else None
        declared.setdefault(below or "publish", []).append(
            (document.name, held, about, document.span)
        )
    for below, actions in declared.items():
        place = BUILT_IN_ACTIONS[below].strictness
        for number, (name, held, about, span) in enumerate(sorted(actions), start=1):
            names_.actions[name] = Action(
                name=name,
                strictness=place + number / (len(actions) + 1),
                held_as=held or ("hide" if below == "remove" else name),
                about=about,
                span=span,
            )
