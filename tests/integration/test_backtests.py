"""Policies are tried on what came, by one process or many, and forecasts are compared later."""

import os
import signal
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import orjson
import pytest
from sqlalchemy import text
from typer.testing import CliRunner, Result

from engine.backtesting.forecasts import forecasts_of
from engine.backtesting.report import record_of, report_of
from engine.backtesting.sums import Sums
from engine.backtesting.terms import Terms
from engine.cli.app import command_line
from engine.quality.measures import State as Known
from engine.verdict import Tier
from queues.backtesting import forecasts
from queues.backtesting.running import Backtests, Prepared, Window
from queues.backtesting.sharing import State
from queues.cli.app import COMMANDS
from queues.errors import NotFound
from queues.ids import new_id
from queues.judging import Judge
from queues.policies import releases
from queues.policies.artefacts import stored_release
from queues.records.erasing import erase_item
from queues.sections import Rates, Wellness
from queues.store.outbox import Task
from queues.store.session import Store
from tests.integration.intakes import accepted, intake_over, rows
from tests.integration.policies import BY, activated, published
from tests.waiting import until

COUNT = 120
DAY = timedelta(days=1)
LAST_DAY = Window(length=DAY)


def took_in(store: Store, release: str, count: int = COUNT, start: int = 0) -> None:
    """Items come in, and are judged by a release."""
    with store.read() as connection:
        judge = Judge(stored_release(connection, release))
    intake = intake_over(store, judge)
    for first in range(start, start + count, 20):
        accepted(
            intake,
            *(
                {
                    "id": f"i{number}",
                    "kind": "post",
                    "text": "all zorblings" if number % 6 == 0 else "hello",
                    "score.unkind": number % 100 / 100,
                }
                for number in range(first, first + 20)
            ),
        )


def decided(store: Store, seconds: float = 40.0, action: str = "remove") -> None:
    """Somebody decides every open case of one reviewer."""
    with store.transaction() as connection:
        for case in connection.execute(
            text("SELECT * FROM cases WHERE closed_at IS NULL AND tier = 'single' ORDER BY id")
        ).mappings():
            vote = {"id": new_id(), "case": case["id"], "seconds": seconds, "action": action}
            connection.execute(
                text(
                    "INSERT INTO votes (id, case_id, reviewer, round, action, active_seconds)"
                    " VALUES (:id, :case, 'ana', 1, :action, :seconds)"
                ),
                vote,
            )
            connection.execute(
                text("UPDATE cases SET state = 'decided', closed_at = now() WHERE id = :case"), vote
            )
            connection.execute(
                text(
                    "INSERT INTO decisions (id, item_id, verdict_id, case_id, made_by, tier,"
                    " action, inclusion_probability) VALUES (:id, :item, :verdict, :case,"
                    " 'person', 'single', :action, 1)"
                ),
                vote | {"item": case["item_id"], "verdict": case["verdict_id"]},
            )


@pytest.fixture
def site(store: Store) -> Store:
    """A service that took in some items, some of which people decided."""
    took_in(store, activated(store))
    decided(store)
    return store


def backtests_over(store: Store) -> Backtests:
    """As one process has them."""
    return Backtests(store, Rates(), Wellness())


def prepared(store: Store, *, threshold: float = 0.5) -> Prepared:
    """A stricter policy, against the one in force."""
    new = published(store, threshold=threshold)
    return backtests_over(store).prepare(new, None, LAST_DAY, Terms(), priced=False)


def as_bytes(given: Prepared, sums: Sums) -> bytes:
    """The report."""
    return orjson.dumps(record_of(report_of(sums, given.plan.old, given.plan.new, given.terms)))


def here(store: Store, given: Prepared) -> bytes:
    """The report of one process."""
    return as_bytes(given, backtests_over(store).here(given, 1, lambda _done, _parts: None))


def messages(store: Store) -> list[int]:
    """What workers are asked for."""
    found = rows(store, "SELECT id FROM outbox WHERE task = :task ORDER BY id", task=Task.BACKTEST)
    return [row["id"] for row in found]


