"""Releases are published whole or not at all, and brought into force and taken back."""

import gc
from pathlib import Path

import pytest
import sqlalchemy

from engine.cli.app import command_line
from engine.errors import InvalidPolicy
from engine.rules.release import Release
from queues.cli.app import COMMANDS
from queues.errors import Conflict, NotFound, Refused
from queues.policies import releases, rollbacks
from queues.store.session import Store
from tests.integration.intakes import rows
from tests.integration.policies import BY, activated, published, sources

RULES = Path(__file__).parents[2] / "rules"


def test_a_release_has_the_name_that_the_command_line_shows(store: Store) -> None:
    """A folder, its files sent as texts, and `tierwise run` give one name; twice is once."""
    folder = releases.publish_folder(store, RULES, by=BY, message="shipped")
    assert folder.new
    assert folder.name == Release.load(RULES).name
    texts = {
        file.relative_to(RULES).as_posix(): file.read_text(encoding="utf-8")
        for file in RULES.rglob("*.yaml")
    }
    again = releases.publish(store, texts, by="key:other", message="the same")
    assert (again.name, again.new, again.rules) == (folder.name, False, folder.rules)
    assert releases.sources_of(store, folder.name) == texts
    assert [each.message for each in releases.listed(store)] == ["shipped"]
    assert [row["kind"] for row in rows(store, "SELECT kind FROM audit_events")] == [
        "release.published"
    ]


def test_mistakes_are_named_at_their_places_and_nothing_is_kept(store: Store) -> None:
    """All mistakes of all files, each at file, line and column as they were sent."""
    files = sources() | {
        "a/bad.yaml": "rule: x\nowner: o\npolicy: p\nwhen: { nothing: 1 }\nthem: 3\n",
        "b.yaml": "rule: y\n  bad: indentation\n",
        "c.yaml": "rule: \ud800\n",
    }
    with pytest.raises(InvalidPolicy) as refused:
        releases.publish(store, files, by=BY, message="bad")
    places = {(each.span.file, each.span.line) for each in refused.value.diagnostics}
    assert {("a/bad.yaml", 4), ("a/bad.yaml", 5), ("b.yaml", 2), ("c.yaml", 1)} <= places
    assert releases.listed(store) == []
    assert rows(store, "SELECT FROM audit_events") == []


def test_only_what_is_meant_is_taken_back(store: Store) -> None:
    """Whoever looked before another release came does not take that one back."""
    first, second = activated(store), activated(store, threshold=0.8)
    with store.transaction() as connection:
        with pytest.raises(Conflict, match="another release is in force"):
            rollbacks.take_back(connection, by=BY, only=first)
        assert releases.active_in(connection) == second
        assert rollbacks.take_back(connection, by=BY, only=second).name == first


@pytest.mark.parametrize(
    "path",
    [
        "../hate.yaml",
        "a/../../hate.yaml",
        "/etc/hate.yaml",
        "a//hate.yaml",
        "./hate.yaml",
        ".hidden.yaml",
        ".git/hate.yaml",
        "a\\hate.yaml",
        "a\x00.yaml",
        "a\n.yaml",
        "hate.txt",
        "",
        "a" * 400 + ".yaml",
    ],
)
def test_paths_that_no_folder_has_are_refused(store: Store, path: str) -> None:
    """What reading the folder would not find, or what leads out of it, is no part of a release."""
    with pytest.raises(Refused):
        releases.publish(store, {path: "field: text\ntype: text\n"}, by=BY, message="")


def test_too_much_is_refused_before_it_is_read(store: Store) -> None:
    """Files and bytes are limited, and a release has a file."""
    for files in ({}, {f"{n}.yaml": "" for n in range(5_001)}, {"a.yaml": "#" * 64_000_001}):
        with pytest.raises(Refused):
            releases.publish(store, files, by=BY, message="")


def test_only_what_is_published_comes_into_force(store: Store) -> None:
    """Activating tells who did it and what went before; the same again changes nothing."""
    with pytest.raises(NotFound):
        releases.activate(store, "nothing", by=BY)
    assert releases.active_name(store) is None
    first, second = published(store), published(store, threshold=0.8)
    assert releases.activate(store, first, by=BY).before is None
    moved = releases.activate(store, second, by="cli:ana", note="stricter")
    assert (moved.name, moved.before, moved.changed) == (second, first, True)
    assert not releases.activate(store, second, by="cli:eve").changed
    assert [(each.name, each.active) for each in releases.listed(store)] == [
        (second, True),
        (first, False),
    ]
    noted = rows(store, "SELECT actor, subject FROM audit_events WHERE kind = 'release.activated'")
    assert noted == [
        {"actor": BY, "subject": first},
        {"actor": "cli:ana", "subject": second},
    ]


