"""What figures of rules say: broken feeds, viral phrases, and what is no news."""

import numpy as np

from engine.drift import Change, Insufficient, Passed, RuleDrift, Surprise, rule_drift


def test_broken_feeds_and_viral_phrases_show() -> None:
    """Among 500 steady rules, those two are found, and no other."""
    dice = np.random.default_rng(11)
    rates = dice.uniform(0.001, 0.2, 500)
    history = {
        str(n): Passed(hits=int(h), items=50_000)
        for n, h in enumerate(dice.binomial(50_000, rates))
    }
    now = {
        str(n): Passed(hits=int(h), items=4_000) for n, h in enumerate(dice.binomial(4_000, rates))
    }
    history |= {"feed": Passed(hits=250, items=50_000), "phrase": Passed(hits=0, items=50_000)}
    now |= {"feed": Passed(hits=0, items=4_000), "phrase": Passed(hits=40, items=4_000)}
    found = rule_drift(history, now, surprise=Surprise())
    changed = {
        rule: each.change
        for rule, each in found.items()
        if isinstance(each, RuleDrift) and each.change is not Change.STEADY
    }
    assert changed == {"feed": Change.SILENT, "phrase": Change.RISEN}
    feed = found["feed"]
    assert isinstance(feed, RuleDrift)
    assert feed.ratio == 0
    assert feed.effect < 0
    assert (
        2 * (1 - feed.before) ** feed.silence
        <= 0.01 / 502
        < 2 * (1 - feed.before) ** (feed.silence - 1)
    )


def test_small_changes_are_steady_however_certain() -> None:
    """A fifth more is no surprise; a rule that passes nearly always is seen by Cohen's h."""
    history = {"a": Passed(hits=100_000, items=10**6), "b": Passed(hits=900_000, items=10**6)}
    now = {"a": Passed(hits=12_000, items=100_000), "b": Passed(hits=70_000, items=100_000)}
    found = rule_drift(history, now, surprise=Surprise())
    steady, fallen = found["a"], found["b"]
    assert isinstance(steady, RuleDrift)
    assert isinstance(fallen, RuleDrift)
    assert steady.adjusted < 1e-9
    assert steady.change is Change.STEADY
    assert fallen.change is Change.FALLEN


def test_one_hit_is_no_news() -> None:
    """Ten times the rate, by a single item among a hundred, may be chance."""
    found = rule_drift(
        {"a": Passed(hits=10, items=10_000)}, {"a": Passed(hits=1, items=100)}, surprise=Surprise()
    )["a"]
    assert isinstance(found, RuleDrift)
    assert found.ratio > 9
    assert found.change is Change.STEADY


def test_rules_need_items_and_history() -> None:
    """Rules that are new, or gone, are told as such."""
    some = Passed(hits=5, items=1_000)
    found = rule_drift({"gone": some}, {"new": some}, surprise=Surprise())
    assert found == {
        "gone": Insufficient(of="current", n=0, needs=100),
        "new": Insufficient(of="history", n=0, needs=10_000),
    }
    assert rule_drift({}, {}, surprise=Surprise()) == {}