def test_the_log_is_judged_as_it_was(site: Store) -> None:
    """Each item once, with labels, what cases took, and what cannot be read any more."""
    erase_item(site, "i1", by=BY)
    given = prepared(site)
    found = orjson.loads(here(site, given))
    assert found["items"] == COUNT - 1
    moved = {(each["old"]["tier"], each["new"]["tier"]): each["items"] for each in found["matrix"]}
    # Scores from .50 to .89 are removed by the machine now; what one reviewer sees is hidden.
    changed = [n for n in range(COUNT) if 50 <= n % 100 < 90]
    assert moved["none", "auto"] == len([n for n in changed if n % 6])
    assert found["changed"] == len(changed)
    (erased,) = found["unreadable"]
    assert (erased["by"], erased["items"], erased["examples"][0]["id"]) == ("log", 1, "i1")
    handling = found["terms"]["handling"]["single"]
    assert (handling["seconds"], handling["seen"], handling["rate"]) == (40.0, 20, 20.0)
    assert found["labels"] == 20
    (rule,) = [each for each in found["rules"] if each["rule"] == "zorblings"]
    assert rule["precision"]["old"]["value"] == 1.0


def test_workers_count_the_same_to_the_byte(site: Store) -> None:
    """Parts in any order, twice, and after a worker died in the middle of one."""
    given = prepared(site)
    given = replace(given, plan=replace(given.plan, since=given.plan.until - DAY))
    alone = here(site, given)
    asking, first, second = (backtests_over(site) for _ in range(3))
    backtest = asking.share(given, BY)
    waiting = messages(site)
    assert len(waiting) == 24
    with pytest.raises(ZeroDivisionError):
        dies(site, waiting[-1])
    assert first.work(waiting[12:][::-1]) == 12
    assert asking.standing(backtest, 5).done == 12
    assert second.work(waiting) == 12
    assert first.work(waiting) == 0
    assert asking.standing(backtest, 5).done == 24
    assert as_bytes(given, asking.collect(backtest, given)) == alone
    assert rows(site, "SELECT state FROM backtests") == [{"state": "done"}]
    assert rows(site, "SELECT id FROM backtest_parts") == []


def dies(store: Store, row: int) -> None:
    """A worker has taken a part, and is no more."""
    with store.transaction() as connection:
        connection.execute(text("DELETE FROM outbox WHERE id = :row"), {"row": row})
        raise ZeroDivisionError


def test_a_folder_is_tried_by_workers_too(site: Store, tmp_path: Path) -> None:
    """A policy that nobody published travels with the backtest."""
    for path, content in rows_of_sources(site).items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(content.replace("at_least: 0.9", "at_least: 0.4"), "utf-8")
    one, other = backtests_over(site), backtests_over(site)
    given = one.prepare(str(tmp_path), None, LAST_DAY, Terms(), priced=True)
    backtest = one.share(given, BY)
    other.work(messages(site))
    found = orjson.loads(as_bytes(given, one.collect(backtest, given)))
    assert found["changed"] > 0
    assert found["terms"]["handling"]["single"]["seen"] is None
    with pytest.raises(NotFound, match="no release `nowhere`"):
        one.prepare("nowhere", None, LAST_DAY, Terms(), priced=True)


def rows_of_sources(store: Store) -> dict[str, str]:
    """The files of the release in force."""
    (row,) = rows(store, "SELECT sources FROM releases ORDER BY published_at LIMIT 1")
    found: dict[str, str] = row["sources"]
    return found


def test_what_is_cancelled_leaves_nothing(site: Store) -> None:
    """Neither parts nor messages stay, and a worker that comes late does nothing."""
    given = prepared(site)
    one = backtests_over(site)
    backtest = one.share(given, BY)
    waiting = messages(site)
    one.cancel(backtest)
    assert one.standing(backtest, 5).state is State.CANCELLED
    assert (messages(site), rows(site, "SELECT id FROM backtest_parts")) == ([], [])
    assert backtests_over(site).work(waiting) == 0
    one.cancel(backtest)
    kinds = rows(site, "SELECT kind FROM audit_events WHERE subject = :id", id=str(backtest))
    assert sorted(row["kind"] for row in kinds) == ["backtest.asked", "backtest.cancelled"]