def test_a_folder_is_compared_with_what_is_stored(
    store: Store,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """By name, by its first digits, or with what is in force, in one command."""
    monkeypatch.setenv("TIERWISE_DATABASE__URL", store.url)
    monkeypatch.chdir(tmp_path)
    first = published(store)
    for path, text in sources(0.8).items():
        (tmp_path / "rules" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "rules" / path).write_text(text, encoding="utf-8")

    def typed(*words: str) -> tuple[int, list[str]]:
        with pytest.raises(SystemExit) as ended:
            command_line(["diff"], COMMANDS)(["diff", *words], prog_name="tierwise")
        gc.enable()
        said = capsys.readouterr()
        return int(str(ended.value.code or 0)), (said.out or said.err).splitlines()

    status, lines = typed(first[:7], "rules")
    assert (status, lines[0]) == (1, f"release {first} → rules")
    assert "  unkind: score.unkind at least 0.9 → 0.8 · widens" in lines
    assert typed("in-force", "rules") == (2, ["tierwise: there is no release `in force`"])
    second = activated(store, threshold=0.8)
    assert typed("in-force", "rules") == (0, [f"release {second} → rules", "both say the same"])
    assert typed(second, first)[1][4:] == ["  unkind: score.unkind at least 0.8 → 0.9 · narrows"]
    assert typed("abcdef0", "rules") == (2, ["tierwise: there is no release `abcdef0`"])


def test_rolling_back_goes_further_back_each_time(store: Store) -> None:
    """One step for each call, from wherever one stands, until there was nothing before."""
    with pytest.raises(Conflict):
        rollbacks.roll_back(store, by=BY)
    first, second, third = (activated(store, threshold=value) for value in (0.7, 0.8, 0.9))
    assert rollbacks.roll_back(store, by=BY).name == second
    assert rollbacks.roll_back(store, by=BY).name == first
    with pytest.raises(Conflict):
        rollbacks.roll_back(store, by=BY)
    assert releases.active_name(store) == first
    releases.activate(store, third, by=BY)
    assert rollbacks.roll_back(store, by=BY).name == first
    releases.activate(store, second, by=BY)
    releases.activate(store, first, by=BY)
    assert rollbacks.roll_back(store, by=BY).name == second


def test_one_step_goes_back_to_any_release_that_was_in_force(store: Store) -> None:
    """What came in between is never in force on the way, and is no step of the way back later."""
    first, second, third = (activated(store, threshold=value) for value in (0.7, 0.8, 0.9))
    assert rollbacks.roll_back(store, by=BY, to=first).before == third
    brought = rows(store, "SELECT names[1] AS name FROM activations ORDER BY id")
    assert [row["name"] for row in brought] == [first, second, third, first]
    with pytest.raises(Conflict, match="no release was in force before"):
        rollbacks.roll_back(store, by=BY)
    fourth = activated(store, threshold=0.6)
    # What was taken back comes on top, as what was in force before it goes on being that.
    assert rollbacks.roll_back(store, by=BY, to=second).before == fourth
    assert rollbacks.roll_back(store, by=BY).name == fourth
    assert rollbacks.roll_back(store, by=BY).name == first


def test_what_nobody_can_go_back_to(store: Store) -> None:
    """Unknown, in force, never in force, damaged, or one's own that was taken back."""
    ana = "person:ana"
    first = activated(store)
    own = releases.publish(store, sources(0.8), by=ana, message="mine").name
    with pytest.raises(NotFound):
        rollbacks.roll_back(store, by=BY, to="000000000000")
    with pytest.raises(Conflict, match="it is in force"):
        rollbacks.roll_back(store, by=BY, to=first)
    with pytest.raises(Conflict, match="never was in force"):
        rollbacks.roll_back(store, by=BY, to=own)
    releases.activate(store, own, by=BY)
    assert rollbacks.roll_back(store, by=ana).name == first
    with pytest.raises(Conflict, match="taken back, and you published it"):
        rollbacks.roll_back(store, by=ana, to=own)
    assert rollbacks.roll_back(store, by="person:ben", to=own).name == own
    with store.transaction() as connection:
        bad = "UPDATE releases SET compiled = 'x', sources = '{}' WHERE name = :name"
        connection.execute(sqlalchemy.text(bad), {"name": first})
    for to in (None, first):
        with pytest.raises(Conflict, match=f"`{first}`.* cannot be loaded .* stays"):
            rollbacks.roll_back(store, by=BY, to=to)
    assert releases.active_name(store) == own


def test_a_release_knows_what_it_was_made_from(store: Store) -> None:
    """What is in force, or what was said; the same files again are moved by word alone."""

    def base(name: str) -> object:
        (row,) = rows(store, "SELECT base FROM releases WHERE name = :name", name=name)
        return row["base"]

    first = activated(store)
    second = activated(store, threshold=0.8)
    third = published(store, threshold=0.7)
    assert [base(name) for name in (first, second, third)] == [None, first, second]
    releases.activate(store, first, by=BY)
    assert published(store, threshold=0.7) == third
    assert base(third) == second
    releases.publish(store, sources(0.7), by=BY, message="again", base=first)
    assert base(third) == first
    (moved,) = rows(store, "SELECT details FROM audit_events WHERE kind = 'release.moved'")
    assert moved["details"] == {"base": first}
    with pytest.raises(NotFound):
        releases.publish(store, sources(0.6), by=BY, message="x", base="000000000000")
