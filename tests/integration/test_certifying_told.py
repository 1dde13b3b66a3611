"""What is told of certificates: zones that could be certified, on the command line, by panels."""

from uuid import UUID

import pytest
from sqlalchemy import text

from engine.certifying import Ground, Losses, Review
from queues.casework.opening import Opening
from queues.certifying import suggest
from queues.certifying.series import series_of
from queues.cli import certify as commands
from queues.review import Ballot
from queues.store.outbox import Task
from tests.integration.apis import Platform
from tests.integration.certified import (
    ASKED,
    FIRST,
    activate,
    acts,
    certify,
    running,
    send_many,
    work,
)
from tests.services import Servers


def test_zones_are_suggested_with_what_they_would_come_to(servers: Servers, template: str) -> None:
    """By labels of the quality sample alone: of what the machine removed, all was right."""
    with running(servers, template, on=False) as here:
        told = here.http.get("/v1/certificates/zones?score=score.unkind").json()
        assert (told["zones"], told["suggested"]) == ([], None)
        for low in range(20):
            item = {"id": f"low{low}", "text": f"fine {low}", "score.unkind": low / 100}
            here.http.post("/v1/items", json=item).raise_for_status()
        send_many(here, 20)
        assert work(here, "remove", "sample") == 20
        asked: dict[str, str | float] = {"score": "score.unkind", "missed": 100}
        asked["wrongly_removed"] = 0.01
        told = here.http.get("/v1/certificates/zones", params=asked).raise_for_status().json()
        by_direction = {zone["direction"]: zone for zone in told["zones"]}
        removed, allowed = by_direction["remove"], by_direction["allow"]
        assert (removed["language"], removed["threshold"], removed["errors"]) == ("any", 0.95, 0)
        assert removed["doubt"] == pytest.approx(0.1)
        assert (removed["labels"], removed["missing"], removed["days"]) == (20, 0, 0.0)
        assert (allowed["threshold"], allowed["labels"]) == (None, 0)
        assert allowed["missing"] == 11
        assert told["pieces"][-1] == {"low": 0.95, "high": 1.0, "way": "remove"}
        assert {piece["way"] for piece in told["pieces"][:-1]} <= {"single", "panel"}
        assert told["present"]["shares"]["remove"] == told["present"]["shares"]["allow"] == 0.5
        assert told["suggested"]["cost"] < told["present"]["cost"]
        assert told["not_of_model"] == 0
        other_models_scores_do_not_count(here)
        let_stand(here, 20)
        told = here.http.get("/v1/certificates/zones", params=asked).json()
        # A rule of the machine that publishes lets stand.
        assert told["present"]["shares"]["remove"] == pytest.approx(1 / 3)
        assert told["present"]["shares"]["allow"] == pytest.approx(2 / 3)


def let_stand(here: Platform, number: int) -> None:
    """A rule of the machine publishes so many items."""
    activate(here.store, more=STANDS)
    here.services.in_force.refresh()
    items = [
        {"id": f"fine{place}", "text": f"kind {place}", "score.unkind": 0.5}
        for place in range(number)
    ]
    here.http.post("/v1/items", json={"items": items}).raise_for_status()


def other_models_scores_do_not_count(here: Platform) -> None:
    """Here senders score: to a model, nothing of it says anything."""
    given = here.services.settings.certifying
    review = Review(cost=1.0, seconds=30.0, misses=0.1, wrongly=0.1)
    losses = Losses(missed=1.0, wrongly_removed=1.0, single=review, panel=review)
    other = suggest(here.store, "score.unkind", losses, given, days=1, model="another")
    assert (other.not_of_model, other.scores, other.zones) == (20, 0, ())


STANDS = """---
rule: stands
status: live
when: { score.unkind: { between: [0.4, 0.6] } }
then: { tier: auto, action: publish, reason: hate.attack }
tests:
  - { given: { score.unkind: 0.5 }, expect: match }
"""


