"""Drift of real labels, scores and lengths, against all values that several libraries tell of them.

The test goes over every key of the file of reference values: one that nothing here tells fails by
its name. Values of scipy are given to eight digits, so they have to be right within 1e-8
(chi-square: 1e-6 of 4,000; edges of bins 1e-9), those of evidently and nannyml in full, 1e-12, and
p-values within 1e-9 of themselves.
Where a library means something else than we do, `libraries` says what.
"""

import gzip
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import orjson
import pytest

from engine.drift import Gates, LabelDrift, Labelled, ScoreDrift, Size, label_drift, score_drift
from engine.drift.distances import psi
from engine.drift.scores import binned, quantile_edges
from tests.unit.drift.libraries import NATURAL, Categories, Numbers

DATA = Path(__file__).parents[4] / "shared" / "data"
GOLDEN, INPUTS = DATA / "golden_drift.json", DATA / "drift_inputs.json.gz"
pytestmark = pytest.mark.skipif(
    not GOLDEN.exists() or not INPUTS.exists(), reason="no reference values beside the checkout"
)

#: What the file says in words, about itself and about how its values were made.
WORDS: Final = {"libraries", "conventions", "reading", "inputs"}
#: Deciles and bins of equal width as they are meant there; another rule would be other values.
DECILES: Final = (
    "edges=np.quantile(reference, .1...9), bin=searchsorted(edges,x,side='right'),"
    " outer bins open, shares floored at 1e-6, natural log"
)
EQUAL: Final = "np.histogram on linspace(0,1,11), shares floored at 1e-6, natural log"
WIDE: Final = np.linspace(0, 1, 11)[1:-1]


@dataclass(frozen=True)
class Pair:
    """Two samples, and what we tell of them."""

    name: str
    given: Mapping[str, Any]

    @property
    def numbers(self) -> Numbers:
        """As numbers."""
        return _numbers(self.name)

    @property
    def categories(self) -> Categories:
        """As labels."""
        return _categories(self.name)

    @property
    def labels(self) -> LabelDrift:
        """Our figures of them as labels."""
        return labels_of(self.name)

    @property
    def scores(self) -> ScoreDrift:
        """Our figures of them as numbers."""
        return scores_of(self.name)

    @property
    def edges(self) -> Any:  # noqa: ANN401 - a column
        """Of deciles of the reference."""
        return quantile_edges(self.numbers.before, 10)

    def counted(self, side: str, edges: Any) -> Any:  # noqa: ANN401 - columns
        """How many of one sample lie in each bin."""
        values = getattr(self.numbers, side)
        return binned(values, edges) * len(values)


@cache
def golden() -> Mapping[str, Any]:
    """What libraries say."""
    found: Mapping[str, Any] = orjson.loads(GOLDEN.read_bytes()) if GOLDEN.exists() else {}
    return found


@cache
def inputs() -> Mapping[str, Any]:
    """The samples themselves."""
    found: Mapping[str, Any] = orjson.loads(gzip.decompress(INPUTS.read_bytes()))
    return found


@cache
def _numbers(name: str) -> Numbers:
    pair = inputs()[name]
    return Numbers(np.array(pair["reference"], float), np.array(pair["current"], float))


@cache
def _categories(name: str) -> Categories:
    return Categories(inputs()[name]["reference"], inputs()[name]["current"])


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


@dataclass(frozen=True)
class Within:
    """By how much a value may differ: the larger of both; by nothing, where both are 0."""

    abs: float = 0.0
    rel: float = 0.0


Told = tuple[Callable[[Pair], Any], Within]
"""What we tell, and by how much it may differ."""

SAME: Final = Within()
#: Values rounded to eight digits.
ROUNDED: Final = Within(abs=1e-8)
#: Values in full, but for the order in which numbers were added.
FULL: Final = Within(abs=1e-12)
#: p-values down to 1e-262, of which the size counts.
P_VALUE: Final = Within(rel=1e-9)
#: What bins hold, from the shares of them, and where their edges lie.
BINS: Final = Within(abs=1e-9)

