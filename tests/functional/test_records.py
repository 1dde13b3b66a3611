"""Releases, models, audit, replays, erasure and sums, as a person works with them at a terminal."""

import logging
import re
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import structlog
from sqlalchemy import text

from queues.auditing import seal
from queues.cli.app import main
from queues.judging import Judge
from queues.measurement.rollups import hour_of
from queues.policies.inforce import InForce
from queues.store.session import Store
from tests.functional.program import rules_in
from tests.generators.labelled import small_file
from tests.integration.histories import History
from tests.integration.intakes import accepted, intake_over

Program = Callable[..., tuple[int, str, str]]


@pytest.fixture
def tierwise(
    store: Store, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Program]:
    """Runs the program on the database of this test: exit status, output, messages.

    In this process: two dozen starts would take most of a minute.
    """
    monkeypatch.setenv("TIERWISE_DATABASE__URL", store.url)
    level = logging.root.level

    def run(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["tierwise", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    yield run
    for handler in logging.root.handlers[:]:
        if type(handler) is logging.StreamHandler:  # those of pytest are of other kinds
            logging.root.removeHandler(handler)
    logging.root.setLevel(level)
    structlog.reset_defaults()


def test_rules_come_into_force_and_go(tierwise: Program, tmp_path: Path) -> None:
    """Published, activated, listed, rolled back; with mistakes shown in place, and nothing kept."""
    folder = rules_in(tmp_path)
    code, said, _ = tierwise("publish", folder, "--message", "first", "--activate")
    assert code == 0
    first = said.split()[1]
    assert f"release {first} is in force\n" in said
    file = folder / "all.yaml"
    good = file.read_text("utf-8")
    file.write_text(good.replace("sure: 0.97", "sure: 0.9"), "utf-8")
    _, said, _ = tierwise("publish", folder, "-m", "second")
    second = said.split()[1]
    code, _, wrong = tierwise("release", "activate", second)
    assert (code, "1 of its tests fail" in wrong) == (1, True)
    why = ("--despite", "the test is of the line before")
    assert f"in place of {first}" in tierwise("release", "activate", second, *why)[1]
    code, said, _ = tierwise("release", "list")
    assert [line.split()[0] for line in said.splitlines()] == [second, first]
    assert "in force" in said.splitlines()[0]
    assert f"{second}  active  second" in tierwise("release", "show", second)[1]
    assert tierwise("release", "canary", second, "--share", "10%")[0] == 1
    assert tierwise("release", "rollback", "--note", "no")[1].startswith(f"release {first} is in")
    assert tierwise("release", "rollback")[0] == 1
    file.write_text(good.replace("tier: auto", "tire: auto"), "utf-8")
    code, said, wrong = tierwise("publish", folder, "-m", "third")
    assert (code, said) == (1, "")
    assert "did you mean `tier`?" in wrong
    assert wrong.startswith("all.yaml:50:9  error[unknown-key]")
    assert tierwise("release", "activate", "nothing")[0] == 1
    assert tierwise("publish", folder)[0] == 2


def test_models_come_into_force_and_go(tierwise: Program, tmp_path: Path) -> None:
    """Published, activated by the first digits of their version, rolled back."""
    file = tmp_path / "small.model"
    file.write_bytes(small_file())
    code, said, _ = tierwise("model", "publish", file)
    assert code == 0
    version = said.split()[2]
    assert tierwise("model", "activate", version)[1] == f"models in force: {version}\n"
    assert f"{version}  in force" in tierwise("model", "list")[1]
    assert tierwise("model", "activate")[1] == "models in force: none\n"
    assert version in tierwise("model", "rollback")[1]
    file.write_bytes(b"no model")
    code, _, wrong = tierwise("model", "publish", file)
    assert code == 1
    assert "no model of this program" in wrong


def test_the_chain_is_looked_at(tierwise: Program, store: Store, tmp_path: Path) -> None:
    """Intact, then not: the event is named, and a noted block is looked for."""
    tierwise("publish", rules_in(tmp_path), "-m", "first", "--activate")
    code, said, _ = tierwise("audit", "verify")
    assert code == 0
    assert "not sealed yet: 3 events" in said
    seal(store)
    code, said, _ = tierwise("audit", "verify")
    head = said.splitlines()[-1].removeprefix("last block: ")
    assert code == 0
    assert tierwise("audit", "verify", "--anchor", head)[0] == 0
    assert tierwise("audit", "verify", "--anchor", "12:9f")[0] == 2
    assert tierwise("audit", "verify", "--anchor", f"7{head}")[0] == 1
    with store.transaction() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text("UPDATE audit_events SET actor = 'eve' WHERE kind LIKE '%.act%'"))
    code, said, _ = tierwise("audit", "verify")
    assert code == 1
    assert said.startswith("wrong: event ")
    assert "`release.activated`" in said
    assert "NOT intact" in said


def test_items_are_judged_again_and_erased(tierwise: Program, store: Store, tmp_path: Path) -> None:
    """A replay is the same or says where not; erased items and old ones are gone."""
    tierwise("publish", rules_in(tmp_path), "-m", "first", "--activate")
    active = InForce(store).active
    judge = Judge(active.release, active.classifiers)
    raw = {"id": "a", "item.kind": "post", "text": "hi", "score.hate": 0.99, "author.id": "ana"}
    accepted(intake_over(store, judge), raw)
    code, said, _ = tierwise("replay", "a")
    assert (code, said.splitlines()[-1]) == (0, "  the same, byte for byte")
    with store.transaction() as connection:
        connection.execute(
            text("UPDATE verdicts SET trace = replace(trace::text, '\"auto\"', '\"none\"')::json")
        )
    code, said, _ = tierwise("replay", "a")
    assert (code, said.splitlines()[-1]) == (1, '  /trace/tier: was "none", is "auto"')
    assert tierwise("erase", "--item", "a", "--author", "ana", "--yes")[0] == 2
    assert tierwise("erase", "--item", "b", "--yes")[0] == 1
    code, said, _ = tierwise("erase", "--author", "ana", "--yes")
    assert (code, said.split(",")[0]) == (0, "1 items erased")
    assert "was erased" in tierwise("replay", "a")[1]
    code, said, _ = tierwise("retention")
    assert (code, said) == (
        0,
        "gone: 0 items, 0 deliveries, 0 strikes, 0 reporters, 0 days of tables\n",
    )


def test_a_role_is_granted_what_it_needs(tierwise: Program) -> None:
    """Migrating can let a role run the service; one that is not there is a mistake."""
    code, _, wrong = tierwise("migrate", "--grant", "nobody-at-all")
    assert code == 1
    assert "there is no database role `nobody-at-all`" in wrong


def test_sums_are_made_by_hand(tierwise: Program, store: Store) -> None:
    """All hours that are over, then those that changed, then all anew; the same comes out."""

    def summed_up(*options: str) -> tuple[int, int]:
        code, said, _ = tierwise("rollup", *options)
        told = re.fullmatch(r"summed up: ([\d,]+) hours, and ([\d,]+) again\n", said)
        assert code == 0
        assert told is not None, said
        return int(told[1]), int(told[2])

    def sums() -> list[tuple[object, ...]]:
        question = "SELECT hour, tier, items, open FROM rollup_flows ORDER BY 1, 2, policy, queue"
        with store.read() as connection:
            return [tuple(row) for row in connection.execute(text(question))]

    history = History(store, 3)
    came = history.now - timedelta(hours=3)
    with store.transaction() as connection:
        item, _ = history.item(connection, came, "single", "publish", state="in_review")
        history.case(connection, item, "review", "single", came)
    assert sums() == []
    # An hour may end meanwhile.
    assert summed_up() in {(3, 0), (4, 0)}
    ((hour, *counts),) = sums()
    assert (hour, counts) == (hour_of(came), ["single", 1, 1])
    assert summed_up() in {(0, 0), (1, 0)}
    with store.transaction() as connection:
        case = history.one(connection, "cases")
        history.update(connection, "cases", case["id"], state="withdrawn", closed_at=history.now)
    assert summed_up()[1] >= 1
    bit_by_bit = sums()
    assert [row[1:] for row in bit_by_bit] == [("single", 1, 0)]
    with store.transaction() as connection:
        connection.execute(text("UPDATE rollup_flows SET items = 7"))
    assert summed_up("--rebuild") in {(3, 0), (4, 0)}
    assert sums() == bit_by_bit
