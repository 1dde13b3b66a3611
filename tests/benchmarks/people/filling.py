"""Fills a database with open cases, cases of the past and people, as a large site would have them.

Rows are made by Postgres itself, beside the one case that the services opened: whatever it does not
say is as in that one.
"""

from typing import Final

from sqlalchemy import Connection, text

from queues.store.session import Store
from tests.integration.crowds import moment, shift
from tests.integration.staff import Staff

#: Lanes: so many queues of one reviewer, policies and languages there are.
QUEUES: Final = 20
POLICIES: Final = ("hate", "self-harm", "spam", *(f"policy-{number}" for number in range(7)))
LANGUAGES: Final = (None, "en", "de", "fr", "pt-BR", "es", "it", "nl", "pl", "tr")
#: A language and a policy of few cases; one person knows nothing else.
RARE: Final = "fi"
RARE_READER: Final = "finn"
#: Knows what nothing is about.
NOTHING_FITS: Final = "nadia"
#: Has voted on a fifth of all that was decided, and skipped what is first in every lane.
VETERAN: Final = "vera"
#: Cases of the past, for each open one.
_PAST: Final = 0.2
#: Cases with the same content as thousands of others, as one in so many.
_WAVE: Final = 100

# Which rows refer to which is known: what Postgres would look up for each of them is left out.
_TRUSTING: Final = "SET LOCAL session_replication_role = replica"
_MADE: Final = """
CREATE TEMP TABLE made ON COMMIT DROP AS SELECT number, number > :open AS past,
    uuidv7() AS id, uuidv7() AS item, uuidv7() AS verdict, number % 20 = 0 AS panel,
    ('queue-' || floor(:queues * power(random(), 2))::int) AS queue,
    CASE WHEN number % 10000 = 7 THEN :rare ELSE (CAST(:policies AS text[]))
        [1 + floor(cardinality(CAST(:policies AS text[])) * power(random(), 2))::int] END AS policy,
    CASE WHEN number % 10000 = 7 THEN :rare ELSE (CAST(:languages AS text[]))
        [1 + floor(cardinality(CAST(:languages AS text[])) * power(random(), 2))::int] END
        AS language,
    (ARRAY['low', 'medium', 'high', 'critical'])[1 + floor(4 * power(random(), 2))::int]
        AS severity,
    (ARRAY[0, 3, 6, 6, 6, 9])[1 + floor(6 * random())::int] AS priority,
    random() * interval '20 hours' AS age,
    CASE WHEN number % :wave = 3 THEN sha256('wave') WHEN number % 3 = 0
        THEN sha256((number / 2)::text::bytea) END AS content
FROM generate_series(1, :open + :past) AS number
"""
_VERDICTS: Final = """
INSERT INTO verdicts (id, item_id, at, cause, release, models, tier, action, inclusion_probability,
    input, trace)
SELECT made.verdict, made.item, model.at, model.cause, model.release, model.models, model.tier,
    model.action, model.inclusion_probability, '{}', '{}'
FROM made CROSS JOIN (SELECT * FROM verdicts LIMIT 1) AS model
"""
_ITEMS: Final = """
INSERT INTO items (id, sender_id, digest, kind, author_id, language, state, tier, action,
    verdict_id)
SELECT made.item, 'copy-' || made.number, model.digest, model.kind, model.author_id, made.language,
    CASE WHEN made.past THEN 'decided' ELSE model.state END, model.tier, model.action, made.verdict
FROM made CROSS JOIN (SELECT * FROM items LIMIT 1) AS model
"""
_CASES: Final = """
INSERT INTO cases (id, item_id, verdict_id, purpose, tier, queue, policy, reason, rule, priority,
    rank, severity, language, not_by, state, enqueued_at, due_at, opened_at, announced_at,
    closed_at, taken_at, seats, content)
SELECT made.id, made.item, made.verdict,
    CASE made.number % 40 WHEN 1 THEN 'sample' WHEN 2 THEN 'appeal' ELSE 'review' END,
    CASE WHEN made.panel THEN 'senior' ELSE 'single' END,
    CASE WHEN made.panel THEN 'senior' ELSE made.queue END,
    made.policy, model.reason, model.rule, made.priority,
    floor(extract(epoch FROM now() - made.age) / 14400)::bigint + made.priority / 3,
    made.severity, made.language, model.not_by,
    CASE WHEN made.past THEN 'decided' ELSE 'open' END, now() - made.age,
    now() - made.age + interval '24 hours', now() - made.age, now() - made.age,
    CASE WHEN made.past THEN now() - made.age + interval '10 minutes' END,
    CASE WHEN made.past THEN now() - made.age + interval '9 minutes' END,
    CASE WHEN made.panel THEN 3 ELSE 1 END, made.content
FROM made CROSS JOIN (SELECT * FROM cases LIMIT 1) AS model
"""
_PAST_VOTES: Final = """
INSERT INTO votes (id, case_id, content, reviewer, round, action, reasons)
SELECT uuidv7(), made.id, made.content, CASE WHEN made.number % 5 = 0 THEN :veteran
    ELSE 'r' || made.number % :people END, 1, 'publish', '{}'
FROM made WHERE made.past
"""
_PAST_HANDOUTS: Final = """
INSERT INTO handouts (case_id, reviewer, severity, at)
SELECT cases.id, votes.reviewer, cases.severity, votes.at - interval '1 day'
FROM votes JOIN cases ON cases.id = votes.case_id
"""
# Some of them in the present shift, as they weigh on what somebody may see.
_RECENT: Final = """
UPDATE handouts SET at = now() - interval '5 minutes', severity = 'low' FROM (
    SELECT case_id, reviewer, row_number() OVER (PARTITION BY reviewer) AS number FROM handouts
) AS counted
WHERE counted.case_id = handouts.case_id AND counted.reviewer = handouts.reviewer
    AND counted.number <= 100
"""
# The first thousand of the fullest lane, of which the veteran wants none.
_SKIPS: Final = """
INSERT INTO skips (case_id, reviewer, reason)
SELECT id, :veteran, 'other' FROM cases
WHERE state = 'open' AND queue = 'queue-0' AND policy = 'hate' AND language IS NULL
ORDER BY rank, due_at, id LIMIT 1000
"""
_READS: Final = ((), ("de",), ("en", "fr"), ("pt",), ("en",), ("es", "it"), ("nl", "pl", "tr"))
_KNOWS: Final = ((), ("hate",), ("self-harm", "spam"), POLICIES[:6])
_SPARED: Final = ((), ("spam",), ("policy-1", "policy-2"))


