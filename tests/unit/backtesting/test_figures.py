"""Figures of a backtest against what a naive computation makes of them."""

from dataclasses import replace
from math import sqrt

import pytest

from engine.backtesting.changes import Change
from engine.backtesting.comparing import Comparer
from engine.backtesting.counters import stale_counters
from engine.backtesting.entries import Entry
from engine.backtesting.limits import InvalidLimit, broken, check_names, limit_of
from engine.backtesting.report import NothingReadable, Report, report_of
from engine.backtesting.sums import Moved, Side, Sums
from engine.backtesting.terms import Handling, Terms
from engine.overriding import Override
from engine.quality.measures import State
from engine.quality.wilson import WIDTH
from engine.rules.model import Policy, Then
from engine.rules.release import Release
from engine.rules.vocabulary import FieldType
from engine.verdict import Tier
from tests.generators.draws import seeded
from tests.unit.policies import at_least, counter, policy, rule, vocabulary

DAY = 86_400.0
WORDS = vocabulary(score__hate=FieldType.SCORE, item__created_at=FieldType.DATE)
ASK = Then(tier=Tier.SINGLE, reason="test")
PANEL = Then(tier=Tier.SENIOR, reason="test")
TERMS = Terms(
    handling={
        Tier.SINGLE: Handling(seconds=60.0, rate=30.0),
        Tier.SENIOR: Handling(seconds=300.0, rate=36.0, votes=3.0),
    }
)


def release(name: str, sure: float, maybe: float, panel: float = 2.0) -> Release:
    """Removes from `sure` on, asks one reviewer from `maybe` on, and a panel from `panel` on."""
    rules = (
        rule("sure", at_least("score.hate", sure)),
        rule("maybe", at_least("score.hate", maybe), then=ASK, unless=at_least("score.hate", sure)),
        rule("panel", at_least("score.hate", panel), then=PANEL),
    )
    made: Policy = policy(WORDS, *rules, source_hash=name * 64)
    return Release.of(made)


OLD, NEW = release("a", 2.0, 0.9, 0.95), release("b", 0.9, 0.8)
#: A thousand scores a day over ten days, evenly spread.
SCORES = [(day, number / 1_000) for day in range(10) for number in range(1_000)]


def entry(day: int, score: float, label: str | None = None, chance: float | None = None) -> Entry:
    """An item with a score, in the course of a day."""
    return Entry(
        id=f"{day}-{score}",
        moment=day * DAY + score * DAY,
        raw={"id": f"{day}-{score}", "score.hate": score},
        label=label,
        inclusion=chance,
    )


#: The same, where the log is of ten days.
TEN_DAYS = replace(TERMS, hours=240.0)


def reported(
    entries: list[Entry], old: Release = OLD, new: Release = NEW, terms: Terms = TERMS
) -> Report:
    """The backtest of items."""
    return report_of(Comparer(old, new).compare(entries), old.name, new.name, terms)


REPORTED = Comparer(OLD, NEW).compare([entry(*each) for each in SCORES])
REPORT = report_of(REPORTED, OLD.name, NEW.name, TEN_DAYS)


def figure(name: str, report: Report = REPORT) -> Change:
    """A figure that is there."""
    found = report.figure(name)
    assert found is not None
    return found


def test_amounts_are_those_of_a_naive_sum() -> None:
    """Under the old policy 50 items a day go to one reviewer and 50 to a panel; then 100 and 0."""
    assert REPORT.days == 10
    cost = figure("cost_per_day")
    assert cost.old == pytest.approx(50 * 60 / 3_600 * 30 + 50 * 300 / 3_600 * 36)
    assert cost.new == pytest.approx(100 * 60 / 3_600 * 30)
    assert figure("minutes_per_day.senior").change == pytest.approx(-250)
    assert figure("cases_per_day.single").change == pytest.approx(50)
    assert figure("automation").old == pytest.approx(0.9)
    assert figure("automation").new == pytest.approx(0.9)


def test_the_interval_of_an_amount_is_that_of_its_items() -> None:
    """Minutes of the panel: 50 items a day with -5 minutes each, at random."""
    found = figure("minutes_per_day.senior")
    reach = WIDTH * sqrt(50 * 10 * 25) / 10
    assert found.change is not None
    assert found.low == pytest.approx(found.change - reach)
    assert found.high == pytest.approx(found.change + reach)


