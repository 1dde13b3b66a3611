"""Agreement of real votes, as krippendorff, statsmodels, scikit-learn and irrCAC have it."""

from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import cache
from typing import Any

import pytest

from engine.quality import (
    Agreement,
    Figure,
    Interval,
    Shape,
    Undefined,
    agreement,
    cohen,
    dissent,
    leading,
    limits,
    of_usual_number,
    pair,
    pairs,
    shape,
)
from engine.quality.agreement import Ratings
from tests.golden import golden, items_of, real, votes_of

pytestmark = real

BINARY = {"hatespeech": "toxic", "offensive": "toxic", "normal": "normal"}


def of_platform(name: str) -> Ratings:
    """The posts of one place."""
    return votes_of(item for item in items_of("hatexplain_train") if item.platform == name)


def of_suite() -> Ratings:
    """The cases that were published."""
    return votes_of(item for item in items_of("hatecheck") if item.published)


#: Data set → its votes.
SETS: Mapping[str, Callable[[], Ratings]] = {
    "hatexplain_train": lambda: votes_of(items_of("hatexplain_train")),
    "hatexplain_train_binary": lambda: votes_of(items_of("hatexplain_train"), BINARY),
    "hatexplain_train_plus_ties": lambda: votes_of(
        items_of("hatexplain_train") + items_of("hatexplain_ties")
    ),
    "hatexplain_train_by_platform/twitter": lambda: of_platform("twitter"),
    "hatexplain_train_by_platform/gab": lambda: of_platform("gab"),
    "davidson_first_half": lambda: votes_of(items_of("davidson_first_half")),
    "davidson_first_half_exactly3": lambda: of_usual_number(
        votes_of(items_of("davidson_first_half"))
    ),
    "hatecheck_all_cases": lambda: votes_of(items_of("hatecheck")),
    "hatecheck_test_suite": of_suite,
    "toxic_spans_a": lambda: votes_of(items_of("toxic_spans_a")),
    "toxic_spans_a_exactly3": lambda: of_usual_number(votes_of(items_of("toxic_spans_a"))),
}
#: Figure → what it is called there.
NAMES = {
    "observed": "percent_agreement_pairwise",
    "alpha": "krippendorff_alpha_nominal",
    "fleiss": "fleiss_kappa_generalised",
    "ac1": "gwet_ac1",
}
#: Values are given with six digits, those of irrCAC in small cases with five.
SIX, FIVE, CLOSE = 1e-6, 6e-6, 0.005


@pytest.mark.parametrize("name", SETS)
def test_every_coefficient_of_real_votes(name: str) -> None:
    """p_a, alpha, κ and AC1 to six digits, with as many items, votes and the same marginals."""
    wanted, table = of_set(name), votes(name)
    found = agreement(table)
    assert (found.items, found.ratings) == (wanted["n_items"], wanted["n_annotations"])
    assert found.prevalence == pytest.approx(wanted["label_marginals"], abs=SIX)
    for figure, key in NAMES.items():
        assert getattr(found, figure) == pytest.approx(wanted[key]["value"], abs=SIX), figure
    unequal = len(wanted["ratings_per_item"]) > 1
    assert (found.fixed is Undefined.UNEQUAL_VOTES) == unequal
    check_fixed(agreement(of_usual_number(table)), wanted["fleiss_kappa_fixed_raters"])


@pytest.mark.parametrize("name", SETS)
def test_every_interval_of_real_votes(name: str) -> None:
    """Two bootstraps of the same data hardly differ, nor from limits of large numbers."""
    wanted, table = of_set(name), votes(name)
    found = limits(table, seed=11, resamples=1_000)
    for figure, key in NAMES.items():
        interval = getattr(found, figure)
        for kind in ("bootstrap_ci95", "analytic_ci95", "irrCAC_analytic_ci95"):
            if kind in wanted[key]:
                close(interval, wanted[key][kind])
    usual = limits(of_usual_number(table), seed=11, resamples=1_000)
    close(usual.fleiss, wanted["fleiss_kappa_fixed_raters"]["bootstrap_ci95"])


@pytest.mark.parametrize("name", SETS)
def test_items_that_are_unanimous_decided_or_tied(name: str) -> None:
    """As many as there are; a tie has no leading category, whatever comes first."""
    wanted, table = of_set(name)["item_agreement"], votes(name)
    alike = Counter(tuple(given.values()) for given in table.values())
    seen = [(dict(enumerate(said)), times) for said, times in alike.items()]
    unanimous = sum(times for given, times in seen if shape(given) is Shape.UNANIMOUS)
    tied = sum(times for given, times in seen if leading(given) is None)
    assert (unanimous, tied) == (wanted["unanimous"], wanted.get("tie", 0))
    assert len(table) - unanimous - tied == wanted["majority"]


