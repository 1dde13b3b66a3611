"""What became of the things rules share: lists, conditions, counters, points, messages, tests."""

from collections import Counter as Tally
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from engine.diagnostics import Span
from engine.diffing.attributes import (
    by_inclusion,
    dates,
    expectation,
    given,
    members,
    plain,
    tests,
)
from engine.diffing.difference import Change, Fate, Kind, SharedDifference
from engine.diffing.pairing import Pairing
from engine.rules.model import Counter, Exemption, Message, Points, PolicyList, Story
from engine.text.entry import Entry

Differing = Callable[[Any, Any], Iterator[Change]]
#: What tells things apart whatever they are called: of the old policy, and of the new one.
_Content = tuple[Callable[[Any], Hashable], Callable[[Any], Hashable]]

_LIST: Final = ("of", "title", "about", "owner", "language", "source")
_COUNTER: Final = ("about", "per", "distinct", "within")
_EXEMPTION: Final = ("title", "owner", "approved_by", "because")


def lists(old: Mapping[str, PolicyList], new: Mapping[str, PolicyList]) -> list[SharedDifference]:
    """Lists; one with the same words by another name is renamed."""
    return _fates(Kind.LIST, old, new, _lists, (_content, _content))


def others(
    pairing: Pairing, old: Mapping[Kind, Mapping[str, Any]], new: Mapping[Kind, Mapping[str, Any]]
) -> list[SharedDifference]:
    """Everything else that rules share."""
    compared = _Compared(pairing)
    differing: Mapping[Kind, Differing] = {
        Kind.CONDITION: pairing.conditions,
        Kind.COUNTER: compared.counters,
        Kind.POINTS: compared.points,
        Kind.EXEMPTION: compared.exemptions,
        Kind.MESSAGE: _messages,
        Kind.FIXTURE: _fixtures,
        Kind.STORY: _stories,
    }
    found: list[SharedDifference] = []
    for kind, compare in differing.items():
        keys = compared.keys if kind is Kind.CONDITION else None
        found += _fates(kind, old[kind], new[kind], compare, keys)
    return found


def _fates(
    kind: Kind,
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    differing: Differing,
    content: _Content | None,
) -> list[SharedDifference]:
    gone = [name for name in sorted(old) if name not in new]
    come = [name for name in sorted(new) if name not in old]
    renamed = {} if content is None else _renamed(old, new, gone, come, content)
    found = [
        SharedDifference(kind=kind, name=name, fate=Fate.REMOVED, span=_span(old[name]))
        for name in gone
        if name not in renamed.values()
    ]
    for name in sorted(new):
        was = renamed.get(name, name)
        if was not in old:
            found.append(
                SharedDifference(kind=kind, name=name, fate=Fate.ADDED, span=_span(new[name]))
            )
            continue
        changes = tuple(differing(old[was], new[name]))
        fate = Fate.CHANGED if was == name else Fate.RENAMED
        if fate is Fate.CHANGED and not changes:
            continue
        found.append(
            SharedDifference(
                kind=kind,
                name=name,
                fate=fate,
                was=was if fate is Fate.RENAMED else None,
                changes=changes,
                span=_span(new[name]),
            )
        )
    return found


def _renamed(
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    gone: list[str],
    come: list[str],
    content: _Content,
) -> dict[str, str]:
    """New name → old name, where what stands under the two is one and nobody else's."""
    before = only({name: content[0](old[name]) for name in gone})
    after = only({name: content[1](new[name]) for name in come})
    return {name: before[key] for key, name in after.items() if key in before}


def only(keys: Mapping[str, Hashable]) -> dict[Hashable, str]:
    """Keys that a single name has."""
    counted = Tally(keys.values())
    return {key: name for name, key in keys.items() if counted[key] == 1}


def _span(thing: object) -> Span | None:
    return getattr(thing, "span", None)


def entry_text(entry: object) -> str:
    """What entries are sorted by."""
    if isinstance(entry, Entry):
        return f"{entry.text}\0{entry.spelling}\0{entry}"
    return str(entry)


