"""How long a page of figures takes to open over millions of decisions."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any, Final

from sqlalchemy import text

from engine.bench.figures import Figure
from queues.embedded import EmbeddedPostgres
from queues.measurement import By, Group, compared, over_time
from queues.measurement.rollups import Rollups
from queues.measurement.rollups.folding import add_up
from queues.measurement.rollups.sources import SOURCES
from queues.sections import Rates, Wellness
from queues.store.migrating import migrate
from queues.store.session import Store
from tests.waiting import until

Tell = Callable[[str], None]

DECISIONS: Final = 10_000_000
_DAYS: Final = 30
_TIMES: Final = 5
_SECONDS: Final = 1.0
#: Seconds for all sums, however busy the machine.
_PATIENCE: Final = 600.0
_PRICED: Final[dict[str, Any]] = {"rates": Rates(), "wellness": Wellness()}

ABOUT: Final = (
    f"Figures over {_DAYS} days, PostgreSQL (fsync on) beside the service on the same cores, "
    "without HTTP. Rows of a day and of the running hour are made by Postgres: items, verdicts, "
    "decisions, cases and votes, of which 12 % came before people, 1 % is validated and 10 % is "
    "duplicates, in the order in which they came; 10 policies, 20 queues and the "
    "panel's, 10 languages, 100 reviewers, a model and 200 rules, of which two match each item. "
    "They are summed up as always; the other days are copies of these sums, as many and as full, "
    "as rows of all days would take long to make. The page is all targets, and figures by day and "
    f"policy; medians of {_TIMES}, after one to warm up."
)

# Which rows refer to which is known, and hours without sums need no marks.
_TRUSTING: Final = "SET LOCAL session_replication_role = replica"
_MADE: Final = """
CREATE TEMP TABLE made ON COMMIT DROP AS
SELECT number, age, uuidv7(-age) AS item, uuidv7(-age) AS verdict, uuidv7(-age) AS decision,
    uuidv7(-age) AS id, uuidv7(-age) AS drawn, now() - age AS at,
    uuid_send(CASE WHEN number % 10 = 0 THEN md5((number % 500)::text)::uuid
        ELSE uuidv7() END) AS content, its.kind, policy,
    'policy-' || policy AS policy_name, 'queue-' || policy * 2 + number % 2 AS queue,
    (ARRAY['en', 'en', 'en', 'de', 'fr', 'es', 'it', 'nl', 'pl', 'tr'])
        [1 + floor(10 * power(random(), 2))::int] AS language,
    round((60 * exp(3 * random()))::numeric, 1) AS waited, random() AS luck
FROM (
    SELECT number, random() * (date_trunc('hour', now()) - :first + interval '30 minutes') AS back,
        floor(10 * power(random(), 2))::int AS policy, random() AS tier
    FROM generate_series(1, CAST(:rows AS int)) AS number
) AS drawn CROSS JOIN LATERAL (
    SELECT back - interval '30 minutes' + (now() - date_trunc('hour', now())) AS age,
        CASE WHEN tier < 0.015 THEN 'senior' WHEN tier < 0.12 THEN 'single' ELSE 'auto' END AS kind
) AS its ORDER BY age DESC
"""
_ITEMS: Final = """
INSERT INTO items (id, sender_id, digest, kind, language, received_at, state, tier, action,
    verdict_id, decision_id, decided_at, content)
SELECT item, item::text, '', 'post', language, at,
    CASE WHEN kind <> 'auto' AND luck < 0.02 THEN 'in_review' ELSE 'decided' END, kind, 'publish',
    verdict, CASE WHEN luck < 0.2 OR kind <> 'auto' THEN decision END,
    at + make_interval(secs => CASE kind WHEN 'auto' THEN 0.02 ELSE waited * 10 END), content
FROM made
"""
_VERDICTS: Final = """
INSERT INTO verdicts (id, item_id, at, cause, release, models, tier, action,
    inclusion_probability, input, trace)
SELECT verdict, item, at, 'received', 'r', '{toxicity}', kind, CASE WHEN luck < 0.2 THEN 'remove'
    ELSE 'publish' END, CASE kind WHEN 'auto' THEN 0.02 ELSE 1 END, '{}', json_build_object('rules',
    json_build_array(json_build_object('name', 'rule-' || number % 200, 'status', 'live'),
        json_build_object('name', 'rule-' || number % 7, 'status', 'shadow'))) FROM made
"""
_DECISIONS: Final = """
INSERT INTO decisions (id, at, item_id, verdict_id, made_by, tier, action, policy,
    inclusion_probability)