def test_the_forecast_of_a_share_has_the_chance_of_both_windows() -> None:
    """That of the items it is told from, and that of those to come."""
    # 90 of 100, of which 1,000 came a day: a log without dates has nothing but chance.
    undated = Sums()
    undated.moved.update(REPORTED.moved)
    undated.undated = 1
    told = figure("automation", report_of(undated, "old", "new", TEN_DAYS))
    reach = WIDTH * sqrt(0.9 * 0.1 / 1_000 * (1 / 10 + 1 / 7))
    assert told.forecast_low == pytest.approx(0.9 - reach, abs=6e-4)
    assert told.forecast_high == pytest.approx(0.9 + reach, abs=6e-4)


def test_days_that_differ_widen_intervals() -> None:
    """Where whole days differ more than chance has it, their spread is what counts."""
    one = Comparer(OLD, NEW).compare([entry(*each) for each in SCORES[:1_000]])
    days = Sums()
    for day in range(10):
        for (hour, old, new), count in one.moved.items():
            days.moved[Moved(hour + 24 * day, old, new)] = count * (1 + 9 * (day % 2))
    found = figure("cases_per_day.single", report_of(days, "old", "new", TEN_DAYS))
    # By turns 100 and 1,000 cases a day: a standard deviation of 474, and of t with 9 degrees 2.26.
    assert found.forecast_high is not None
    assert found.new == pytest.approx(550)
    assert found.forecast_high == pytest.approx(
        550 + 2.262 * 474.3 * sqrt(1 / 10 + 1 / 7), rel=0.01
    )


def test_bursts_widen_intervals_of_short_logs() -> None:
    """With less than seven days it is the spread between shorter spans, as within a day here."""
    one = [entry(0, number / 1_000) for number in range(1_000)]
    even = [replace(each, moment=number * 86.4) for number, each in enumerate(one[::7] * 7)]
    wide, narrow = (
        figure("cases_per_day.single", reported(entries, terms=replace(TERMS, hours=24.0)))
        for entries in (one, even)
    )
    assert wide.forecast_high is not None
    assert narrow.forecast_high is not None
    assert wide.new == pytest.approx(100)
    assert narrow.new == pytest.approx(100, rel=0.1)
    assert wide.forecast_high > 1.3 * narrow.forecast_high


def test_the_length_of_a_log_is_from_its_first_item_to_its_last() -> None:
    """Not the hours that they touch, which are more."""
    report = reported([entry(0, 0.9), entry(0, 0.1), entry(1, 0.5)])
    assert report.days == pytest.approx(1.4)


def test_errors_are_weighted_by_the_chance_of_being_seen() -> None:
    """What few had to see stands for many; the naive figure stands beside."""
    seen = [entry(0, 0.95, "publish", 1.0) for _ in range(100)]
    rare = [entry(0, 0.1, "remove", 0.05) for _ in range(10)]
    fine = [entry(0, 0.1, "publish", 0.05) for _ in range(90)]
    report = reported([*seen, *rare, *fine])
    found = figure("error", report)
    total = 100 + 100 / 0.05
    assert found.old == pytest.approx(10 / 0.05 / total)
    assert found.new == pytest.approx((100 + 10 / 0.05) / total)
    assert found.naive == pytest.approx(100 / 200)
    assert found.low is not None
    assert found.high is not None
    assert found.change is not None
    assert 0 < found.low < found.change < found.high
    restricted = figure("wrongly_restricted", report)
    assert restricted.old == 0.0
    assert restricted.change == pytest.approx(100 / total)


def test_rules_have_precision_and_recall_by_weight() -> None:
    """Of a rule that gains: what it matched rightly before and after."""
    wrong = [entry(0, 0.85, "publish", 0.5) for _ in range(30)]
    right = [entry(0, 0.92, "remove", 1.0) for _ in range(40)]
    missed = [entry(0, 0.2, "remove", 0.1) for _ in range(20)]
    report = reported([*wrong, *right, *missed], new=release("h", 2.0, 0.8))
    maybe = next(each for each in report.rules if each.name == "maybe")
    assert (maybe.old, maybe.new, maybe.gained, maybe.lost) == (40, 70, 30, 0)
    assert maybe.precision[0].value == pytest.approx(1.0)
    assert maybe.precision[1].value == pytest.approx(40 / (40 + 30 / 0.5))
    assert maybe.precision[1].naive == pytest.approx(40 / 70)
    assert maybe.recall[1].value == pytest.approx(40 / (40 + 20 / 0.1))
    assert maybe.minutes == (40.0, 70.0)


