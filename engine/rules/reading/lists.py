"""`list` documents: words, phrases, domains, ids and hashes."""

from engine.rules import quantities
from engine.rules.documents import Node, Scalar
from engine.rules.model import PolicyList
from engine.rules.reading.domains import domain
from engine.rules.reading.mistakes import Mistakes
from engine.rules.reading.names import Names
from engine.rules.reading.reader import Reader
from engine.rules.reading.scalars import (
    choice,
    control_character,
    enum,
    language,
    optional,
    quantity,
    scalar,
)
from engine.rules.reading.shapes import Keys, items_of, keys_of, require
from engine.rules.reading.words import entries
from engine.rules.suggestions import shown
from engine.text.entry import Spelling

#: What a list is of.
LIST_KINDS = ("words", "phrases", "domains", "ids", "hashes")
_WORD_KINDS = ("words", "phrases")
_KEYS = (
    "list",
    "of",
    "entries",
    "spelling",
    "language",
    "from",
    "title",
    "about",
    "owner",
    "ends",
    "links",
)


def list_kinds(names: Names) -> None:
    """What each list is of, needed before anything refers to it."""
    for document in names.all_of("list"):
        found = next((value for key, value in document.node.value if _is(key, "of")), None)
        if isinstance(found, Scalar) and found.value in LIST_KINDS:
            names.list_kinds[document.name] = found.value
        else:
            names.lost.add(("list", document.name))


def _is(node: Node, name: str) -> bool:
    return isinstance(node, Scalar) and node.value == name


def read_lists(names: Names, mistakes: Mistakes, owners: dict[str, str]) -> dict[str, PolicyList]:
    """All lists; `owners` are the owners the files name for all their documents."""
    found: dict[str, PolicyList] = {}
    for document in names.all_of("list"):
        one = _list(Reader(document, names, mistakes), owners.get(document.file))
        if one is not None:
            found[one.name] = one
    return found


def _list(reader: Reader, owner: str | None) -> PolicyList | None:
    document = reader.document
    keys = keys_of(reader, document.node, _KEYS)
    if keys is None:
        return None
    require(reader, keys, ("of",), document.node)
    of = choice(reader, keys.get("of"), LIST_KINDS)
    if "from" not in keys:
        require(reader, keys, ("entries",), document.node)
    words = of is None or of in _WORD_KINDS
    spelling = _spelling(reader, keys, words=words)
    node = keys.get("entries")
    if of is None:
        return None
    return PolicyList(
        name=document.name,
        of=of,
        title=optional(reader, keys, "title"),
        about=optional(reader, keys, "about"),
        owner=optional(reader, keys, "owner") or owner,
        language=language(reader, keys.get("language")),
        source=optional(reader, keys, "from"),
        entries=entries(reader, node, f"a list of {of}", spelling, ()) if node and words else (),
        names=_names(reader, node, of) if node and not words else frozenset(),
        ends=quantity(reader, keys.get("ends"), quantities.end_of),
        span=document.span,
    )


def _spelling(reader: Reader, keys: Keys, *, words: bool) -> Spelling:
    node = keys.get("spelling")
    if node is not None and not words:
        reader.error("spelling", "only words and phrases have a spelling", node)
        return Spelling.PLAIN
    return enum(reader, node, Spelling) or Spelling.PLAIN


def _names(reader: Reader, node: Node, of: str) -> frozenset[str]:
    found: set[str] = set()
    for item in items_of(reader, node):
        one = _name(reader, item, of)
        if one is None:
            continue
        if one in found:
            reader.warn("duplicate-entry", f"`{shown(one)}` stands here twice", item)
        found.add(one)
    return frozenset(found)


def _name(reader: Reader, node: Node, of: str) -> str | None:
    written = scalar(reader, node)
    if written is None:
        return None
    if of == "domains":
        return domain(reader, written)
    return None if control_character(reader, written) else written.value.strip()
