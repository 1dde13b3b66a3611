"""Everything once that people, and upkeep for them, do to cases."""

from functools import partial
from typing import Final
from uuid import UUID

from sqlalchemy import text

from engine.verdict import Tier
from queues.casework import caseload
from queues.casework.appeals import Appeal
from queues.casework.escalation import Escalation
from queues.casework.opening import Opening
from queues.casework.selection import CaseState, Order, Selection, Wanted
from queues.casework.waits import Waits
from queues.review import Ballot, Corrections, Rating, Review, Revision
from queues.review.corrections import Judged, SpanMark
from queues.sections import Priority
from queues.sections import Review as Settings
from queues.store.outbox import Task
from queues.store.ranking import weights_of
from tests.benchmarks.people.filling import NOTHING_FITS, RARE_READER, VETERAN
from tests.integration.crowds import moment
from tests.integration.desks import Desk

#: Somebody who has seen nearly as much as they may, and knows nothing that there is.
TIRED: Final = "tired"
_AGEING: Final = 14_400.0
#: Another open case that nobody has is made a duplicate of one.
_ALIKE: Final = text("""
UPDATE cases SET content = 'one' FROM cases AS model, LATERAL (
    SELECT id FROM cases AS other WHERE other.state = 'open' AND other.id <> model.id
        AND (other.queue, other.policy, other.reason, other.purpose, other.tier)
            = (model.queue, model.policy, model.reason, model.purpose, model.tier)
        AND NOT EXISTS (SELECT FROM holds WHERE holds.case_id = other.id)
    LIMIT 1
) AS other
WHERE model.id = :case AND cases.id IN (model.id, other.id)
""")


