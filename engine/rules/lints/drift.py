"""Lists that were once one list: the same entries under two names, or nearly the same."""

from collections.abc import Iterator, Mapping

from engine.diagnostics import Diagnostic
from engine.rules.lints import wording
from engine.rules.lints.likeness import alike
from engine.rules.lints.survey import Survey, warning
from engine.rules.model import PolicyList

#: Smaller lists may well share what they have.
_SMALLEST = 4


def list_drift(survey: Survey) -> Iterator[Diagnostic]:
    """`list-drift`: lists that are kept twice, and so will differ by accident."""
    lists = survey.policy.lists
    by_content: dict[tuple[str, frozenset[str]], str] = {}
    kinds: dict[str, dict[str, frozenset[str]]] = {}
    for name in sorted(lists):
        members = _members(lists[name])
        if len(members) < _SMALLEST:
            continue
        before = by_content.setdefault((lists[name].of, members), name)
        if before != name:
            yield _equal(lists, before, name)
        else:
            kinds.setdefault(lists[name].of, {})[name] = members
    for sets in kinds.values():
        for one, other in alike(sets):
            yield _nearly(lists, sets, one, other)


def _members(found: PolicyList) -> frozenset[str]:
    """Entries as text; another spelling makes another entry."""
    if found.source is not None:
        return frozenset()
    if not found.entries:
        return found.names
    return frozenset(
        f"{entry.spelling} {'*' * entry.open_left}{entry.text.casefold()}{'*' * entry.open_right}"
        for entry in found.entries
    )


def _equal(lists: Mapping[str, PolicyList], one: str, other: str) -> Diagnostic:
    return warning(
        "list-drift",
        f"lists `{one}` and `{other}` have the same entries",
        lists[other].span,
        hint="keep one of the two, and name it wherever the other is named",
        related=(lists[one].span,),
    )


def _nearly(
    lists: Mapping[str, PolicyList], sets: Mapping[str, frozenset[str]], one: str, other: str
) -> Diagnostic:
    shared = len(sets[one] & sets[other])
    total = len(sets[one] | sets[other])
    parts = [
        f"only `{name}` has {wording.names(_shown(sets[name] - sets[without], lists[name]))}"
        for name, without in ((one, other), (other, one))
        if sets[name] - sets[without]
    ]
    return warning(
        "list-drift",
        f"lists `{one}` and `{other}` share {shared} of {total} entries; {', '.join(parts)}",
        lists[other].span,
        hint="keep what they share in one list and name both lists in the rule",
        related=(lists[one].span,),
    )


def _shown(members: frozenset[str], found: PolicyList) -> list[str]:
    return sorted(member.split(" ", 1)[1] if found.entries else member for member in members)
