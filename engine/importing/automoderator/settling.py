"""Puts translated rules into files, and leaves out whatever would not load."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from engine.diagnostics import Diagnostic, Level
from engine.importing.automoderator.lists import Lists
from engine.importing.writing import Data, Long, written
from engine.rules.documents import read_documents
from engine.rules.reading import read_policy

#: The file for what is declared.
VOCABULARY = "vocabulary.yaml"
_MOST_ROUNDS = 10
_OF_RULES = ("rule", "exempt")


@dataclass(slots=True)
class Drafts:
    """What is to be written, by the prefix of its file."""

    rules: dict[str, dict[str, Mapping[str, Data]]] = field(default_factory=dict)
    """Prefix → name → the `rule` or `exempt` document."""
    messages: dict[str, dict[str, Mapping[str, Data]]] = field(default_factory=dict)
    lists: dict[str, Lists] = field(default_factory=dict)
    vocabulary: Sequence[Mapping[str, Data]] = ()
    _said: dict[tuple[str, str], str] = field(default_factory=dict)

    def add(self, prefix: str, name: str, document: Mapping[str, Data]) -> None:
        """Add a rule or an exemption."""
        self.rules.setdefault(prefix, {})[name] = document

    def message(self, prefix: str, rule: str, text: str, language: str) -> str:
        """The name of a message to the author; equal texts are one message."""
        known = self._said.get((prefix, text))
        if known is not None:
            return known
        document: dict[str, Data] = {
            "message": rule,
            "to": "author",
            "text": {language: Long(text)},
        }
        self.messages.setdefault(prefix, {})[rule] = document
        self._said[prefix, text] = rule
        return rule


def settled(drafts: Drafts, around: Mapping[str, bytes]) -> tuple[dict[str, str], dict[str, str]]:
    """The text of each file, and the rules that do not load, with why."""
    refused: dict[str, str] = {}
    texts = _texts(drafts, refused)
    for _ in range(_MOST_ROUNDS):
        wrong = _wrong(drafts, texts, around)
        if not wrong:
            break
        refused |= wrong
        texts = _texts(drafts, refused)
    return texts, refused


def _texts(drafts: Drafts, refused: Mapping[str, str]) -> dict[str, str]:
    files = _files(drafts, refused)
    return {name: written(documents) for name, documents in files.items()}


def _files(drafts: Drafts, refused: Mapping[str, str]) -> dict[str, list[Mapping[str, Data]]]:
    found: dict[str, list[Mapping[str, Data]]] = {}
    for prefix, rules in drafts.rules.items():
        kept = [rule for name, rule in rules.items() if name not in refused]
        if not kept:
            continue
        words = {word for rule in kept for word in _words(rule)}
        lists = [document for _, document in drafts.lists[prefix].documents(words)]
        messages = drafts.messages.get(prefix, {})
        told = [one for name, one in messages.items() if name in words]
        found[f"{prefix}.yaml"] = [*lists, *told, *kept]
    if drafts.vocabulary and found:
        found = {VOCABULARY: list(drafts.vocabulary), **found}
    return found


def _words(value: Data) -> Iterator[str]:
    """All single values of a document, names of lists and messages among them."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _words(one)
    else:
        for one in value:
            yield from _words(one)


def _wrong(drafts: Drafts, texts: Mapping[str, str], around: Mapping[str, bytes]) -> dict[str, str]:
    """The rules in which there is an error, or in what they use."""
    own = {f"\0{name}": text.encode() for name, text in texts.items()}
    _, found = read_policy({**around, **own})
    wrong: dict[str, str] = {}
    for mistake in found:
        if mistake.level is Level.ERROR and mistake.span.file in own:
            name = mistake.span.file.removeprefix("\0")
            for rule in _rules_at(drafts, name, texts[name], mistake):
                wrong.setdefault(rule, mistake.message)
    return wrong


def _rules_at(drafts: Drafts, file: str, text: str, mistake: Diagnostic) -> list[str]:
    """The rules to which a mistake belongs."""
    documents, _ = read_documents(file, text)
    before = [one for one in documents if one.line < mistake.span.line]
    if not before:
        return []
    at = before[-1]
    rules = drafts.rules.get(file.removesuffix(".yaml"), {})
    if at.kind in _OF_RULES:
        return [at.name]
    return [name for name, rule in rules.items() if at.name in set(_words(rule))]
