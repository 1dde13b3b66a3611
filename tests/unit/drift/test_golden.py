"""Drift of real labels, scores and lengths, against values of several libraries.

Values of scipy are given to eight digits, so they have to be right within 1e-8 (chi-square: 1e-6
of 4,000). evidently gives Jensen-Shannon with the natural logarithm, √(ln 2) times ours; nannyml
gives it with base 2, and chooses bins of its own for numbers, which are not compared.
"""

import gzip
from collections.abc import Mapping
from functools import cache
from math import log, sqrt
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pytest

from engine.drift import Gates, LabelDrift, Labelled, ScoreDrift, Size, label_drift, score_drift
from engine.drift.distances import jensen_shannon, psi
from engine.drift.scores import binned, quantile_edges

DATA = Path(__file__).parents[4] / "shared" / "data"
GOLDEN, INPUTS = DATA / "golden_drift.json", DATA / "drift_inputs.json.gz"
pytestmark = pytest.mark.skipif(
    not GOLDEN.exists() or not INPUTS.exists(), reason="no reference values beside the checkout"
)

LABELS = (
    *("platform_labels", "no_drift_labels", "time_labels_1", "time_labels_2"),
    "platform_individual_votes",
)
NUMBERS = (
    *("platform_scores", "platform_length", "no_drift_scores", "no_drift_length"),
    *("time_length_1", "time_length_2"),
)


@cache
def golden() -> Mapping[str, Any]:
    """What libraries say of each pair."""
    pairs: Mapping[str, Any] = orjson.loads(GOLDEN.read_bytes())["pairs"]
    return pairs


@cache
def inputs() -> Mapping[str, Any]:
    """The samples themselves."""
    found: Mapping[str, Any] = orjson.loads(gzip.decompress(INPUTS.read_bytes()))
    return found


@cache
def labels_of(name: str) -> LabelDrift:
    """Our figures of a pair of samples of labels."""
    pair = inputs()[name]
    found = label_drift(
        Labelled(labels=pair["reference"]),
        Labelled(labels=pair["current"]),
        categories=("hatespeech", "normal", "offensive"),
        violations=("hatespeech", "offensive"),
    )
    assert isinstance(found, LabelDrift)
    return found


@cache
def scores_of(name: str) -> ScoreDrift:
    """Our figures of a pair of samples of numbers."""
    pair = inputs()[name]
    within = (0.0, 1.0) if name.endswith("scores") else None
    found = score_drift(pair["reference"], pair["current"], gates=Gates(), within=within)
    assert isinstance(found, ScoreDrift)
    return found


def test_every_pair_is_compared() -> None:
    """None of the reference values' pairs is left out."""
    assert {*LABELS, *NUMBERS} == set(golden())


@pytest.mark.parametrize("name", LABELS)
def test_labels(name: str) -> None:
    """Chi-square, V, Jensen-Shannon, total variation and PSI are those of scipy."""
    found, wanted = labels_of(name), golden()[name]["scipy"]
    assert found.chi_square == pytest.approx(wanted["chi2_statistic"], abs=1e-6)
    assert found.freedom == wanted["chi2_dof"]
    assert found.p_value == pytest.approx(wanted["chi2_p_value"], rel=1e-6, abs=1e-300)
    assert found.cramers_v == pytest.approx(wanted["cramers_v"], abs=1e-8)
    assert found.js_distance == pytest.approx(wanted["js_distance_base2"], abs=1e-8)
    assert found.js_distance**2 == pytest.approx(wanted["js_divergence_base2"], abs=1e-8)
    assert found.total_variation == pytest.approx(wanted["total_variation"], abs=1e-8)
    assert found.psi == pytest.approx(wanted["psi_floor_1e-6"], abs=1e-8)
    assert found.psi == pytest.approx(wanted["psi_natural_log"], abs=1e-8)