def fill(store: Store, cases: int, people: int) -> None:
    """Open so many cases beside the first, and hire so many people; some wait at the extremes."""
    given = {
        "open": cases - 1,
        "past": int(cases * _PAST),
        "people": people,
        "queues": QUEUES,
        "policies": list(POLICIES),
        "languages": list(LANGUAGES),
        "rare": RARE,
        "wave": _WAVE,
        "veteran": VETERAN,
    }
    steps = (_TRUSTING, "SELECT setseed(0.5)", _MADE, _VERDICTS, _ITEMS, _CASES)
    with store.transaction() as connection:
        _run(connection, (*steps, _PAST_VOTES, _PAST_HANDOUTS, _RECENT, _SKIPS), given)
    with store.engine.connect() as connection:
        alone = connection.execution_options(isolation_level="AUTOCOMMIT")
        alone.execute(text("VACUUM ANALYZE"))
        alone.execute(text("CHECKPOINT"))
    _hire(store, people)


def _run(connection: Connection, steps: tuple[str, ...], given: dict[str, object]) -> None:
    for step in steps:
        statement = text(step)
        named = {name: given[name] for name in statement.compile().params}
        connection.execute(statement, named)


def _hire(store: Store, people: int) -> None:
    staff = Staff(store)
    at = moment(store)
    shifts = (shift(at, begins=-1, ends=4),)
    for number in range(people):
        staff.add(
            f"r{number}",
            languages=_READS[number % len(_READS)],
            policies=_KNOWS[number % len(_KNOWS)],
            opted_out=_SPARED[number % len(_SPARED)],
            shifts=shifts,
        )
    staff.add(RARE_READER, languages=(RARE,), policies=(RARE,), shifts=shifts)
    staff.add(NOTHING_FITS, policies=("nothing",), shifts=shifts)
    staff.add(VETERAN, shifts=shifts)
