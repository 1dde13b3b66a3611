"""Real votes of real people, cast once more through the API: the figures are those of the data.

Ten annotators judged 3,901 functional test cases, five of them each. Every set of five that occurs
is a panel with a queue of its own; an annotator takes cases from the queues of their panels alone,
so they vote on exactly the items on which they voted.

A tenth of the items is replayed with all other tests, and all of them with `--all-votes`.
"""

import asyncio
import gzip
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

import krippendorff
import numpy as np
import orjson
import pytest
from sqlalchemy import text

from engine.quality import agreement, in_order
from queues import keys
from queues.access import Scope
from queues.bootstrap import Services
from queues.casework.opening import Opening
from queues.client import Client, post_all
from queues.policies import releases
from queues.settings import load_settings
from queues.simulation.api import Case, Desk, Possible
from queues.simulation.judgement import Judgement
from queues.store.outbox import Task
from queues.store.session import Store
from tests.functional.processes import PATIENCE, ROOT, running
from tests.waiting import until

DATA: Final = ROOT.parent / "shared" / "data" / "hatecheck.jsonl.gz"
ACTIONS: Final = {"hateful": "remove", "non-hateful": "publish"}
#: Of the data set, as its README has them.
ITEMS, VOTES, ALPHA, OBSERVED = 3_901, 19_505, 0.929, 0.969

#: Of so many items one is replayed, where not all are.
_ONE_IN: Final = 10
#: Cases of one claim.
_AT_ONCE: Final = 25
_SETUP: Final = """\
file: panels
owner: o@example.org
policy: hate
---
field: item.kind
type: choice
choices: [post]
---
field: text
type: text
---
field: panel
type: text id
---
reason: hate.attack
title: Attack
policy: hate
"""
_QUEUE: Final = """\
---
queue: {name}
tier: senior
sla: 8 hours
panel: {{ reviewers: 5, decide: majority }}
---
rule: to-{name}
status: live
when: {{ panel: {{ is: {name} }} }}
then: {{ tier: senior, queue: {name}, reason: hate.attack }}
tests:
  - {{ given: {{ panel: {name} }}, expect: match }}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """The data set as panels, and what everybody said."""

    queues: Mapping[tuple[str, ...], str]
    """Set of annotators → queue."""
    votes: Mapping[tuple[str, str], str]
    """Annotator and item → action."""
    panels: Mapping[str, str]
    """Item → queue."""
    texts: Mapping[str, str]
    majorities: Mapping[str, str]
    """Item → action of the majority."""

    def queues_of(self, annotator: str) -> list[str]:
        """Those they take cases from."""
        return [queue for people, queue in self.queues.items() if annotator in people]

    @property
    def alpha(self) -> float:
        """Krippendorff's alpha of the votes, by another library."""
        places = {item: place for place, item in enumerate(self.panels)}
        table = np.full((len(self.annotators), len(places)), np.nan)
        for row, annotator in enumerate(self.annotators):
            for (who, item), action in self.votes.items():
                if who == annotator:
                    table[row, places[item]] = action == ACTIONS["hateful"]
        found: float = krippendorff.alpha(table, level_of_measurement="nominal")
        return found

    @property
    def annotators(self) -> list[str]:
        """Everybody."""
        return sorted({annotator for annotator, _ in self.votes})


