"""Finding, without comparing all pairs, the rules that may match whenever a given one does."""

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf

from engine.rules.lints.intervals import Cut, Numbers
from engine.rules.lints.regions import PRESENT, Findings, Names, Region
from engine.rules.lints.survey import Survey
from engine.rules.lints.terms import Term
from engine.verdict import TIER_RANK

#: So many of the strongest and widest rules are compared where only a range tells them apart.
MOST_CANDIDATES = 24
_YES_NO = frozenset({True, False})


@dataclass(frozen=True, slots=True)
class Index:
    """Live rules by one thing that every narrower rule shares with them."""

    by_member: Mapping[Hashable, frozenset[str]]
    """By (key, member): rules that ask for one of a few members."""
    by_key: Mapping[str, tuple[str, ...]]
    """By key: rules that ask for a range of it, the strongest and widest first."""

    def candidates(self, term: Term) -> Iterator[str]:
        """Rules that may match whenever the term holds, each once, in a fixed order."""
        seen: set[str] = set()
        for key, region in term.regions.items():
            for members in _alternatives(region):
                found = sorted(self._sharing(key, members))[:MOST_CANDIDATES]
                yield from (name for name in found if name not in seen)
                seen.update(found)
            ranges = self.by_key.get(key, ())
            yield from (name for name in ranges if name not in seen)
            seen.update(ranges)

    def _sharing(self, key: str, members: frozenset[Hashable]) -> frozenset[str]:
        """The rules that ask for all of these members, or more."""
        found: frozenset[str] | None = None
        for member in members:
            sharing = self.by_member.get((key, member), frozenset())
            found = sharing if found is None else found & sharing
            if not found:
                return frozenset()
        return found or frozenset()


def index_of(survey: Survey) -> Index:
    """The live rules of a policy."""
    by_member: dict[Hashable, set[str]] = defaultdict(set)
    by_key: dict[str, list[tuple[int, int, Cut, str]]] = defaultdict(list)
    for rule in survey.live():
        found = survey.terms[rule.name]
        for term in found.terms if found.complete else ():
            if not term.exact:
                continue
            key, members = _anchor(term)
            for member in members:
                by_member[key, member].add(rule.name)
            if not members:
                rank = -TIER_RANK[rule.then.tier]
                place = (rank, len(term.regions), _lowest(term.regions[key]), rule.name)
                by_key[key].append(place)
    return Index(
        {key: frozenset(found) for key, found in by_member.items()},
        {key: _first(places) for key, places in by_key.items()},
    )


def _first(places: Sequence[tuple[int, int, Cut, str]]) -> tuple[str, ...]:
    return tuple(name for *_, name in sorted(places)[:MOST_CANDIDATES])


def _anchor(term: Term) -> tuple[str, frozenset[Hashable]]:
    """The key, and its members, that tells most about a term; no members for a range."""
    ranges = (key for key, region in term.regions.items() if isinstance(region.shape, Numbers))
    chosen = next(ranges, next(iter(term.regions)))
    members: frozenset[Hashable] = frozenset()
    for key, region in term.regions.items():
        for group in _alternatives(region):
            if not members or len(group) < len(members):
                chosen, members = key, group
    return chosen, members


def _alternatives(region: Region) -> Iterator[frozenset[Hashable]]:
    """Sets of members of which one has to be there; none for ranges, prohibitions and yes/no."""
    shape = region.shape
    if region.states != PRESENT:
        return
    if isinstance(shape, Findings):
        yield from shape.groups
    elif isinstance(shape, Names) and shape.inside and not shape.names <= _YES_NO:
        yield shape.names


def _lowest(region: Region) -> Cut:
    shape = region.shape
    return shape.stretches[0].low if isinstance(shape, Numbers) and shape.stretches else (-inf, 0)
