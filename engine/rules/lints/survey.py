"""A policy with what several checks need to know about it, worked out once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.diagnostics import Diagnostic, Level, Span
from engine.rules.lints.terms import Grammar, Terms, grammar_of, multiply_out
from engine.rules.model import Policy, Rule, Stage, Status
from engine.rules.vocabulary import FieldType


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What the checks look at."""

    policy: Policy
    now: float
    """Seconds since 1970."""
    grammar: Grammar
    terms: Mapping[str, Terms]
    """By rule, in order of name: when it matches. Retired rules are left out."""
    exempt: Mapping[str, frozenset[str]]
    """By rule: the exemptions that cover it."""
    outranked: frozenset[str]
    """Rules that some rule outranks."""

    def kind_of(self, field: str) -> FieldType:
        """The type of a declared field."""
        return self.policy.vocabulary.fields[field].type

    def live(self) -> Iterator[Rule]:
        """The rules that act on items, unless their time is over, in order of name."""
        for rule in map(self.policy.rules.__getitem__, self.terms):
            over = rule.ends is not None and rule.ends <= self.now
            if rule.status is Status.LIVE and rule.stage is Stage.ITEM and not over:
                yield rule


def survey_of(policy: Policy, *, now: float) -> Survey:
    """Look at every rule once."""
    grammar = grammar_of(policy)
    terms = {
        name: multiply_out(rule.when, grammar, unless=rule.unless)
        for name, rule in sorted(policy.rules.items())
        if rule.status is not Status.RETIRED
    }
    exempt: dict[str, frozenset[str]] = {}
    for name, exemption in policy.exemptions.items():
        for covered in exemption.covers:
            exempt[covered] = exempt.get(covered, frozenset()) | {name}
    return Survey(
        policy=policy,
        now=now,
        grammar=grammar,
        terms=terms,
        exempt=exempt,
        outranked=frozenset(name for rule in policy.rules.values() for name in rule.outranks),
    )


def warning(
    code: str, message: str, span: Span, *, hint: str | None = None, related: tuple[Span, ...] = ()
) -> Diagnostic:
    """A finding that does not keep a release from loading."""
    return Diagnostic(
        code=code, level=Level.WARNING, message=message, span=span, hint=hint, related=related
    )
