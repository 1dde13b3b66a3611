"""What becomes of reports: who is told, who was right, and what that makes of their next ones."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from engine.reliability import Prior
from queues.arms import Arms
from queues.errors import NotFound
from queues.reporters import Reporter, show
from queues.reports import Report, Reports
from queues.store.outbox import Task, send
from queues.store.session import Store
from tests.integration.desks import Desk
from tests.integration.reported import ANSWERING, says


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> Desk:
    """An installation that answers everybody."""
    return Desk(store, tmp_path, ANSWERING)


def counts(desk: Desk) -> dict[str, tuple[int, int]]:
    """How often everybody was right and wrong."""
    rows = desk.rows("SELECT reporter, upheld, dismissed FROM reporters ORDER BY reporter")
    return {row["reporter"]: (row["upheld"], row["dismissed"]) for row in rows}


def told(desk: Desk, item: str) -> list[tuple[str, str]]:
    """Who was told what became of their report of an item."""
    events = desk.events("report.closed", desk.item(item)["id"])
    return [(event["reporter"], event["outcome"]) for event in events]


def known(desk: Desk, reporter: str) -> Reporter:
    """What is known of somebody."""
    return show(desk.store, reporter, Prior())


def again(desk: Desk) -> None:
    """All decisions are carried out once more."""
    decisions = desk.rows("SELECT id FROM decisions")
    with desk.store.transaction() as connection:
        send(connection, Task.ENFORCE, [(row["id"], 6) for row in decisions])
    desk.work()


def test_a_report_that_was_right(desk: Desk) -> None:
    """Who ticked what it was, or nothing, was right; who ticked something else was not."""
    desk.send("hello")
    says(desk, "i0", "eve", reasons=("hate",))
    says(desk, "i0", "joe")
    says(desk, "i0", "kim", reasons=("self_harm",))
    says(desk, "i0", "lea", reasons=("weather",))
    assert told(desk, "i0") == []
    desk.says("r", "hide", "hate.attack")
    desk.work()
    again(desk)
    assert told(desk, "i0") == [(name, "acted") for name in ("eve", "joe", "kim", "lea")]
    assert counts(desk) == {"eve": (1, 0), "joe": (1, 0), "kim": (0, 1), "lea": (1, 0)}
    notified = desk.events("reporter.notified")
    assert [event["reporter"] for event in notified] == ["eve", "joe", "kim", "lea"]
    assert {event["text"] for event in notified} == {
        "We did something about the post (Attack on a group)."
    }
    for kind in ("report.closed", "reporter.notified"):
        assert not [event for event in desk.events(kind) if "ann" in str(event)]
    assert known(desk, "eve").reliability == pytest.approx(3 / 5)
    assert known(desk, "kim").reliability == pytest.approx(2 / 5)


def test_a_report_that_was_wrong(desk: Desk) -> None:
    """People left it up: everybody is told so, once."""
    desk.send("hello")
    says(desk, "i0", "eve", "joe")
    desk.says("r", "keep")
    desk.work()
    again(desk)
    assert told(desk, "i0") == [("eve", "not_acted"), ("joe", "not_acted")]
    assert [event["text"] for event in desk.events("reporter.notified")] == ["We left it up."] * 2
    assert counts(desk) == {"eve": (0, 1), "joe": (0, 1)}
    seen = known(desk, "eve")
    assert (seen.reports, seen.open, seen.upheld, seen.dismissed) == (1, 0, 0, 1)
    assert seen.last_at is not None
    assert seen.changed_at is not None


def test_an_appeal_turns_the_counts_round_once(desk: Desk) -> None:
    """And back again with the next; nobody is told of a report twice."""
    desk.send("hello")
    says(desk, "i0", "eve")
    desk.says("r", "remove", "hate.attack")
    desk.work()
    assert counts(desk) == {"eve": (1, 0)}
    desk.appeal("i0")
    desk.panel_says({"a": "keep", "b": "keep", "c": "keep"})
    again(desk)
    assert counts(desk) == {"eve": (0, 1)}
    assert known(desk, "eve").upheld == 0
    desk.appeal("i0", by="eve")
    desk.panel_says({"d": "hide", "e": "hide"}, "hate.attack")
    again(desk)
    assert counts(desk) == {"eve": (1, 0)}
    assert told(desk, "i0") == [("eve", "acted")]


def test_what_was_removed_already_makes_nobody_reliable(desk: Desk) -> None:
    """Neither before an appeal confirms it nor after; the reporter is told at once."""
    desk.send("vile")
    desk.work()
    # It is before a person now, as somebody reported it; the machine's removal stands meanwhile.
    says(desk, "i0", "eve")
    assert told(desk, "i0") == []
    desk.says("r", "remove", "hate.attack")
    desk.work()
    says(desk, "i0", "joe")
    assert told(desk, "i0") == [("eve", "acted"), ("joe", "acted")]
    desk.appeal("i0")
    desk.panel_says({"a": "remove", "b": "remove", "c": "remove"}, "hate.attack")
    assert counts(desk) == {}
    assert known(desk, "eve").reliability == pytest.approx(Prior().right / 4)
    # Had people found nothing in it, a report would have been wrong all the same.
    desk.appeal("i0")
    desk.panel_says({"d": "keep", "e": "keep"})
    assert counts(desk) == {"eve": (0, 1), "joe": (0, 1)}


def test_authors_do_not_vouch_for_themselves(desk: Desk) -> None:
    """Reporting one's own items makes nobody reliable."""
    desk.send("hello")
    says(desk, "i0", "ann", "eve")
    desk.says("r", "remove", "hate.attack")
    desk.work()
    assert counts(desk) == {"eve": (1, 0)}
    assert told(desk, "i0") == [("ann", "acted"), ("eve", "acted")]


