"""Puts a policy together: the vocabulary first, then what uses it, then what needs all of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from engine.diagnostics import Diagnostic, Level, Span
from engine.rules.documents import Document, read_documents
from engine.rules.garbage import no_garbage_collection
from engine.rules.limits import FILE_BYTES
from engine.rules.model import Policy, Rule
from engine.rules.reading.checks import (
    check_answers,
    check_languages,
    check_queues,
    check_ranks,
    refuse_circles,
)
from engine.rules.reading.conditions import Conditions, Uses
from engine.rules.reading.counters import read_counters, read_points
from engine.rules.reading.exemptions import read_exemptions
from engine.rules.reading.files import FileDefaults, read_files, report_unused
from engine.rules.reading.givens import read_fixtures
from engine.rules.reading.lists import list_kinds, read_lists
from engine.rules.reading.messages import read_messages
from engine.rules.reading.mistakes import Mistakes
from engine.rules.reading.names import index
from engine.rules.reading.queues import read_queues
from engine.rules.reading.rules import RuleSource, read_rule
from engine.rules.reading.stories import read_stories
from engine.rules.reading.variants import read_variants
from engine.rules.reading.vocabulary import read_actions, read_fields, read_presence, read_reasons
from engine.rules.vocabulary import Vocabulary

_NO_DEFAULTS = FileDefaults()


@dataclass(frozen=True, slots=True)
class Source:
    """A file: the name a person knows it by, its path for the hash, and what stands in it."""

    file: str
    path: str
    content: bytes


def assemble(
    sources: Sequence[Source], mistakes: Mistakes
) -> tuple[Policy | None, list[Diagnostic]]:
    """The policy of these files; None if one of them has an error."""
    with no_garbage_collection():
        policy = _policy(*_documents(sources, mistakes), source_hash(sources), mistakes)
        found = mistakes.sorted()
    failed = any(one.level is Level.ERROR for one in found)
    return (None if failed else policy), found


def source_hash(sources: Sequence[Source]) -> str:
    """The name of a release: over the paths and bytes of all files, in order of path."""
    digest = sha256()
    for source in sorted(sources, key=lambda one: (one.path, one.content)):
        path = source.path.encode("utf-8", "surrogateescape")
        digest.update(len(path).to_bytes(8, "big") + path)
        digest.update(len(source.content).to_bytes(8, "big") + source.content)
    return digest.hexdigest()


def _documents(
    sources: Sequence[Source], mistakes: Mistakes
) -> tuple[list[Document], dict[str, str]]:
    documents: list[Document] = []
    losses: dict[str, str] = {}
    for source in sorted(sources, key=lambda one: one.file):
        text = _text(source, mistakes)
        if text is None:
            losses[source.file] = source.content[:FILE_BYTES].decode("utf-8", "replace")
            continue
        found, problems = read_documents(source.file, text)
        documents.extend(found)
        if problems:
            mistakes.found.extend(problems)
            losses[source.file] = text
        elif not found:
            message = "this file has no document"
            span = Span(source.file, 1, 1)
            mistakes.add("empty-file", message, span, "delete it", level=Level.WARNING)
    return documents, losses


def _text(source: Source, mistakes: Mistakes) -> str | None:
    if len(source.content) > FILE_BYTES:
        message = f"this file is larger than {FILE_BYTES:,} bytes"
        mistakes.add("too-large", message, Span(source.file, 1, 1), "split it into several files")
        return None
    try:
        return source.content.decode("utf-8")
    except UnicodeDecodeError as error:
        before = source.content[: error.start].decode("utf-8", "replace")
        line = before.count("\n") + 1
        column = len(before) - (before.rfind("\n") + 1) + 1
        byte = source.content[error.start]
        message = f"this file is not UTF-8: byte 0x{byte:02x} cannot stand here"
        mistakes.add("encoding", message, Span(source.file, line, column), "save it as UTF-8")
        return None


def _policy(
    documents: list[Document], losses: dict[str, str], digest: str, mistakes: Mistakes
) -> Policy:
    names = index(documents, losses, mistakes)
    conditions = Conditions(names, mistakes)
    _read_vocabulary(conditions)
    defaults = read_files(names, documents, mistakes)
    owners = {file: one.owner for file, one in defaults.items() if one.owner is not None}
    lists = read_lists(names, mistakes, owners)
    named = conditions.read_all()
    counters = read_counters(conditions)
    points, uses = read_points(conditions)
    refuse_circles(_as_fields(uses), "a table of points", mistakes)
    messages = read_messages(names, mistakes)
    rules = _rules(conditions, defaults, owners)
    check_queues(rules.values(), names, mistakes)
    check_languages(rules.values(), messages, mistakes)
    check_answers(rules.values(), messages, mistakes)
    return Policy(
        vocabulary=Vocabulary(
            fields=dict(sorted(names.fields.items())),
            reasons=names.reasons,
            queues=names.queues,
            actions=names.actions,
        ),
        rules=rules,
        lists=lists,
        conditions=named,
        counters=counters,
        points=points,
        exemptions=read_exemptions(conditions, rules, owners),
        messages=messages,
        fixtures=read_fixtures(names, mistakes),
        stories=read_stories(names, mistakes),
        documents=sum(document.kind != "file" for document in documents),
        source_hash=digest,
    )


def _read_vocabulary(conditions: Conditions) -> None:
    names, mistakes = conditions.names, conditions.mistakes
    list_kinds(names)
    read_fields(names, mistakes)
    read_reasons(names, mistakes)
    read_actions(names, mistakes)
    read_queues(names, mistakes)
    presence = read_presence(names, mistakes, conditions)
    refuse_circles(presence, "a field", mistakes)


def _as_fields(uses: Mapping[str, Uses]) -> dict[str, Uses]:
    return {f"points.{name}": used for name, used in uses.items()}


def _rules(
    conditions: Conditions, defaults: Mapping[str, FileDefaults], owners: Mapping[str, str]
) -> dict[str, Rule]:
    sources: dict[str, RuleSource] = {}
    for document in conditions.names.all_of("rule"):
        source = read_rule(document, conditions, defaults.get(document.file, _NO_DEFAULTS))
        if source is not None:
            sources[document.name] = source
    read = {name: source.rule for name, source in sources.items()}
    read.update(read_variants(conditions, sources, owners))
    if not any(one.level is Level.ERROR for one in conditions.mistakes.found):
        report_unused(defaults.values(), conditions.mistakes)
    read = check_ranks(read, conditions.names, conditions.mistakes)
    return dict(sorted(read.items()))