LABELS: Final[Mapping[str, Told]] = {
    "kind": (lambda pair: pair.given["kind"], SAME),
    "description": (lambda pair: pair.given["description"], SAME),
    "scipy.categories": (lambda pair: pair.categories.names, SAME),
    "scipy.reference_counts": (lambda pair: pair.categories.counts[0].tolist(), SAME),
    "scipy.current_counts": (lambda pair: pair.categories.counts[1].tolist(), SAME),
    "scipy.psi_natural_log": (lambda pair: pair.labels.psi, ROUNDED),
    "scipy.psi_floor_1e-6": (lambda pair: pair.labels.psi, ROUNDED),
    "scipy.js_distance_base2": (lambda pair: pair.labels.js_distance, ROUNDED),
    "scipy.js_divergence_base2": (lambda pair: pair.labels.js_distance**2, ROUNDED),
    "scipy.js_distance_base_e": (lambda pair: pair.labels.js_distance * NATURAL, ROUNDED),
    "scipy.chi2_statistic": (lambda pair: pair.labels.chi_square, Within(abs=1e-6)),
    "scipy.chi2_dof": (lambda pair: pair.labels.freedom, SAME),
    "scipy.chi2_p_value": (lambda pair: pair.labels.p_value, P_VALUE),
    "scipy.cramers_v": (lambda pair: pair.labels.cramers_v, ROUNDED),
    "scipy.total_variation": (lambda pair: pair.labels.total_variation, ROUNDED),
    "scipy.l_infinity": (lambda pair: pair.labels.l_infinity, ROUNDED),
    "scipy.hellinger": (lambda pair: pair.labels.hellinger, ROUNDED),
    "evidently.psi": (lambda pair: pair.labels.psi, FULL),
    "evidently.jensenshannon_distance": (lambda pair: pair.labels.js_distance * NATURAL, FULL),
    "evidently.chisquare_p": (lambda pair: pair.categories.goodness_of_fit_p_value, P_VALUE),
    # Of 1,000 draws: those as far apart as what was seen, but for a digit, fall either way (4).
    "evidently.TVD_p": (lambda pair: pair.categories.permuted_p_value, Within(abs=0.004)),
    "nannyml.chi2": (lambda pair: pair.labels.chi_square, Within(rel=1e-12)),
    "nannyml.jensen_shannon": (lambda pair: pair.labels.js_distance, FULL),
    "nannyml.l_infinity": (lambda pair: pair.labels.l_infinity, FULL),
    "nannyml.hellinger": (lambda pair: pair.labels.hellinger, FULL),
}
_DECILES: Final = "scipy.psi_reference_deciles"
_EQUAL: Final = "scipy.psi_10_equal_width_0_1"
NUMBERS: Final[Mapping[str, Told]] = {
    "kind": (lambda pair: pair.given["kind"], SAME),
    "description": (lambda pair: pair.given["description"], SAME),
    "scipy.n_reference": (lambda pair: pair.scores.n_reference, SAME),
    "scipy.n_current": (lambda pair: pair.scores.n_current, SAME),
    "scipy.mean_reference": (lambda pair: pair.numbers.before.mean(), ROUNDED),
    "scipy.mean_current": (lambda pair: pair.numbers.now.mean(), ROUNDED),
    "scipy.ks_statistic": (lambda pair: pair.scores.ks, ROUNDED),
    "scipy.ks_p_value": (lambda pair: pair.numbers.ks_p_value, P_VALUE),
    "scipy.wasserstein": (lambda pair: pair.scores.wasserstein, ROUNDED),
    "scipy.mannwhitney_auc_current_gt_reference": (lambda pair: pair.numbers.auc, ROUNDED),
    f"{_DECILES}.value": (lambda pair: pair.scores.psi, ROUNDED),
    f"{_DECILES}.inner_edges": (lambda pair: pair.edges, BINS),
    f"{_DECILES}.reference_counts": (lambda pair: pair.counted("before", pair.edges), BINS),
    f"{_DECILES}.current_counts": (lambda pair: pair.counted("now", pair.edges), BINS),
    f"{_DECILES}.rule": (lambda _: DECILES, SAME),
    "scipy.js_distance_base2_on_deciles": (lambda pair: pair.scores.js_distance, ROUNDED),
    f"{_EQUAL}.value": (
        lambda pair: psi(binned(pair.numbers.before, WIDE), binned(pair.numbers.now, WIDE)),
        ROUNDED,
    ),
    f"{_EQUAL}.reference_counts": (lambda pair: pair.counted("before", WIDE), BINS),
    f"{_EQUAL}.current_counts": (lambda pair: pair.counted("now", WIDE), BINS),
    f"{_EQUAL}.rule": (lambda _: EQUAL, SAME),
    "evidently.psi_30_bins_arg_sturges": (lambda pair: pair.numbers.evidently_psi, FULL),
    "evidently.jensenshannon_distance": (lambda pair: pair.numbers.evidently_js, FULL),
    "evidently.ks_p": (lambda pair: pair.numbers.ks_p_value, P_VALUE),
    "evidently.wasserstein_normed": (lambda pair: pair.numbers.evidently_wasserstein, FULL),
    "nannyml.kolmogorov_smirnov": (lambda pair: pair.scores.ks, FULL),
    "nannyml.jensen_shannon": (lambda pair: pair.numbers.nannyml_js, FULL),
    "nannyml.wasserstein": (lambda pair: pair.scores.wasserstein, FULL),
    "nannyml.hellinger": (lambda pair: pair.numbers.nannyml_hellinger, FULL),
}
TOLD: Final = {"categorical": LABELS, "numeric": NUMBERS}


def leaves(found: Any, above: str = "") -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - JSON
    """Every value with the names of its keys."""
    if not isinstance(found, dict):
        yield above, found
        return
    for key, value in found.items():
        yield from leaves(value, f"{above}.{key}" if above else key)


VALUES: Final = [
    (name, key) for name, pair in golden().get("pairs", {}).items() for key, _ in leaves(pair)
]


def test_the_file_has_what_these_tests_know() -> None:
    """Pairs and the words about them, the samples of each, and nothing that is told in vain."""
    assert set(golden()) == WORDS | {"pairs"}
    assert inputs().keys() == golden()["pairs"].keys()
    for kind, told in TOLD.items():
        keys = {key for name, key in VALUES if inputs()[name]["kind"] == kind}
        assert keys == set(told)


@pytest.mark.parametrize(("name", "key"), VALUES)
def test_every_value_is_told(name: str, key: str) -> None:
    """As its library does it, from our distances where we have them."""
    told = TOLD[inputs()[name]["kind"]]
    assert key in told, f"nothing tells {name}.{key}"
    tell, within = told[key]
    wanted = dict(leaves(golden()["pairs"][name]))[key]
    found = tell(Pair(name, inputs()[name]))
    if within == SAME:
        assert found == wanted
    else:
        assert found == pytest.approx(wanted, abs=within.abs, rel=within.rel)


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
