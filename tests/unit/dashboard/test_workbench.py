"""The workbench, as far as it needs neither browser nor service: what it makes of rule files."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

import pytest

from dashboard.workbench import checking, comparing, deeds, drafting, journal, stages, trying
from dashboard.workbench.checking import Checked, check, findings, run_tests
from dashboard.workbench.completing import completions
from dashboard.workbench.drafts import Draft
from dashboard.workbench.policies import (
    condition_lines,
    found_in,
    market_rows,
    rule_rows,
    source_of,
)
from engine.cli import lint
from tests.integration.policies import sources

NOW: Final = datetime(2026, 3, 1, tzinfo=UTC).timestamp()
AT: Final = "2026-03-01T12:00:00Z"


def changed(old: str, new: str) -> dict[str, str]:
    """The small policy with something else in it."""
    files = sources(0.9)
    assert old in files["hate.yaml"]
    return {**files, "hate.yaml": files["hate.yaml"].replace(old, new, 1)}


def of(files: dict[str, str]) -> Checked:
    """Files that were looked at."""
    return check(files, now=NOW)


def test_mistakes_stand_where_the_command_says() -> None:
    """The same places and words as `tierwise lint`, and a name that was probably meant."""
    files = changed("score.unkind: {", "score.unkynd: {")
    told, _ = lint.findings({path: text.encode() for path, text in files.items()}, now=NOW)
    checked = of(files)
    assert list(checked.diagnostics) == told
    (first, *_) = findings(checked, None)
    line = files[first.path].splitlines()[first.line - 1]
    assert line[first.column - 1 : first.column - 1 + first.length] == "score.unkynd"
    assert first.mends == ("score.unkind",)
    assert (checked.policy, checked.errors) == (None, len(told))
    assert drafting.says(checked, None).startswith("1 error · 0 warnings")


def test_failing_tests_have_their_line() -> None:
    """They stand between errors and warnings, with what was expected and what each leaf saw."""
    files = changed("score.unkind: 1 }", "score.unkind: 0.1 }")
    checked = of(files)
    tested = run_tests(checked, now=NOW)
    assert tested.says == "0 tests pass, 1 fail"
    found = [each for each in findings(checked, tested) if each.level == checking.TEST]
    assert [each.message for each in found] == ["unkind: test 1: expected match, got no match"]
    assert "score.unkind: 0.1" in files[found[0].path].splitlines()[found[0].line - 1]
    assert "0.1" in str(found[0].hint)
    assert run_tests(of(sources(0.9)), now=NOW).says == "1 tests pass, 0 fail"


def test_what_may_be_written_where() -> None:
    """Kinds of documents, their keys, and the names of the policy; lists within lists end."""
    known = completions(of(sources(0.9)).policy)
    nodes = known["nodes"]

    def at(*path: str) -> dict[str, Any]:
        node: dict[str, Any] = nodes[known["kinds"][path[0]]]
        for step in path[1:]:
            node = nodes[node["members"] if step == "[]" else node["keys"][step]]
        return node

    assert {"rule", "list", "exempt"} <= set(known["kinds"])
    assert at("rule", "then", "reason")["values"] == ["hate.attack"]
    assert at("rule", "status")["values"] == ["draft", "shadow", "live", "retired"]
    assert {"score.unkind", "any", "meets"} <= set(at("rule", "when")["keys"])
    assert "at_least" in at("rule", "when", "any", "[]", "any", "[]", "score.unkind")["keys"]
    assert at("queue", "default")["values"] == ["yes", "no"]
    assert at("rule", "then", "action")["values"][0] == "publish"
    assert "values" not in completions(None)["nodes"][known["kinds"]["rule"]]


def test_a_draft_knows_what_differs() -> None:
    """Files that say again what they said are not changed; it moves on where nothing collides."""
    draft = Draft(base="a", before={"a.yaml": "1", "b.yaml": "2"})
    assert not draft.write("a.yaml", "1")
    assert draft.write("a.yaml", "3")
    assert draft.write("b.yaml", None)
    assert draft.write("c.yaml", "")
    assert draft.files == {"a.yaml": "3", "c.yaml": ""}
    assert draft.write("a.yaml", "1")
    assert draft.changes == {"b.yaml": None, "c.yaml": ""}
    assert draft.moved("b", {"a.yaml": "1", "b.yaml": "4"}) == ["b.yaml"]
    assert draft.base == "a"
    assert draft.moved("c", {"a.yaml": "5", "b.yaml": "2"}) == []
    assert (draft.base, draft.files) == ("c", {"a.yaml": "5", "c.yaml": ""})


def test_one_item_is_explained() -> None:
    """The verdict, what the rules saw, and what nearly matched; values of fields are texts."""
    checked = of(changed("text: { has_any: [zorblings] }", _TWO))
    raw = trying.item_in('{"text": "zorblings", "score.unkind": 0.95}')
    explained = trying.verdict_of(checked, raw)
    decision, hits = trying.decision_lines(explained)
    assert "remove" in decision[0]
    assert any("✓ score.unkind 0.95 ≥ 0.9" in line for line in hits)
    (near,) = trying.near_misses(explained)
    assert (near["rule"], near["is a"]) == ("zorblings", "near miss")
    assert near["not so"].startswith("item.kind")
    cells = trying.verdict_of(checked, {"text": "", "score.unkind": "0.95"}, cells=True)
    assert [hit.rule for hit in cells.verdict.hits] == ["unkind"]
    unknown = trying.verdict_of(checked, {"text": "zorblings"})
    assert {each["rule"]: each["is a"] for each in trying.near_misses(unknown)} == {
        "unkind": "cannot tell",
        "zorblings": "near miss",
    }
    assert trying.decision_lines(unknown)[1] == []
    rule = "status: {status}\nwhen: {{ {condition} }}\nthen: {{ tier: single"
    was = rule.format(status="live", condition="text: { has_any: [zorblings] }")
    drafted = of(changed(was, rule.format(status="draft", condition=_TWO)))
    idle = trying.near_misses(trying.verdict_of(drafted, {"text": "zorblings"}))
    assert [each["rule"] for each in idle] == ["unkind"]


_TWO: Final = "all: [{ text: { has_any: [zorblings] } }, { item.kind: comment }]"


@pytest.mark.parametrize("written", ["{", "[]", '"text"'])
def test_what_is_no_item_is_said(written: str) -> None:
    """With what to write instead."""
    with pytest.raises(trying.NoItem, match=r"no JSON|one object"):
        trying.item_in(written)


def test_items_of_a_file_are_judged_twice() -> None:
    """Told is what is decided otherwise, by which rules; lines that are no items are named."""
    lines = [
        b'{"id": "a", "text": "", "score.unkind": 0.85}',
        b"",
        b'{"text": "zorblings"}',
        b'{"text": 1',
        b"[1]",
    ]
    found = comparing.compare_items(of(sources(0.8)), of(sources(0.9)), lines)
    assert [(each.id, each.differs, each.come) for each in found.outcomes] == [
        ("a", True, ("unkind",)),
        ("line 3", False, ()),
    ]
    assert [each.partition(":")[0] for each in found.refused] == ["line 4", "line 5"]
    assert comparing.matrix(found.outcomes) == [
        {"before": "none · publish", "draft": "auto · remove", "items": 1},
        {"before": "single · publish · general", "draft": "single · publish · general", "items": 1},
    ]


def test_a_rule_is_shown_with_its_source() -> None:
    """The document in which it stands, and nothing of those beside it."""
    files = sources(0.9)
    policy = of(files).policy
    assert policy is not None
    rule = policy.rules["zorblings"]
    source = source_of(files, rule.span.file, rule.span.line)
    assert source.startswith("rule: zorblings")
    assert "unkind" not in source
    before = policy.rules["unkind"].span
    assert source_of(files, before.file, before.line).endswith("expect: match }")
    assert list(condition_lines(policy, rule)) == ["when text has any zorblings"]
    rows = rule_rows(policy)
    assert [row["rule"] for row in found_in(rows, "SINGLE zorb")] == ["zorblings"]
    assert [row["action"] for row in rows] == ["remove", "publish"]
    assert market_rows(policy) == []
    assert source_of({}, "gone.yaml", 3) == ""


def may(*granted: str) -> Callable[[str], bool]:
    """Somebody's permissions."""
    return granted.__contains__


