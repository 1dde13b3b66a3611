"""However many ask at once, and however many cases are for others, everybody gets what fits."""

import re
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID

import pytest
from psycopg import ClientCursor
from sqlalchemy import Connection, event, text

from engine.verdict import Tier
from queues.review import Claimed, Review
from queues.review.claims import LOCK, Terms, Wish, question
from queues.review.exposure import allowance_of
from queues.review.reviewers import patterns_of, reviewer_at
from queues.sections import Wellness
from queues.store.session import Store, driver
from tests.integration.crowds import POLICIES, copy_cases, moment, shift
from tests.integration.desks import Desk
from tests.integration.staff import Staff

CLAIMERS = 50
CASES = 300


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> Desk:
    """An installation with one case."""
    desk = Desk(store, tmp_path)
    desk.send("odd")
    desk.work()
    return desk


@pytest.fixture
def busy(store: Store) -> Iterator[Store]:
    """The same database, with a connection for each claimer."""
    busy = Store(store.url, connections=CLAIMERS, wait=60)
    yield busy
    busy.close()


def test_fifty_people_share_a_queue(desk: Desk, busy: Store) -> None:
    """No case is handed out twice, none is forgotten, and nobody gets what does not fit."""
    copy_cases(desk.store, CASES - 1)
    staff = Staff(desk.store)
    people = [f"r{number}" for number in range(CLAIMERS)]
    at = moment(desk.store)
    for number, name in enumerate(people):
        staff.add(
            name,
            languages=[(), ("de",), ("en", "fr"), ("pt",)][number % 4],
            policies=[(), ("hate",), ("self-harm", "spam")][number % 3],
            opted_out=[(), ("spam",)][number % 2],
            shifts=(shift(at, begins=-1, ends=-0.5 if number % 10 == 9 else 2),),
        )
    relaxed = Wellness(exposure=10_000, severe_in_a_row=1_000)
    review = Review(store=busy, policy=lambda: desk.policy, wellness=relaxed)
    start = threading.Barrier(CLAIMERS)

    def work(name: str) -> list[Claimed]:
        start.wait()
        got: list[Claimed] = []
        while cases := review.claim(name, Tier.SINGLE):
            got += cases
        return got

    with ThreadPoolExecutor(CLAIMERS) as pool:
        got = dict(zip(people, pool.map(work, people), strict=True))
    times = Counter(case.id for cases in got.values() for case in cases)
    assert set(times.values()) == {1}
    assert len(times) == CASES
    accounts = {each.name: each for each in staff.accounts.listed()}
    for number, name in enumerate(people):
        known = accounts[name]
        reads = [each.replace("-%", "") for each in patterns_of(known.languages)]
        for case in got[name]:
            assert case.policy not in known.opted_out
            assert not known.policies or case.policy in known.policies
            assert not reads or case.language is None or case.language.split("-")[0] in reads
        assert not (number % 10 == 9 and got[name])


def test_one_person_who_asks_twice_at_once_gets_no_more(desk: Desk, busy: Store) -> None:
    """Their exposure is counted by one claim after the other."""
    copy_cases(desk.store, 40)
    with desk.store.transaction() as connection:
        connection.execute(text("UPDATE cases SET severity = 'low'"))
    Staff(desk.store).add("ana", exposure=10)
    review = Review(store=busy, policy=lambda: desk.policy)
    start = threading.Barrier(20)

    def work(_: int) -> int:
        start.wait()
        return len(review.claim("ana", Tier.SINGLE, queues=["general"]))

    with ThreadPoolExecutor(20) as pool:
        assert sum(pool.map(work, range(20))) <= 10
    (seen,) = desk.rows(
        "SELECT sum((ARRAY[1, 4])[1 + (severity <> 'low')::int]) AS n FROM handouts"
    )
    assert seen["n"] <= 10


@pytest.mark.parametrize("mode", ["force_custom_plan", "force_generic_plan"])
def test_claiming_goes_along_indexes(desk: Desk, mode: str) -> None:
    """In the order of the rank, and nowhere over all cases, also once the plan is kept."""
    copy_cases(desk.store, 5_000, queues=("general", "goods"))
    at = moment(desk.store)
    Staff(desk.store).add(
        "ana", languages=("de", "fr"), policies=POLICIES, shifts=(shift(at, begins=-1, ends=1),)
    )
    with desk.store.transaction() as connection:
        connection.execute(text(f"SET LOCAL plan_cache_mode = {mode}"))
        plan = planned(connection)
    assert "Seq Scan on cases" not in plan
    for index in ("ix_cases_next", "ix_cases_lane"):
        above, found, _ = plan.partition(f"using {index} on cases")
        assert found, plan
        assert not any("Sort" in line for line in above.splitlines()[-3:]), plan