@pytest.fixture
def on_the_line(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """The environment of commands."""
    for name, value in ASKED.items():
        monkeypatch.setenv(f"TIERWISE_CERTIFYING__{name.upper()}", str(value))
    monkeypatch.setenv("TIERWISE_LOGGING__LEVEL", "error")
    return monkeypatch


def test_on_the_command_line(
    servers: Servers,
    template: str,
    on_the_line: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Certify, look, sign off and take back: the same service."""
    with running(servers, template) as here:
        on_the_line.setenv("TIERWISE_DATABASE__URL", here.services.store.url)
        send_many(here, FIRST)
        work(here, "remove")
        capsys.readouterr()
        commands.certify(rule=["other"])
        assert capsys.readouterr().out.splitlines()[-1] == "11 labels drawn, 11 decided"
        commands.certify(dry_run=True)
        shown = capsys.readouterr().out
        assert "certified: unkind: 0 errors in 11 labels" in shown
        assert "nothing was changed" in shown
        commands.show()
        first, rule, why = capsys.readouterr().out.splitlines()[-3:]
        assert first.startswith("0 of 1 rules decide by a certificate")
        assert "uncertified" in rule
        assert "next look at 11" in rule
        assert "has no certificate" in why
        commands.sign_off("unkind", ground=Ground.HASH_MATCH, reason="Known.")
        assert "in force now" in capsys.readouterr().out
        here.services.licences.refresh()
        assert acts(here)
        commands.withdraw("unkind")
        commands.certify()
        assert "certified: unkind" in capsys.readouterr().out
        on_the_line.setenv("TIERWISE_CERTIFYING__ON", "false")
        commands.sign_off("unkind", ground=Ground.OTHER, reason="Known.")
        assert "without effect" in capsys.readouterr().out


def test_where_a_panel_decided_its_word_counts(servers: Servers, template: str) -> None:
    """And until it has, nothing drawn later counts."""
    with running(servers, template) as here:
        activate(here.store, more=PANEL)
        here.services.in_force.refresh()
        send_many(here, 3)
        certify(here)
        here.open_cases()
        review = here.services.review
        first, *others = open_cases(here)
        review.claim_one("ana", first)
        review.escalate("ana", first, "hard")
        assert work(here, "remove") == len(others) == 2
        certify(here)
        assert labels(here) == ((), 3)
        opening = Opening(store=here.store, policy=here.services.policy, ageing=14_400.0)
        opening.convene(messages(here, Task.CONVENE))
        (panel,) = open_cases(here, tier="senior")
        for reviewer in ("bea", "cid"):
            review.claim_one(reviewer, panel)
            review.vote(Ballot(case_id=panel, reviewer=reviewer, action="keep", reasons=()))
        review.tally(messages(here, Task.TALLY))
        certify(here)
        assert labels(here) == ((True, False, False), 0)
        erase_all(here)
        assert labels(here) == ((True, False, False), 0)  # what was said of them stays


def erase_all(here: Platform) -> None:
    """Erase all items; nothing of their texts stays with labels."""
    with here.store.read() as connection:
        items = connection.execute(text("SELECT sender_id FROM items")).scalars().all()
    for item in items:
        here.http.delete(f"/v1/items/{item}").raise_for_status()
    with here.store.read() as connection:
        kept = text("SELECT count(*) FROM certifying_labels WHERE content IS NOT NULL")
        assert connection.execute(kept).scalar_one() == 0


PANEL = """---
queue: seniors
tier: senior
sla: 8 hours
default: yes
panel: { reviewers: 2, decide: unanimous }
"""


def open_cases(here: Platform, tier: str = "single") -> list[UUID]:
    """Cases that people can take, in order."""
    with here.store.read() as connection:
        asked = text("SELECT id FROM cases WHERE state = 'open' AND tier = :tier ORDER BY id")
        return list(connection.execute(asked, {"tier": tier}).scalars())


def messages(here: Platform, task: Task) -> list[int]:
    """Rows of the outbox of a task."""
    with here.store.read() as connection:
        asked = text("SELECT id FROM outbox WHERE task = :task ORDER BY id")
        return list(connection.execute(asked, {"task": task.value}).scalars())


def labels(here: Platform) -> tuple[tuple[bool, ...], int]:
    """What counts of the rule, and how many labels wait."""
    (binding,) = here.services.bindings().values()
    with here.store.read() as connection:
        series = series_of(connection, "unkind", binding)
    return series.wrong, series.waiting
