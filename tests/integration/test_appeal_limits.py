"""How often an item is appealed, what is answered to one too many, and who comes first."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text

from engine.verdict import Tier
from queues.casework.appeals import Appeal, Appealed
from queues.errors import Conflict
from queues.ids import new_id
from queues.records.erasing import erase_item
from queues.store.session import Store
from tests.integration.desks import Desk
from tests.integration.reported import ASKING, says
from tests.waiting import until

ROUNDS = 12


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> Desk:
    """An installation where one item was removed by the machine."""
    desk = Desk(store, tmp_path, ASKING)
    desk.send("vile")
    desk.work()
    return desk


def test_the_same_appeal_twice_is_one(desk: Desk) -> None:
    """Whoever asks again is answered with the appeal that is open, and nothing is added."""
    taken = desk.appeal("i0")
    assert not taken.duplicate
    assert desk.appeal("i0") == replace(taken, duplicate=True)
    assert desk.appeal(str(desk.item("i0")["id"])) == replace(taken, duplicate=True)
    assert len(desk.rows("SELECT id FROM appeals")) == len(desk.rows("SELECT id FROM cases")) == 1
    opened = desk.rows("SELECT id FROM audit_events WHERE kind = 'appeal.opened'")
    assert len(opened) == 1
    desk.says("r", "remove")
    desk.work()
    again = desk.appeal("i0")
    assert (again.duplicate, again.number) == (False, 2)


def test_an_item_is_appealed_so_often(desk: Desk) -> None:
    """The limit says how often it was, and when the last answer came; it is a setting."""
    for number, tier in ((1, Tier.SINGLE), (2, Tier.SENIOR)):
        assert desk.appeal("i0").number == number
        if tier is Tier.SINGLE:
            desk.says("r", "remove")
        else:
            desk.panel_says({"a": "remove", "b": "remove"})
        desk.work()
    last = desk.rows("SELECT max(closed_at) AS at FROM appeals")[0]["at"]
    why = f"2 times for a milder decision.*`appeals.most`.*{last:%Y-%m-%dT%H:%M}"
    with pytest.raises(Conflict, match=why):
        desk.appeal("i0")
    with pytest.raises(Conflict, match="2 times"):
        desk.appeal("i0", by="a lawyer")
    more = replace(desk.appeals, most=3)
    assert more.appeal(Appeal(item="i0", by="ann"), actor="k").number == 3


def test_one_side_does_not_use_up_what_the_other_has(desk: Desk) -> None:
    """Reporters ask for more and authors for less, each as often as the setting says."""
    says(desk, "i0", "eve")
    desk.says("r", "keep")
    desk.work()
    panel = ["a", "b", "c"]
    for number in range(4):
        by, answer = ("eve", "remove") if number % 2 == 0 else ("ann", "keep")
        assert desk.appeal("i0", by=by).number == number + 1
        votes = {f"{each}{number}": answer for each in panel[: 3 if not number else 2]}
        desk.panel_says(votes, *(["hate.attack"] if answer == "remove" else []))
    for by in ("eve", "ann"):
        with pytest.raises(Conflict, match=r"2 times for a stricter|nothing is kept"):
            desk.appeal("i0", by=by)


def test_authors_do_not_appeal_what_is_published(desk: Desk) -> None:
    """Nothing is kept from them; others may."""
    desk.appeal("i0")
    desk.says("r", "keep")
    desk.work()
    with pytest.raises(Conflict, match=r"published since .*Z: nothing is kept"):
        desk.appeal("i0")
    assert desk.appeal("i0", by="bob").asks.value == "stricter"


def test_refusals_say_when(desk: Desk) -> None:
    """Since when one is open, and until when one could have appealed, in UTC."""
    desk.appeal("i0")
    with pytest.raises(Conflict, match=r"an appeal is open already, since 20.*Z"):
        desk.appeal("i0", by="bob")
    desk.send("vile")
    desk.work()
    with desk.store.transaction() as connection:
        connection.execute(text("UPDATE decisions SET at = at - interval '181 days'"))
    with pytest.raises(Conflict, match=r"decided at 20.*Z, too long ago; .* until 20.*Z"):
        desk.appeal("i1")


def test_many_who_appeal_at_once(desk: Desk) -> None:
    """One appeal is taken; the same person hears of it, everybody else that it is open."""
    desk.send(*["vile"] * ROUNDS)
    desk.work()
    for number in range(ROUNDS):
        item = f"i{number}"
        answers = _at_once(
            *[_appealing(desk, item, by) for by in ("ann", "ann", "bob", "bob", "eve")]
        )
        taken = [each for each in answers if isinstance(each, Appealed)]
        refused = [each for each in answers if not isinstance(each, Appealed)]
        assert len({each.id for each in taken}) == 1
        assert [each.duplicate for each in taken].count(False) == 1
        assert all("an appeal is open already" in str(each) for each in refused), refused
        assert len(desk.rows("SELECT id FROM appeals WHERE item_id = :i", i=taken[0].item_id)) == 1


def test_an_appeal_while_the_decision_is_replaced(desk: Desk) -> None:
    """It waits for the lock, and is against what holds then, with the limits of then."""
    other = new_id()
    waiting = _while_locked(
        desk,
        _appealing(desk, "i0", "ann"),
        """
        INSERT INTO decisions (id, item_id, verdict_id, made_by, tier, action,
            inclusion_probability, supersedes)
        SELECT :other, id, verdict_id, 'person', 'single', 'hide', 1, decision_id FROM items;
        UPDATE items SET decision_id = :other, action = 'hide';
        """,
        other,
    )
    assert isinstance(waiting, Appealed)
    assert (waiting.decision_id, waiting.tier) == (other, Tier.SENIOR)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        # It is undone, or revised, and people are about to decide again.
        ("UPDATE items SET state = 'in_review'", "people are about to decide"),
        ("UPDATE items SET decision_id = NULL, action = 'publish'", "nothing was decided"),
        ("UPDATE items SET state = 'erased'", "it was erased"),
    ],
)
def test_whoever_loses_is_told_why(desk: Desk, change: str, why: str) -> None:
    """An appeal that comes while the decision goes away is refused, and leaves nothing behind."""
    answer = _while_locked(desk, _appealing(desk, "i0", "ann"), change, new_id())
    assert isinstance(answer, Conflict)
    assert why in str(answer)
    assert desk.rows("SELECT id FROM appeals") == []
    assert desk.rows("SELECT id FROM cases") == []


def test_appeals_meet_reports_and_erasure(desk: Desk) -> None:
    """Whichever comes first, the other finds things as they are then; nobody waits for ever."""
    desk.send(*["rude"] * ROUNDS)
    desk.work()
    for number in range(1, ROUNDS):
        item = f"i{number}"
        _at_once(
            _appealing(desk, item, "ann"),
            lambda item=item: says_only(desk, item),  # type: ignore[misc]  # bound now
            lambda item=item: erase_item(desk.store, item, by="k"),  # type: ignore[misc]
        )
        row = desk.item(item)
        assert row["state"] == "erased"
        open_now = desk.rows(
            "SELECT state FROM cases WHERE item_id = :i AND state IN ('waiting', 'open')",
            i=row["id"],
        )
        appeals = desk.rows("SELECT state FROM appeals WHERE item_id = :i", i=row["id"])
        assert open_now == []
        assert [each["state"] for each in appeals] in ([], ["withdrawn"])


def says_only(desk: Desk, item: str) -> None:
    """Somebody reports an item; one that is erased is not known any more."""
    from queues.errors import NotFound  # noqa: PLC0415

    try:
        desk.report(item)
    except NotFound:
        return


def _appealing(desk: Desk, item: str, by: str) -> Callable[[], object]:
    """An appeal, or the refusal of it."""

    def ask() -> object:
        try:
            return desk.appeals.appeal(Appeal(item=item, by=by), actor="k")
        except Conflict as refused:
            return refused

    return ask


def _at_once(*doing: Callable[[], object]) -> list[object]:
    """All of it in threads that start together."""
    start = threading.Barrier(len(doing))

    def work(each: Callable[[], object]) -> object:
        start.wait()
        return each()

    with ThreadPoolExecutor(len(doing)) as pool:
        return list(pool.map(work, doing))


def _while_locked(desk: Desk, ask: Callable[[], object], change: str, other: UUID) -> object:
    """The answer to whoever asks while somebody changes the item, and has not committed yet."""
    with ThreadPoolExecutor(1) as pool:
        with desk.store.transaction() as connection:
            connection.execute(text("SELECT FROM items FOR NO KEY UPDATE"))
            asked = pool.submit(ask)
            until(lambda: _waits(desk))
            for statement in filter(str.strip, change.split(";")):
                connection.execute(
                    text(statement), {"other": other} if ":other" in statement else {}
                )
        return asked.result(timeout=20)


def _waits(desk: Desk) -> bool:
    found = desk.rows("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
    return bool(found)
