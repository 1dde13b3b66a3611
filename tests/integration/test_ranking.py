"""What makes cases urgent is written with them, and Postgres ranks them as the engine says."""

from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from engine.urgency import rank_of
from queues.casework.appeals import Appeal, Appeals
from queues.casework.opening import Opening
from queues.messaging.workshop import Workshop
from queues.reports import Report
from queues.sections import Priority
from queues.settings import load_settings
from queues.store.ranking import urgency_of, weights_of
from queues.store.session import Store
from queues.storefront import Storefront
from tests.integration import policies
from tests.integration.crowds import copy_cases
from tests.integration.desks import Desk
from tests.integration.intakes import (
    POLICY,
    accepted,
    intake_over,
    judge_of,
    reports_over,
    rows,
)

_AGEING: Final = 3_600.0
#: Nothing is asked of it here.
_NO_REDIS: Final = {"url": "redis://127.0.0.1:1"}
_REACH: Final = ("author.followers", "item.views")
_NEXT: Final = "---\n"
_VIEWS: Final = """\
field: author.followers
type: count
missing: 0
---
field: item.views
type: count
---
"""
_POLICY: Final = f"""{POLICY}---
{_VIEWS}rule: graver
status: live
severity: critical
when: {{ reports.count: {{ at_least: 3 }} }}
then: {{ tier: single, reason: spam.flood, priority: urgent }}
"""
_TELLING: Final = "SELECT severity, reach, probability, priority FROM cases ORDER BY id"
# Whatever columns can hold: nothing, numbers out of all bounds, deadlines before the beginning.
_SHUFFLE: Final = text("""
UPDATE cases SET priority = 3 * (number % 4),
    severity = (CAST(:severities AS text[]))[1 + number % 5 % 4],
    reach = (CAST(:reaches AS float8[]))[1 + number % 7],
    probability = (CAST(:sure AS float8[]))[1 + number % 6],
    enqueued_at = now() - number * interval '17 minutes',
    due_at = now() - number * interval '17 minutes' + (number % 11 - 1) * interval '3 hours'
FROM (SELECT id, CAST(row_number() OVER (ORDER BY id) AS int) AS number FROM cases) AS numbered
WHERE numbered.id = cases.id
""")


@pytest.mark.parametrize(
    "given",
    [
        Priority(),
        Priority(
            severity_low=0,
            severity_critical=1e9,
            reach_unknown=250,
            probability_unknown=0,
            risk_full=1,
            risk_steps=3.5,
            deadline_share=1,
            deadline_steps=0.5,
        ),
        Priority(risk_steps=0, deadline_steps=0),
    ],
    ids=["shipped", "others", "priority alone"],
)
def test_postgres_ranks_as_the_engine_does(store: Store, tmp_path: Path, given: Priority) -> None:
    """Whatever is written in the columns and in the settings, to a second."""
    desk = Desk(store, tmp_path)
    desk.send("odd")
    desk.work()
    copy_cases(store, 499)
    with store.transaction() as connection:
        connection.execute(
            _SHUFFLE,
            {
                "severities": ["low", "medium", "high", "critical"],
                "reaches": [None, 0.0, 1.0, 40.0, 3e5, 1e10, 1e300],
                "sure": [None, 0.0, 0.07, 0.5, 0.93, 1.0],
            },
        )
    weights = weights_of(_AGEING, given)
    opening = Opening(store=store, policy=lambda: desk.policy, ageing=_AGEING, priority=given)
    assert opening.rank() == 500
    ranked = rows(store, "SELECT * FROM cases")
    assert len({row["rank"] for row in ranked}) > 100
    for row in ranked:
        assert abs(row["rank"] - rank_of(urgency_of(row), weights)) <= 1
    assert opening.rank() == 0


def test_a_case_is_written_with_what_makes_it_urgent(store: Store, tmp_path: Path) -> None:
    """The largest reach that the item tells, and the score its rule asks for; or neither."""
    intake = intake_over(store, judge_of(tmp_path, _POLICY), reach=_REACH)
    author = {"id": "ann", "followers": 400}
    accepted(
        intake,
        {"id": "a", "text": "", "score.hate": 0.6, "author": author, "item.views": 7},
        {"id": "b", "text": "zorbling", "score.image": 0.9, "item.views": 1_000, "author": author},
        {"id": "c", "text": "zorbling"},
    )
    assert rows(store, _TELLING) == [
        {"severity": "medium", "reach": 400.0, "probability": 0.6, "priority": 6},
        {"severity": "medium", "reach": 1_000.0, "probability": None, "priority": 0},
        {"severity": "medium", "reach": None, "probability": None, "priority": 0},
    ]


