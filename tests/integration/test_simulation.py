"""Simulated reviewers at work on a real API: to the end, and no more than they may."""

import asyncio
import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Final

import pytest
from sqlalchemy import text

from queues.access import Role, Scope
from queues.client import NoAnswer
from queues.errors import Conflict
from queues.messaging.tasks import WORK
from queues.messaging.workshop import Workshop
from queues.people import Profile
from queues.policies import releases
from queues.simulation import Course, Crew, Member, Plan, Right, Truths
from queues.store.outbox import Task
from tests.architecture.sources import ROOT
from tests.integration.apis import Platform, platform, services_for
from tests.integration.desks import POLICY
from tests.services import Servers
from tests.waiting import until

#: What items say: for one reviewer, a panel of three, two who must agree, and two and one.
WORDS: Final = ("odd", "grave", "child", "lonely")
REMOVED: Final = Right(action="remove", reasons=("hate.attack",))
KEPT: Final = Right(action="publish")
#: What was said of each item, vote by vote.
_CAST = """
SELECT sender_id, votes.action FROM votes JOIN cases ON cases.id = votes.case_id
JOIN items ON items.id = cases.item_id
"""


@pytest.fixture
def here(servers: Servers, template: str) -> Iterator[Platform]:
    """An API with the policy of people's work, and workers."""
    with servers.database(template=template) as url:
        # Without what is drawn by chance, so that votes can be counted.
        given = {"grace": 1, "overlap": 0, "blind_share": 0}
        services = services_for(url, servers.valkey.url, review=given)
        rules = {"all.yaml": POLICY}
        published = releases.publish(services.store, rules, by="cli:test", message="a test")
        releases.activate(services.store, published.name, by="cli:test")
        with platform(services) as running, working(services.settings):
            yield running


@contextmanager
def working(settings: Any) -> Iterator[None]:  # noqa: ANN401 - of the API
    """Do what waits in the outbox, and commit what is due, until the end of the block."""
    work, stop = Workshop(settings), threading.Event()

    def go_on() -> None:
        while not stop.wait(0.02):
            with work.store.read() as connection:
                found = connection.execute(text("SELECT task, id FROM outbox ORDER BY id")).all()
            rows: dict[str, list[int]] = {}
            for row in found:
                rows.setdefault(row.task, []).append(row.id)
            for task, ids in rows.items():
                WORK[Task(task)](work, ids)
            work.review.commit_due()

    work.in_force.watch()
    thread = threading.Thread(target=go_on)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
        work.close()


def crew(count: int, **given: Any) -> Crew:  # noqa: ANN401 - as the fields of a member
    """Seniors who are always right, if nothing else is said."""
    wanted = {"roles": ("moderator", "senior"), "accuracy": 1.0, **given}
    return Crew(people=tuple(Member(name=f"sim-{number}", **wanted) for number in range(count)))


def send(here: Platform, count: int, words: Sequence[str] = WORDS) -> Mapping[str, Right]:
    """Items for both tiers; what is right: every second is to be removed."""
    items = [
        {
            "id": f"p{number}",
            "text": f"{words[number % len(words)]} {number}",
            "author": {"id": "u"},
        }
        for number in range(count)
    ]
    here.http.post("/v1/items", json={"items": items}).raise_for_status()
    return {f"p{number}": REMOVED if number % 2 else KEPT for number in range(count)}


def course(here: Platform, plan: Plan, key: str | None = None) -> Course:
    """A plan for this deployment."""
    whole = here.http.headers["authorization"].removeprefix("Bearer ")
    return Course(plan=plan, urls=[here.url], key=key or whole)


def actions(here: Platform) -> dict[str, str]:
    """What holds for each item."""
    with here.store.read() as connection:
        rows = connection.execute(text("SELECT sender_id, action FROM items"))
        return {row.sender_id: row.action for row in rows}


def rows(here: Platform, question: str) -> list[Any]:
    """What the database answers."""
    with here.store.read() as connection:
        return [tuple(row) for row in connection.execute(text(question))]