SELECT decision, at, item, verdict, 'machine', kind, 'remove', policy_name, 1 FROM made
WHERE luck < 0.2 OR kind <> 'auto'
"""
_CASES: Final = """
INSERT INTO cases (id, item_id, verdict_id, purpose, tier, queue, policy, reason, rule, priority,
    severity, language, state, enqueued_at, due_at, closed_at, decide, content)
SELECT id, item, verdict, CASE kind WHEN 'auto' THEN 'sample' ELSE 'review' END,
    CASE kind WHEN 'senior' THEN 'senior' ELSE 'single' END,
    CASE kind WHEN 'senior' THEN 'senior' ELSE queue END, policy_name, 'r', 'r', 6, 'low', language,
    CASE WHEN luck < 0.02 THEN 'open' ELSE 'decided' END, at, at + interval '4 hours',
    CASE WHEN luck >= 0.02 THEN at + make_interval(secs => waited * 10) END, 'majority', content
FROM made WHERE kind <> 'auto' OR number % 50 = 0
UNION ALL
SELECT drawn, item, verdict, 'validation', 'senior', 'senior', policy_name, 'r', 'r', 9, 'low',
    language, 'decided', at, at + interval '1 day', at + interval '1 hour', 'majority', content
FROM made WHERE number % 100 = 1 AND luck >= 0.02
"""
_VALIDATIONS: Final = """
INSERT INTO validations (case_id, decision_id, tier, action, inclusion)
SELECT drawn, decision, kind, CASE WHEN luck < 0.2 THEN 'remove' ELSE 'publish' END, 0.01
FROM made WHERE number % 100 = 1 AND luck >= 0.02
"""
_VOTES: Final = """
INSERT INTO votes (id, at, case_id, reviewer, round, action, active_seconds, blind)
SELECT uuidv7(voted - now()), voted, made.id, 'r' || (made.number + voter * 37) % 100, 1,
    CASE WHEN (made.luck < 0.2) <> (random() < 0.05) THEN 'remove' ELSE 'publish' END,
    round((12 + 40 * random())::numeric, 1), kind <> 'single' OR made.number % 10 = 0
FROM made CROSS JOIN generate_series(1, CASE kind WHEN 'senior' THEN 3 ELSE 1 END) AS voter
CROSS JOIN LATERAL (SELECT least(now(), at + make_interval(secs => waited * 10)) AS voted) AS its
WHERE (kind <> 'auto' OR made.number % 50 = 0) AND (luck >= 0.02)
UNION ALL
SELECT uuidv7(voted - now()), voted, drawn, 'r' || number % 20, 1,
    CASE WHEN (luck < 0.2) <> (random() < 0.05) THEN 'remove' ELSE 'publish' END, 20, true
