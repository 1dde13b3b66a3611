"""Documents say what there is."""

import re
from collections.abc import Iterator

from engine.cli.app import Command
from engine.rules.codes import CODES
from queues.cli.app import COMMANDS
from tests.architecture.sources import PACKAGES, ROOT, files, texts

FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(
    r"^\s*(?:\$ )?(?:\S*/)?(make|tierwise) ([a-z][a-z-]*)(?: ([a-z][a-z-]*))?", re.MULTILINE
)
TARGET = re.compile(r"^([a-z][a-z-]*):", re.MULTILINE)


def test_every_folder_explains_itself() -> None:
    """The top folders, and the packages inside ours, have a README."""
    folders = {path.parts[0] for path in files() if len(path.parts) > 1}
    packages = {
        "/".join(path.parts[:2])
        for path in files()
        if path.parts[0] in PACKAGES and len(path.parts) > 2
    }
    visible = {folder for folder in folders | packages if not folder.startswith(".")}
    assert not [folder for folder in sorted(visible) if not (ROOT / folder / "README.md").exists()]


def test_every_diagnostic_is_documented() -> None:
    """What `tierwise lint` can say is listed in `rules/README.md`."""
    page = (ROOT / "rules" / "README.md").read_text(encoding="utf-8")
    assert not [code for code in CODES if f"`{code}`" not in page]


def test_commands_in_documents_exist() -> None:
    """Every `make` target and `tierwise` command that a document shows is there."""
    targets = set(TARGET.findall((ROOT / "Makefile").read_text(encoding="utf-8")))
    singles = {(entry.name,) for entry in COMMANDS if isinstance(entry, Command)}
    doubles = {
        (entry.name, command.name)
        for entry in COMMANDS
        if not isinstance(entry, Command)
        for command in entry.commands
    }
    known = {("make", target) for target in targets}
    known |= {("tierwise", *words) for words in singles | doubles}
    shown = list(_shown_commands())
    assert shown
    assert not [
        f"{place}: {' '.join(words)}"
        for place, *words in shown
        if not {tuple(words[:2]), tuple(words)} & known
    ]


def test_links_in_documents_lead_somewhere() -> None:
    """A link to a file of the project finds it."""
    broken = [
        f"{path}: {target}"
        for path, text in texts(".md")
        for target in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", text)
        if not (ROOT / path.parent / target).exists()
    ]
    assert not broken


def _shown_commands() -> Iterator[tuple[str, str, str, str]]:
    """Each command in a code block: the document, the program, and the two words after it."""
    for path, text in texts(".md"):
        for block in FENCE.findall(text):
            for program, first, second in COMMAND.findall(block):
                yield str(path), program, first, second
