"""Rule sets are what they are said to be, and the same every time."""

import re
from collections import Counter
from functools import cache

import pytest

from engine.bench.descriptions import AtLeast, Every, Kind, Matches, Words, example
from engine.bench.evaluation import NOW
from engine.bench.policies import files_of, policy_of
from engine.bench.stock import Frequencies, frequencies
from engine.bench.texts import as_others_need, fair, pieces, texts_of
from engine.bench.workload import Recipe, descriptions, items_of
from engine.diagnostics import Level
from engine.item import Item
from engine.rules.reading import read_policy
from engine.rules.release import Release

SEED = 5


@cache
def _texts() -> tuple[str, ...]:
    return tuple(texts_of([], SEED, 3_000))


@cache
def _counted() -> Frequencies:
    return frequencies(_texts())


def test_the_same_seed_makes_the_same_rules_and_items() -> None:
    """Two people who measure measure the same; another seed makes other rules."""
    first, again = (descriptions(_counted(), 200, Recipe(seed=SEED)) for _ in range(2))
    assert first == again
    assert descriptions(_counted(), 200, Recipe(seed=SEED + 1)) != first
    assert items_of(_texts()[:50], SEED) == items_of(_texts()[:50], SEED)


def test_a_small_set_is_the_beginning_of_a_large_one() -> None:
    """Growth is measured on rules that are added, and not on others."""
    assert (
        descriptions(_counted(), 100, Recipe()) == descriptions(_counted(), 1_000, Recipe())[:100]
    )


@pytest.mark.parametrize("count", [100, 1_000])
def test_the_mix_is_as_advertised(count: int) -> None:
    """Of 20 rules 8 are words, 4 patterns, 5 thresholds and 3 compound."""
    kinds = Counter(rule.kind for rule in descriptions(_counted(), count, Recipe()))
    shares = {Kind.WORDS: 0.4, Kind.PATTERN: 0.2, Kind.THRESHOLDS: 0.25, Kind.COMPOUND: 0.15}
    assert {kind: found / count for kind, found in kinds.items()} == shares


def test_matches_grow_to_four_and_a_half_an_item() -> None:
    """The target is a rate a rule: on average one item in 2,200, in each kind of rule."""
    rules = descriptions(_counted(), 10_000, Recipe(seed=SEED))
    release = Release.of(policy_of(rules))
    verdicts = release.evaluate_batch(items_of(_texts(), SEED), now=NOW)
    found = Counter(hit.rule.partition("-")[0] for verdict in verdicts for hit in verdict.hits)
    assert 3.0 < found.total() / len(verdicts) < 6.0
    assert set(found) == {kind.value for kind in Kind}


def test_rules_that_never_match_do_not() -> None:
    """The growth of what costs only by being there is measured on rules that find nothing."""
    policy = policy_of(descriptions(_counted(), 1_000, Recipe(matching=False)))
    verdicts = Release.of(policy).evaluate_batch(items_of(_texts(), SEED), now=NOW)
    assert not any(verdict.hits for verdict in verdicts)


def test_patterns_are_valid_and_their_literals_certain() -> None:
    """Python takes every pattern, and no match lacks the literals that a guard would look for."""
    patterns = [
        rule.condition
        for rule in descriptions(_counted(), 4_000, Recipe(seed=SEED))
        if isinstance(rule.condition, Matches)
    ]
    assert any(not pattern.literals for pattern in patterns)
    lowered = [as_others_need(text) for text in fair(_texts())[:300]]
    for pattern in patterns:
        search = re.compile(pattern.pattern).search
        assert search(pattern.example), pattern
        for text in lowered:
            if search(text) and pattern.literals:
                assert any(literal in text for literal in pattern.literals)


def test_literals_are_certain_in_disguise_too() -> None:
    """Where a letter may be written as a sign, it is in no literal that a guard would look for."""
    classes = [
        rule.condition
        for rule in descriptions(_counted(), 400, Recipe(seed=SEED))
        if isinstance(rule.condition, Matches) and rule.condition.pattern.startswith(r"\b")
        if re.search(r"\[\w\d", rule.condition.pattern) and "{" not in rule.condition.pattern
    ]
    assert classes
    for pattern in classes:
        disguised = re.sub(r"\[.(.).?\]", r"\1", pattern.pattern.replace(r"\b", ""))
        assert disguised != pattern.example
        assert re.search(pattern.pattern, disguised)
        assert any(literal in disguised for literal in pattern.literals)


def test_examples_match() -> None:
    """The example in each file of rules is one of what its rule catches."""
    rules = descriptions(_counted(), 400, Recipe(seed=SEED))
    release = Release.of(policy_of(rules))
    for rule in rules:
        item = Item(rule.name, dict(example(rule.condition)))
        found = {hit.rule for hit in release.evaluate(item, now=NOW).hits}
        assert rule.name in found, rule


def test_examples_of_conditions_that_hold_together_hold_together() -> None:
    """Texts are put one after another, and of two bounds the higher one is kept."""
    condition = Every(
        parts=(
            Words(any_of=("zorb", "quent")),
            AtLeast(field="score.spam", number=0.9),
            AtLeast(field="score.spam", number=0.5),
            Words(any_of=("lunari",)),
        )
    )
    assert example(condition) == {"text": "zorb lunari", "score.spam": 0.9}


def test_files_say_the_same_as_the_policy() -> None:
    """What is linted is what is judged: the files load without an error and match alike."""
    rules = descriptions(_counted(), 400, Recipe(seed=SEED))
    policy, diagnostics = read_policy(dict(files_of(rules)))
    assert not [found for found in diagnostics if found.level is Level.ERROR]
    assert policy is not None
    items = items_of(_texts(), SEED)
    written = Release.of(policy).evaluate_batch(items, now=NOW)
    assert written == Release.of(policy_of(rules)).evaluate_batch(items, now=NOW)
    assert any(verdict.hits for verdict in written)


def test_texts_are_distinct_and_short() -> None:
    """A text that repeats flatters whoever remembers."""
    texts = _texts()
    assert len(set(texts)) == len(texts) == 3_000
    assert max(map(len, texts)) <= 180


def test_pieces_are_as_long_as_asked_and_nothing_occurs_twice() -> None:
    """Long texts are made of short ones, each used once."""
    cut = pieces(["zorb", "quent", "lunari"], 4)
    assert cut == ["zorb", " que", "nt l", "unar"]