@pytest.mark.parametrize("name", ["hatecheck_all_cases", "hatecheck_test_suite"])
def test_every_pair_of_reviewers(name: str) -> None:
    """κ, its limits, p_a and the confusion table of all forty pairs, and what they sum up to."""
    wanted, table = of_set(name), votes(name)
    told = wanted["pairwise_cohen_kappa"]
    found = {(each.first, each.second): each for each in pairs(table)}
    assert len(found) == len(told["top_pairs"]) == told["n_pairs_total"]
    for each in told["top_pairs"]:
        check_pair(table, each, wanted["labels"])
        assert found[tuple(each["pair"])] == pair(table, *each["pair"])
    kappas = [number(each.kappa) for each in found.values()]
    items = [each.items for each in found.values()]
    weighted = sum(map(float.__mul__, kappas, map(float, items))) / sum(items)
    assert weighted == pytest.approx(told["overlap_weighted_mean"], abs=SIX)
    assert (sum(kappas) / len(kappas), min(kappas), max(kappas)) == pytest.approx(
        (told["mean_over_pairs"], told["min"], told["max"]), abs=SIX
    )


@pytest.mark.parametrize("name", ["toxic_spans_a", "toxic_spans_a_exactly3"])
def test_pairs_who_share_few_items(name: str) -> None:
    """Thousands of people: κ of one category is undefined, a constant reviewer's is 0."""
    wanted, table = of_set(name), votes(name)
    told = wanted["pairwise_cohen_kappa"]
    for each in told["top_pairs"]:
        check_pair(table, each, wanted["labels"])


def test_all_pairs_who_share_ten_items() -> None:
    """Three of thirty thousand; of one of them κ is undefined."""
    told = of_set("toxic_spans_a")["pairwise_cohen_kappa"]
    found = pairs(votes("toxic_spans_a"), fewest=10)
    assert len(found) == told["n_pairs_overlap_ge_10"]
    undefined = sum(each.kappa is Undefined.ONE_CATEGORY for each in found)
    assert undefined == told["n_undefined_among_them"]


def test_every_function_of_the_challenge_suite() -> None:
    """Nearly constant labels: agreement of .99 beside an alpha of 0, as the libraries say."""
    items = items_of("hatecheck")
    wanted = golden()["hatecheck_by_functionality"]
    assert len(wanted) == 29
    for name, told in wanted.items():
        found = agreement(votes_of(item for item in items if item.functionality == name))
        assert found.items == told["n_items"]
        assert not told["degenerate"]
        assert found.fixed == found.fleiss == pytest.approx(told["fleiss_kappa"], abs=SIX)
        for figure in ("observed", "alpha", "ac1"):
            assert getattr(found, figure) == pytest.approx(told[NAMES[figure]], abs=SIX)


def test_reviewers_against_what_is_right() -> None:
    """How often each of ten is right, and κ: what is right is one more reviewer."""
    table = {item.id: {**item.said, "gold": item.right} for item in items_of("hatecheck")}
    told = golden()["hatecheck_reviewers_vs_gold"]["per_annotator"]
    for name, wanted in told.items():
        found = pair(table, name, "gold")
        assert found.items == wanted["n"]
        assert found.observed == pytest.approx(wanted["accuracy"], abs=SIX)
        assert found.kappa == pytest.approx(wanted["cohen_kappa_vs_gold"], abs=SIX)


def test_who_stands_alone_is_who_is_wrong() -> None:
    """Without knowing what is right, the three of ten who are right least often are found."""
    found = dissent(votes("hatecheck_all_cases"))
    told = golden()["hatecheck_reviewers_vs_gold"]["per_annotator"]
    worst = sorted(told, key=lambda name: told[name]["accuracy"])[:3]
    assert [each.rater for each in found.raters if each.stands_out] == worst
    assert sum(each.alone for each in found.raters) == found.shapes[Shape.ISOLATED]
    assert sum(each.expected for each in found.raters) == pytest.approx(
        found.shapes[Shape.ISOLATED]
    )


