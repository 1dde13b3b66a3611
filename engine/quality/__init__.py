"""Figures about how well people decide: agreement, and time to a decision. See the README."""

from engine.quality.agreement import Agreement, Limits, agreement, intervals, limits
from engine.quality.dissent import Dissent, Dissenter, Shape, Split, dissent, leading, shape
from engine.quality.figures import Figure, Interval, Strength, Undefined, strength
from engine.quality.measures import Measure, State
from engine.quality.pairs import Pair, cohen, pair, pairs
from engine.quality.ratings import in_order, of_usual_number
from engine.quality.survival import Quantile, Waited, quantile, quantiles
from engine.quality.units import Tally
from engine.quality.weighting import Mean, WeightedMean, weighted_mean

__all__ = [
    "Agreement",
    "Dissent",
    "Dissenter",
    "Figure",
    "Interval",
    "Limits",
    "Mean",
    "Measure",
    "Pair",
    "Quantile",
    "Shape",
    "Split",
    "State",
    "Strength",
    "Tally",
    "Undefined",
    "Waited",
    "WeightedMean",
    "agreement",
    "cohen",
    "dissent",
    "in_order",
    "intervals",
    "leading",
    "limits",
    "of_usual_number",
    "pair",
    "pairs",
    "quantile",
    "quantiles",
    "shape",
    "strength",
    "weighted_mean",
]
