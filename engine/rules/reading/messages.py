"""`message` documents: texts to people, per language, with placeholders that exist."""

import re

from engine.rules.documents import Mapping, Node, Scalar
from engine.rules.model import Message
from engine.rules.reading.mistakes import Mistakes
from engine.rules.reading.names import Names
from engine.rules.reading.patterns import place_in
from engine.rules.reading.reader import Reader
from engine.rules.reading.scalars import choice, control_character, language, scalar
from engine.rules.reading.shapes import keys_of, lines_of, require
from engine.rules.suggestions import shown

#: What a message may name besides the fields.
PLACEHOLDERS = ("match", "reason.title", "appeal.link", "item.kind", "item.id")
#: Whom a message may go to.
RECIPIENTS = ("author", "reporter")

_PLACEHOLDER = re.compile(r"\{\{([^{}\n]*)\}\}")
_OPEN = re.compile(r"\{\{|\}\}")


def read_messages(names: Names, mistakes: Mistakes) -> dict[str, Message]:
    """All messages."""
    found: dict[str, Message] = {}
    for document in names.all_of("message"):
        reader = Reader(document, names, mistakes)
        keys = keys_of(reader, document.node, ("message", "to", "text", "title", "about")) or {}
        require(reader, keys, ("to", "text"), document.node)
        node = keys.get("text")
        found[document.name] = Message(
            name=document.name,
            to=choice(reader, keys.get("to"), RECIPIENTS) or "",
            text=_texts(reader, node) if node is not None else {},
            span=document.span,
        )
    return found


def _texts(reader: Reader, node: Node) -> dict[str, str]:
    if not isinstance(node, Mapping) or not node.value:
        hint = "write `en: …` on a line of its own, and so on for each language"
        reader.error("shape", "the text is given per language", node, hint)
        return {}
    texts: dict[str, str] = {}
    for key, value in lines_of(reader, node):
        written = scalar(reader, value)
        spoken = language(reader, key)
        if written is None or spoken is None or control_character(reader, written):
            continue
        texts[spoken] = _text(reader, written)
    return texts


def _text(reader: Reader, node: Scalar) -> str:
    known = {*PLACEHOLDERS, *reader.names.fields}
    outside = node.value
    for found in _PLACEHOLDER.finditer(node.value):
        outside = outside.replace(found[0], " " * len(found[0]), 1)
        name = found[1].strip()
        if name not in known and not reader.names.declared("field", name):
            span = place_in(reader, node, found.start(), len(found[0]))
            hint = reader.mistakes.suggestion(name, known)
            message = f"there is no placeholder `{{{{{shown(name)}}}}}`"
            reader.mistakes.add("placeholder", message, span, hint)
    half = _OPEN.search(outside)
    if half is not None:
        span = place_in(reader, node, half.start(), 2)
        hint = "write `{{item.kind}}` on one line"
        reader.mistakes.add("placeholder", "this placeholder is not complete", span, hint)
    return _PLACEHOLDER.sub(lambda one: f"{{{{{one[1].strip()}}}}}", node.value)