class Workday:
    """Does everything once that people, and upkeep for them, do."""

    def __init__(self, desk: Desk, aside: Desk) -> None:
        self.desk = desk
        # What is looked up and arranged here is nobody's work, and is not heard.
        self.aside = aside
        self.review = self._review(grace=10.0)
        self.opening = Opening(store=desk.store, policy=lambda: desk.policy, ageing=_AGEING)

    def work(self) -> None:
        """All of it."""
        self.claims()
        self.second_thoughts()
        self.remarks()
        self.hands_on()
        self.revises()
        self.appeals()
        self.panels()
        self.twins()
        self.sample()
        self.upkeep()
        self.looks()

    def claims(self) -> None:
        """Whoever fits much, little or nothing, or is given a case by name."""
        for name in ("r0", "r1", RARE_READER, NOTHING_FITS, VETERAN, TIRED, "somebody"):
            self.review.claim(name, Tier.SINGLE, limit=3)
        self.review.claim(VETERAN, Tier.SENIOR)
        self.review.claim(VETERAN, Tier.SINGLE, queues=["queue-1"])
        case = self._case("tier = 'single' AND purpose = 'review'")
        assert self.review.claim_one("ann", case).cases
        assert not self.review.claim_one(TIRED, case).cases
        assert self.review.held("ann")
        self.review.renew("ann", case)
        assert self.review.release("ann", [case]) == [case]
        assert self.review.release("r0")

    def second_thoughts(self) -> None:
        """A vote is taken back and cast again, and counts at last."""
        case = self._claimed("bea")
        span = SpanMark(field="text", start=0, end=1, judged=Judged.ADDED)
        self._vote("bea", case, corrections=Corrections(spans=(span,)))
        self.review.undo("bea", case)
        self._vote("bea", case)
        self._commit()

    def remarks(self) -> None:
        """What is said beside votes, and why not."""
        since = moment(self.aside.store)
        case = self._claimed("cem")
        self.review.comment("cem", case, "Look twice.")
        assert self.review.comments("cem", case)
        self.review.rate("cem", case, Rating.GOOD)
        self.review.skip("cem", case, "other")
        assert self.review.skipped(since)

    def hands_on(self) -> None:
        """A case goes to the panel by hand, and another one because nobody decided in time."""
        self.review.escalate("dan", self._claimed("dan"), "Too hard.")
        for tier in (Tier.SINGLE, Tier.SENIOR):
            self._make_late(self._case(f"tier = '{tier}' AND purpose = 'review'"))
        escalation = Escalation(store=self.desk.store, policy=lambda: self.desk.policy)
        assert escalation.escalate()
        assert escalation.report_late()
        self.opening.convene(self.aside.messages(Task.CONVENE))

    def revises(self) -> None:
        """A decision is replaced by a better one."""
        case = self._claimed("eve", "purpose = 'review'")
        self._vote("eve", case)
        self._commit()
        better = Revision(
            case_id=case, reviewer="eve", action="warn", reasons=("hate.slur",), comment="Rude."
        )
        self.review.revise(better)

    def appeals(self) -> None:
        """A decision is appealed, and the appeal decided."""
        case = self._claimed("fay", "purpose = 'review'")
        self._vote("fay", case, action="warn")
        self._commit()
        (item,) = self.aside.rows(
            "SELECT sender_id FROM items WHERE id = (SELECT item_id FROM cases WHERE id = :case)",
            case=case,
        )
        self.desk.appeals.appeal(Appeal(item=item["sender_id"], by="ann"), actor="key:k")
        self.opening.open_cases(self.aside.messages(Task.OPEN))
        self.opening.convene(self.aside.messages(Task.CONVENE))
        appealed = self._case("appeal_id IS NOT NULL")
        for name in ("gus", "hal", "ida"):
            if self.review.claim_one(name, appealed).cases:
                self._vote(name, appealed)
        self._commit()

    def panels(self) -> None:
        """A panel agrees; another one does not, and votes again."""
        hasty = self._review(grace=0)
        assert hasty.tally(self._voted(hasty, "publish", "publish", "publish"))
        assert not hasty.tally(self._voted(hasty, "publish", "warn", "remove"))

    def twins(self) -> None:
        """A duplicate is decided with its twin."""
        case = self._claimed("mia", "purpose = 'review' AND language = 'en'")
        with self.aside.store.transaction() as connection:
            connection.execute(_ALIKE, {"case": case})
        self._vote("mia", case)
        self._commit()
        assert self.review.decide_twins(self.aside.messages(Task.DECIDE_TWINS))

    def sample(self) -> None:
        """A sample says that the machine was wrong."""
        self._vote("ned", self._claimed("ned", "purpose = 'sample'"), action="warn")
        self._commit()

    def upkeep(self) -> None:
        """What beat asks for."""
        self.review.expire_leases()
        self.opening.rank()
        self.review.commit_due()

    def looks(self) -> None:
        """Lists and pages, and all queues."""
        listed = partial(caseload.listed, self.desk.store)
        page = listed(Selection(wanted=Wanted()))
        listed(Selection(wanted=Wanted(), cursor=page.next))
        for state in CaseState:
            listed(Selection(wanted=Wanted(state=state)))
        for wanted in (
            Wanted(overdue=True),
            Wanted(overdue=False),
            Wanted(tier="single", state=CaseState.OPEN),
            Wanted(queue="queue-1", state=CaseState.OPEN),
        ):
            listed(Selection(wanted=wanted))
        for wanted in (
            Wanted(),
            Wanted(policy="p"),
            Wanted(reviewer="r"),
            Wanted(said=("keep", "x")),
        ):
            listed(Selection(wanted=wanted, order=Order.NEWEST))
        weights = weights_of(_AGEING, Priority())
        caseload.show(self.desk.store, page.cases[0].id, weights)
        Waits(self.desk.store, ageing=_AGEING).current()

    def _review(self, grace: float) -> Review:
        return Review(
            store=self.desk.store,
            policy=lambda: self.desk.policy,
            settings=Settings(grace=grace),
        )

    def _case(self, which: str) -> UUID:
        """An open case that nobody has touched."""
        rows = self.aside.rows(
            f"SELECT id FROM cases WHERE state = 'open' AND ({which})"  # noqa: S608 - of this file
            " AND NOT EXISTS (SELECT FROM holds WHERE case_id = cases.id)"
            " AND NOT EXISTS (SELECT FROM votes WHERE case_id = cases.id) ORDER BY id LIMIT 1"
        )
        found: UUID = rows[0]["id"]
        return found

    def _claimed(self, name: str, which: str = "purpose = 'review'") -> UUID:
        case = self._case(f"tier = 'single' AND {which}")
        assert self.review.claim_one(name, case).cases
        return case

    def _vote(
        self,
        name: str,
        case: UUID,
        action: str = "publish",
        corrections: Corrections | None = None,
    ) -> None:
        reasons = () if action == "publish" else ("hate.slur",)
        self.review.vote(
            Ballot(
                case_id=case,
                reviewer=name,
                action=action,
                reasons=reasons,
                corrections=corrections,
            )
        )

    def _voted(self, review: Review, *actions: str) -> list[int]:
        """A panel votes; the message that it did."""
        case = self._case("tier = 'senior' AND purpose = 'review' AND seats = 3")
        for name, action in zip(("jan", "kim", "leo"), actions, strict=True):
            assert review.claim_one(name, case).cases
            review.vote(Ballot(case_id=case, reviewer=name, action=action))
        return self.aside.messages(Task.TALLY)

    def _commit(self) -> None:
        """As if the time to think again was over."""
        with self.aside.store.transaction() as connection:
            connection.execute(
                text("UPDATE cases SET commit_at = now() WHERE commit_at IS NOT NULL")
            )
        assert self.review.commit_due()

    def _make_late(self, case: UUID) -> None:
        with self.aside.store.transaction() as connection:
            connection.execute(
                text("UPDATE cases SET due_at = now() - interval '1 hour' WHERE id = :case"),
                {"case": case},
            )