@pytest.mark.skipif(not DATA.exists(), reason="the real votes do not lie beside the checkout")
def test_real_votes_give_the_figures_of_the_data_set(
    store: Store, redis_url: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Krippendorff's alpha of all stored first ballots is 0.929; outcomes are the majorities."""
    whole = bool(request.config.getoption("--all-votes"))
    replay = read(1 if whole else _ONE_IN)
    rules = _SETUP + "".join(_QUEUE.format(name=name) for name in replay.queues.values())
    published = releases.publish(store, {"all.yaml": rules}, by="cli:test", message="a test")
    releases.activate(store, published.name, by="cli:test")
    with api(store, redis_url, tmp_path) as url, closing_services(store) as services:
        _, key = keys.create(store, name="test", scopes=[Scope.ADMIN], by="cli:test")
        asyncio.run(post(url, key, replay))
        opening = Opening(store=store, policy=services.policy, ageing=14_400.0)
        opening.convene(outbox(store, Task.CONVENE))
        asyncio.run(vote(url, key, replay))
        services.review.tally(outbox(store, Task.TALLY))
    ballots = first_ballots(store)
    assert Counter(ballots) == Counter(
        (item, annotator, action) for (annotator, item), action in replay.votes.items()
    )
    found = agreement(in_order(ballots, most=5))
    assert (found.items, found.ratings) == (len(replay.panels), len(replay.votes))
    assert figure(found.alpha) == pytest.approx(replay.alpha)
    assert outcomes(store) == replay.majorities
    if whole:
        assert (found.items, found.ratings) == (ITEMS, VOTES)
        assert round(figure(found.alpha), 3) == ALPHA
        assert round(figure(found.observed), 3) == OBSERVED


def read(one_in: int) -> Replay:
    """One in so many items of the data set."""
    queues: dict[tuple[str, ...], str] = {}
    votes: dict[tuple[str, str], str] = {}
    panels, texts, majorities = {}, {}, {}
    with gzip.open(DATA) as lines:
        for item in map(orjson.loads, islice(lines, 0, None, one_in)):
            given = {each["annotator"]: ACTIONS[each["label"]] for each in item["annotations"]}
            people = tuple(sorted(given))
            panels[item["id"]] = queues.setdefault(people, f"panel-{len(queues) + 1}")
            votes |= {(annotator, item["id"]): action for annotator, action in given.items()}
            texts[item["id"]] = item["text"]
            majorities[item["id"]] = ACTIONS[item["labels"]["majority"]]
    return Replay(queues=queues, votes=votes, panels=panels, texts=texts, majorities=majorities)


@contextmanager
def api(store: Store, redis_url: str, folder: Path) -> Iterator[str]:
    """The API as processes of its own; where it listens. Votes count at once."""
    given = {"api__port": "0", "api__processes": "2", "logging__level": "warning"}
    if "grace" in type(load_settings().review).model_fields:
        given["review__grace"] = "0"
    with running(folder, store, redis_url, "api", **given) as process:
        until(lambda: "listening on" in process.said, within=PATIENCE)
        yield process.said.partition("listening on ")[2].split()[0]


@contextmanager
def closing_services(store: Store) -> Iterator[Services]:
    """The part of workers, with the release in force."""
    services = Services(load_settings(database={"url": store.url}))
    try:
        services.in_force.watch()
        yield services
    finally:
        services.close()


async def post(url: str, key: str, replay: Replay) -> None:
    """All items, each for its panel."""
    raws = [
        {"id": item, "kind": "post", "text": replay.texts[item], "panel": queue}
        for item, queue in replay.panels.items()
    ]
    async with Client(urls=[url], key=key) as client:
        answers = [answer async for _, answer in post_all(client, raws, batch=500, at_once=4)]
    assert Counter(answer["case"]["queue"] for answer in answers) == Counter(replay.panels.values())


async def vote(url: str, key: str, replay: Replay) -> None:
    """All annotators at once, until each has voted on all their items."""
    await asyncio.gather(*(annotate(url, key, name, replay) for name in replay.annotators))


async def annotate(url: str, key: str, name: str, replay: Replay) -> None:
    """Take cases of one's panels and say what one said, until all is said."""
    left = sum(annotator == name for annotator, _ in replay.votes)
    async with Client(urls=[url], key=key) as client:
        desk = Desk(client, await Possible.at(client), reviewer=name)
        while left:
            handed = await desk.claim("senior", _AT_ONCE, queues=replay.queues_of(name))
            for case in handed.cases:
                await say(desk, case, replay.votes[name, case.item])
            left -= len(handed.cases)


async def say(desk: Desk, case: Case, action: str) -> None:
    """One vote."""
    judgement = Judgement(action=action, reasons=(), active_seconds=28.8, errs=False)
    reply = await desk.decide(case, judgement)
    assert not reply.refused, reply.body


def outbox(store: Store, task: Task) -> list[int]:
    """Rows of a task."""
    question = text("SELECT id FROM outbox WHERE task = :task ORDER BY id")
    with store.read() as connection:
        return list(connection.execute(question, {"task": task.value}).scalars())


def first_ballots(store: Store) -> Sequence[tuple[str, str, str]]:
    """Item, annotator and action of the first round, in the order in which they were cast."""
    question = text(
        "SELECT items.sender_id, votes.reviewer, votes.action FROM votes"
        " JOIN cases ON cases.id = votes.case_id JOIN items ON items.id = cases.item_id"
        " WHERE votes.round = 1 ORDER BY votes.id"
    )
    with store.read() as connection:
        return [(row[0], row[1], row[2]) for row in connection.execute(question)]


def outcomes(store: Store) -> dict[str, str]:
    """What panels decided about each item."""
    question = text(
        "SELECT items.sender_id, decisions.action FROM decisions"
        " JOIN items ON items.decision_id = decisions.id WHERE decisions.made_by = 'panel'"
    )
    with store.read() as connection:
        return {row[0]: row[1] for row in connection.execute(question)}


def figure(value: object) -> float:
    """A figure that is one."""
    assert isinstance(value, float)
    return value
