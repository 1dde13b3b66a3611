"""`file` documents: what holds for all rules of one file."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from engine.diagnostics import Level
from engine.rules.documents import Document, Node
from engine.rules.documents import Mapping as Lines
from engine.rules.reading.mistakes import Mistakes
from engine.rules.reading.names import Names
from engine.rules.reading.reader import Reader, Setting
from engine.rules.reading.scalars import control_character, optional, scalar
from engine.rules.reading.scope import kinds, markets
from engine.rules.reading.shapes import keys_of, lines_of
from engine.rules.suggestions import shown

_KEYS = ("file", "title", "about", "owner", "policy", "for", "markets", "settings")


@dataclass(frozen=True, slots=True, kw_only=True)
class FileDefaults:
    """What a rule takes from its file where it says nothing itself."""

    owner: str | None = None
    policy: str | None = None
    kinds: frozenset[str] = frozenset()
    markets: frozenset[str] = frozenset()
    settings: Mapping[str, Setting] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    """Settings that some rule of the file uses."""


def read_files(
    names: Names, documents: Iterable[Document], mistakes: Mistakes
) -> dict[str, FileDefaults]:
    """The defaults of each file that has some; `file:` is its first document, and the only one."""
    found: dict[str, FileDefaults] = {}
    seen: set[str] = set()
    for document in documents:
        if document.kind == "file":
            if document.file in found:
                message = "a file has one `file:` document, and this is another"
                mistakes.add("first-document", message, document.span, "put them together")
            elif document.file in seen:
                message = "`file:` is not the first document of its file"
                mistakes.add("first-document", message, document.span, "move it to the top")
            if document.file not in found:
                found[document.file] = _read(Reader(document, names, mistakes))
        seen.add(document.file)
    return found


def _read(reader: Reader) -> FileDefaults:
    keys = keys_of(reader, reader.document.node, _KEYS) or {}
    return FileDefaults(
        owner=optional(reader, keys, "owner"),
        policy=optional(reader, keys, "policy"),
        kinds=kinds(reader, keys.get("for")),
        markets=markets(reader, keys.get("markets")),
        settings=settings(reader, keys.get("settings")),
    )


def settings(reader: Reader, node: Node | None) -> dict[str, Setting]:
    """Values with names."""
    if node is None:
        return {}
    if not isinstance(node, Lines):
        hint = "write `settings: { sure: 0.97 }`"
        reader.error("shape", "names and values should stand here", node, hint)
        return {}
    found: dict[str, Setting] = {}
    reader.names.lost.update(("setting", str(key.value)) for key, _ in node.value)
    for key, value in lines_of(reader, node):
        name = key.value
        if not name.replace("-", "_").isidentifier() or not name.isascii():
            message = f"`{shown(name)}` cannot be the name of a setting"
            reader.error("name", message, key, "use letters, digits, `-` and `_`")
        elif (one := scalar(reader, value)) is not None and not control_character(reader, one):
            found[name] = Setting(reader.document, key, one)
            reader.names.lost.discard(("setting", name))
    return found


def report_unused(defaults: Iterable[FileDefaults], mistakes: Mistakes) -> None:
    """Note the settings of files that no rule uses."""
    for one in defaults:
        for name, setting in one.settings.items():
            if name not in one.used:
                unused(mistakes, name, setting)


def unused(mistakes: Mistakes, name: str, setting: Setting) -> None:
    """Note a setting that nothing uses."""
    span = setting.document.span_of(setting.key)
    message = f"nothing uses the setting `{name}`"
    hint = f"write `${name}` where it is meant, or delete it"
    mistakes.add("unused-setting", message, span, hint, level=Level.WARNING)