def test_what_nobody_could_see_is_told() -> None:
    """The machine newly removes items of which no label can speak: π was 0."""
    report = reported(
        [entry(0, 0.85) for _ in range(30)], release("c", 2.0, 0.9), release("d", 0.8, 2)
    )
    assert report.unseen == 30
    assert any("π is 0" in note for note in report.notes)


def test_the_same_policy_changes_nothing() -> None:
    """Every change is 0, and certainly so."""
    report = reported([entry(*each) for each in SCORES[:2_000]], OLD, OLD)
    assert report.changed == 0
    known = [each for each in report.figures if each.state is State.KNOWN]
    assert len(known) >= 10
    assert {(each.change, each.low, each.high) for each in known} == {(0.0, 0.0, 0.0)}


def test_an_empty_log_says_so() -> None:
    """Nothing is told of nothing, and nothing fails."""
    report = report_of(Sums(), "old", "new", TERMS)
    assert report.items == 0
    assert all(each.state is State.INSUFFICIENT_DATA for each in report.figures)
    assert "no items" in report.notes[0]


def test_items_without_a_date_need_the_days() -> None:
    """Without a date nothing is told by day, unless somebody says how many days it was."""
    items = [
        Entry(id=str(n), moment=None, raw={"id": str(n), "score.hate": 0.92}) for n in range(40)
    ]
    sums = Comparer(OLD, NEW).compare(items)
    found = report_of(sums, "old", "new", TERMS)
    assert figure("cost_per_day", found).state is State.INSUFFICIENT_DATA
    assert figure("automation", found).state is State.KNOWN
    told = report_of(sums, "old", "new", Terms(handling=TERMS.handling, hours=48.0))
    assert figure("cases_per_day.single", told).old == pytest.approx(20)


def test_unreadable_items_are_told_by_reason() -> None:
    """They are left out and named; only where there is nothing else, the backtest fails."""
    bad = [
        Entry(id=f"b{n}", moment=0.0, raw={"id": f"b{n}", "score.hate": "much"}) for n in range(12)
    ]
    report = reported([*bad, *(entry(0, 0.1) for _ in range(30))])
    (unread,) = report.unreadable
    assert (unread.by, unread.field, unread.items, len(unread.shown)) == (
        "new",
        "score.hate",
        12,
        5,
    )
    assert report.items == 30
    with pytest.raises(NothingReadable, match=r"none of 12 items.*score\.hate"):
        reported(bad)


def test_golden_regressions_are_named() -> None:
    """An item that was right, or went to people, and that the machine would now get wrong."""
    golden = [entry(0, 0.92, "publish"), entry(0, 0.1, "remove"), entry(0, 0.97, "remove")]
    wider = Comparer(OLD, release("e", 2.0, 0.8)).golden(golden)
    assert figure("golden_regressions", report_of(wider, "old", "new", TERMS)).new == 0
    found = report_of(Comparer(OLD, NEW).golden(golden), "old", "new", TERMS)
    assert [shown.id for shown in found.regressions] == ["0-0.92"]
    assert figure("golden_regressions", found).new == 1


