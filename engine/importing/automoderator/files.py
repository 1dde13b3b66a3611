"""One file of the source, rule by rule."""

from dataclasses import dataclass, field
from pathlib import PurePath
from typing import TYPE_CHECKING

from engine.importing.automoderator.documents import (
    BrokenDocument,
    SourceDocument,
    read_file,
)
from engine.importing.automoderator.fates import ByHand, Notes, Untranslated
from engine.importing.automoderator.lists import Lists
from engine.importing.automoderator.marks import slug
from engine.importing.automoderator.naming import Names, notes_of, title_of
from engine.importing.automoderator.parts import Parts, parts_of
from engine.importing.automoderator.rules import Written, about_of, ends_of, written_rule
from engine.importing.automoderator.searches import Place
from engine.importing.automoderator.settling import Drafts
from engine.importing.automoderator.vocabulary import Words
from engine.importing.reports import Fate, FileReport, Remark, RuleReport, Topic

if TYPE_CHECKING:
    from engine.importing.writing import Data

_SHOWN_PRIORITIES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What all imported rules have in common."""

    owner: str
    ends: str
    """The last day on which they are looked at, such as `2027-04-30`."""
    reason: str = "imported"
    """What authors would be told."""
    policy: str | None = None
    """None: that of the reason, or `imported`."""
    language: str = "en"
    """Of messages to authors."""
    declares: bool = False
    """Whether what the vocabulary lacks is declared."""


@dataclass(frozen=True, slots=True)
class Common:
    """What all files of one import share."""

    options: Options
    words: Words
    policy: str


@dataclass(slots=True)
class _File:
    """One file while it is brought over."""

    name: str
    prefix: str
    common: Common
    drafts: Drafts
    names: Names
    lists: Lists
    rules: list[RuleReport] = field(default_factory=list)
    ranks: list[tuple[int, str]] = field(default_factory=list)
    """Priority and name of rules that remove."""


def file_report(
    common: Common, file: str, content: bytes, prefix: str, drafts: Drafts
) -> FileReport:
    """Bring the rules of one file over into the drafts.

    Args:
        common: What all files share.
        file: Its name.
        content: What stands in it.
        prefix: How the names of its rules begin.
        drafts: Where its rules go.
    """
    source = read_file(content)
    this = _File(file, prefix, common, drafts, Names(prefix), Lists(prefix))
    for document in source.documents:
        if isinstance(document, BrokenDocument):
            this.rules.append(_broken(file, document))
        else:
            this.rules.append(_rule(this, document))
    drafts.lists[prefix] = this.lists
    remarks = [*source.remarks, *_about_ranks(this)]
    return FileReport(file=file, rules=tuple(this.rules), remarks=tuple(remarks))


def _broken(file: str, document: BrokenDocument) -> RuleReport:
    message = document.problem
    if not document.too_large:
        message = f"{message}; the source refuses the whole page"
    topic = Topic.BY_HAND if document.too_large else Topic.LOST
    return RuleReport(
        file=file,
        line=document.line,
        title=title_of(document.above) or "a document that cannot be read",
        name=None,
        fate=Fate.BY_HAND if document.too_large else Fate.DEAD,
        remarks=(Remark(document.at, topic, message),),
    )


def _rule(this: _File, document: SourceDocument) -> RuleReport:
    """Bring one rule over, or say why not."""
    title = title_of(document.above)
    notes = Notes()
    name: str | None = None
    try:
        place = Place(this.common.words, this.lists, notes, ())
        parts = parts_of(place, document)
        name = this.names.name(title, _fallback(parts))
        this.lists.rule = name
        found = written_rule(place, document, parts, this.common.options.reason)
        this.common.words.settle(document.line)
        this.lists.settle()
        _draft(this, document, name, found)
        fate = notes.fate
    except Untranslated as reason:
        this.common.words.forget()
        this.lists.forget()
        topic = Topic.BY_HAND if isinstance(reason, ByHand) else Topic.LOST
        notes.found.append(Remark(reason.line, topic, reason.message))
        title, name, fate = title or name, None, reason.fate
    return RuleReport(
        file=this.name,
        line=document.line,
        title=title or name or "a rule without a comment",
        name=name,
        fate=fate,
        remarks=tuple(sorted(notes.found)),
    )


def _fallback(parts: Parts) -> str:
    """A name for a rule without a comment: what it does, and what it looks at."""
    does = [value for key, value, _ in parts.actions if key.value == "action"]
    verb = slug(getattr(does[0], "value", "")) if does else ""
    looks = [key.value for key, _ in (*parts.checks.pairs, *parts.groups)][:2]
    return slug("-".join([verb or "on", *looks])) or "rule"


def _draft(this: _File, document: SourceDocument, name: str, found: Written) -> None:
    options = this.common.options
    where = f"imported from {PurePath(this.name).name}, line {document.line}"
    title = title_of(document.above)
    comments = notes_of((*document.above, *document.inside))
    notes = [where, *(one for one in comments if one != title), *found.kept]
    head: dict[str, Data] = {"rule" if found.then is not None else "exempt": name}
    if title is not None:
        head["title"] = title
    head |= {"about": about_of(notes), "owner": options.owner}
    if found.then is None:
        covers = [f"{this.prefix}/*"]
        because = "approved by a rule of the source; choose the rules it is to cover"
        head |= {"because": because, "covers": covers, "ends": ends_of(options.ends)}
        this.drafts.add(this.prefix, name, {**head, **found.rule})
        return
    head |= {"policy": this.common.policy, "status": "shadow", "ends": ends_of(options.ends)}
    then = dict(found.then)
    if found.message is not None:
        then["message"] = this.drafts.message(this.prefix, name, found.message, options.language)
    this.drafts.add(this.prefix, name, {**head, **found.rule, "then": then})
    if found.removes and found.priority is not None:
        this.ranks.append((_rank(found.priority), name))


def _rank(priority: str) -> int:
    try:
        return int(priority[:9])
    except ValueError:
        return 0


def _about_ranks(this: _File) -> list[Remark]:
    """What to do about rules that came one after the other in the source."""
    if len({rank for rank, _ in this.ranks}) < 2:  # noqa: PLR2004 - one rank orders nothing
        return []
    ordered = [name for _, name in sorted(this.ranks, key=lambda each: (-each[0], each[1]))]
    shown = ", ".join(f"`{name}`" for name in ordered[:_SHOWN_PRIORITIES])
    more = len(ordered) - _SHOWN_PRIORITIES
    rest = f" and {more} more" if more > 0 else ""
    message = f"in the source the first of these ended the others: {shown}{rest}"
    hint = "write `outranks:` where only one may speak"
    return [Remark(1, Topic.PROPOSED, f"{message}; {hint}")]