FROM made CROSS JOIN LATERAL (SELECT least(now(), at + interval '1 hour') AS voted) AS its
WHERE number % 100 = 1 AND luck >= 0.02
"""


def figures(tell: Tell, decisions: int = DECISIONS) -> Iterator[Figure]:
    """Measure how a page opens, and what sums cost."""
    tell(f"figures over {decisions:,} decisions")
    with _server() as store:
        filled(store, decisions // _DAYS)
        tell("  summing up")
        rollups = Rollups(store=store, **_PRICED)
        begun = perf_counter()
        found = rollups.fold(within=None)
        each = (perf_counter() - begun) / found.hours
        first = copied(store)
        tell("  opening pages")
        page: tuple[Callable[[], object], ...] = (
            partial(compared, store, since=first, **_PRICED),
            partial(_by, store, first, By.DAY, Group.POLICY),
        )
        targets, by_policy = (_taken(part) for part in page)
        where = f"{decisions:,} decisions"
        opened = _taken(lambda: [part() for part in page])
        yield Figure(name=f"{where}: a page opens", value=opened, unit="s", at_most=_SECONDS)
        yield Figure(name=f"{where}: all targets", value=targets, unit="s")
        yield Figure(name=f"{where}: by day and policy", value=by_policy, unit="s")
        for by, group in ((By.DAY, None), (By.DAY, Group.QUEUE), (By.HOUR, None)):
            taken = _taken(partial(_by, store, first, by, group))
            name = f"{where}: by {by.value}" + (
                f" and {group.value}" if group else ", all together"
            )
            yield Figure(name=name, value=taken, unit="s")
        per_hour = f"{decisions // _DAYS // 24:,} decisions"
        yield Figure(name=f"an hour of {per_hour} is summed up", value=each, unit="s")
        yield Figure(name="rows of sums of an hour", value=_rows(store, found.hours), unit="rows")
        yield from _by_rows(store, decisions // _DAYS)


@contextmanager
def _server() -> Iterator[Store]:
    """A server of its own, as it is set up for production."""
    with (
        tempfile.TemporaryDirectory(prefix="tierwise-bench-") as folder,
        EmbeddedPostgres(Path(folder, "postgres"), durable=True) as postgres,
    ):
        migrate(postgres.url)
        store = Store(postgres.url, connections=2)
        yield store
        store.close()


def filled(store: Store, rows: int, *, days: int = 1) -> None:
    """Rows of so many days up to the running hour, and of half an hour of that."""
    with store.transaction() as connection:
        begin = text("SELECT date_trunc('hour', now()) - make_interval(days => :days)")
        first = connection.execute(begin, {"days": days})
        given: dict[str, object] = {"first": first.scalar_one(), "rows": rows}
        steps = (_TRUSTING, "SELECT setseed(0.5)", _MADE)
        for step in (*steps, _ITEMS, _VERDICTS, _DECISIONS, _CASES, _VALIDATIONS, _VOTES):
            statement = text(step)
            connection.execute(statement, {key: given[key] for key in statement.compile().params})
    _settle(store)


def summed(store: Store) -> None:
    """Sum up all that is over; where beat is at it as well, it may have a part in hand."""
    rollups = Rollups(store=store, **_PRICED)
    until(lambda: rollups.fold(within=None).done and _is_summed(store), within=_PATIENCE)


def _is_summed(store: Store) -> bool:
    with store.read() as connection:
        asked = text("SELECT until >= date_trunc('hour', now()) FROM rollup_state")
        return bool(connection.execute(asked).scalar_one())


def copied(store: Store, *, days: int = 1) -> datetime:
    """The sums of the last days for all days before as well; where the first of them begins."""
    with store.transaction() as connection:
        # Nobody else sums up meanwhile.
        connection.execute(text("SELECT FROM rollup_state FOR UPDATE"))
        tables = [(source.table, source.names) for source in SOURCES]
        for table, names in (*tables, ("rollup_costs", "hour, squares")):
            others = names.removeprefix("hour")
            connection.execute(
                text(
                    f"INSERT INTO {table} ({names})"  # noqa: S608 - names of ours
                    f" SELECT hour - make_interval(hours => 24 * :days * turn){others}"
                    f" FROM {table}, generate_series(1, :turns - 1) AS turn"
                    " WHERE hour < (SELECT until FROM rollup_state)"
                    " AND hour >= (SELECT until - make_interval(days => :days) FROM rollup_state)"
                ),
                {"days": days, "turns": _DAYS // days},
            )
        days_of_hours = (
            "SELECT DISTINCT date_trunc('day', hour, 'UTC') FROM rollup_flows ORDER BY 1"
        )
        add_up(connection, set(connection.execute(text(days_of_hours)).scalars()))
        over: datetime = connection.execute(text("SELECT until FROM rollup_state")).scalar_one()
    _settle(store)
    return over - timedelta(days=_DAYS)


def _settle(store: Store) -> None:
    with store.engine.connect() as connection:
        alone = connection.execution_options(isolation_level="AUTOCOMMIT")
        alone.execute(text("VACUUM ANALYZE"))
        alone.execute(text("CHECKPOINT"))


def _by(store: Store, first: datetime, by: By, group: Group | None) -> object:
    return over_time(store, begin=first, end=None, by=by, group=group, **_PRICED)


def _by_rows(store: Store, decisions: int) -> Iterator[Figure]:
    """The targets of the last day alone, with and without sums."""
    with store.read() as connection:
        over = connection.execute(text("SELECT until FROM rollup_state")).scalar_one()
    since = over - timedelta(days=1)
    ask = partial(compared, store, since=since, **_PRICED)
    summed = _taken(ask)
    with store.transaction() as connection:
        connection.execute(text("UPDATE rollup_state SET until = NULL"))
    by_rows = _taken(ask)
    yield Figure(name=f"{decisions:,} decisions: all targets, from sums", value=summed, unit="s")
    yield Figure(name=f"{decisions:,} decisions: all targets, row by row", value=by_rows, unit="s")


def _rows(store: Store, hours: int) -> float:
    """Of the tables of sums, by hour."""
    with store.read() as connection:
        counts = [
            connection.execute(text(f"SELECT count(*) FROM {source.table}")).scalar_one()  # noqa: S608 - ours
            for source in SOURCES
        ]
    return float(sum(counts)) / (hours * _DAYS)


def _taken(run: Callable[[], object]) -> float:
    """Seconds, by the median."""
    run()
    taken = []
    for _ in range(_TIMES):
        begun = perf_counter()
        run()
        taken.append(perf_counter() - begun)
    return median(taken)