def test_what_people_left_up_is_told_at_once(desk: Desk) -> None:
    """A report that changes nothing any more is answered, and proves nothing."""
    desk.send("hello")
    says(desk, "i0", "eve")
    desk.says("r", "keep")
    desk.work()
    says(desk, "i0", "joe")
    assert told(desk, "i0") == [("eve", "not_acted"), ("joe", "not_acted")]
    assert counts(desk) == {"eve": (0, 1)}


def test_a_machine_that_acts_answers_and_counts_nothing(store: Store, tmp_path: Path) -> None:
    """Reporters could else learn what it removes; people who look later count."""
    desk = Desk(store, tmp_path)  # where one report hides an item
    desk.send("hello")
    says(desk, "i0", "eve")
    assert desk.item("i0")["action"] == "hide"
    assert told(desk, "i0") == [("eve", "acted")]
    assert counts(desk) == {}
    assert desk.events("reporter.notified") == []
    desk.appeal("i0")
    desk.says("r", "hide", "hate.attack")
    desk.work()
    assert counts(desk) == {"eve": (1, 0)}
    assert len(told(desk, "i0")) == 1


def test_what_is_held_back_is_no_answer(desk: Desk) -> None:
    """While people are about to decide, nobody is told anything."""
    desk.send("a slur")
    desk.work()
    says(desk, "i0", "eve")
    assert desk.item("i0")["action"] == "hide"
    assert told(desk, "i0") == []
    desk.says("r", "keep")
    desk.work()
    assert told(desk, "i0") == [("eve", "not_acted")]


def test_what_a_report_has_held_back_is_no_answer_either(store: Store, tmp_path: Path) -> None:
    """The machine hides it because of the report, and people still decide."""
    rule = "then: { tier: single, reason: hate.attack }"
    assert ANSWERING.count(rule) == 1
    held = rule.replace("single,", "single, while_waiting: hide,")
    desk = Desk(store, tmp_path, ANSWERING.replace(rule, held))
    desk.send("hello")
    says(desk, "i0", "eve")
    assert [event["action"] for event in desk.events("action.applied")] == ["hide"]
    assert told(desk, "i0") == []
    desk.says("r", "keep")
    desk.work()
    assert told(desk, "i0") == [("eve", "not_acted")]


def test_a_rule_may_have_its_own_words_for_reporters(store: Store, tmp_path: Path) -> None:
    """They take the place of the general answer, where people confirm the reason of the rule."""
    rule = "then: { tier: single, reason: hate.slur, strikes: 1 }"
    policy = ANSWERING.replace(rule, rule.replace("strikes: 1", "message: slur-reported"))
    policy += "---\nmessage: slur-reported\nto: reporter\ntext: { en: A slur indeed. }\n"
    desk = Desk(store, tmp_path, policy)
    desk.send("odd", "odd", "odd")
    desk.work()
    for number, (action, reason) in enumerate(
        [("hide", "hate.slur"), ("hide", "hate.attack"), ("keep", "hate.slur")]
    ):
        says(desk, f"i{number}", "eve")
        desk.says("r", action, reason)
        desk.work()
    assert [event["message"] for event in desk.events("reporter.notified")] == [
        "slur-reported",
        "thanks",
        "no-thanks",
    ]
    assert desk.events("author.notified") == []