def test_a_part_that_is_given_up_is_told(site: Store) -> None:
    """Whoever waits learns that a part was tried too often."""
    given = prepared(site)
    one = backtests_over(site)
    backtest = one.share(given, BY)
    with site.transaction() as connection:
        connection.execute(text("UPDATE outbox SET attempts = 5, sent_at = now()"))
    assert one.standing(backtest, 5).given_up == len(given.plan.parts)


def test_an_empty_log_is_no_mistake(store: Store) -> None:
    """A window without items has no parts, and says so."""
    activated(store)
    given = prepared(store)
    assert given.plan.parts == []
    found = orjson.loads(here(store, given))
    assert "there are no items in the window" in found["notes"][0]


COUNTER = """\
---
field: author.id
type: text id
---
counter: posts
per: author.id
within: 1 hour
---
rule: flood
owner: o@example.org
policy: hate
status: live
when: { counter.posts: { at_least: 5 } }
then: { tier: single, reason: hate.attack }
"""


@pytest.fixture
def flooded(site: Store) -> tuple[Store, str]:
    """Items of few authors, and a release that counts them."""
    (row,) = rows(site, "SELECT name, sources FROM releases")
    sources = dict(row["sources"])
    sources["setup/words.yaml"] += COUNTER
    new = releases.publish(site, sources, by=BY, message="counts").name
    with site.read() as connection:
        judge = Judge(stored_release(connection, new))
    intake = intake_over(site, judge)
    for number in range(60):
        accepted(
            intake,
            {
                "id": f"f{number}",
                "kind": "post",
                "text": "x",
                "score.unkind": 0.0,
                "author": {"id": f"u{number % 6}"},
            },
        )
    return site, new


def test_counters_are_replayed_over_the_edges_of_parts(flooded: tuple[Store, str]) -> None:
    """What the old policy never counted is counted in the order of time, however it is cut."""
    store, new = flooded
    given = backtests_over(store).prepare(new, None, LAST_DAY, Terms(), priced=True)
    assert (given.plan.old_counters, given.plan.new_counters) == ((), ("posts",))
    whole = here(store, given)
    found = orjson.loads(whole)
    (flood,) = [each for each in found["rules"] if each["rule"] == "flood"]
    assert (flood["old"], flood["new"]) == (0, 60 - 6 * 4)
    finer = replace(given.plan, part=0.05, since=given.plan.until - timedelta(seconds=5))
    whole_again = replace(finer, part=3_600.0)
    assert here(store, replace(given, plan=finer)) == here(store, replace(given, plan=whole_again))


def test_a_forecast_is_compared_with_what_happened(site: Store) -> None:
    """Once its days are over, and once: what happened stands beside what was forecast."""
    given = prepared(site)
    terms = replace(given.terms, horizon=1 / 24, hours=1.0)
    sums = backtests_over(site).here(given, 1, lambda _done, _parts: None)
    report = report_of(sums, given.plan.old, given.plan.new, terms)
    told = forecasts_of(report.figures)
    assert {"automation", "cases_per_day.single", "cost_per_day"} <= {each.name for each in told}
    forecasts.keep(site, report, told, given.plan, BY)
    (waiting,) = forecasts.listed(site)
    assert waiting.obstacle == "the policy has not come into force"
    assert forecasts.score(site, Rates(), Wellness(), BY) == []
    activated(site, threshold=0.5)
    (running,) = forecasts.listed(site)
    assert running.obstacle is not None
    assert running.obstacle.startswith("its days are over on ")
    with site.transaction() as connection:
        connection.execute(text("UPDATE forecasts SET made_at = made_at - interval '2 hours'"))
        connection.execute(
            text(
                "UPDATE activations SET at = now() - interval '1 hour'"
                " WHERE id = (SELECT max(id) FROM activations)"
            )
        )
    (done,) = forecasts.score(site, Rates(), Wellness(), BY)
    assert done.scored is not None
    happened = {each.forecast.name: each.happened for each in done.scored}
    # The items of this hour are those that it was told from, judged by the policy before.
    assert happened["cases_per_day.single"] == pytest.approx(20 * 24)
    assert happened["minutes_per_day.single"] == pytest.approx(20 * 24 * 40 / 60)
    assert happened["cost_per_day"] == pytest.approx(20 * 24 * 40 / 3_600 * 20)
    assert happened["automation"] == pytest.approx(100 / 120)
    assert [each.held for each in done.scored] == [True] * len(done.scored)
    assert forecasts.score(site, Rates(), Wellness(), BY) == []


