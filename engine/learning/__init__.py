"""Learns from what people decide, and lets a new model in only where nothing gets worse.

See the README.
"""

from engine.learning.challenge import (
    Case,
    Change,
    FunctionResult,
    Results,
    Suite,
    changes,
    read_suite,
    run,
)
from engine.learning.challenger import Challenger, Plan, train_again, train_challenger
from engine.learning.comparison import (
    Calibration,
    Comparison,
    Criterion,
    Resampling,
    calibration,
    compare,
)
from engine.learning.gate import (
    Certification,
    Challenged,
    Earned,
    Gate,
    Judgement,
    certification_of,
    judge,
)
from engine.learning.held_out import HeldOut, held_out
from engine.learning.manifest import Manifest, held_out_of, training_of
from engine.learning.rows import Feedback, Problem, Refused, Rows, TrainingRow, collect
from engine.learning.splits import Sizes, Split, split, units_of
from engine.learning.weights import Weighing, sample_weights, training_weights

__all__ = [
    "Calibration",
    "Case",
    "Certification",
    "Challenged",
    "Challenger",
    "Change",
    "Comparison",
    "Criterion",
    "Earned",
    "Feedback",
    "FunctionResult",
    "Gate",
    "HeldOut",
    "Judgement",
    "Manifest",
    "Plan",
    "Problem",
    "Refused",
    "Resampling",
    "Results",
    "Rows",
    "Sizes",
    "Split",
    "Suite",
    "TrainingRow",
    "Weighing",
    "calibration",
    "certification_of",
    "changes",
    "collect",
    "compare",
    "held_out",
    "held_out_of",
    "judge",
    "read_suite",
    "run",
    "sample_weights",
    "split",
    "train_again",
    "train_challenger",
    "training_of",
    "training_weights",
    "units_of",
]
