"""Rules that split one number into bands: what falls between them, and what falls into two."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from engine.diagnostics import Diagnostic, Span
from engine.rules.lints import wording
from engine.rules.lints.intervals import BEGIN, END, Cut, Numbers, Stretch, join
from engine.rules.lints.regions import PRESENT, Region
from engine.rules.lints.scopes import Scope, covers, ever_together, scope_of, touch
from engine.rules.lints.survey import Survey, warning
from engine.rules.lints.terms import Term, leaves_of
from engine.rules.model import Rule
from engine.rules.vocabulary import FieldType
from engine.verdict import TIER_RANK

_BANDED = (FieldType.SCORE, FieldType.SHARE, FieldType.NUMBER, FieldType.COUNT)
#: Scopes of one policy and field that are looked at.
_MOST_SCOPES = 32


@dataclass(frozen=True, slots=True)
class _Band:
    """A stretch of a field on which a rule decides."""

    stretch: Stretch
    rule: Rule
    scope: Scope
    span: Span
    pure: bool
    """Whether the rule asks for nothing but this stretch there."""
    alone: bool
    """Whether this is all the rule looks at."""


@dataclass(frozen=True, slots=True)
class _Line:
    """A field, as one speaks of its numbers."""

    field: str
    kind: FieldType
    whole: bool

    @classmethod
    def of(cls, survey: Survey, field: str) -> "_Line":
        return cls(field, survey.kind_of(field), field in survey.grammar.whole_numbers)

    def start(self, cut: Cut) -> str:
        """The first number after a cut."""
        return wording.number(cut[0], self.kind)

    def end(self, cut: Cut) -> str:
        """The last number before a cut."""
        return wording.number(cut[0] - self.whole, self.kind)

    def said(self, found: Stretch) -> str:
        """A stretch: `from 0.90 to 0.95`, `from 0.97 up`, `at exactly 0.90`."""
        if found.high == END:
            return f"from {self.start(found.low)} up"
        if found.low == BEGIN:
            return f"up to {self.end(found.high)}"
        first, last = self.start(found.low), self.end(found.high)
        return f"at exactly {first}" if first == last else f"from {first} to {last}"


def band_gap(survey: Survey) -> Iterator[Diagnostic]:
    """`band-gap`: two bands of a field with a stretch between them that no rule decides."""
    for (_, field), bands in _bands(survey).items():
        seen: set[tuple[str, str]] = set()
        scopes = sorted({each.scope for each in bands if each.pure}, key=_written)[:_MOST_SCOPES]
        for scope in scopes:
            for lower, upper in _gaps(bands, scope):
                pair = (lower.rule.name, upper.rule.name)
                if pair not in seen:
                    seen.add(pair)
                    yield _gap(_Line.of(survey, field), lower, upper)


def band_overlap(survey: Survey) -> Iterator[Diagnostic]:
    """`band-overlap`: a stretch of a field on which two rules ask for different tiers."""
    for (_, field), bands in _bands(survey).items():
        line = _Line.of(survey, field)
        furthest: dict[tuple[str, Scope], _Band] = {}
        reported: set[str] = set()
        for band in sorted((each for each in bands if each.pure), key=_place):
            for before in furthest.values():
                if band.rule.name not in reported and _clash(before, band):
                    reported.add(band.rule.name)
                    yield _overlap(line, before, band)
            place = (band.rule.then.tier, band.scope)
            before = furthest.get(place, band)
            if len(furthest) < _MOST_SCOPES or place in furthest:
                furthest[place] = max(before, band, key=lambda each: each.stretch.high)


def _bands(survey: Survey) -> Mapping[tuple[str, str], list[_Band]]:
    """By policy and field."""
    found: dict[tuple[str, str], list[_Band]] = defaultdict(list)
    for rule in survey.live():
        terms = survey.terms[rule.name]
        if not terms.complete:
            continue
        excuses = (
            {id(leaf) for leaf in leaves_of(rule.unless)} if rule.unless is not None else set()
        )
        for term in terms.terms:
            for key, region in term.regions.items():
                if _is_band(survey, key, region, excuses):
                    for band in _of_region(rule, key, term, excuses, alone=len(terms.terms) == 1):
                        found[rule.policy, key].append(band)
    return {key: bands for key, bands in found.items() if len(bands) > 1}


def _is_band(survey: Survey, key: str, region: Region, excuses: set[int]) -> bool:
    field = survey.policy.vocabulary.fields.get(key)
    if field is None or field.type not in _BANDED or region.states != PRESENT:
        return False
    return not _only_excused(region, excuses)


def _of_region(
    rule: Rule, key: str, term: Term, excuses: set[int], *, alone: bool
) -> Iterator[_Band]:
    region = term.regions[key]
    others = [each for name, each in term.regions.items() if name != key]
    pure = all(_only_excused(each, excuses) for each in others)
    pure = pure and rule.sample is None and rule.rollout is None
    span = next(each.leaf.span for each in region.grounds if id(each.leaf) not in excuses)
    stretches = region.shape.stretches if isinstance(region.shape, Numbers) else ()
    for stretch in stretches:
        yield _Band(stretch, rule, scope_of(rule), span, pure, alone and len(stretches) == 1)


def _only_excused(region: Region, excuses: set[int]) -> bool:
    """Whether only `unless` narrows the region."""
    return all(id(ground.leaf) in excuses for ground in region.grounds)


def _gaps(bands: Sequence[_Band], scope: Scope) -> Iterator[tuple[_Band, _Band]]:
    """Neighbouring bands, in rules that see the whole scope, with something undecided between."""
    decided = join(each.stretch for each in bands if touch(each.scope, scope))
    pure = [each for each in bands if each.pure and covers(each.scope, scope)]
    if _two_tails(decided, pure):
        return
    for below, above in pairwise(decided.stretches):
        lower = next((each for each in pure if each.stretch.high == below.high), None)
        upper = next((each for each in pure if each.stretch.low == above.low), None)
        if lower is None or upper is None or lower.rule is upper.rule:
            continue
        if ever_together(lower.rule, upper.rule):
            yield lower, upper


def _two_tails(decided: Numbers, pure: Sequence[_Band]) -> bool:
    """Very low and very high, and nothing said of the middle: that is meant."""
    first, last = decided.stretches[:1], decided.stretches[1:]
    ends = [each.stretch for each in pure] if first and first[0].low[0] <= 0 else []
    return len(last) == 1 and sorted(ends, key=lambda each: each.low) == [*first, *last]


def _clash(one: _Band, other: _Band) -> bool:
    """Whether two bands overlap and ask for different tiers; bands come in order of their start."""
    if one.rule is other.rule or one.rule.then.tier is other.rule.then.tier:
        return False
    if one.stretch.high <= other.stretch.low or not touch(one.scope, other.scope):
        return False
    if not ever_together(one.rule, other.rule):
        return False
    if one.rule.name in other.rule.outranks or other.rule.name in one.rule.outranks:
        return False
    weaker, stronger = sorted((one, other), key=lambda each: TIER_RANK[each.rule.then.tier])
    # a weaker rule inside a stronger one never wins, and is reported as such
    return not (weaker.alone and Numbers((weaker.stretch,)).within(Numbers((stronger.stretch,))))


def _gap(line: _Line, lower: _Band, upper: _Band) -> Diagnostic:
    gap = Stretch(lower.stretch.high, upper.stretch.low)
    return warning(
        "band-gap",
        f"nothing decides {line.field} {line.said(gap)}"
        f" ({lower.rule.name} ends at {line.end(gap.low)},"
        f" {upper.rule.name} starts at {line.start(gap.high)})",
        lower.span,
        related=(upper.span,),
    )


def _overlap(line: _Line, one: _Band, other: _Band) -> Diagnostic:
    high = min(one.stretch.high, other.stretch.high)
    both = Stretch(max(one.stretch.low, other.stretch.low), high)
    weaker, stronger = sorted((one, other), key=lambda each: TIER_RANK[each.rule.then.tier])
    return warning(
        "band-overlap",
        f"`{weaker.rule.name}` ({weaker.rule.then.tier}) and `{stronger.rule.name}`"
        f" ({stronger.rule.then.tier}) both decide `{line.field}` {line.said(both)};"
        f" {stronger.rule.then.tier} wins there",
        weaker.span,
        hint="let one of the two end where the other starts",
        related=(stronger.span,),
    )


def _place(band: _Band) -> tuple[tuple[float, int], str]:
    return (band.stretch.low, band.rule.name)


def _written(scope: Scope) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(sorted(each)) for each in scope)