def planned(connection: Connection) -> str:
    """How Postgres claims for Ana, as a prepared statement, which is what the driver makes."""
    reviewer = reviewer_at(connection, "ana")
    allowance = allowance_of(connection, reviewer, Wellness())
    wish = Wish(tier="single", queues=None)
    given = question(reviewer, wish, allowance, Terms(lease=600, patience=600)) | {
        "least": 1,
        "most": 5,
    }
    names = list(dict.fromkeys(re.findall(r"(?<!:):(\w+)", LOCK.text)))
    body = re.sub(r"(?<!:):(\w+)", lambda found: f"${names.index(found[1]) + 1}", LOCK.text)
    connection.exec_driver_sql(f"PREPARE claim AS {body}")
    values = ", ".join(f"%({name})s" for name in names)
    with ClientCursor(driver(connection)) as cursor:
        cursor.execute(f"EXPLAIN EXECUTE claim ({values})".encode(), given)
        return "\n".join(str(line) for (line,) in cursor)


def test_front_and_lanes_give_the_same(desk: Desk) -> None:
    """Whoever asks for whatever: the first in rank, found at the front or lane by lane."""
    copy_cases(desk.store, 400, queues=("general", "goods", "qa"))
    staff = Staff(desk.store)
    staff.add("ana", languages=("de", "pt"), opted_out=("spam",))
    staff.add("bea", policies=("hate", "nothing"))
    staff.add("cem", languages=("fi",), policies=("self-harm",))
    staff.add("dan", exposure=8)
    for name in ("ana", "bea", "dan", "somebody"):
        (case,) = desk.review.claim(name, Tier.SINGLE)
        desk.review.skip(name, case.id, "other")
        desk.review.claim(name, Tier.SINGLE, limit=2)
    for name in ("ana", "bea", "cem", "dan", "somebody"):
        for queues in (None, ["goods"], ["goods", "qa"], ["none"]):
            wish = Wish(tier="single", queues=queues, wanted=500)
            front, lanes = (found_by(desk, name, wish, least=least) for least in (0, 501))
            assert front == lanes
            assert front or queues == ["none"] or name == "dan"  # who has seen enough


def found_by(desk: Desk, name: str, wish: Wish, *, least: int) -> list[UUID]:
    """Cases in order; from lanes where the front has fewer."""
    with desk.store.transaction() as connection:
        reviewer = reviewer_at(connection, name)
        allowance = allowance_of(connection, reviewer, Wellness())
        given = question(reviewer, wish, allowance, Terms(lease=600, patience=600))
        found = connection.execute(LOCK, given | {"least": least, "most": wish.wanted}).one()
        return list(found.cases)


def test_cases_of_others_cost_no_more_statements(desk: Desk) -> None:
    """Where all but the last of many are for others, it is asked as often as for the first."""
    staff = Staff(desk.store)
    staff.add("ana", languages=("fi",))
    staff.add("bea")
    copy_cases(desk.store, 2_000)
    with desk.store.transaction() as connection:
        connection.execute(text("UPDATE cases SET language = 'de'"))
        connection.execute(
            text(
                "UPDATE cases SET language = 'fi' WHERE id ="
                " (SELECT id FROM cases ORDER BY rank DESC, due_at DESC, id DESC LIMIT 1)"
            )
        )
    assert statements(desk, "ana", "fi") == statements(desk, "bea", "de")


def statements(desk: Desk, name: str, language: str) -> int:
    """How many statements it takes to claim the next case, which is in this language."""
    said: list[str] = []

    def listen(*about: object) -> None:
        said.append(str(about[2]))

    event.listen(desk.store.engine, "before_cursor_execute", listen)
    (case,) = desk.review.claim(name, Tier.SINGLE)
    event.remove(desk.store.engine, "before_cursor_execute", listen)
    assert case.language == language
    return len(said)