def test_people_follow_from_the_busiest_hour() -> None:
    """All cases of a day come in its last hours, as scores do here."""
    slow = {**TERMS.handling, Tier.SINGLE: Handling(seconds=1_200.0, rate=30.0)}
    people = figure("people.single", report_of(REPORTED, "old", "new", Terms(handling=slow)))
    assert people.old is not None
    assert people.new is not None
    assert people.new > people.old > 0
    assert people.low is not None
    assert people.low <= people.new - people.old


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("cost_per_day > +50", True),
        ("cost_per_day < -90", False),
        ("cost_per_day < -50%", False),
        ("cost_per_day < -80%", True),
        ("cost_per_day > 49", False),
        ("cost_per_day>=50.01", True),
        ("automation < 90%", True),
        ("automation <= 90%", False),
        ("cases_per_day.single > +99%", False),
        ("cases_per_day.single > +101%", True),
        ("changed > 14%", False),
        ("changed_items > 2000", True),
        ("changed > +21%", True),
        ("changed > +19%", False),
        ("matches.maybe > +1%", True),
        ("matches.sure > +99%", False),
        ("error > 5%", False),
        ("precision.maybe < 90%", False),
        ("precision.no-such-rule < 90%", False),
        ("unreadable > 0", True),
    ],
)
def test_limits(written: str, kept: bool) -> None:  # noqa: FBT001  # a parameter of the test
    """Levels, changes, shares in points, amounts in parts; what cannot be told is not kept."""
    limit = limit_of(written)
    check_names([limit], REPORT)
    assert (broken(limit, REPORT) is None) == kept


@pytest.mark.parametrize(
    "written", ["cost_per_day", "cost > ", "> 5", "cost_per_day = 5", "a > 1 2"]
)
def test_a_limit_that_is_none(written: str) -> None:
    """Says what a limit looks like."""
    with pytest.raises(InvalidLimit, match="expected a figure"):
        limit_of(written)


def test_a_figure_that_is_none() -> None:
    """Says which there are."""
    with pytest.raises(InvalidLimit, match="automation"):
        check_names([limit_of("costs > +5")], REPORT)


def test_intervals_of_shares_hold() -> None:
    """Of 400 worlds whose change is known, the interval of automation holds about 95 in 100."""
    held = 0
    machine, people = Side(Tier.AUTO, "remove", 0, 0), Side(Tier.SINGLE, "publish", 0, 0)
    for world in range(400):
        draws, sums = seeded(world), Sums()
        for _ in range(300):
            score = draws.below(100)
            old, new = machine if score >= 40 else people, machine if score < 60 else people
            sums.moved[Moved(0, old, new)] += 1
        found = figure("automation", report_of(sums, "old", "new", TERMS))
        assert found.low is not None
        assert found.high is not None
        held += found.low <= 0.0 <= found.high  # 40 % go to the machine, 40 % to people
    assert 370 <= held <= 396


def test_items_are_judged_as_they_were_allowed_to_be() -> None:
    """A rule that might not act then asks a reviewer, and an override decides, under both."""
    strict = release("s", 0.5, 2.0)
    given = Override(id="o1", action="hide", reasons=("test",), policy="test")
    entries = [
        entry(0, 0.6),
        replace(entry(0, 0.61), withheld=(("sure", "has no certificate"),)),
        replace(entry(0, 0.62), override=given),
        replace(entry(0, 0.63), facts={"score.hate": 0.1}),
        replace(entry(0, 0.1), facts={"score.hate": 0.9}, signals={"score.hate": 0.2}),
    ]
    sums = Comparer(OLD, strict).compare(entries)
    cells = {shown.id: cell.new for cell, its in sums.cells.items() for shown in its}
    assert {name: tuple(map(str, cell)) for name, cell in cells.items()} == {
        "0-0.6": ("auto", "remove"),
        "0-0.61": ("single", "publish"),
        "0-0.62": ("auto", "hide"),
        "0-0.63": ("none", "publish"),
        "0-0.1": ("auto", "remove"),
    }
    olds = {shown.id: cell.old for cell, its in sums.cells.items() for shown in its}
    assert olds["0-0.62"] == cells["0-0.62"]


def test_counters_that_policies_share_need_no_replay() -> None:
    """What was counted by the same definition holds; another window, or another key, does not."""
    words = vocabulary(author__id=FieldType.TEXT_ID, counter__c=FieldType.COUNT)

    def made(name: str, within: float = 3_600.0) -> Release:
        flood = rule("flood", at_least("counter.c", 3.0))
        its = policy(words, flood, counters={"c": counter(within=within)}, source_hash=name * 64)
        return Release.of(its)

    one, longer = made("x"), made("y", within=86_400.0)
    assert stale_counters(one, [one.policy]) == {}
    assert set(stale_counters(longer, [one.policy])) == {"c"}
    assert set(stale_counters(one, [one.policy, longer.policy])) == {"c"}
    assert set(stale_counters(one, [])) == {"c"}
