"""Forecasts are kept by the command, and compared later with what happened."""

import os
import signal
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text
from typer.testing import CliRunner, Result

from engine.backtesting.forecasts import forecasts_of
from engine.backtesting.report import report_of
from engine.cli.app import command_line
from engine.quality.measures import State as Known
from engine.verdict import Tier
from queues.backtesting import forecasts
from queues.backtesting.happening import happened
from queues.cli.app import COMMANDS
from queues.sections import Rates, Wellness
from queues.store import trials
from queues.store.session import Store
from tests.integration.backtested import (
    backtests_over,
    messages,
    prepared,
    site_in,
)
from tests.integration.intakes import rows
from tests.integration.policies import BY, activated, published
from tests.waiting import until


@pytest.fixture
def site(store: Store) -> Store:
    """A service that took in some items, some of which people decided."""
    return site_in(store)


def test_a_forecast_is_compared_with_what_happened(site: Store) -> None:
    """Once its days are over, and once: what happened stands beside what was forecast."""
    given = prepared(site)
    terms = replace(given.terms, horizon=1 / 24, hours=1.0)
    sums = backtests_over(site).here(given, 1, lambda _done, _parts: None)
    report = report_of(sums, given.plan.old, given.plan.new, terms)
    told = forecasts_of(report.figures)
    assert {"automation", "cases_per_day.single", "cost_per_day"} <= {each.name for each in told}
    with site.transaction() as connection:
        assert forecasts.keep(connection, report, given.plan, BY) is not None
    assert forecasts.listed(site, new="another") == []
    (waiting,) = forecasts.listed(site, new=given.plan.new)
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
    assert happened["cases_per_day.single"] == pytest.approx(24 * 24)
    assert happened["minutes_per_day.single"] == pytest.approx(24 * 24 * 40 / 60)
    assert happened["cost_per_day"] == pytest.approx(24 * 24 * 40 / 3_600 * 20)
    assert happened["automation"] == pytest.approx(116 / 140)
    assert [each.held for each in done.scored] == [True] * len(done.scored)
    assert forecasts.score(site, Rates(), Wellness(), BY) == []


def test_what_a_canary_decided_is_no_outcome(site: Store) -> None:
    """Items that another policy had on trial are left out, and the others stand for them."""

    def told() -> dict[str, float]:
        with site.read() as connection:
            (now,) = connection.execute(text("SELECT now()")).scalars()
            return happened(connection, now - timedelta(hours=1), now, Rates(), Wellness())

    before = told()
    with site.transaction() as connection:
        trials.begin(connection, kind="canary", release="tried", against="it", started_by=BY)
        # Of the items of one kind, a half: every second one that waits for people.
        connection.execute(
            text(
                "UPDATE verdicts SET release = 'tried' WHERE item_id IN (SELECT id FROM items"
                " WHERE substr(sender_id, 2)::integer % 12 = 0)"
            )
        )
    after = told()
    assert before["automation"] == pytest.approx(116 / 140)
    assert after["automation"] == pytest.approx(116 / 128)
    for name, seconds in (("cases_per_day.single", 1.0), ("minutes_per_day.single", 40 / 60)):
        assert before[name] == pytest.approx(24 * 24 * seconds)
        assert after[name] == pytest.approx(24 * 12 * 140 / 128 * seconds)
    assert after["cost_per_day"] == pytest.approx(before["cost_per_day"] / 2 * 140 / 128)


def test_a_forecast_of_a_policy_that_was_replaced(site: Store) -> None:
    """What did not stay in force long enough is not compared."""
    given = prepared(site)
    sums = backtests_over(site).here(given, 1, lambda _done, _parts: None)
    report = report_of(sums, given.plan.old, given.plan.new, given.terms)
    assert report.figures[0].state is Known.KNOWN
    assert report.terms.handling[Tier.SINGLE].seen == 24
    with site.transaction() as connection:
        forecasts.keep(connection, report, given.plan, BY)
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
    assert "limit `changed > +0.1` is broken: it is +28.57%" in alone.stderr

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
