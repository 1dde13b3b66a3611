"""Whether what comes in, and what becomes of it, is what it was. See the README."""

from engine.drift.adwin import Hint, changes
from engine.drift.estimation import Expected, Gap, expected, gap
from engine.drift.labels import LabelDrift, Labelled, label_drift
from engine.drift.passes import Change, Passed, RuleDrift, Surprise, rule_drift
from engine.drift.performance import Errors, Limit, Performance, performance
from engine.drift.rates import Rate, rate
from engine.drift.scores import Gates, ScoreDrift, Size, score_drift
from engine.drift.states import Insufficient, Undefined
from engine.drift.vocabulary import Telling, VocabularyDrift, vocabulary_drift

__all__ = [
    "Change",
    "Errors",
    "Expected",
    "Gap",
    "Gates",
    "Hint",
    "Insufficient",
    "LabelDrift",
    "Labelled",
    "Limit",
    "Passed",
    "Performance",
    "Rate",
    "RuleDrift",
    "ScoreDrift",
    "Size",
    "Surprise",
    "Telling",
    "Undefined",
    "VocabularyDrift",
    "changes",
    "expected",
    "gap",
    "label_drift",
    "performance",
    "rate",
    "rule_drift",
    "score_drift",
    "vocabulary_drift",
]
