"""The way of a release into force: tested, approved, tried, and taken back."""

from queues.releasing.comparing import Compared, Metric, Standing
from queues.releasing.guarding import Guard
from queues.releasing.releasing import Releasing
from queues.releasing.shadowing import Cell, Shadowing, differences
from queues.releasing.stages import Shown, Stage
from queues.releasing.steps import Step, Stepped
from queues.releasing.testing import Tested

__all__ = [
    "Cell",
    "Compared",
    "Guard",
    "Metric",
    "Releasing",
    "Shadowing",
    "Shown",
    "Stage",
    "Standing",
    "Step",
    "Stepped",
    "Tested",
    "differences",
]
