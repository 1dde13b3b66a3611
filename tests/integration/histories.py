"""Hours of made-up work, in rows as services would leave them, and what happens to them later."""

import random
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, text

from queues.ids import id_at, new_id
from queues.records.erasing import erase_item
from queues.store.session import Store
from queues.store.tables import metadata

_LANGUAGES: Final = (None, "en", "de")
_POLICIES: Final = ("hate", "spam")
_ACTIONS: Final = ("publish", "remove")
_PEOPLE: Final = ("ana", "bo", "cleo", "sim-dee")
_RULES: Final = ("insults", "links", "trusted")
_STATUSES: Final = ("live", "shadow", "exempt", "missing")
_MODELS: Final = ((), ("old",), ("new",), ("new", "other"))
_SECONDS: Final = (None, 0.0, 7.25, 30.1, 81.07)
_TABLES: Final = ("items", "verdicts", "decisions", "cases", "votes", "appeals", "validations")
#: Of a wave of the same, and of nothing that can be compared.
_CONTENTS: Final = (b"one", b"two", None)


class History:
    """What came in the last hours, by chance: the same seed, the same events."""

    def __init__(
        self, store: Store, seed: int, *, hours: int = 4, ago: timedelta = timedelta()
    ) -> None:
        """Nothing has come yet.

        Args:
            store: Where it comes.
            seed: The same seed draws the same.
            hours: Over so many things come.
            ago: They end so long ago.
        """
        self.store = store
        self.hours = hours
        self.dice = random.Random(seed)
        self.alike = random.Random(seed)
        with store.read() as connection:
            self.now: datetime = connection.execute(text("SELECT now()")).scalar_one() - ago

    def go_on(self, steps: int) -> None:
        """So many things happen, each in a transaction of its own."""
        happenings = (
            *(self.machine_decides, self.waits_for_signals, self.sampled, self.comes_before_people),
            *(self.people_decide, self.people_decide, self.goes_on_to_a_panel, self.revised),
            *(self.looked_at_twice, self.vote_taken_back, self.appealed, self.answered),
            *(self.looked_at_by_a_panel, self.looked_at_by_a_panel, self.drawn),
            *(self.due_sooner, self.withdrawn, self.ranked, self.let_go),
        )
        for _ in range(steps):
            if self.dice.random() < 0.04:
                self.erased()
            with self.store.transaction() as connection:
                self.dice.choice(happenings)(connection)

    def tables(self) -> dict[str, list[Any]]:
        """All rows."""
        with self.store.read() as connection:
            return {
                name: list(connection.execute(metadata.tables[name].select()).mappings())
                for name in _TABLES
            }

    def machine_decides(self, connection: Connection, tier: str = "auto") -> UUID:
        """The machine decides alone, at once."""
        at = self.some_time()
        item, verdict = self.item(connection, at, tier, self.dice.choice(_ACTIONS))
        made = self.decision(connection, item, verdict, "auto", None)
        self.update(
            connection,
            "items",
            item,
            state="decided",
            decision_id=self.dice.choice((made, None)),
            decided_at=at + timedelta(milliseconds=self.dice.randrange(40)),
        )
        return item

    def waits_for_signals(self, connection: Connection) -> None:
        """It is not judged to the end."""
        self.item(connection, self.some_time(), "auto", "publish", state="waiting_for_signals")

    def sampled(self, connection: Connection) -> None:
        """People look at what the machine decided."""
        item = self.machine_decides(connection, self.dice.choice(("auto", "none")))
        self.case(connection, item, "sample", self.dice.choice(("single", "senior")))

    def comes_before_people(self, connection: Connection) -> None:
        """A case of one reviewer, or of a panel."""
        tier = self.dice.choice(("single", "single", "senior"))
        item, _ = self.item(connection, self.some_time(), tier, "publish", state="in_review")
        self.case(connection, item, "review", tier)

    def people_decide(self, connection: Connection) -> None:
        """All vote, long after it came or at once."""
        case = self.one(connection, "cases", "state IN ('waiting', 'open')")
        if case is None:
            return
        connection.execute(text("DELETE FROM votes WHERE case_id = :id"), {"id": case["id"]})
        several = case["tier"] == "senior" and case["purpose"] != "validation"
        voters = self.dice.sample(_PEOPLE, 3 if several else 1)
        for reviewer in voters:
            self.vote(connection, case["id"], reviewer, blind=self.dice.random() < 0.8)
        if self.dice.random() < 0.1:
            return  # somebody thinks again
        closed = case["enqueued_at"] + timedelta(seconds=round(self.dice.uniform(0, 9_000), 2))
        self.update(connection, "cases", case["id"], state="decided", closed_at=closed)
        if case["purpose"] in {"review", "appeal"}:
            self.in_force(connection, case, closed)
        if case["purpose"] == "sample":
            self.decided(connection, case)

    def vote(self, connection: Connection, case: UUID, reviewer: str, *, blind: bool) -> None:
        """What somebody says."""
        action = self.dice.choice(_ACTIONS)
        about = {"id": new_id(), "case_id": case, "reviewer": reviewer, "round": 1}
        seconds = self.dice.choice(_SECONDS)
        self.add(connection, "votes", **about, action=action, blind=blind, active_seconds=seconds)

    def goes_on_to_a_panel(self, connection: Connection) -> None:
        """One reviewer does not decide."""
        case = self.one(connection, "cases", "state = 'open' AND tier = 'single'")
        if case is not None and case["purpose"] == "review":
            closed = case["enqueued_at"] + timedelta(seconds=self.dice.randrange(9_000))
            self.update(connection, "cases", case["id"], state="escalated", closed_at=closed)
            self.case(connection, case["item_id"], "review", "senior")

    def revised(self, connection: Connection) -> None:
        """Somebody thinks better of it."""
        case = self.one(connection, "cases", "state = 'decided' AND purpose = 'review'")
        if case is not None:
            self.in_force(connection, case, self.now)

    def looked_at_twice(self, connection: Connection) -> None:
        """Somebody else shall look at the same."""
        case = self.one(connection, "cases", "purpose = 'review' AND tier = 'single'")
        if case is not None:
            self.case(connection, case["item_id"], "overlap", "single")

    def looked_at_by_a_panel(self, connection: Connection) -> None:
        """What one reviewer has decided, or will, by a sample or a review."""
        case = self.one(connection, "cases", "purpose = 'review' AND tier = 'single'")
        if case is None:
            return
        # Samples come with the review; whatever comes later is about another verdict.
        purpose, at = self.dice.choice(("sample", "review")), case["enqueued_at"]
        self.case(connection, case["item_id"], purpose, "senior", at)
        same = f"item_id = '{case['item_id']}' AND state = 'open' AND purpose <> 'overlap'"
        for _ in range(2):
            found = self.one(connection, "cases", same)
            if found is not None:
                closed = found["enqueued_at"] + timedelta(seconds=self.dice.randrange(900))
                self.update(connection, "cases", found["id"], state="decided", closed_at=closed)
                self.decided(connection, found)

    def drawn(self, connection: Connection) -> None:
        """A senior shall say whether a decision is right."""
        made = self.one(
            connection,
            "decisions",
            "EXISTS (SELECT FROM items WHERE items.id = its.item_id)"
            " AND NOT EXISTS (SELECT FROM validations WHERE decision_id = its.id)",
        )
        if made is None:
            return
        self.case(connection, made["item_id"], "validation", "senior")
        about = {"decision_id": made["id"], "tier": made["tier"], "action": made["action"]}
        case = self.one(
            connection,
            "cases",
            f"item_id = '{made['item_id']}' AND purpose = 'validation'"
            " AND NOT EXISTS (SELECT FROM validations WHERE case_id = its.id)",
        )
        if case is not None:
            chance = self.dice.choice((0.01, 0.005))
            self.add(connection, "validations", case_id=case["id"], inclusion=chance, **about)

    def vote_taken_back(self, connection: Connection) -> None:
        """As if it had never been."""
        vote = self.one(connection, "votes")
        if vote is not None:
            connection.execute(text("DELETE FROM votes WHERE id = :id"), {"id": vote["id"]})

    def appealed(self, connection: Connection) -> None:
        """Somebody asks for another look."""
        made = self.one(
            connection,
            "decisions",
            "NOT EXISTS (SELECT FROM appeals WHERE decision_id = its.id)"
            " AND EXISTS (SELECT FROM items WHERE items.id = its.item_id)",
        )
        if made is not None:
            item = made["item_id"]
            known = text("SELECT count(*) FROM appeals WHERE item_id = :item")
            number = connection.execute(known, {"item": item}).scalar_one() + 1
            values = {"by": "ann", "number": number, "state": "open"}
            made_at = id_at(self.some_time())
            ids = {"id": made_at, "item_id": item, "decision_id": made["id"]}
            self.add(connection, "appeals", **ids, **values)
            self.case(connection, item, "appeal", "single")

    def answered(self, connection: Connection) -> None:
        """An appeal is closed."""
        appeal = self.one(connection, "appeals", "state = 'open'")
        if appeal is not None:
            state = self.dice.choice(("upheld", "overturned"))
            self.update(connection, "appeals", appeal["id"], state=state)

    def due_sooner(self, connection: Connection) -> None:
        """A deadline moves, perhaps into the past."""
        case = self.one(connection, "cases", "state = 'open'")
        if case is not None:
            sooner = case["due_at"] - timedelta(minutes=self.dice.randrange(120))
            self.update(connection, "cases", case["id"], due_at=sooner)

    def withdrawn(self, connection: Connection) -> None:
        """Nobody has to decide any more."""
        case = self.one(connection, "cases", "state = 'open'")
        if case is not None:
            self.update(connection, "cases", case["id"], state="withdrawn", closed_at=self.now)

    def ranked(self, connection: Connection) -> None:
        """What happens all the time, and changes no figure."""
        connection.execute(text("UPDATE cases SET rank = rank + 1"))

    def let_go(self, connection: Connection) -> None:
        """An item, after so many days."""
        item = self.one(connection, "items")
        if item is not None and self.dice.random() < 0.3:
            connection.execute(text("DELETE FROM items WHERE id = :id"), {"id": item["id"]})

    def erased(self) -> None:
        """By the service that erases."""
        with self.store.read() as connection:
            item = self.one(connection, "items")
        if item is not None:
            erase_item(self.store, item["sender_id"], by="somebody")

    def in_force(self, connection: Connection, case: Any, at: datetime) -> None:  # noqa: ANN401 - a row
        """What people decided about a case holds."""
        made = self.decided(connection, case)
        self.update(
            connection, "items", case["item_id"], state="decided", decided_at=at, decision_id=made
        )

    def decided(self, connection: Connection, case: Any) -> UUID:  # noqa: ANN401 - a row
        """What people decided about a case."""
        made = self.decision(
            connection, case["item_id"], case["verdict_id"], case["tier"], case["id"]
        )
        self.update(connection, "cases", case["id"], decision_id=made)
        return made

    def some_time(self) -> datetime:
        """In the last hours, the running one among them."""
        return self.now - timedelta(seconds=round(self.dice.uniform(0, self.hours * 3_600), 2))

    def item(
        self, connection: Connection, at: datetime, tier: str, action: str, state: str = "decided"
    ) -> tuple[UUID, UUID]:
        """An item and its verdict."""
        item, verdict = id_at(at), id_at(at)
        matched = self.dice.sample(_RULES, self.dice.randrange(len(_RULES) + 1))
        rules = [{"name": name, "status": self.dice.choice(_STATUSES)} for name in matched]
        trace = {"rules": rules} if rules else {}
        judged = {"release": "r", "input": {}, "trace": trace, "cause": "received"}
        judged["models"] = list(self.dice.choice(_MODELS))
        self.add(
            connection,
            "verdicts",
            **{"id": verdict, "item_id": item, "at": at, "tier": tier, "action": action, **judged},
            inclusion_probability=self.dice.choice((0.0, 0.1, 0.25, 1.0)),
        )
        self.add(
            connection,
            "items",
            id=item,
            sender_id=str(item),
            digest=b"",
            kind="post",
            state=state,
            tier=tier,
            action=action,
            verdict_id=verdict,
            received_at=at,
            language=self.dice.choice(_LANGUAGES),
            content=self.alike.choice(_CONTENTS),
        )
        return item, verdict

    def decision(
        self, connection: Connection, item: UUID, verdict: UUID, tier: str, case: UUID | None
    ) -> UUID:
        """A decision that is not in force yet."""
        made = new_id()
        ids = {"id": made, "item_id": item, "verdict_id": verdict, "case_id": case}
        values = {"made_by": "person", "tier": tier, "action": self.dice.choice(_ACTIONS)}
        policy = self.dice.choice((*_POLICIES, None))
        twin = new_id() if self.dice.random() < 0.1 else None
        told = {"inclusion_probability": 1.0, "policy": policy, "twin_of": twin}
        self.add(connection, "decisions", **ids, **values, **told)
        return made

    def case(
        self,
        connection: Connection,
        item: UUID,
        purpose: str,
        tier: str,
        at: datetime | None = None,
    ) -> None:
        """A case about an item, unless there is such a one."""
        row = connection.execute(
            text("SELECT verdict_id, language, content, received_at FROM items WHERE id = :item"),
            {"item": item},
        ).one()
        open_one = text(
            "SELECT count(*) FROM cases WHERE item_id = :item AND purpose = :purpose"
            " AND tier = :tier AND state = 'open'"
        )
        given = {"item": item, "purpose": purpose, "tier": tier}
        if connection.execute(open_one, given).scalar_one():
            return
        at = at or self.dice.choice((row.received_at, self.some_time()))
        about = {"reason": "r", "rule": "r", "priority": 6, "severity": "low"}
        self.add(
            connection,
            "cases",
            id=id_at(at),
            item_id=item,
            verdict_id=row.verdict_id,
            purpose=purpose,
            **{"tier": tier, "queue": self.dice.choice(("general", "goods")), **about},
            policy=self.dice.choice(_POLICIES),
            language=row.language,
            content=row.content,
            state="open",
            decide=self.dice.choice(("majority", "two_plus_one")),
            enqueued_at=at,
            due_at=at + timedelta(minutes=self.dice.randrange(600)),
        )

    def one(self, connection: Connection, table: str, where: str = "true") -> Any:  # noqa: ANN401 - a row
        """By chance, of those that are so; None: there is none."""
        question = f"SELECT id FROM {table} AS its WHERE {where} ORDER BY id"  # noqa: S608 - ours
        found = connection.execute(text(question)).scalars().all()
        if not found:
            return None
        row = f"SELECT * FROM {table} WHERE id = :id"  # noqa: S608 - ours
        chosen = {"id": self.dice.choice(found)}
        return connection.execute(text(row), chosen).mappings().one()

    def add(self, connection: Connection, table: str, **values: object) -> None:
        """A row."""
        connection.execute(metadata.tables[table].insert().values(values))

    def update(self, connection: Connection, table: str, row: UUID, **values: object) -> None:
        """A row changes."""
        rows = metadata.tables[table]
        connection.execute(rows.update().where(rows.c.id == row).values(values))