def test_the_weight_of_reports_enters_verdicts(desk: Desk) -> None:
    """Each time an item is judged again, by what is known of its reporters then."""
    _make_known(desk, "good", upheld=16)
    _make_known(desk, "bad", dismissed=16)
    desk.send("hello")
    for name, reliability, weight in (
        ("bad", 0.1, 0.1),
        ("new", 0.5, 0.6),
        ("good", 0.9, 1.5),
        ("worse", 0.9, 2.0),
    ):
        says(desk, "i0", name)
        facts = _facts(desk, "i0")
        assert facts["reports.reliability"] == pytest.approx(reliability)
        assert facts["reports.weight"] == pytest.approx(weight)
    assert _facts(desk, "i0")["reports.count"] == 4


def test_what_the_platform_weighed_is_added(desk: Desk) -> None:
    """Reports that the service never saw come with their weight, if the sender knows it."""
    desk.send("hello", **{"reports.count": 3, "reports.weight": 1.25, "reports.reliability": 0.75})
    says(desk, "i0", "eve")
    facts = _facts(desk, "i0")
    assert (facts["reports.count"], facts["reports.weight"]) == (4, 1.75)
    assert facts["reports.reliability"] == 0.75


def test_the_prior_is_a_setting(desk: Desk) -> None:
    """Where people who report are wrong mostly, newcomers weigh less."""
    desk.send("hello")
    from queues.intake.rejudging import Rejudging  # noqa: PLC0415

    rejudging = Rejudging(store=desk.store, judging=lambda: Arms(control=desk.judge))
    prior = Prior(right=1, wrong=9)
    reports = Reports(
        store=desk.store, judging=lambda: Arms(control=desk.judge), rejudging=rejudging, prior=prior
    )
    reports.report([Report(item="i0", reporter="eve")], actor="k")
    assert _facts(desk, "i0")["reports.weight"] == pytest.approx(0.1)
    assert show(desk.store, "eve", prior).reliability == pytest.approx(0.1)


def test_nothing_is_known_of_whoever_never_reported(desk: Desk) -> None:
    """And it is said so."""
    with pytest.raises(NotFound, match="reporter `nobody`"):
        known(desk, "nobody")


def test_a_worker_that_dies_has_told_nobody(desk: Desk) -> None:
    """What it did is undone with its transaction; the next one tells and counts, once."""
    desk.send("hello")
    says(desk, "i0", "eve", "joe")
    desk.says("r", "hide", "hate.attack")
    with desk.store.transaction() as connection:
        connection.execute(
            text(
                "CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS"
                " $$ BEGIN RAISE 'dies'; END $$;"
                "CREATE CONSTRAINT TRIGGER die AFTER INSERT OR UPDATE ON reporters"
                " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION die()"
            )
        )
    messages = desk.messages(Task.ENFORCE)
    with pytest.raises(Exception, match="dies"):
        desk.enforcement.enforce(messages)
    assert (told(desk, "i0"), counts(desk)) == ([], {})
    with desk.store.transaction() as connection:
        connection.execute(text("DROP TRIGGER die ON reporters"))
    assert desk.enforcement.enforce(messages)
    assert desk.enforcement.enforce(messages) == []
    assert told(desk, "i0") == [("eve", "acted"), ("joe", "acted")]
    assert counts(desk) == {"eve": (1, 0), "joe": (1, 0)}


def test_many_decisions_of_the_same_people_at_once(desk: Desk) -> None:
    """Workers that count the same people do so one after the other, and none twice."""
    items, people = 12, ("ada", "bob", "eve", "kim")
    desk.send(*["hello"] * items)
    for number in range(items):
        says(desk, f"i{number}", *(people if number % 2 else people[::-1]))
    for number in range(items):
        desk.says("r", "hide" if number % 3 else "keep", "hate.attack")
    messages = desk.messages(Task.ENFORCE)
    assert len(messages) == items
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(desk.enforcement.enforce, [messages[part::4] for part in range(4)]))
    desk.work()
    assert counts(desk) == dict.fromkeys(people, (8, 4))
    assert len(desk.events("report.closed")) == items * len(people)


def _make_known(desk: Desk, reporter: str, *, upheld: int = 0, dismissed: int = 0) -> None:
    with desk.store.transaction() as connection:
        connection.execute(
            text("INSERT INTO reporters VALUES (:reporter, :upheld, :dismissed)"),
            {"reporter": reporter, "upheld": upheld, "dismissed": dismissed},
        )


def _facts(desk: Desk, item: str) -> Any:  # noqa: ANN401 - a row
    (row,) = desk.rows(
        "SELECT input -> 'facts' AS facts FROM verdicts WHERE id ="
        " (SELECT verdict_id FROM items WHERE sender_id = :item)",
        item=item,
    )
    return row["facts"]
