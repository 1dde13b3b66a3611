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
#: What a message may answer by itself, by whom it goes to: appeals, and reports.
OUTCOMES = {
    "author": ("upheld", "overturned"),
    "reporter": ("upheld", "overturned", "acted", "not_acted"),
}
#: What only the author may read, and only where a rule asks for the message.
_OF_DECISIONS = ("match", "appeal.link")
#: What reporters may read of an item is not who wrote it.
_FOR_REPORTERS = ("item.", "reports.")

_NOT_HERE = "reporters are not told who wrote it; answers to appeals quote and link nothing"
_KEYS = ("message", "to", "outcome", "text", "title", "about")
_ALL_OUTCOMES = OUTCOMES["reporter"]
_PLACEHOLDER = re.compile(r"\{\{([^{}\n]*)\}\}")
_OPEN = re.compile(r"\{\{|\}\}")


def read_messages(names: Names, mistakes: Mistakes) -> dict[str, Message]:
    """All messages."""
    found: dict[str, Message] = {}
    for document in names.all_of("message"):
        reader = Reader(document, names, mistakes)
        keys = keys_of(reader, document.node, _KEYS) or {}
        require(reader, keys, ("to", "text"), document.node)
        node = keys.get("text")
        to = choice(reader, keys.get("to"), RECIPIENTS) or ""
        outcome = _outcome(reader, keys.get("outcome"), to)
        visible = _visible(reader, to, outcome)
        new = Message(
            name=document.name,
            to=to,
            outcome=outcome,
            text=_texts(reader, node, visible) if node is not None else {},
            span=document.span,
        )
        _only_one(found, new, mistakes)
        found[document.name] = new
    return found


def _outcome(reader: Reader, node: Node | None, to: str) -> str | None:
    return None if node is None else choice(reader, node, OUTCOMES.get(to, _ALL_OUTCOMES))


def _only_one(found: dict[str, Message], new: Message, mistakes: Mistakes) -> None:
    """Note a second message for the same: nobody could tell which is sent."""
    for other in found.values():
        if new.outcome is not None and (other.to, other.outcome) == (new.to, new.outcome):
            text = f"`{other.name}` already tells the {new.to} that an outcome is `{new.outcome}`"
            hint = "delete one of them"
            mistakes.add("two-answers", text, new.span, hint, related=(other.span,))


def _visible(reader: Reader, to: str, outcome: str | None) -> set[str]:
    """What the placeholders of a message may name."""
    names = {*PLACEHOLDERS, *reader.names.fields}
    if to == "reporter":
        names = {name for name in names if name.startswith(_FOR_REPORTERS)} | {"reason.title"}
    if to == "reporter" or outcome is not None:
        names -= set(_OF_DECISIONS)
    return names


def _texts(reader: Reader, node: Node, visible: set[str]) -> dict[str, str]:
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
        texts[spoken] = _text(reader, written, visible)
    return texts


def _text(reader: Reader, node: Scalar, visible: set[str]) -> str:
    known = {*PLACEHOLDERS, *reader.names.fields}
    outside = node.value
    for found in _PLACEHOLDER.finditer(node.value):
        outside = outside.replace(found[0], " " * len(found[0]), 1)
        name = found[1].strip()
        span = place_in(reader, node, found.start(), len(found[0]))
        if name in known and name not in visible:
            message = f"`{{{{{shown(name)}}}}}` cannot stand in this message"
            reader.mistakes.add("placeholder", message, span, _NOT_HERE)
        elif name not in known and not reader.names.declared("field", name):
            hint = reader.mistakes.suggestion(name, known)
            message = f"there is no placeholder `{{{{{shown(name)}}}}}`"
            reader.mistakes.add("placeholder", message, span, hint)
    half = _OPEN.search(outside)
    if half is not None:
        span = place_in(reader, node, half.start(), 2)
        hint = "write `{{item.kind}}` on one line"
        reader.mistakes.add("placeholder", "this placeholder is not complete", span, hint)
    return _PLACEHOLDER.sub(lambda one: f"{{{{{one[1].strip()}}}}}", node.value)