@pytest.mark.parametrize("name", LABELS)
def test_labels_by_other_libraries(name: str) -> None:
    """They agree where they mean the same."""
    found, both = labels_of(name), golden()[name]
    evidently, nannyml = both["evidently"], both["nannyml"]
    assert found.psi == pytest.approx(evidently["psi"], abs=1e-12)
    assert found.js_distance * sqrt(log(2)) == pytest.approx(
        evidently["jensenshannon_distance"], abs=1e-12
    )
    assert found.js_distance == pytest.approx(nannyml["jensen_shannon"], abs=1e-12)
    assert found.chi_square == pytest.approx(nannyml["chi2"], rel=1e-12)


@pytest.mark.parametrize("name", NUMBERS)
def test_numbers(name: str) -> None:
    """PSI and Jensen-Shannon over deciles, their edges and counts, and the KS distance."""
    found, wanted = scores_of(name), golden()[name]["scipy"]
    deciles = wanted["psi_reference_deciles"]
    assert (found.n_reference, found.n_current) == (wanted["n_reference"], wanted["n_current"])
    assert found.bins == found.wanted == 10
    assert found.psi == pytest.approx(deciles["value"], abs=1e-8)
    assert found.js_distance == pytest.approx(wanted["js_distance_base2_on_deciles"], abs=1e-8)
    assert found.ks == pytest.approx(wanted["ks_statistic"], abs=1e-8)
    assert found.ks == pytest.approx(golden()[name]["nannyml"]["kolmogorov_smirnov"], abs=1e-12)
    before, now = (np.array(inputs()[name][side], float) for side in ("reference", "current"))
    edges = quantile_edges(before, 10)
    assert edges == pytest.approx(deciles["inner_edges"], abs=1e-9)
    assert binned(before, edges) * len(before) == pytest.approx(deciles["reference_counts"])
    assert binned(now, edges) * len(now) == pytest.approx(deciles["current_counts"])


@pytest.mark.parametrize("name", [name for name in NUMBERS if name.endswith("scores")])
def test_bins_of_equal_width(name: str) -> None:
    """Over ten bins of equal width as well."""
    wanted = golden()[name]["scipy"]["psi_10_equal_width_0_1"]
    edges = np.linspace(0, 1, 11)[1:-1]
    before, now = (
        binned(np.array(inputs()[name][side], float), edges) for side in ("reference", "current")
    )
    assert before * len(inputs()[name]["reference"]) == pytest.approx(wanted["reference_counts"])
    assert psi(before, now) == pytest.approx(wanted["value"], abs=1e-8)


@pytest.mark.parametrize("name", NUMBERS)
def test_bins_of_evidently(name: str) -> None:
    """With its bins (Sturges' over both) and its way with empty ones, our distances are its own."""
    before, now = (np.array(inputs()[name][side], float) for side in ("reference", "current"))
    edges = np.histogram_bin_edges(np.concatenate((before, now)), "sturges")
    shares = [np.histogram(each, edges)[0] / len(each) for each in (before, now)]
    lowest = min(share[share > 0].min() for share in shares)
    small = min(lowest / 10**6, 1e-4)
    filled = [np.where(share == 0, small, share) for share in shares]
    wanted = golden()[name]["evidently"]
    unit = [share / share.sum() for share in filled]
    assert jensen_shannon(*unit) * sqrt(log(2)) == pytest.approx(
        wanted["jensenshannon_distance"], abs=1e-4
    )


def test_scores_stand_still_while_labels_change() -> None:
    """Between two platforms labels are another world, and the scores do not show it."""
    assert scores_of("platform_scores").size is Size.SMALL
    assert labels_of("platform_labels").psi > Gates().large


@pytest.mark.parametrize("name", ["no_drift_scores", "no_drift_length"])
def test_random_halves_are_small(name: str) -> None:
    """Also where the p-value of the KS test is .013."""
    found = scores_of(name)
    assert found.size is Size.SMALL
    assert found.null_mean == pytest.approx(9 * (1 / 1705 + 1 / 1730))
