"""Rules of the machine that may not act: as if their authors had asked for one reviewer."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from engine.rules.fingerprints import Fingerprints
from engine.rules.model import Policy, Rule
from engine.rules.release import Release
from engine.verdict import HitStatus, Tier, Verdict
from tests.generators.draws import seeded
from tests.generators.items import bait, item
from tests.generators.policies import NOW, policy
from tests.oracle.verdicts import evaluate

if TYPE_CHECKING:
    from engine.item import Item

POLICIES, ITEMS = 16, 8
WHY = "has no certificate"


def asking_people(rule: Rule) -> Rule:
    """The rule as it would have been written for one reviewer."""
    then = replace(rule.then, tier=Tier.SINGLE, action="publish")
    return replace(rule, then=then, outranks=())


def plain(verdict: Verdict) -> Verdict:
    """A verdict in which rules that may not act are told like any other."""
    hits = [
        replace(hit, status=HitStatus.LIVE, by=None) if hit.status is HitStatus.UNCERTIFIED else hit
        for hit in verdict.hits
    ]
    return replace(verdict, hits=tuple(hits))


def withheld_of(made: Policy, seed: int) -> dict[str, str]:
    """Every other rule of the machine, or all of them."""
    names = [name for name, rule in made.rules.items() if rule.then.tier is Tier.AUTO]
    return dict.fromkeys(names if seed % 3 else names[::2], WHY)


def test_withheld_rules_are_rules_for_one_reviewer() -> None:
    """π, samples, reviews and actions are those of a policy that says so."""
    uncertified = 0
    for seed in range(POLICIES):
        draws = seeded(seed)
        made = policy(draws)
        found = bait(made)
        items: list[Item] = [item(draws, made, found) for _ in range(ITEMS)]
        withheld = withheld_of(made, seed)
        rules = {
            name: asking_people(rule) if name in withheld else rule
            for name, rule in made.rules.items()
        }
        rewritten = replace(made, rules=rules)
        release = Release.of(made)
        told = release.evaluate_with_contexts(items, now=NOW, withheld=withheld)
        for each, (verdict, _) in zip(items, told, strict=True):
            assert plain(verdict) == evaluate(rewritten, each, now=NOW), (seed, each)
            assert release.evaluate(each, now=NOW, withheld=withheld) == verdict
            held = [hit for hit in verdict.hits if hit.status is HitStatus.UNCERTIFIED]
            uncertified += len(held)
            assert all(hit.by == WHY for hit in held)
            assert not held or verdict.review is not None
        assert [verdict for verdict, _ in release.evaluate_with_contexts(items, now=NOW)] == [
            evaluate(made, each, now=NOW) for each in items
        ]
    assert uncertified > POLICIES


def test_fingerprints_survive_storing_and_know_their_rules(tmp_path: Path) -> None:
    """The same in every process, however a release was opened; of each rule its own."""
    for seed in range(6):
        made = policy(seeded(seed))
        prints = Fingerprints(made)
        digests = {name: prints.of(name).digest for name in made.rules}
        assert len(set(digests.values())) == len(digests)
        Release.of(made).save(tmp_path / "release")
        stored = Fingerprints(Release.open(tmp_path / "release").policy)
        assert {name: stored.of(name).digest for name in made.rules} == digests
        moved = {
            name: replace(rule, title="other", owner="other", starts=None, rollout=None)
            for name, rule in sorted(made.rules.items(), reverse=True)
        }
        again = Fingerprints(replace(made, rules=moved))
        for name in made.rules:
            if not any(name in rule.outranks for rule in made.rules.values()):
                assert again.of(name).digest == digests[name]