@pytest.mark.parametrize("accounts", [False, True], ids=["named by a key", "with accounts"])
def test_everything_is_decided_and_right(here: Platform, *, accounts: bool) -> None:
    """Whoever never errs decides both tiers as the truth says; appeals are decided by others."""
    truth = send(here, 24)
    plan = Plan(crew=crew(8), seed=1, truths=Truths(known=truth), accounts=accounts, appeals=1.0)
    work = course(here, plan)
    diary = asyncio.run(work.run())
    assert (work.left, diary.errors, diary.refused.total()) == (0, 0, 0)
    assert actions(here) == {item: right.action for item, right in truth.items()}
    assert rows(here, "SELECT DISTINCT state FROM cases") == [("decided",)]
    assert rows(here, "SELECT state, count(*) FROM appeals GROUP BY 1") == [("upheld", 12)]
    assert diary.appeals == 12
    (votes, timed) = rows(here, "SELECT count(*), count(active_seconds) FROM votes")[0]
    assert votes == timed == diary.votes.total()
    summary = here.http.get("/v1/quality/summary").json()
    assert summary["simulated_votes"] == votes
    assert [tier["open"] for tier in summary["tiers"]] == [0, 0, 0]
    people = here.http.get("/v1/people").json()["people"]
    assert len(people) == (8 if accounts else 0)
    assert all(person["display_name"].endswith("(simulated)") for person in people)


def test_panels_that_differ_vote_again(here: Platform) -> None:
    """People who err often still end: second rounds, and larger panels where all must agree."""
    truth = send(here, 24)
    plan = Plan(crew=crew(9, accuracy=0.6), seed=3, truths=Truths(known=truth))
    work = course(here, plan)
    diary = asyncio.run(work.run())
    assert work.left == 0
    assert diary.again > 0
    cast = rows(here, _CAST)
    assert len(cast) == diary.votes.total()
    assert 0 < sum(truth[item].action != action for item, action in cast) == diary.errors
    assert rows(here, "SELECT count(*) FROM votes WHERE round > 1") == [(diary.again,)]


def test_judgements_repeat(here: Platform) -> None:
    """In whatever order cases come, the same people say the same about the same items."""
    said: list[list[Any]] = []
    question = (
        "SELECT reviewer, sender_id, votes.action FROM votes JOIN cases ON cases.id = case_id"
        " JOIN items ON items.id = item_id WHERE votes.round = 1 ORDER BY 1, 2"
    )
    for at_once in (1, 7):
        truth = send(here, 16, words=("grave",))
        plan = Plan(crew=crew(3, accuracy=0.7), seed=5, truths=Truths(known=truth), at_once=at_once)
        asyncio.run(course(here, plan).run())
        said.append(rows(here, question))
        with here.store.transaction() as connection:
            connection.execute(text("TRUNCATE items CASCADE"))
    assert len(said[0]) == 3 * 16
    assert said[0] == said[1]
    assert {action for _, _, action in said[0]} == {"publish", "remove", "hide"}


def test_some_skip_escalate_and_take_back(here: Platform) -> None:
    """Each of it shows in the diary and in the database, and all is decided in the end."""
    truth = send(here, 40)
    people = crew(8, skips=0.1, escalates=0.6, undoes=0.5)
    work = course(here, Plan(crew=people, seed=2, truths=Truths(known=truth)))
    diary = asyncio.run(work.run())
    assert work.left == 0
    assert actions(here) == {item: right.action for item, right in truth.items()}
    assert rows(here, "SELECT count(*) FROM skips") == [(diary.skipped,)]
    events = "SELECT count(*) FROM audit_events WHERE kind = '{}'"
    assert rows(here, events.format("case.escalated_by_hand")) == [(diary.escalated,)]
    assert rows(here, events.format("case.vote_undone")) == [(diary.undone,)]
    assert min(diary.skipped, diary.escalated, diary.undone) > 0


