"""`python -m tests.faults.crowd`: many people decide, undo, skip, escalate, appeal, all at once.

Everybody is a thread with connections of their own to one Postgres; workers and upkeep go on
beside them. In the end all that is still open is decided, and it is told what happened.
"""

import argparse
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Final
from uuid import UUID

from sqlalchemy import text

from engine.verdict import Tier
from queues.auditing import seal, verify
from queues.casework.appeals import Appeal
from queues.casework.escalation import Escalation
from queues.casework.opening import Opening
from queues.embedded import EmbeddedPostgres
from queues.errors import Conflict, NotFound
from queues.records.erasing import erase_item
from queues.review import Ballot, Claimed, Review, Revision
from queues.store.migrating import migrate
from queues.store.session import Store
from tests.integration.desks import Desk
from tests.property.races.promises import check_all, finish
from tests.property.races.scenes import Scene

#: What is sent, and how much of each in a hundred.
_WORDS: Final = {
    "a slur": 40,
    "odd": 25,
    "wares": 5,
    "grave": 15,
    "child": 5,
    "lonely": 5,
    "vile": 5,
}
_ACTIONS: Final = ("keep", "keep", "remove", "hide")
_BATCH: Final = 95
#: Beside each of those: exact duplicates of others.
_DUPLICATES: Final = 5
_GRACE: Final = 1
#: Between two rounds of upkeep, and before somebody asks again who got nothing.
_PAUSE: Final = 0.2


@dataclass(slots=True)
class Tally:
    """What happened, and who has what in hand."""

    figures: Counter[str] = field(default_factory=Counter)
    hands: dict[UUID, list[str]] = field(default_factory=dict)
    failures: list[BaseException] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, what: str, times: int = 1) -> None:
        """Something happened."""
        with self._lock:
            self.figures[what] += times

    def take(self, who: str, case: Claimed) -> None:
        """Somebody was handed a case; seen whether others have it who should not."""
        with self._lock:
            hands = self.hands.setdefault(case.id, [])
            self.figures["claims"] += 1
            hands.append(who)
            if len(hands) > (1 if case.tier == Tier.SINGLE else 3) or hands.count(who) > 1:
                self.figures["handed out twice"] += 1

    def let_go(self, who: str, case: UUID) -> None:
        """Somebody is about to let go of a case."""
        with self._lock:
            if who in (hands := self.hands.get(case, [])):
                hands.remove(who)


@dataclass(frozen=True, slots=True, kw_only=True)
class Somebody:
    """A person at work."""

    name: str
    tier: Tier
    review: Review
    store: Store
    tally: Tally
    draw: Random

    def work(self, over: threading.Event) -> None:
        """Take cases and see to them, until it is over."""
        decided: list[UUID] = []
        while not over.is_set():
            cases = self.review.claim(self.name, self.tier, limit=self.draw.choice((1, 1, 3)))
            for case in cases:
                self.tally.take(self.name, case)
            for case in cases:
                # Somebody was quicker, or the item was erased.
                with suppress(Conflict, NotFound):
                    self._see_to(case.id, decided)
            if decided and self.draw.random() < 0.1:
                self._revise(self.draw.choice(decided))
            if not cases:
                over.wait(_PAUSE)

    def _see_to(self, case: UUID, decided: list[UUID]) -> None:
        chance = self.draw.random()
        if chance < 0.06:
            self._let_go(case, "skipped", lambda: self.review.skip(self.name, case, "other"))
        elif chance < 0.12 and self.tier is Tier.SINGLE:
            self._let_go(
                case, "escalated by hand", lambda: self.review.escalate(self.name, case, "Hm.")
            )
        elif chance < 0.18:
            self._let_go(case, "given back", lambda: self.review.release(self.name, [case]))
        elif chance < 0.22:
            self._let_go(case, "left behind", lambda: self._leave(case))
        else:
            if chance < 0.3:
                self.review.renew(self.name, case)
            self._vote(case)
            if self.draw.random() < 0.15:
                self._undo(case)
                self._vote(case)
            decided.append(case)

    def _let_go(self, case: UUID, what: str, how: Callable[[], object]) -> None:
        self.tally.let_go(self.name, case)
        how()
        self.tally.add(what)

    def _vote(self, case: UUID) -> None:
        action = self.draw.choice(_ACTIONS)
        reasons = () if action == "keep" else ("hate.attack",)
        ballot = Ballot(case_id=case, reviewer=self.name, action=action, reasons=reasons)
        self._let_go(case, "votes", lambda: self.review.vote(ballot))

    def _undo(self, case: UUID) -> None:
        claimed = self.review.undo(self.name, case)
        self.tally.add("undone")
        self.tally.take(self.name, claimed)
        self.tally.add("claims", -1)

    def _revise(self, case: UUID) -> None:
        better = Revision(
            case_id=case,
            reviewer=self.name,
            action="warn",
            reasons=("hate.slur",),
            comment="Milder.",
        )
        with suppress(Conflict, NotFound):
            self.review.revise(better, others=self.tier is Tier.SENIOR)
            self.tally.add("revised")

    def _leave(self, case: UUID) -> None:
        """Go away, and let the lease end."""
        ended = text(
            "UPDATE holds SET lease_until = now() - interval '1 second'"
            " WHERE case_id = :case AND reviewer = :who"
        )
        with self.store.transaction() as connection:
            connection.execute(ended, {"case": case, "who": self.name})


