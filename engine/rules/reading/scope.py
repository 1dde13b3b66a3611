"""Which items a rule looks at: kinds, markets, languages."""

from engine.rules.documents import Node
from engine.rules.reading.reader import Reader
from engine.rules.reading.scalars import language, names
from engine.rules.suggestions import shown
from engine.rules.vocabulary import FieldType


def kinds(reader: Reader, node: Node | None) -> frozenset[str]:
    """Kinds of items, as the field `item.kind` knows them."""
    return _choices(reader, node, "item.kind", "kind of item")


def markets(reader: Reader, node: Node | None) -> frozenset[str]:
    """Markets; where `item.market` is a choice, one of its choices."""
    return _choices(reader, node, "item.market", "market")


def languages(reader: Reader, node: Node | None) -> frozenset[str]:
    """Languages such as `en`."""
    found = [language(reader, one) for one in names(reader, node)]
    return frozenset(one for one in found if one is not None)


def _choices(reader: Reader, node: Node | None, field: str, what: str) -> frozenset[str]:
    declared = reader.names.fields.get(field)
    known = declared.choices if declared and declared.type is FieldType.CHOICE else ()
    found: set[str] = set()
    for one in names(reader, node):
        if not known or one.value in known:
            found.add(one.value)
            continue
        hint = reader.mistakes.suggestion(one.value, known)
        message = f"there is no {what} `{shown(one.value)}`"
        reader.error("choice", message, one, hint or f"`{field}` is one of {', '.join(known)}")
    return frozenset(found)