def test_whoever_may_not_has_no_button() -> None:
    """And nobody has one for what cannot be done now."""

    def labels(stage: str, *granted: str) -> list[str]:
        return [each.label for each in deeds.possible(may(*granted), stage)]

    assert labels("checked", "releases.publish") == ["Run its tests"]
    assert labels("tested", "releases.publish") == []
    everything = ("releases.approve", "releases.try", "releases.activate", "releases.rollback")
    assert labels("tested", *everything) == ["Approve", "Try", "Bring into force"]
    assert labels("canary", *everything) == ["Approve", "End the trial", "Bring into force"]
    assert labels("active", *everything) == ["Roll back"]
    assert labels("superseded", *everything) == ["Try", "Bring into force", "Go back to it"]


def test_the_way_of_a_release_is_told() -> None:
    """What was done by whom, in words, and how far it is."""
    trial = {
        "share": 0.1,
        "unit": "item",
        "started_by": "person:ben",
        "started_at": AT,
        "ended_by": "person:ben",
        "ended_at": AT,
        "why": "enough",
    }
    shown = {
        "stage": "active",
        "published_at": AT,
        "published_by": "person:ana",
        "message": "Less of it",
        "approvals": 1,
        "needed": 1,
        "steps": [
            {
                "step": "tested",
                "by": "person:ana",
                "note": None,
                "at": AT,
                "details": {"passed": 3, "failed": 0},
            },
            {"step": "approved", "by": "person:ben", "note": "read", "at": AT, "details": None},
        ],
        "canary": trial,
        "shadow": None,
        "brought": [{"at": AT, "by": "person:ben", "note": None, "back": False}],
    }
    assert [(each["what"], each["why"]) for each in journal.events(shown)] == [
        ("published", "Less of it"),
        ("tested", "3 pass, 0 fail"),
        ("approved", "read"),
        ("canary began", "10.0 % of items"),
        ("canary ended", "enough"),
        ("brought into force", ""),
    ]
    assert stages.behind(shown) == {"checked", "tested", "approved", "canary", "active"}
