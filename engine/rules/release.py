"""A policy compiled: immutable, named by the hash of its sources, safe to share between threads."""

import logging
from collections import ChainMap
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from engine.diagnostics import Level
from engine.errors import InvalidPolicy
from engine.item import Item
from engine.rules.activation import Planner, scope_of
from engine.rules.automaton import best_backend
from engine.rules.combining import PUBLISHED, Circumstances, combine, combine_plain, included
from engine.rules.compiler import compile_tables
from engine.rules.conditions import Checks, all_of
from engine.rules.context import Context
from engine.rules.explaining import Evidence, RuleReport, Witness
from engine.rules.garbage import no_garbage_collection
from engine.rules.memory import Check, Outcome, inputs_of, remembering
from engine.rules.model import Policy, Rule
from engine.rules.probes import Probes
from engine.rules.program import Program
from engine.rules.reading import read_folder
from engine.rules.requests import (
    Request,
    in_force,
    missing_request_of,
    request_of,
    sampled,
)
from engine.rules.scanning import scanners_of
from engine.rules.scope import scope_check
from engine.rules.storing import fetch, store
from engine.rules.tables import Tables
from engine.rules.targets import matcher_of
from engine.verdict import Priority, Review, Tier, Verdict

_log = logging.getLogger(__name__)

#: Verdicts kept for sets of matches seen before.
MOST_KEPT = 65_536

#: What an item gets whose evaluation failed.
FAILED = Verdict(
    tier=Tier.SINGLE,
    review=Review(
        tier=Tier.SINGLE,
        queue="engine-failed",
        priority=Priority.HIGH,
        due_in=86_400.0,
        reason="engine.failed",
        rule="engine-failed",
    ),
    reasons=("engine.failed",),
    inclusion_probability=1.0,
)


