"""How things stand when a race begins: an item or two, their cases, and who has done what."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from engine.verdict import Tier
from queues.casework.appeals import Appeal
from queues.ids import new_id
from queues.review import Ballot, Review
from tests.integration.desks import Desk

#: In seconds: how long a vote can be taken back, and how long a claim is good for.
GRACE: Final = 60
LEASE: Final = 600.0
#: What each votes for. The panel's first two agree, and its third does not.
ACTIONS: Final = {"a": "remove", "b": "remove", "c": "hide", "z": "remove"}
#: Milliseconds until a moment that comes in the middle of a race.
_SOON: Final = 25

_CLEAN: Final = (
    "UPDATE cases SET state = 'withdrawn' WHERE state IN ('waiting', 'open')",
    "DELETE FROM holds",
    "DELETE FROM outbox",
    "UPDATE accounts SET disabled_at = NULL",
)


@dataclass(slots=True)
class Scene:
    """An installation, and what it is about this time."""

    desk: Desk
    late: bool
    """Whether votes count only after a while."""
    items: list[UUID] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    """Of the items, as their sender calls them."""
    taken: dict[str, UUID] = field(default_factory=dict)
    """The case that somebody was handed."""
    review: Review = field(init=False)

    def __post_init__(self) -> None:
        self.review = self.desk.review_with(grace=GRACE if self.late else 0, lease=LEASE)
        for statement in _CLEAN:
            self.run(statement)

    def run(self, statement: str, **given: object) -> None:
        """Change what the database holds."""
        with self.desk.store.transaction() as connection:
            connection.execute(text(statement), given)

    def rows(self, question: str, **given: object) -> list[Any]:
        """What the database answers about these items."""
        return list(self.desk.rows(question, items=self.items, **given))

    def send(self, word: str, **fields: object) -> None:
        """An item, and all that follows from it at once."""
        (answer,) = self.desk.send(word, **fields)
        self.items.append(answer.item_id)
        (row,) = self.desk.rows("SELECT sender_id FROM items WHERE id = :id", id=answer.item_id)
        self.names.append(row["sender_id"])

    def case_of(self, who: str) -> UUID:
        """The case somebody has or had, else the newest there is."""
        if who in self.taken:
            return self.taken[who]
        newest = "SELECT id FROM cases WHERE item_id = ANY(:items) ORDER BY id DESC LIMIT 1"
        found = self.rows(newest)
        # Without any, of one that there is not.
        return UUID(str(found[0]["id"])) if found else new_id()

    def take(self, *people: str, tier: Tier = Tier.SINGLE) -> None:
        """Each is handed the next case."""
        for who in people:
            (case,) = self.review.claim(who, tier)
            self.taken[who] = case.id

    def vote(self, *people: str) -> None:
        """Each votes on what they have."""
        for who in people:
            self.review.vote(self.ballot(who))

    def ballot(self, who: str) -> Ballot:
        """What somebody says."""
        action = ACTIONS.get(who, "keep")
        reasons = () if action == "keep" else ("hate.attack",)
        return Ballot(case_id=self.case_of(who), reviewer=who, action=action, reasons=reasons)

    def let_pass(self, *, soon: bool = False) -> None:
        """The time to take votes back is over, or will be in the middle of what follows."""
        after = f"clock_timestamp() + interval '{_SOON if soon else 0} ms'"
        self.run(f"UPDATE cases SET commit_at = {after} WHERE commit_at IS NOT NULL")  # noqa: S608 - of constants

    def leave(self, *, soon: bool = False) -> None:
        """All leases have ended, or will have in the middle of what follows."""
        after = f"clock_timestamp() + interval '{_SOON} ms'" if soon else "now() - interval '1 min'"
        self.run(f"UPDATE holds SET lease_until = {after}")  # noqa: S608 - of constants

    def be_overdue(self) -> None:
        """Nobody decided in time."""
        self.run(
            "UPDATE cases SET due_at = now() - interval '1 hour'"
            " WHERE item_id = ANY(:items) AND state IN ('waiting', 'open')",
            items=self.items,
        )


def _opened(scene: Scene, *words: str) -> None:
    for word in words:
        scene.send(word)
    scene.desk.work()


def _waiting(scene: Scene) -> None:
    scene.send("odd")


def _open(scene: Scene) -> None:
    _opened(scene, "odd")


def _held(scene: Scene) -> None:
    _opened(scene, "a slur")
    scene.take("a")


def _left(scene: Scene) -> None:
    _held(scene)
    scene.leave()


def _leaving(scene: Scene) -> None:
    _held(scene)
    scene.leave(soon=True)


def _voted(scene: Scene) -> None:
    _held(scene)
    scene.vote("a")


def _due(scene: Scene) -> None:
    _voted(scene)
    scene.let_pass()


def _closing(scene: Scene) -> None:
    _voted(scene)
    scene.let_pass(soon=True)


def _decided(scene: Scene) -> None:
    _due(scene)
    scene.review.commit_due()
    scene.desk.work()


def _overdue(scene: Scene) -> None:
    _open(scene)
    scene.be_overdue()


def _overdue_left(scene: Scene) -> None:
    _left(scene)
    scene.be_overdue()


def _overdue_voted(scene: Scene) -> None:
    _voted(scene)
    scene.be_overdue()


def _removed(scene: Scene) -> None:
    _opened(scene, "vile")


def _appealed(scene: Scene) -> None:
    _removed(scene)
    scene.desk.appeals.appeal(Appeal(item=scene.names[0], by="ann"), actor="key:k")
    scene.desk.work()
    scene.take("a")


def _appeal_due(scene: Scene) -> None:
    _appealed(scene)
    scene.vote("a")
    scene.let_pass()


def _panel(scene: Scene, *held: str, word: str = "grave") -> None:
    _opened(scene, word)
    scene.take(*held, tier=Tier.SENIOR)


def _panel_last_seat(scene: Scene) -> None:
    _panel(scene, "a", "b")
    scene.vote("a")


def _panel_left(scene: Scene) -> None:
    _panel(scene, "a", "b", "c")
    scene.leave()


def _panel_last_votes(scene: Scene) -> None:
    _panel(scene, "a", "b", "c")
    scene.vote("a")


def _panel_voted(scene: Scene) -> None:
    _panel(scene, "a", "b", "c")
    scene.vote("a", "b", "c")


def _panel_closing(scene: Scene) -> None:
    _panel_voted(scene)
    scene.let_pass(soon=True)


def _panel_due(scene: Scene) -> None:
    _panel_voted(scene)
    scene.let_pass()


def _panel_overdue(scene: Scene) -> None:
    _panel_last_votes(scene)
    scene.be_overdue()


def _panel_again(scene: Scene) -> None:
    _panel(scene, "a", "c", word="child")
    scene.vote("a", "c")
    scene.let_pass()
    scene.review.commit_due()
    scene.desk.work()
    scene.take("a", tier=Tier.SENIOR)


def _pair(scene: Scene) -> None:
    _panel(scene, "a", "c", word="lonely")


def _pair_differs(scene: Scene) -> None:
    _pair(scene)
    scene.vote("a", "c")
    scene.take("b", tier=Tier.SENIOR)


def _twins(scene: Scene) -> None:
    words = f"a slur, word for word {len(scene.desk.rows('SELECT FROM items'))}"
    for author in ("x", "y"):
        scene.send("", text=words, author={"id": author})
    scene.desk.work()


def _twins_held(scene: Scene) -> None:
    _twins(scene)
    scene.take("a", "b")


def _twin_held(scene: Scene) -> None:
    _twins(scene)
    scene.take("a")


def _twin_decided(scene: Scene) -> None:
    _twin_held(scene)
    scene.vote("a")
    scene.let_pass()
    scene.review.commit_due()


def _looked_at_twice(scene: Scene) -> None:
    """A sample brought an item before one reviewer that a panel has as well."""
    scene.send("sampled grave")
    scene.desk.work()
    scene.take("z")
    scene.review.vote(scene.ballot("z"))
    scene.let_pass()
    scene.review.commit_due()
    scene.desk.work()
    scene.run("UPDATE cases SET not_by = NULL WHERE tier = 'single' AND state = 'open'")
    scene.take("a")
    scene.take("b", "c", tier=Tier.SENIOR)


SCENES: Final[Mapping[str, Callable[[Scene], None]]] = {
    "waiting": _waiting,
    "open": _open,
    "held": _held,
    "left": _left,
    "leaving": _leaving,
    "voted": _voted,
    "closing": _closing,
    "due": _due,
    "decided": _decided,
    "overdue": _overdue,
    "overdue, left": _overdue_left,
    "overdue, voted": _overdue_voted,
    "removed": _removed,
    "appealed": _appealed,
    "appeal due": _appeal_due,
    "panel": _panel,
    "panel, left": _panel_left,
    "panel, last seat": _panel_last_seat,
    "panel, last votes": _panel_last_votes,
    "panel, voted": _panel_voted,
    "panel, closing": _panel_closing,
    "panel, due": _panel_due,
    "panel, overdue": _panel_overdue,
    "panel, again": _panel_again,
    "pair": _pair,
    "pair, differs": _pair_differs,
    "twins": _twins,
    "twins, held": _twins_held,
    "twin, held": _twin_held,
    "twin, decided": _twin_decided,
    "looked at twice": _looked_at_twice,
}
