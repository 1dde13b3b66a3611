"""The comparison compares like with like, and says so where it does not."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest

from engine.bench.descriptions import Description
from engine.bench.policies import policy_of
from engine.bench.stock import frequencies
from engine.bench.texts import fair, texts_of
from engine.bench.workload import Recipe, descriptions, items_of
from engine.item import Item
from engine.rules.release import Release
from tests.benchmarks.agreement import (
    Disagreement,
    compare,
    of_oracle,
    of_peer,
    of_release,
    telling,
)
from tests.benchmarks.comparison import ONE, Comparison, rows
from tests.benchmarks.document import insert
from tests.benchmarks.limit import prepared, scan_of
from tests.benchmarks.peers.catalogue import PEERS
from tests.benchmarks.peers.peer import Peer
from tests.benchmarks.targets import ratios

ITEMS = 60


@cache
def _ground() -> tuple[list[Description], list[Item], list[frozenset[str]]]:
    """Rules, items of which half match something, and what matches."""
    texts = fair(texts_of([], 2, 2_000))
    rules = descriptions(frequencies(texts), 400, Recipe(seed=2))
    items = items_of(texts, 2)
    expected = of_release(Release.of(policy_of(rules)), items)
    places = telling(expected, items, ITEMS)
    return rules, [items[place] for place in places], [expected[place] for place in places]


@pytest.mark.parametrize("peer", PEERS, ids=lambda peer: peer.name)
def test_an_engine_finds_the_same_rules(peer: Peer) -> None:
    """What is timed beside ours does the same work."""
    if peer.module is not None and find_spec(peer.module) is None:
        pytest.skip(f"{peer.module} is not installed; `make bench` installs it")
    rules, items, expected = _ground()
    assert sum(map(bool, expected)) == ITEMS // 2
    compare(peer.name, of_peer(peer.build(rules), rules, items), expected, items)


def test_the_naive_interpreter_finds_the_same_rules() -> None:
    """Both are right, and not only equal."""
    rules, items, expected = _ground()
    compare("naive", of_oracle(rules, items[::4]), expected[::4], items[::4])


def test_a_difference_is_an_error() -> None:
    """An engine that leaves out a match is not timed; the message keeps texts to itself."""
    _, items, expected = _ground()
    wrong = [*expected[:-1], frozenset({"words-99999"})]
    with pytest.raises(Disagreement, match="words-99999") as raised:
        compare("somebody", wrong, expected, items)
    assert str(items[-1].fields["text"]) not in str(raised.value)


@pytest.mark.skipif(find_spec("hyperscan") is None, reason="there is no Hyperscan here")
def test_the_limit_takes_every_rule() -> None:
    """Hyperscan compiles all words, literals and patterns of the rules, and scans."""
    rules, items, _ = _ground()
    scan = scan_of(rules)
    assert scan is not None
    scan(prepared(items[0]))


def test_a_table_has_a_column_for_each_number_of_rules() -> None:
    """An engine that was left out has a dash, and no ratio."""
    comparison = Comparison((1_000, 10_000), matches={1_000: 0.45, 10_000: 4.5})
    for size, cost in ((1_000, 5.0), (10_000, 20.0)):
        comparison.note(ONE, size, cost)
    comparison.note(PEERS[0].name, 1_000, 150.0)
    comparison.note(PEERS[0].name, 10_000, None)
    assert list(rows(comparison))[2:] == [
        f"| {ONE} | 5.0 | 20 |",
        f"| {PEERS[0].name} | 150 | — |",
        "| *rules that match an item* | 0.45 | 4.5 |",
    ]
    assert [(figure.value, figure.reached) for figure in ratios(comparison)] == [(30.0, True)]


def test_tables_go_between_the_marks(tmp_path: Path) -> None:
    """The rest of the document stays as it is, and a document without marks is left alone."""
    page = tmp_path / "page.md"
    page.write_text("a\n<!-- bench:start -->\nold\n<!-- bench:end -->\nz\n", encoding="utf-8")
    assert insert(page, "bench", "new")
    wanted = "a\n<!-- bench:start -->\nnew\n<!-- bench:end -->\nz\n"
    assert page.read_text(encoding="utf-8") == wanted
    page.write_text("nothing\n", encoding="utf-8")
    assert not insert(page, "bench", "new")
    assert page.read_text(encoding="utf-8") == "nothing\n"