def test_reports_make_a_case_more_urgent_and_never_less(store: Store, tmp_path: Path) -> None:
    """The gravest of its rules holds, and the most that was known of it."""
    judge = judge_of(tmp_path, _POLICY)
    author = {"id": "ann", "followers": 400}
    item = {"id": "a", "text": "", "score.hate": 0.6, "author": author}
    accepted(intake_over(store, judge, reach=_REACH), item)
    reports = reports_over(store, judge, reach=_REACH)
    for number, expected in enumerate((("medium", 6), ("medium", 3), ("critical", 0))):
        reports.report([_report(number)], actor="key:t")
        (told,) = rows(store, _TELLING)
        assert (told["severity"], told["priority"]) == expected
        assert (told["reach"], told["probability"]) == (400.0, 0.6)
    with store.transaction() as connection:
        connection.execute(
            text("UPDATE cases SET priority = 0, severity = 'high', reach = 9, probability = NULL")
        )
        connection.execute(text("DELETE FROM reports"))
    reports.report([_report(7)], actor="key:t")
    (told,) = rows(store, _TELLING)
    assert told == {"severity": "high", "reach": 400.0, "probability": 0.6, "priority": 0}


def test_an_appeal_reaches_as_many_as_the_item(store: Store, tmp_path: Path) -> None:
    """Though the machine decided it and nobody ever had it as a case."""
    desk = _desk_of_views(store, tmp_path)
    desk.send("vile", **{"item.views": 90})
    desk.work()
    appeals = Appeals(
        store=store, release=lambda: desk.judge.release, window=1e6, reach=("item.views",)
    )
    appeals.appeal(Appeal(item="i0", by="ann"), actor="key:k")
    (case,) = rows(store, _TELLING)
    assert (case["reach"], case["probability"]) == (90.0, None)


def test_a_second_look_reaches_as_many_as_the_first(store: Store, tmp_path: Path) -> None:
    """The case that follows from a sample knows what the sample knew of the item."""
    desk = _desk_of_views(store, tmp_path)
    desk.send("vile, sampled")
    with store.transaction() as connection:
        connection.execute(text("UPDATE cases SET reach = 7"))
    desk.work()
    desk.says("r", "keep")
    sample, again = rows(store, "SELECT purpose, reach FROM cases ORDER BY id")
    assert (sample["purpose"], again) == ("sample", {"purpose": "review", "reach": 7.0})


def test_the_service_ranks_by_its_settings(store: Store) -> None:
    """Whoever opens, judges, appeals and tells of waits goes by what is set."""
    given = {"reach": ("item.views",), "risk_steps": 2.0}
    settings = load_settings(priority=given, database={"url": store.url})
    services = Storefront(settings)
    assert services.weights.risk_steps == services.waits._weights.risk_steps == 2.0
    assert services.intake.reach == services.rejudging.reach == ("item.views",)
    assert services.appeals.reach == ("item.views",)
    services.close()
    workers = Workshop(settings)
    assert workers.opening.priority == settings.priority
    workers.close()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"reach": ("score.unkind", "text", "item.viewz")}, ["text", "item.viewz"]),
        ({}, []),
    ],
)
def test_a_name_that_never_tells_a_reach_is_said_in_the_log(
    store: Store, given: dict[str, tuple[str, ...]], said: list[str]
) -> None:
    """When a release is taken into use; of the defaults nothing is said."""
    policies.activated(store)
    services = Storefront(
        load_settings(priority=given, database={"url": store.url}, redis=_NO_REDIS)
    )
    services.in_force.refresh()
    with capture_logs() as logs:
        services.judge()
        services.judge()
    services.close()
    assert [each["field"] for each in logs if "priority.reach" in each["event"]] == said


def _desk_of_views(store: Store, folder: Path) -> Desk:
    """An installation whose vocabulary has a field that tells the reach of items."""
    desk = Desk(store, folder)
    file = folder / "all.yaml"
    desk.judge = judge_of(
        folder, f"{file.read_text(encoding='utf-8')}---\n{_VIEWS.removesuffix(_NEXT)}"
    )
    desk.policy = desk.judge.release.policy
    return desk


def _report(number: int) -> Report:
    return Report(item="a", reporter=f"u{number}")