class Release:
    """The rules of one policy in force together."""

    def __init__(
        self,
        policy: Policy,
        *,
        backend: str | None = None,
        tables: Tables | None = None,
        automata: Mapping[str, bytes] | None = None,
    ) -> None:
        self.policy = policy
        self.name = policy.source_hash[:12]
        tables = compile_tables(policy) if tables is None else tables
        self._tables = tables
        probes = Probes(policy.lists, tables)
        self.checks = Checks(policy, probes)
        self._witness = Witness(policy, self.checks, probes)
        self._made: dict[int, Request] = {}
        self._after = [request_of(policy.rules[name], policy.vocabulary) for name in tables.after]
        self._after_checks = [self._remembering_check(request.rule) for request in self._after]
        backend = backend or best_backend()
        scanners = list(scanners_of(tables, backend, automata or {}))
        self._program = Program(tables, policy, scanners, self.checks, probes, self._check_of)
        self._watched = [
            (number, frozenset(fields), self._remembering_check(self._rule(number)))
            for number, fields in tables.watched.items()
        ]
        self._set_aside = frozenset(
            number
            for number in range(len(tables.subjects))
            if number >= tables.rules or not tables.plain[number]
        )
        """Subjects whose match can be set aside, or sets others aside."""
        self._kept: dict[tuple[int, ...], Verdict] = {}

    @classmethod
    def load(cls, *paths: Path, backend: str | None = None) -> "Release":
        """Read, check and compile folders or files; raises InvalidPolicy with all mistakes."""
        policy, diagnostics = read_folder(paths)
        if policy is None:
            raise InvalidPolicy([found for found in diagnostics if found.level is Level.ERROR])
        return cls(policy, backend=backend)

    @classmethod
    def open(cls, path: Path) -> "Release":
        """Start from a file that `save` wrote; raises InvalidRelease if it is damaged."""
        with no_garbage_collection():
            policy, tables, automata = fetch(path)
            return cls(policy, tables=tables, automata=automata)

    def save(self, path: Path) -> None:
        """Write the compiled release to one file."""
        dumps = [scanner.dump() for scanner in self._program.scanners]
        store(
            path,
            self.policy,
            self._tables,
            {name: dump for part in dumps for name, dump in part.items()},
        )

    @classmethod
    def of(cls, policy: Policy, *, backend: str | None = None) -> "Release":
        """Compile a policy; `backend`: `hyperscan` or `ahocorasick`, by default what is there."""
        return cls(policy, backend=backend)

    def evaluate(self, item: Item, *, now: float) -> Verdict:
        """The verdict for one item; `now` in seconds since 1970."""
        try:
            return self._evaluate(item, now)
        except Exception:  # noqa: BLE001 - one item must not take the others with it
            _log.exception("evaluation failed", extra={"item": item.id, "release": self.name})
            return FAILED

    def evaluate_batch(
        self, items: Sequence[Item], *, now: float | Sequence[float]
    ) -> list[Verdict]:
        """The verdicts of many items, each the same as `evaluate` gives."""
        return [verdict for verdict, _ in self.evaluate_with_contexts(items, now=now)]

    def evaluate_with_contexts(
        self, items: Sequence[Item], *, now: float | Sequence[float]
    ) -> list[tuple[Verdict, Context]]:
        """The verdicts of many items, each with what was found out on the way.

        Given to `evidence`, a context spares it a second look at the texts.
        """
        times = [now] * len(items) if isinstance(now, int | float) else now
        try:
            found = self._program.match_many([item.fields for item in items])
            return [
                (self._judge(item, matched, context, time), context)
                for item, (matched, context), time in zip(items, found, times, strict=True)
            ]
        except Exception:  # noqa: BLE001 - one item must not take the others with it
            _log.exception("batch failed, item by item now", extra={"release": self.name})
            return [
                (self.evaluate(item, now=time), Context(item.fields))
                for item, time in zip(items, times, strict=True)
            ]

    def _evaluate(self, item: Item, now: float) -> Verdict:
        matched, context = self._program.match(item.fields)
        return self._judge(item, matched, context, now)

    def _judge(self, item: Item, matched: set[int], context: Context, now: float) -> Verdict:
        missing = self._missing(context, matched) if self._watched else ()
        exempting: Mapping[str, str] = {}
        if not matched and not missing:
            verdict = PUBLISHED
        elif not missing and self._set_aside.isdisjoint(matched):
            verdict = self._plain_verdict(tuple(sorted(matched)))
        else:
            numbers = sorted(matched)
            exempting = self._exempting(numbers, now)
            given = Circumstances(
                item_id=item.id, author=self._author(context), now=now, exempting=exempting
            )
            rules = self._tables.rules
            requests = [self._request(number) for number in numbers if number < rules]
            verdict = combine(requests, missing, given)
        return self._sampled_after(item, verdict, exempting, now) if self._after else verdict

    def _plain_verdict(self, numbers: tuple[int, ...]) -> Verdict:
        verdict = self._kept.get(numbers)
        if verdict is None:
            verdict = combine_plain([self._request(number) for number in numbers])
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            self._kept[numbers] = verdict
        return verdict

    def _missing(self, context: Context, matched: set[int]) -> list[Request]:
        """Requests of rules that cannot tell, but must not be passed over."""
        fields = context.fields
        return [
            missing_request_of(self._request(number).rule, self.policy.vocabulary)
            for number, needed, check in self._watched
            if number not in matched and not needed <= fields.keys() and check(context) is None
        ]

    def _exempting(self, numbers: Sequence[int], now: float) -> dict[str, str]:
        found: dict[str, str] = {}
        for number in numbers:
            if number >= self._tables.rules:
                exemption = self.policy.exemptions[self._tables.subjects[number]]
                if in_force(exemption.starts, exemption.ends, now):
                    for rule in exemption.covers:
                        found.setdefault(rule, exemption.name)
        return found

    def _request(self, number: int) -> Request:
        request = self._made.get(number)
        if request is None:
            request = self._made[number] = request_of(self._rule(number), self.policy.vocabulary)
        return request

    def _rule(self, number: int) -> Rule:
        return self.policy.rules[self._tables.subjects[number]]

    def _author(self, context: Context) -> str | None:
        if "author.id" not in self.policy.vocabulary.fields:
            author = context.fields.get("author.id")
        else:
            author = self.checks.reader("author.id")(context)  # type: ignore[assignment]  # a text id
        return author if isinstance(author, str) else None

    def _sampled_after(
        self, item: Item, verdict: Verdict, exempting: Mapping[str, str], now: float
    ) -> Verdict:
        decided = Context(
            ChainMap(
                {"decision.tier": verdict.tier.value, "decision.action": verdict.action},
                item.fields,  # type: ignore[arg-type]  # only read
            )
        )
        asking = [
            request
            for request, check in zip(self._after, self._after_checks, strict=True)
            if check(decided)
            and request.name not in exempting
            and in_force(request.rule.starts, request.rule.ends, now)
        ]
        if not asking:
            return verdict
        author = self._author(decided)
        return replace(
            verdict,
            samples=tuple(
                request.review
                for request in asking
                if request.review is not None and sampled(request.rule, item.id, author)
            ),
            inclusion_probability=included(
                [verdict.inclusion_probability, *(request.chance for request in asking)]
            ),
        )

    def _remembering_check(self, rule: Rule) -> Check:
        parts = (rule.when,) if rule.unless is None else (rule.when, rule.unless)
        inputs = inputs_of(parts, self.policy)
        if inputs is not None:
            inputs += tuple(literal.field for literal in scope_of(rule))
        return remembering(self._rule_check(rule), inputs)

    def _rule_check(self, rule: Rule) -> Check:
        condition = self.checks.rule(rule)
        scope = scope_of(rule)
        return all_of((scope_check(scope, self.policy), condition)) if scope else condition

    def _check_of(self, number: int) -> Check:
        """What is left to look at once an activator of a subject is true."""
        name = self._tables.subjects[number]
        if number >= self._tables.rules:
            return self.checks.condition(self.policy.exemptions[name].when)
        rule = self.policy.rules[name]
        plan = Planner(self.policy).rule(rule)
        if plan.rest is None:
            return self._rule_check(rule)
        parts = [self.checks.wanted(part, wanted=wanted) for part, wanted in plan.rest]
        if plan.scope_open:
            parts.insert(0, scope_check(scope_of(rule), self.policy))
        return all_of(parts)

    def warm(self) -> None:
        """Build now what is otherwise built when it is first needed: no item will wait for it.

        About a millisecond for each pattern and tolerant word; a server calls this before it
        takes a release into use.
        """
        for target in self._tables.probe_targets:
            matcher_of(target).warm()
        for number in range(len(self._tables.subjects)):
            self._program.check(number)
            if number < self._tables.rules:
                self._request(number)

    def outcome(self, name: str, item: Item) -> Outcome:
        """What a rule (or exemption) makes of an item, its scope counted in, its status not."""
        rule = self.policy.rules.get(name)
        if rule is None:
            return self.checks.condition(self.policy.exemptions[name].when)(Context(item.fields))
        return self._rule_check(rule)(Context(item.fields))

    def evidence(
        self, item: Item, name: str, context: Context | None = None
    ) -> tuple[Evidence, ...]:
        """What made a rule match: leaves, values, and spans in the original texts.

        A context of the item, shared by several rules, saves folding its texts again.
        """
        context = context or Context(item.fields)
        if context.seen is None:
            context.seen = self._program.seen(item.fields)
        return self._witness.evidence(self.policy.rules[name], context)

    def explain(self, item: Item) -> tuple[RuleReport, ...]:
        """Every rule, and what each of its leaves saw, by name."""
        return tuple(self.report(item, name) for name in sorted(self.policy.rules))

    def report(self, item: Item, name: str) -> RuleReport:
        """What each leaf of one rule saw."""
        rule = self.policy.rules[name]
        inside = scope_check(scope_of(rule), self.policy)(Context(item.fields))
        return self._witness.report(rule, item, in_scope=bool(inside))