def test_what_nobody_may_have_is_left_and_said(here: Platform) -> None:
    """Moderators alone decide their tier; panels wait, and why nobody goes on is told."""
    truth = send(here, 8)
    plan = Plan(
        crew=crew(2, roles=("moderator",)),
        seed=1,
        truths=Truths(known=truth),
        accounts=True,
        patience=2.0,
    )
    work = course(here, plan)
    diary = asyncio.run(work.run())
    assert work.left == 6
    assert diary.votes == {"single": 2}
    told = "\n".join(work.why_left())
    assert "6 cases are left" in told
    assert "sim-0: nothing_waits" in told


def test_whoever_is_told_to_stop_gives_everything_back(here: Platform) -> None:
    """Ctrl-C in the middle of the work: nothing stays in anybody's hands."""
    truth = send(here, 12)
    plan = Plan(crew=crew(4), seed=1, truths=Truths(known=truth), pace=1.0)

    async def stopped() -> None:
        running = asyncio.ensure_future(course(here, plan).run())
        await asyncio.to_thread(until, lambda: rows(here, "SELECT FROM holds"))
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running

    asyncio.run(stopped())
    assert rows(here, "SELECT count(*) FROM holds") == [(0,)]


def test_real_people_are_not_taken_for_simulated_ones(here: Platform) -> None:
    """An account of that name that is not marked is left alone: its password would be another."""
    profile = Profile(display_name="A real person", roles=(Role.MODERATOR,))
    here.services.accounts.add("sim-0", profile, by="cli:test")
    plan = Plan(crew=crew(1), seed=1, accounts=True)
    with pytest.raises(Conflict, match=r"sim-0.*not simulated"):
        asyncio.run(course(here, plan).run())
    assert here.services.accounts.find("sim-0").display_name == "A real person"


def test_a_key_that_may_not_is_said(here: Platform) -> None:
    """At once, in the words of the API."""
    with here.calling(Scope.ITEMS_WRITE) as http:
        key = http.headers["authorization"].removeprefix("Bearer ")
    with pytest.raises(NoAnswer, match="answered 403"):
        asyncio.run(course(here, Plan(crew=crew(1), seed=1), key).run())


def test_the_report_of_it(here: Platform) -> None:
    """The command asks the service, writes what it is told, and says what is simulated."""
    truth = send(here, 24)
    asyncio.run(course(here, Plan(crew=crew(8), seed=1, truths=Truths(known=truth))).run())
    key = here.http.headers["authorization"].removeprefix("Bearer ")
    told = {}
    for form in ("text", "json", "html", "csv"):
        done = subprocess.run(
            [
                *(sys.executable, "-P", "-m", "queues.cli", "report", "--url", here.url),
                *("--key", key, "--format", form, "--since", "2026-01-01"),
            ],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr
        told[form] = done.stdout
    assert re.search(r"^automation rate +85.0% to 95.0% +\d", told["text"], re.MULTILINE)
    assert told["text"].startswith("SIMULATED REVIEWERS")
    report = json.loads(told["json"])
    assert report["since"].startswith("2026-01-01T00:00:00")
    assert told["csv"].count("\n") - 1 == len(report["goals"]) + len(report["figures"])
    assert told["html"].count("<tr>") - 2 == len(report["goals"]) + len(report["figures"])
    looks = {each["which"]: each["measure"] for each in report["figures"] if "look" in each["of"]}
    assert looks.keys() == {"panel", "sample", "appeal"}


def test_the_command_sums_up(here: Platform) -> None:
    """It says what is made up and who is simulated, shows the tiers, and ends with 0."""
    send(here, 8)
    key = here.http.headers["authorization"].removeprefix("Bearer ")
    done = subprocess.run(
        [
            *(sys.executable, "-P", "-m", "queues.cli", "simulate", "--url", here.url),
            *("--key", key, "--people", "12"),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "what is right is made up" in done.stdout
    assert "12 simulated reviewers are at work" in done.stdout
    assert re.search(r"SIMULATED REVIEWERS cast all \d+ votes", done.stdout)
    assert re.search(r"^single +2 +2 +0 ", done.stdout, re.MULTILINE)
    assert re.search(r"^senior +6 +6 +0 ", done.stdout, re.MULTILINE)
