"""What the semantic diff says of two policies, against the naive interpreter."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from engine.diffing import Difference, compare
from engine.diffing.difference import Fate, RuleDifference
from engine.diffing.directions import Direction, together
from engine.diffing.forms import Forms
from engine.diffing.layouts import as_text
from engine.diffing.pairing import Pairing
from engine.diffing.proofs import direction_of
from engine.item import Item
from engine.rules.formatting import format_text, numeric_fields
from engine.rules.model import Condition, Policy
from engine.rules.reading import read_policy
from tests.generators.conditions import Names, condition
from tests.generators.draws import Draws, seeded
from tests.generators.edits import changed, edit, edit_rule, written_differently
from tests.generators.items import bait, item
from tests.generators.policies import NOW, policy
from tests.generators.words import EVERYTHING
from tests.oracle.conditions import Truth, truth
from tests.oracle.matches import exemption_of, rule_truth

RULES = Path(__file__).parents[2] / "rules"
#: Pairs of a policy and an item for each two policies that are compared.
EACH = 80
ITEMS = 12


@dataclass(frozen=True, slots=True)
class Pair:
    """A policy before and after a few edits, and items to judge with both."""

    old: Policy
    new: Policy
    items: list[Item]
    difference: Difference

    def matches(self, difference: RuleDifference) -> Iterator[tuple[bool, bool]]:
        """Of each item: whether the rule matched, and whether it does, exemptions taken away."""
        assert difference.old is not None
        assert difference.new is not None
        for each in self.items:
            sides = ((difference.old, self.old), (difference.new, self.new))
            before, after = (
                rule_truth(rule, each, made) is True and exemption_of(rule, each, made, NOW) is None
                for rule, made in sides
            )
            yield before, after


def _pair(draws: Draws) -> Pair:
    old = policy(draws)
    new = old
    for _ in range(draws.between(1, 3)):
        new = edit(draws, new).policy
    if draws.chance(30):
        old, new = new, old
    baits = bait(old), bait(new)
    items = [item(draws, new, draws.pick(baits)) for _ in range(ITEMS)]
    return Pair(old, new, items, compare(old, new))


@pytest.fixture
def seeds(pairs: int, first_seed: int) -> range:
    """Of the policies that are compared."""
    return range(first_seed, first_seed + pairs // EACH)


def test_a_policy_differs_in_nothing_from_itself(seeds: range) -> None:
    """Nor from itself in another order, at other places."""
    for seed in seeds:
        draws = seeded(seed)
        made = policy(draws)
        assert compare(made, made).empty
        found = compare(made, written_differently(draws, made))
        assert found.empty, (seed, found.rules, found.shared, found.vocabulary)


def test_what_is_said_of_matches_is_true(seeds: range) -> None:
    """Nothing new matches a rule that narrows, all that matched matches one that widens.

    A rule that is not mentioned matches what it matched.
    """
    seen: Counter[Direction] = Counter()
    moved = 0
    for seed in seeds:
        pair = _pair(seeded(seed, 1))
        told = {each.name: each for each in pair.difference.rules}
        for name, rule in pair.new.rules.items():
            known = told.get(name)
            said = known.direction if known is not None else Direction.NONE
            each = known or RuleDifference(fate=Fate.TOUCHED, old=pair.old.rules[name], new=rule)
            seen[said] += known is not None
            for before, after in pair.matches(each):
                moved += before is not after
                if said in (Direction.NARROWS, Direction.NONE):
                    assert before or not after, (seed, name, said)
                if said in (Direction.WIDENS, Direction.NONE):
                    assert after or not before, (seed, name, said)
    assert moved > len(seeds) // 8
    assert all(seen[each] > len(seeds) // 12 for each in Direction), seen


_TRUER: dict[Truth, int] = {False: 0, None: 1, True: 2}


def test_what_is_proven_of_conditions_is_true(pairs: int, first_seed: int) -> None:
    """Wider is never less true, narrower never more; as a whole, and told part by part."""
    seen: Counter[Direction] = Counter()
    moved = 0
    for seed in range(first_seed, first_seed + pairs // 25):
        draws = seeded(seed, 4)
        made = policy(draws, 1, 1)
        fields = [
            each
            for name, each in made.vocabulary.fields.items()
            if not name.startswith("decision.")
        ]
        names = Names(fields, list(made.lists.values()), EVERYTHING, list(made.conditions.items()))
        old = condition(draws, names, draws.below(3))
        new = changed(draws, made, old)
        if draws.chance(50):
            old, new = new, old
        whole, parts = _directions(made, old, new)
        seen[whole] += 1
        rule = next(iter(made.rules.values()))
        found = bait(replace(made, rules={rule.name: replace(rule, when=old, unless=new)}))
        for _ in range(8):
            each = item(draws, made, found)
            before, after = (_TRUER[truth(one, each, made)] for one in (old, new))
            moved += before != after
            for said in (whole, parts):
                if said in (Direction.NARROWS, Direction.NONE):
                    assert after <= before, (seed, said, old, new)
                if said in (Direction.WIDENS, Direction.NONE):
                    assert after >= before, (seed, said, old, new)
    assert moved > pairs // 100
    proven = (Direction.WIDENS, Direction.NARROWS)
    assert min(seen[each] for each in proven) > pairs // 100, seen


def _directions(made: Policy, old: Condition, new: Condition) -> tuple[Direction, Direction]:
    meaning = Forms(policy=made, looked_up=True)
    written = Forms(policy=made, named=frozenset(made.conditions), merging=False)
    pairing = Pairing(old=written, new=written, old_meaning=meaning, new_meaning=meaning)
    whole = direction_of(meaning.node(old), meaning.node(new))
    return whole, together(each.direction for each in pairing.conditions(old, new))


def test_every_edit_of_a_rule_is_told_of_that_rule_alone(seeds: range) -> None:
    """Thresholds, words, parts, scopes, tiers, actions and states.

    Few edits of conditions mean nothing: a word that was there already, a bound beside a stricter
    one. That they mean nothing is tested above.
    """
    told: Counter[str] = Counter()
    made_at_all: Counter[str] = Counter()
    for seed in seeds:
        draws = seeded(seed, 2)
        made = policy(draws)
        edited = edit_rule(draws, made)
        names = {each.name for each in compare(made, edited.policy).rules}
        assert names <= {edited.rule}, (seed, edited.kind)
        told[edited.kind] += bool(names)
        made_at_all[edited.kind] += 1
    for kind in ("_asked", "_standing", "_scope"):
        assert told[kind] == made_at_all[kind] > 0, kind
    for kind in ("_when", "_unless"):
        assert told[kind] >= 0.9 * made_at_all[kind] > 0, (told, made_at_all)


def _documents(text: str) -> list[str]:
    return [each for each in text.split("\n---\n") if each.strip()]


def test_files_written_anew_differ_in_nothing() -> None:
    """The shipped rules: documents in any order, in other files, formatted, are the same policy."""
    texts = {
        file.relative_to(RULES).as_posix(): file.read_text(encoding="utf-8")
        for file in RULES.rglob("*.yaml")
    }
    old, _ = read_policy(texts)
    assert old is not None
    numeric = numeric_fields(texts.items())
    for seed in range(2):
        draws = seeded(seed, 3)
        written: dict[str, str] = {}
        for name, text in texts.items():
            first, *rest = _documents(text)
            if not first.lstrip().startswith("file:") and "\nfile:" not in first:
                first, rest = "", [first, *rest]
            mixed = draws.some(rest, len(rest), len(rest)) if rest else ()
            loose = "\n---\n".join(each for each in (first, *mixed) if each)
            moved = f"elsewhere/{seed}-{name.replace('/', '-')}"
            written[moved] = format_text(moved, loose, numeric=numeric).text
        new, mistakes = read_policy(written)
        assert new is not None, mistakes
        assert new.source_hash != old.source_hash
        found = compare(old, new)
        assert found.empty, list(as_text(found, "shipped", f"seed {seed}"))
