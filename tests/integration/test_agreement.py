"""How far people agree, how each of them decides, and the cases behind each figure."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from math import isfinite
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from engine.quality.measures import State
from engine.verdict import Tier
from queues.casework import caseload, selection
from queues.casework.caseload import Case
from queues.casework.selection import CaseState, Order, Selection, Wanted
from queues.errors import Refused
from queues.measurement import AgreementReport, ReviewersReport, by_reviewer, over_votes
from queues.measurement.series import By
from queues.quality.blinding import Blinding
from queues.quality.purposes import Purpose
from queues.review import Ballot
from queues.sections import Quality, Wellness
from queues.store.session import Store
from tests.integration.desks import Desk
from tests.services import Servers


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> Desk:
    """An installation in which every case is looked at twice."""
    desk = Desk(store, tmp_path)
    desk.blinding = Blinding(overlap=1)
    return desk


@pytest.fixture(scope="module")
def worked(
    servers: Servers, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Desk]:
    """Twenty items that two look at, who differ on five; three panels, and one of two and one."""
    with servers.database(template=template) as url:
        store = Store(url)
        desk = Desk(store, tmp_path_factory.mktemp("worked"))
        desk.blinding = Blinding(overlap=1)
        _work(desk)
        yield desk
        store.close()


def _work(desk: Desk) -> None:
    desk.send("lonely")
    desk.work()
    desk.panel_says({"sam": "remove"}, "self_harm.risk")
    desk.panel_says({"sen": "keep"})
    desk.panel_says({"sue": "remove"}, "self_harm.risk")
    desk.send(*["odd"] * 20, *["grave"] * 3)
    desk.work()
    for number in range(20):
        _says(desk, "ana", "remove" if number < 12 else "keep")
    desk.work()
    for number in range(20):
        _says(desk, "bea", "remove" if number < 7 else "keep")
    for _ in range(3):
        desk.panel_says({"sam": "remove", "sen": "remove"}, "hate.attack")
        desk.panel_says({"sue": "keep"})


def _says(desk: Desk, reviewer: str, action: str) -> None:
    """A vote that took a minute."""
    case = desk.next(reviewer)
    reasons = () if action == "keep" else ("hate.slur",)
    vote = Ballot(
        case_id=case.id, reviewer=reviewer, action=action, reasons=reasons, active_seconds=60
    )
    desk.review.vote(vote)


def told(desk: Desk, policy: str | None = None) -> AgreementReport:
    """As it stands."""
    return over_votes(desk.store, since=None, policy=policy)


def listed(desk: Desk, **wanted: Any) -> Sequence[Case]:  # noqa: ANN401 - as Wanted
    """The newest that are wanted."""
    chosen = Selection(wanted=Wanted(**wanted), order=Order.NEWEST, limit=1_000)
    return caseload.listed(desk.store, chosen).cases


def test_nothing_is_told_yet(desk: Desk) -> None:
    """And that is said."""
    assert told(desk).overall.observed.state is State.INSUFFICIENT_DATA
    assert told(desk).policies == ()
    assert told(desk).confusion == ()
    assert reviewers(desk).reviewers == ()


def test_agreement_is_told_with_all_that_belongs_to_it(worked: Desk) -> None:
    """Of both tiers, by policy, queue and language."""
    report = told(worked)
    assert (report.overall.items, report.overall.ratings) == (24, 40 + 9 + 2)
    # Of two who look, 15 agree; three panels have one pair of three, the fourth has none.
    assert report.overall.observed.value == pytest.approx((15 + 3 / 3) / 24)
    assert report.overall.prevalence == {
        "publish": pytest.approx((8 + 13 + 3 + 1) / 51),
        "remove": pytest.approx((12 + 7 + 6 + 1) / 51),
    }
    low, high = report.overall.kappa.low, report.overall.kappa.high
    assert low is not None
    assert high is not None
    assert low < (report.overall.kappa.value or 0) < high
    assert (report.overall.strength or "") in {"poor", "slight", "fair"}
    assert [each.told.items for each in report.points] == [24]
    assert {each.name: each.items for each in report.queues} == {
        "general": 20,
        "senior": 3,
        "wellbeing": 1,
    }
    assert {each.name: each.items for each in report.policies} == {"hate": 24}
    assert told(worked, policy="hate").overall == report.overall
    assert told(worked, policy="spam").overall.items == 0
    assert not report.simulated
    with pytest.raises(Refused, match="31 days"):
        over_votes(worked.store, since=report.since.replace(year=2001), by=By.HOUR)


def test_each_cell_has_its_cases(worked: Desk) -> None:
    """As many items as the figure says, of that policy, and no others."""
    cells = {(each.policy, each.first, each.second): each for each in told(worked).confusion}
    assert {key: (each.items, each.pairs) for key, each in cells.items()} == {
        ("hate", "publish", "publish"): (8, 8),
        ("hate", "publish", "remove"): (9, 12),
        ("hate", "remove", "remove"): (10, 10),
    }
    for (policy, first, second), cell in cells.items():
        found = listed(worked, policy=policy, said=(first, second))
        assert len({case.item_id for case in found}) == cell.items, (policy, first, second)
    # The third vote of two and one has no say in whether the first two agree.
    assert len(listed(worked, queue="wellbeing", said=("publish", "remove"))) == 1
    assert listed(worked, queue="wellbeing", said=("remove", "remove")) == ()


def test_lists_say_nothing_of_votes_that_go_on(desk: Desk) -> None:
    """Neither who voted nor what; and people who review choose among cases that are over."""
    desk.send("grave", "odd")
    desk.work()
    desk.says("sam", "remove", "hate.attack", tier=Tier.SENIOR)
    assert listed(desk, reviewer="sam") == listed(desk, said=("remove",)) == ()
    assert len(listed(desk, rule="look")) == 1
    chosen = Selection(wanted=Wanted(rule="look"), reviewing=True)
    assert caseload.listed(desk.store, chosen).cases == ()
    desk.says("ana", "keep")
    assert [case.rule for case in caseload.listed(desk.store, chosen).cases] == ["look"]
    assert [case.rule for case in listed(desk, reviewer="ana")] == ["look"]


def test_a_page_looks_at_so_many_and_goes_on(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """However rare what is wanted: none is missed, none comes twice, in both orders."""
    monkeypatch.setattr(selection, "LOOKED_AT", 3)
    desk.send(*["odd", "grave", "odd", "odd", "odd", "grave", "odd"])
    desk.work()
    for order in Order:
        seen: list[Case] = []
        pages, cursor = 0, None
        while True:
            chosen = Selection(wanted=Wanted(rule="panel"), order=order, cursor=cursor, limit=1)
            page = caseload.listed(desk.store, chosen)
            seen, pages, cursor = [*seen, *page.cases], pages + 1, page.next
            assert pages < 9
            if cursor is None:
                break
        assert len({case.id for case in seen}) == len(seen) == 2
        assert pages > 2
    newest = Selection(wanted=Wanted(), order=Order.NEWEST, limit=2)
    place = caseload.listed(desk.store, newest).next
    with pytest.raises(Refused, match="page before"):
        caseload.listed(desk.store, Selection(wanted=Wanted(), cursor=place))


def test_cases_are_chosen_by_what_is_known_of_them(desk: Desk) -> None:
    """Purpose, state and the moment they came."""
    desk.send("odd", "grave")
    desk.work()
    desk.says("ana", "keep")
    desk.work()
    assert {case.purpose for case in listed(desk, purpose=Purpose.OVERLAP)} == {"overlap"}
    assert len(listed(desk, state=CaseState.OPEN)) == 2
    with desk.store.read() as connection:
        now = connection.execute(text("SELECT now()")).scalar_one()
    assert len(listed(desk, until=now)) == 3
    assert listed(desk, since=now) == ()


def test_who_always_says_the_same_has_figures_or_is_told_why_not(desk: Desk) -> None:
    """All agree, in one category: nothing is told of chance, nothing is infinite."""
    desk.send(*["odd"] * 20)
    desk.work()
    for reviewer in ("ana", "bea"):
        for _ in range(20):
            _says(desk, reviewer, "keep")
        desk.work()
    overall = told(desk).overall
    assert (overall.observed.value, overall.observed.n) == (1.0, 20)
    assert {each.state for each in (overall.alpha, overall.kappa, overall.ac1)} == {
        State.ONE_CATEGORY
    }
    report = reviewers(desk)
    assert [each.reviewer for each in report.reviewers] == ["ana", "bea"]
    for each in report.reviewers:
        assert (each.beside.value, each.beside.n, each.split) == (1.0, 20, 0)
        assert not each.stands_out
        assert each.gold.accuracy.mean == pytest.approx(report.prior.prior.mean, abs=0.01)
        assert not each.gold.alert
        assert (each.per_hour.value, each.per_hour.low, each.per_hour.high) == (60.0,) * 3
    assert all(map(isfinite, numbers(asdict(report))))


def numbers(told: object) -> Iterator[float]:
    """All of them, wherever they stand."""
    if isinstance(told, dict):
        told = tuple(told.values())
    if isinstance(told, list | tuple):
        for each in told:
            yield from numbers(each)
    elif isinstance(told, int | float):
        yield told


def reviewers(desk: Desk) -> ReviewersReport:
    """As it stands."""
    return by_reviewer(desk.store, since=None, quality=Quality(), wellness=Wellness())


def test_each_reviewer_beside_the_others(worked: Desk) -> None:
    """Without their own vote, by how hard it is; what they were exposed to, and how quick."""
    report = reviewers(worked)
    found = {each.reviewer: each for each in report.reviewers}
    assert sorted(found) == ["ana", "bea", "sam", "sen", "sue"]
    assert (report.read, report.votes) == (52, 52)
    assert (found["ana"].beside.n, found["ana"].beside.value) == (20, 0.75)
    assert found["ana"].expected == pytest.approx(0.75)
    assert found["ana"].hours == pytest.approx(1 / 3, abs=1e-3)
    assert found["ana"].per_hour.value == pytest.approx(60)
    assert (found["sue"].beside.n, found["sue"].beside.value) == (3, None)
    assert found["sue"].alone == 3
    assert found["sue"].alone_by_chance == pytest.approx(1)
    assert (found["sam"].beside.n, found["sam"].split) == (1, 3)
    acted, stood = found["ana"].erring.sensitivity, found["ana"].erring.specificity
    assert acted.n + stood.n == pytest.approx(20, abs=1)
    assert (found["ana"].exposure.points, found["ana"].exposure.limit) == (40, None)
    assert found["ana"].gold.accuracy.mean == pytest.approx(report.prior.prior.mean)
    assert not report.prior.learnt
    assert not report.simulated


def test_how_far_the_machine_leads_people(worked: Desk) -> None:
    """Where chance decides who sees what it says, and nowhere else: it would publish all."""
    saw = text(
        "UPDATE votes SET blind = false FROM cases WHERE cases.id = case_id"
        " AND purpose = 'review' AND tier = 'single' AND votes.action = 'remove'"
    )
    assert reviewers(worked).anchoring.blind.n == 0
    with worked.store.transaction() as connection:
        connection.execute(saw)
    meter = reviewers(worked).anchoring
    assert (meter.shown.hits, meter.shown.n) == (0, 12)
    assert (meter.blind.hits, meter.blind.n) == (8, 8)
    ana = next(each for each in reviewers(worked).reviewers if each.reviewer == "ana")
    assert ana.anchoring == meter