class Crowd:
    """Everybody, and what goes on beside them."""

    def __init__(self, folder: Path, url: str, given: argparse.Namespace) -> None:
        self.given = given
        self.tally = Tally()
        self.over = threading.Event()
        people = given.people + given.seniors
        self.store = Store(url, connections=people + 20, wait=60)
        self.desk = Desk(self.store, folder)
        self.scene = Scene(self.desk, late=True)
        self.review = self.desk.review_with(grace=_GRACE, lease=600)
        self.draw = Random(given.seed)

    def run(self) -> None:
        """Let them work, for so long."""
        self._send()
        threads = [threading.Thread(target=self._guard(task)) for task in self._tasks()]
        for thread in threads:
            thread.start()
        self.over.wait(self.given.seconds)
        self.over.set()
        for thread in threads:
            thread.join()
        if self.tally.failures:
            raise self.tally.failures[0]

    def settle(self) -> None:
        """Decide all that is left, and see whether everything holds."""
        check_all(self.scene)
        # Panels that vote again wait for those who voted, until they are late; then anybody may.
        self.scene.be_overdue()
        finish(self.scene)
        self.desk.work()
        check_all(self.scene)

    def _send(self) -> None:
        for _ in range(0, self.given.items, _BATCH + _DUPLICATES):
            words = self.draw.choices(list(_WORDS), list(_WORDS.values()), k=_BATCH)
            answers = self.desk.send(*words)
            for _ in range(_DUPLICATES):
                answers += self.desk.send("", text=f"a slur, the same {self.draw.randrange(20)}")
            self.scene.items += [answer.item_id for answer in answers]
            _tell(f"{len(self.scene.items):,} items sent")
        self.desk.work()

    def _tasks(self) -> list[Callable[[], object]]:
        somebody = [
            Somebody(
                name=f"{tier}-{number}",
                tier=tier,
                review=self.review,
                store=self.store,
                tally=self.tally,
                draw=Random(f"{self.given.seed} {tier} {number}"),
            )
            for tier, count in (
                (Tier.SINGLE, self.given.people),
                (Tier.SENIOR, self.given.seniors),
            )
            for number in range(count)
        ]
        beside = (self.desk.work, self.desk.work, self._keep_up, self._keep_up, self._ask_more)
        return [
            *((lambda each=each: each.work(self.over)) for each in somebody),
            *((lambda task=task: self._again(task)) for task in beside),
        ]

    def _guard(self, task: Callable[[], object]) -> Callable[[], None]:
        def guarded() -> None:
            try:
                task()
            except BaseException as failure:  # noqa: BLE001 - told in the end
                self.tally.failures.append(failure)
                self.over.set()

        return guarded

    def _again(self, task: Callable[[], object]) -> None:
        while not self.over.wait(_PAUSE):
            task()

    def _keep_up(self) -> None:
        policy = self.desk.policy
        escalation = Escalation(store=self.store, policy=lambda: policy)
        opening = Opening(store=self.store, policy=lambda: policy, ageing=14_400.0)
        self.tally.add("decided by people", len(self.review.commit_due()))
        self.tally.add("leases taken back", self.review.expire_leases())
        self.tally.add("overdue", escalation.escalate())
        escalation.report_late()
        opening.rank()

    def _ask_more(self) -> None:
        """Appeals, reports, some erased, and some overdue."""
        item = self.draw.choice(self.scene.items)
        name, chance = str(item), self.draw.random()
        with suppress(Conflict, NotFound):
            if chance < 0.5:
                self.desk.appeals.appeal(Appeal(item=name, by="ann"), actor="key:k")
                self.tally.add("appeals")
            elif chance < 0.75:
                self.desk.report(name)
                self.tally.add("reports")
            elif chance < 0.8:
                erase_item(self.store, name, by="key:k")
                self.tally.add("erased")
            else:
                with self.store.transaction() as connection:
                    late = "UPDATE cases SET due_at = now() - interval '1 s' WHERE item_id = :item"
                    connection.execute(text(late), {"item": item})


def main() -> int:
    """Let a crowd work, and tell."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.crowd", description=__doc__)
    parser.add_argument("--items", type=int, default=2_000)
    parser.add_argument("--people", type=int, default=50, help="who decide alone")
    parser.add_argument("--seniors", type=int, default=20, help="who sit on panels")
    parser.add_argument("--seconds", type=float, default=180.0, help="how long they work")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="tierwise-crowd-") as name,
        EmbeddedPostgres(Path(name, "postgres")) as postgres,
    ):
        migrate(postgres.url)
        folder = Path(name, "rules")
        folder.mkdir()
        crowd = Crowd(folder, postgres.url, given)
        started = time.monotonic()
        crowd.run()
        _tell(f"worked for {time.monotonic() - started:,.0f} s; deciding what is left")
        crowd.settle()
        _report(crowd)
        crowd.store.close()
    return 0


def _report(crowd: Crowd) -> None:
    for what, times in sorted(crowd.tally.figures.items()):
        _tell(f"  {what}: {times:,}")
    _tell(f"  handed out twice: {crowd.tally.figures['handed out twice']}")
    counted = "SELECT state, count(*) AS n FROM items GROUP BY state ORDER BY state"
    for row in crowd.desk.rows(counted):
        _tell(f"  items {row['state']}: {row['n']:,}")
    decisions = crowd.desk.rows(
        "SELECT made_by, count(*) AS n FROM decisions GROUP BY 1 ORDER BY 1"
    )
    for row in decisions:
        _tell(f"  decisions by {row['made_by']}: {row['n']:,}")
    forgotten = "SELECT FROM items WHERE state NOT IN ('decided', 'erased')"
    _tell(f"  forgotten: {len(crowd.desk.rows(forgotten))}")
    seal(crowd.store)
    findings = verify(crowd.store)
    _tell(f"  the audit chain {'verifies' if findings.intact else 'is broken'}")


def _tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
