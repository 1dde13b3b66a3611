"""A policy compiled: immutable, named by the hash of its sources, safe to share between threads."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

from engine.diagnostics import Level
from engine.errors import InvalidPolicy
from engine.item import Item
from engine.rules.activation import scope_of
from engine.rules.afterwards import Afterwards, Asked
from engine.rules.automaton import best_backend
from engine.rules.combining import PUBLISHED, Circumstances, combine, combine_plain
from engine.rules.compiler import compile_tables
from engine.rules.conditions import Checks
from engine.rules.context import Context
from engine.rules.defects import Defects
from engine.rules.explaining import Evidence, RuleReport, Witness
from engine.rules.garbage import no_garbage_collection
from engine.rules.memory import Outcome, Question
from engine.rules.model import Policy, Rule
from engine.rules.probes import Probes
from engine.rules.program import Program
from engine.rules.questions import Questions
from engine.rules.reading import read_folder
from engine.rules.requests import (
    Request,
    in_force,
    missing_request_of,
    request_of,
    uncertified_request_of,
)
from engine.rules.scanning import scanners_of
from engine.rules.scope import scope_check
from engine.rules.storing import fetch, store
from engine.rules.tables import Tables
from engine.rules.targets import matcher_of
from engine.rules.watching import Watch, Watched
from engine.verdict import Priority, Review, Tier, Verdict

Key = TypeVar("Key")
#: Rules of the machine that may not act now, each with why.
Withheld = Mapping[str, str]

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
        self._questions = Questions(policy, self.checks)
        self._after = self._afterwards()
        backend = backend or best_backend()
        scanners = list(scanners_of(tables, backend, automata or {}))
        self._program = Program(tables, policy, scanners, self.checks, probes, self._question)
        self._watch = Watch(
            {
                number: Watched(
                    self._questions.whole(self._rule(number)),
                    frozenset(fields),
                    partial(self._missing_request, number),
                )
                for number, fields in tables.watched.items()
            }
        )
        self._set_aside = frozenset(
            number
            for number in range(len(tables.subjects))
            if number >= tables.rules or not tables.plain[number]
        )
        """Subjects whose match can be set aside, or sets others aside."""
        self._defects = Defects(self.name)
        self._plain: dict[tuple[int, ...], Verdict] = {(): PUBLISHED}
        """By the matches, where nothing sets one aside; items with the same ones share it."""
        self._sampled: dict[tuple[tuple[int, ...], Asked], Verdict] = {}
        """The same with the reviews of stage `after`, by who asked for them."""

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

    def evaluate(self, item: Item, *, now: float, withheld: Withheld | None = None) -> Verdict:
        """The verdict for one item; `now` in seconds since 1970.

        Where a rule that is `withheld` would decide by itself, one reviewer looks instead.
        """
        try:
            return self._evaluate(item, now, withheld or {})
        except Exception:  # noqa: BLE001 - one item must not take the others with it
            self._defects.report("evaluation failed", item=item.id)
            return FAILED

    def evaluate_batch(
        self, items: Sequence[Item], *, now: float | Sequence[float]
    ) -> list[Verdict]:
        """The verdicts of many items, each the same as `evaluate` gives."""
        return [verdict for verdict, _ in self.evaluate_with_contexts(items, now=now)]

    def evaluate_with_contexts(
        self,
        items: Sequence[Item],
        *,
        now: float | Sequence[float],
        withheld: Withheld | None = None,
    ) -> list[tuple[Verdict, Context]]:
        """The verdicts of many items, each with what was found out on the way.

        Given to `evidence`, a context spares it a second look at the texts.
        """
        withheld = withheld or {}
        times = [now] * len(items) if isinstance(now, int | float) else now
        try:
            found = self._program.match_many([item.fields for item in items])
            return [
                (self._judge(item, matched, context, time, withheld), context)
                for item, (matched, context), time in zip(items, found, times, strict=True)
            ]
        except Exception:  # noqa: BLE001 - one item must not take the others with it
            self._defects.report("batch failed, item by item now")
            return [
                (self.evaluate(item, now=time, withheld=withheld), Context(item.fields))
                for item, time in zip(items, times, strict=True)
            ]

    def _evaluate(self, item: Item, now: float, withheld: Withheld) -> Verdict:
        matched, context = self._program.match(item.fields)
        return self._judge(item, matched, context, now, withheld)

    def with_samples(
        self, verdict: Verdict, item: Item, context: Context, *, now: float
    ) -> Verdict:
        """A verdict that rules did not reach, with the reviews that stage `after` adds to it.

        Exemptions excuse from rules: nobody is excused from what measures other decisions.
        """
        if not self._tables.after:
            return verdict
        return self._after.with_samples(verdict, self._after.asked(item, context, verdict, now, {}))

    def _judge(
        self, item: Item, matched: set[int], context: Context, now: float, withheld: Withheld
    ) -> Verdict:
        missing = self._watch.missing(context, matched) if self._tables.watched else ()
        held = self._held(matched, withheld) if withheld else {}
        if missing or held or not self._set_aside.isdisjoint(matched):
            return self._verdict(item, sorted(matched), missing, context, now, held)
        numbers = tuple(sorted(matched))
        verdict = self._plain.get(numbers)
        if verdict is None:
            requests = [self._request(number) for number in numbers]
            verdict = _keep(self._plain, numbers, combine_plain(requests))
        if not self._tables.after:
            return verdict
        asked = self._after.asked(item, context, verdict, now, {})
        if not asked.rules:
            return verdict
        found = self._sampled.get((numbers, asked))
        if found is None:
            with_samples = self._after.with_samples(verdict, asked)
            found = _keep(self._sampled, (numbers, asked), with_samples)
        return found

    def _verdict(
        self,
        item: Item,
        numbers: Sequence[int],
        missing: Iterable[Request],
        context: Context,
        now: float,
        held: Mapping[int, Request],
    ) -> Verdict:
        """The verdict where something may set matches aside, or rules cannot tell or act."""
        exempting = self._exempting(numbers, now)
        given = Circumstances(
            item_id=item.id, author=self._author(context), now=now, exempting=exempting
        )
        rules = self._tables.rules
        requests = [
            held.get(number) or self._request(number) for number in numbers if number < rules
        ]
        verdict = combine(requests, missing, given)
        asked = self._after.asked(item, context, verdict, now, exempting)
        return self._after.with_samples(verdict, asked)

    def _held(self, matched: set[int], withheld: Withheld) -> dict[int, Request]:
        """What the rules that match and may not act ask for instead, by their numbers."""
        names, rules = self._tables.subjects, self._tables.rules
        return {
            number: uncertified_request_of(
                self._rule(number), withheld[names[number]], self.policy.vocabulary
            )
            for number in matched
            if number < rules
            and names[number] in withheld
            and self._rule(number).then.tier is Tier.AUTO
        }

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

    def _afterwards(self) -> Afterwards:
        rules = [self.policy.rules[name] for name in self._tables.after]
        return Afterwards(
            [request_of(rule, self.policy.vocabulary) for rule in rules],
            [self._questions.whole(rule) for rule in rules],
            self._author,
        )

    def _missing_request(self, number: int) -> Request:
        return missing_request_of(self._rule(number), self.policy.vocabulary)

    def _question(self, number: int) -> Question:
        """What is left to look at once an activator of a subject is true."""
        if number < self._tables.rules:
            return self._questions.left(self._rule(number))
        return self._questions.exemption(self.policy.exemptions[self._tables.subjects[number]])

    def warm(self) -> None:
        """Build now what is otherwise built when it is first needed: no item will wait for it.

        About a millisecond for each pattern and tolerant word; a server calls this before it
        takes a release into use.
        """
        for target in self._tables.probe_targets:
            matcher_of(target).warm()
        for number in range(len(self._tables.subjects)):
            self._program.question(number)
            if number < self._tables.rules:
                self._request(number)

    def outcome(self, name: str, item: Item) -> Outcome:
        """What a rule (or exemption) makes of an item, its scope counted in, its status not."""
        rule = self.policy.rules.get(name)
        if rule is None:
            return self.checks.condition(self.policy.exemptions[name].when)(Context(item.fields))
        return self._questions.check(rule)(Context(item.fields))

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


def _keep(kept: dict[Key, Verdict], key: Key, verdict: Verdict) -> Verdict:
    """Keep a verdict for all items that get the same."""
    if len(kept) >= MOST_KEPT:
        kept.clear()
    kept[key] = verdict
    return verdict
