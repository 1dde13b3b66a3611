"""What keys do, where nothing answers."""

from collections.abc import Callable
from functools import partial
from time import monotonic

import pytest

from dashboard.desk import acts
from dashboard.desk.acts import Desk
from dashboard.desk.saying import Step
from dashboard.desk.tray import Held
from dashboard.desk.work import Work
from dashboard.gateway import Gateway, now
from tests.waiting import until

#: Nobody listens there.
_NOWHERE = "http://127.0.0.1:9"


@pytest.fixture
def mine(monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A desk with a long text on it, which has been there for a second."""
    desk = Desk(work=Work(gateway=Gateway("nobody", _NOWHERE)))
    case = {"id": "a", "lease_until": "9999-01-01T00:00:00Z", "blind": False, "reason": None}
    texts = [{"field": "text", "text": "word " * 1_000}]
    told = {"case": case, "at": now().isoformat(), "texts": texts, "comments": [], "menu": None}
    desk.work.tray.add(Held(desk=told, shown_at=monotonic() - 1))
    monkeypatch.setattr(acts, "desk", lambda: desk)
    return desk


def decided(mine: Desk) -> bool:
    """Whether the case was sent: nothing answers, so that it comes back."""
    return any(each.is_back for each in mine.work.tray.refusals())


@pytest.mark.parametrize(
    "answer",
    [partial(acts.choose, action="keep"), acts.sure],
    ids=["the same key", "Enter"],
)
def test_a_quick_decision_is_asked_about_once(mine: Desk, answer: Callable[[str], None]) -> None:
    """The same key or `Enter` answers; the second press of one finger does not."""
    acts.choose("a", "keep")
    saying = mine.saying("a")
    assert saying.step is Step.SURE
    answer("a")
    assert mine.work.tray.ids == ["a"]
    assert saying.asked_at is not None
    saying.asked_at -= 1
    answer("a")
    assert mine.saying("a").step is None
    until(lambda: decided(mine))


def test_a_press_counts_for_its_own_case_alone(mine: Desk) -> None:
    """And not before it has been there for a quarter of a second."""
    acts.choose("b", "keep")
    assert mine.saying("b").step is None
    held = mine.work.tray.top
    assert held is not None
    held.shown_at = monotonic()
    acts.choose("a", "keep")
    assert mine.saying("a").step is None
    assert mine.work.tray.ids == ["a"]