def test_every_textbook_and_degenerate_case() -> None:
    """Where libraries agree, what they say; where all is one category, that, and no number."""
    cases = golden()["degenerate_and_textbook_cases"]
    assert len(cases) == 11
    for case in cases:
        table, told = table_of(case), case["libraries"]
        found = agreement(table)
        if case["name"] == "all_same_label_two_raters":
            assert found.observed == 1
            assert {found.alpha, found.fleiss, found.fixed, found.ac1, cohen(table, 0, 1)} == {
                Undefined.ONE_CATEGORY
            }
            continue
        for library, figure in {
            "krippendorff.alpha": found.alpha,
            "irrCAC.gwet_ac1": found.ac1,
            "irrCAC.fleiss": found.fleiss,
            "statsmodels.fleiss_kappa": found.fixed,
            "sklearn.cohen_kappa_score": cohen(table, 0, 1),
            "statsmodels.cohens_kappa": cohen(table, 0, 1),
        }.items():
            if library in told:
                digits = FIVE if library.startswith("irrCAC") else SIX
                assert figure == pytest.approx(told[library], abs=digits), (case["name"], library)
        if "statsmodels_ci95" in told:
            limits_are(pair(table, 0, 1).interval, told["statsmodels_ci95"], abs=SIX)
        if case["name"] == "three_way_tie":
            assert [leading(table[item]) for item in range(3)] == [None, "b", "a"]


def check_fixed(found: Agreement, wanted: Mapping[str, Any]) -> None:
    """Fleiss' own κ over the items of the usual number, and Randolph's of the same p_a."""
    q = len(found.prevalence)
    assert found.items == wanted["n_items"]
    assert found.ratings == wanted["n_items"] * wanted["raters_per_item"]
    assert found.fixed == pytest.approx(wanted["value"], abs=SIX)
    free = (number(found.observed) - 1 / q) / (1 - 1 / q)
    assert free == pytest.approx(wanted["randolph_free_marginal"], abs=SIX)


def check_pair(table: Ratings, wanted: Mapping[str, Any], labels: Sequence[str]) -> None:
    """A pair; limits without width are none here."""
    found = pair(table, *wanted["pair"])
    assert found.items == wanted["n_overlap"]
    assert found.observed == pytest.approx(wanted["percent_agreement"], abs=SIX)
    assert [list(row) for row in found.table(labels)] == wanted["confusion"]
    low, high = wanted["analytic_ci95"]
    if wanted["cohen_kappa"] is None:
        assert found.kappa is Undefined.ONE_CATEGORY
        assert found.interval is None
        return
    assert found.kappa == pytest.approx(wanted["cohen_kappa"], abs=SIX)
    if low == high:
        assert found.interval is None
    else:
        limits_are(found.interval, (low, high), abs=SIX)


@cache
def votes(name: str) -> Ratings:
    """The votes of a data set, read once."""
    return SETS[name]()


def of_set(name: str) -> Any:  # noqa: ANN401  # JSON
    """The values of a data set, or of a part of one."""
    found = golden()
    for part in name.split("/"):
        found = found[part]
    return found


def table_of(case: Mapping[str, Any]) -> Ratings:
    """The ratings of a small case, in whichever way it has them."""
    if "counts_items_by_category" in case:
        rows = [
            Counter(dict(enumerate(row))).elements() for row in case["counts_items_by_category"]
        ]
        return {item: dict(enumerate(row)) for item, row in enumerate(rows)}
    if "confusion" in case:
        said = [
            (one, other)
            for one, row in zip(case["labels"], case["confusion"], strict=True)
            for other, times in zip(case["labels"], row, strict=True)
            for _ in range(times)
        ]
        return {item: dict(enumerate(both)) for item, both in enumerate(said)}
    by_rater: Sequence[Sequence[Hashable]] = case["ratings_raters_by_items"]
    return {
        item: {rater: said for rater, said in enumerate(column) if said is not None}
        for item, column in enumerate(zip(*by_rater, strict=True))
    }


def number(figure: Figure) -> float:
    """A figure that is known."""
    assert isinstance(figure, float)
    return figure


def close(interval: Interval | None, wanted: Sequence[float]) -> None:
    """About the same."""
    limits_are(interval, wanted, abs=CLOSE)


def limits_are(interval: Interval | None, wanted: Sequence[float], *, abs: float) -> None:  # noqa: A002  # as of approx
    """The same but for so much."""
    assert interval is not None
    assert (interval.low, interval.high) == pytest.approx(wanted, abs=abs)
