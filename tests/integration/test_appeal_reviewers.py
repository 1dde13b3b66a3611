"""Nobody is handed an appeal of an item on which they ever voted, whatever happened to it."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from engine.verdict import Tier
from queues.casework.appeals import Appeal
from queues.casework.escalation import Escalation
from queues.errors import Conflict
from queues.review import Ballot, Claimed
from queues.store.session import Store
from tests.integration.desks import Desk
from tests.integration.reported import ASKING, says

REVIEWERS: Final = ("ada", "ben", "cem", "dia")
#: What is sent, and so who decides first: the machine, one reviewer, a panel; or a sample is taken.
TEXTS: Final = ("vile", "odd", "grave", "rude sampled", "lonely", "a slur")
ACTIONS: Final = ("keep", "hide", "remove")

steps = st.one_of(
    st.tuples(st.just("send"), st.sampled_from(TEXTS)),
    st.tuples(st.just("appeal"), st.sampled_from(("ann", "eve"))),
    st.tuples(st.just("report"), st.sampled_from(("eve", "joe"))),
    st.tuples(st.just("expire"), st.none()),
    st.tuples(
        st.just("decide"),
        st.tuples(
            st.sampled_from(REVIEWERS),
            st.sampled_from((Tier.SINGLE, Tier.SENIOR)),
            st.sampled_from(ACTIONS),
        ),
    ),
)


@dataclass
class History:
    """What happened, and who said what about which item: by what was seen here alone."""

    desk: Desk
    voted: dict[object, set[tuple[str, object]]] = field(default_factory=lambda: defaultdict(set))
    seen: Counter[str] = field(default_factory=Counter)

    def happen(self, step: str, about: object) -> None:
        """One step; what cannot be is refused, and changes nothing."""
        desk = self.desk
        items = [row["sender_id"] for row in desk.rows("SELECT sender_id FROM items ORDER BY id")]
        if step == "send":
            desk.send(str(about))
        elif step == "decide":
            assert isinstance(about, tuple)
            self._decide(*about)
        elif step == "expire":
            self._expire()
        elif items and step == "report":
            says(desk, items[-1], str(about))
        elif items and step == "appeal":
            try:
                desk.appeals.appeal(Appeal(item=items[-1], by=str(about)), actor="k")
                self.seen["appealed"] += 1
            except Conflict:
                pass
        desk.work()

    def _decide(self, reviewer: str, tier: Tier, action: str) -> None:
        """Somebody takes all they get, and votes on one after the other."""
        claimed = self.desk.review.claim(reviewer, tier, limit=10)
        for case in claimed:
            assert not self._partial(reviewer, case), case
        reasons = () if action == "keep" else ("hate.attack",)
        for case in claimed:
            ballot = Ballot(case_id=case.id, reviewer=reviewer, action=action, reasons=reasons)
            if self._partial(reviewer, case):
                # Of two cases of an item that were handed out together, only one is theirs.
                with pytest.raises(Conflict, match="in another case"):
                    self.desk.review.vote(ballot)
                self.desk.review.release(reviewer, [case.id])
                self.seen["refused"] += 1
                continue
            self.desk.review.vote(ballot)
            if case.purpose == "appeal":
                self.seen["decided"] += 1
                self.seen["decided with others kept away"] += bool(self.voted[case.item_id])
            self.voted[case.item_id].add((reviewer, case.id))
            self.desk.work()

    def _partial(self, reviewer: str, case: Claimed) -> bool:
        """Whether somebody would check what they said themselves."""
        elsewhere = {who for who, other in self.voted[case.item_id] if other != case.id}
        (row,) = self.desk.rows("SELECT not_by FROM cases WHERE id = :id", id=case.id)
        checks = case.purpose != "review" or case.tier == "senior" or row["not_by"] is not None
        return checks and reviewer in elsewhere

    def _expire(self) -> None:
        """All that waits is overdue."""
        with self.desk.store.transaction() as connection:
            connection.execute(
                text("UPDATE cases SET due_at = now() - interval '1 s' WHERE closed_at IS NULL")
            )
        Escalation(store=self.desk.store, policy=lambda: self.desk.policy).escalate()


def test_no_appeal_reaches_whoever_voted(store: Store, tmp_path: Path) -> None:
    """Generated histories of items, decisions, reports, appeals and deadlines, on one database."""
    desk = Desk(store, tmp_path, ASKING)
    seen: Counter[str] = Counter()

    @settings(
        max_examples=12,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.large_base_example],
        phases=[Phase.generate],  # each example takes a second: it is not made smaller
        derandomize=True,
        database=None,
    )
    @given(st.lists(steps, min_size=10, max_size=30))
    def check(history: list[tuple[str, object]]) -> None:
        with store.transaction() as connection:
            connection.execute(text("TRUNCATE items, cases, votes, appeals, reports CASCADE"))
        told = History(desk=desk)
        told.happen("send", "vile")
        told.happen("appeal", "ann")
        for step, about in history:
            told.happen(step, about)
        seen.update(told.seen)

    check()
    assert seen["decided"] >= 10, seen
    assert seen["decided with others kept away"] >= 5, seen
    assert seen["refused"] >= 1, seen