def _lists(old: PolicyList, new: PolicyList) -> Iterator[Change]:
    before = (*map(_settled, old.entries), *old.names)
    after = (*map(_settled, new.entries), *new.names)
    yield from members("entries", before, after, by_inclusion, shown=entry_text)
    yield from plain(old, new, (*_LIST, "ends"))


def _settled(entry: Entry) -> Entry:
    """An entry with its exceptions in an order that means nothing."""
    if len(entry.exceptions) < 2:  # noqa: PLR2004 - one has no order
        return entry
    return Entry(
        text=entry.text,
        spelling=entry.spelling,
        open_left=entry.open_left,
        open_right=entry.open_right,
        exceptions=tuple(sorted(set(entry.exceptions), key=entry_text)),
    )


def _content(known: PolicyList) -> Hashable:
    return (known.of, frozenset(map(_settled, known.entries)), known.names)


@dataclass(frozen=True, slots=True)
class _Compared:
    """Things that have conditions in them."""

    pairing: Pairing

    @property
    def keys(self) -> _Content:
        """What named conditions say, whatever they are called."""
        return (
            lambda condition: self.pairing.old.node(condition).key,
            lambda condition: self.pairing.new.node(condition).key,
        )

    def counters(self, old: Counter, new: Counter) -> Iterator[Change]:
        yield from members("for", old.kinds, new.kinds)
        if old.where is not None and new.where is not None:
            yield from self.pairing.conditions(old.where, new.where, ("where",))
        elif old.where is not None or new.where is not None:
            yield Change(aspect="condition", under=("where",), old=old.where, new=new.where)
        yield from plain(old, new, _COUNTER)

    def points(self, old: Points, new: Points) -> Iterator[Change]:
        yield from plain(old, new, ("title",))
        forms = self.pairing.old, self.pairing.new
        before, after = (
            Tally((line.because, line.points, form.node(line.when).key) for line in table.lines)
            for table, form in zip((old, new), forms, strict=True)
        )
        if before == after:
            return
        first, second = ({line.because: line for line in each.lines} for each in (old, new))
        unique = len(first) == len(old.lines) and len(second) == len(new.lines)
        if not unique:
            yield Change(aspect="lines", old=len(old.lines), new=len(new.lines))
            return
        for name in sorted(first.keys() | second.keys()):
            one, other = first.get(name), second.get(name)
            if one is None or other is None:
                left, right = (None if each is None else each.points for each in (one, other))
                yield Change(aspect="points", under=(name,), old=left, new=right)
                continue
            if one.points != other.points:
                yield Change(aspect="points", under=(name,), old=one.points, new=other.points)
            yield from self.pairing.conditions(one.when, other.when, (name,))

    def exemptions(self, old: Exemption, new: Exemption) -> Iterator[Change]:
        yield from members("covers", old.covers, new.covers, by_inclusion)
        yield from self.pairing.conditions(old.when, new.when)
        yield from dates(old, new)
        yield from plain(old, new, _EXEMPTION)
        yield from tests(old.tests, new.tests)


def _messages(old: Message, new: Message) -> Iterator[Change]:
    yield from plain(old, new, ("to", "outcome"))
    for language in sorted(old.text.keys() | new.text.keys()):
        before, after = old.text.get(language), new.text.get(language)
        if (before and before.strip()) != (after and after.strip()):
            yield Change(aspect="text", under=(language,), old=before, new=after)


def _fixtures(old: Mapping[str, object], new: Mapping[str, object]) -> Iterator[Change]:
    for name in sorted(old.keys() | new.keys()):
        before, after = old.get(name, _ABSENT), new.get(name, _ABSENT)
        if before != after:
            yield Change(aspect="given", under=(name,), old=before, new=after)


#: A fixture may name a value as missing (None), which is not the same as not naming it.
_ABSENT: Final = "(not there)"


def _stories(old: Story, new: Story) -> Iterator[Change]:
    if _told(old) != _told(new):
        yield Change(aspect="events", old=len(old.events), new=len(new.events))


def _told(story: Story) -> object:
    events = [
        (given(each.fields), each.repeat, each.every, each.after, expectation(each.expect))
        for each in story.events
    ]
    return (story.fixture, events, expectation(story.expect), story.known_gap, story.at)