def test_a_forecast_of_a_policy_that_was_replaced(site: Store) -> None:
    """What did not stay in force long enough is not compared."""
    given = prepared(site)
    sums = backtests_over(site).here(given, 1, lambda _done, _parts: None)
    report = report_of(sums, given.plan.old, given.plan.new, given.terms)
    assert report.figures[0].state is Known.KNOWN
    assert report.terms.handling[Tier.SINGLE].seen == 20
    forecasts.keep(site, report, forecasts_of(report.figures), given.plan, BY)
    activated(site, threshold=0.5)
    activated(site, threshold=0.6)
    (kept,) = forecasts.listed(site)
    assert kept.obstacle is not None
    assert kept.obstacle.startswith("another policy took its place")


def command(store: Store, monkeypatch: pytest.MonkeyPatch, *words: str) -> Result:
    """Run a command against the database, in this process."""
    monkeypatch.setenv("TIERWISE_DATABASE__URL", store.url)
    return CliRunner().invoke(command_line(words, COMMANDS), list(words))


def beside(work: Callable[[], object]) -> threading.Thread:
    """Something that happens while a command runs."""
    thread = threading.Thread(target=work)
    thread.start()
    return thread


def test_the_command_keeps_a_forecast(site: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """By one process or by workers, the report is the same; what it forecasts is listed."""
    new = published(site, threshold=0.5)
    now = rows(site, "SELECT extract(epoch FROM now())::text AS now")[0]["now"]
    words = ("backtest", new, "--since", "2d", "--until", now, "--format", "json")
    alone = command(site, monkeypatch, *words, "--fail-if", "changed > +0.1")
    assert alone.exit_code == 1
    assert "limit `changed > +0.1` is broken: it is +33.33%" in alone.stderr

    def help_out() -> None:
        until(lambda: messages(site))
        backtests_over(site).work(messages(site))

    helper = beside(help_out)
    shared = command(site, monkeypatch, *words, "--distributed")
    helper.join()
    assert shared.exit_code == 0
    assert shared.stdout == alone.stdout
    told = command(site, monkeypatch, "forecast", "list")
    assert told.stdout.count(f"→ {new}") == 2
    assert "not compared yet: the policy has not come into force" in told.stdout
    assert (
        "no forecast whose days are over" in command(site, monkeypatch, "forecast", "score").stdout
    )


def test_an_interrupted_command_leaves_nothing(
    site: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C while workers count: no parts, no messages, no forecast, and no traceback."""
    new = published(site, threshold=0.5)

    def interrupt() -> None:
        until(lambda: messages(site))
        os.kill(os.getpid(), signal.SIGINT)

    helper = beside(interrupt)
    done = command(site, monkeypatch, "backtest", new, "--since", "1w", "--distributed")
    helper.join()
    assert done.exit_code == 130
    assert "nothing was kept" in done.stderr
    assert (messages(site), rows(site, "SELECT id FROM backtest_parts")) == ([], [])
    assert rows(site, "SELECT state FROM backtests") == [{"state": "cancelled"}]
    assert rows(site, "SELECT id FROM forecasts") == []


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--since", "30 moons"), "expected a number of hours, days or weeks"),
        (("--since", "0d"), "expected a number of hours, days or weeks"),
        (("--since", "1d", "--days", "3"), "of a file alone"),
    ],
)
def test_what_was_asked_wrongly_ends_with_two(
    store: Store, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], told: str
) -> None:
    """It says what is expected."""
    done = command(store, monkeypatch, "backtest", "rules", *words)
    assert done.exit_code == 2
    assert told in " ".join(done.stderr.replace("│", " ").split())
